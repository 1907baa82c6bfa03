"""The plan of a run: which checks, in which order, and how long they may take."""

from checker.judge.plan import allow_time, plan_checks


def test_allow_time_gives_pages_more_than_answers():
    assert allow_time(plan_checks(3), 300.0) == 300.0
    assert allow_time(plan_checks(4), 300.0) > 1000.0


def test_allow_time_of_a_backend_check_is_that_of_answers():
    assert allow_time(plan_checks(5, ("L5.4",)), 300.0) == 300.0
