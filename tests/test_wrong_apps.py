"""Wrong apps are refused by the checks that name their fault, and by no other."""

import re

import pytest
from apps.build_app import build_wrong, list_wrong, name_app, read_wrong

FIRST_SHOWN = re.compile(r"^(\w+) (?:failed|could not be checked): ", re.MULTILINE)


@pytest.mark.parametrize("spec", list_wrong(), ids=name_app)
def test_wrong_app_is_refused(spec, check_app, tmp_path):
    wrong = build_wrong(spec, tmp_path / "app")
    verdict = check_app(tmp_path / "app", wrong.lesson, "--all")
    assert verdict.list_checks("failed") == set(wrong.fails), verdict.text
    assert verdict.list_checks("error") == set(), verdict.text
    assert find_unexplained(verdict) == set(), verdict.text
    assert verdict.code == 1, verdict.text
    assert FIRST_SHOWN.findall(verdict.text)[:1] == [wrong.first], verdict.text
    assert wrong.shows in describe(verdict.find(wrong.first)["finding"]), verdict.text


@pytest.mark.parametrize("lesson", [1, 2])
def test_every_check_refuses_some_wrong_app(lesson, run_course):
    listed = run_course("check", lesson, "--list").stdout.splitlines()
    checks = {line.split()[1] for line in listed if line.startswith(f"L{lesson}.")}
    assert checks - {name for spec in list_wrong() for name in read_wrong(spec).fails} == set()


def find_unexplained(verdict):
    """Find the checks that were skipped although nothing that they build on had failed."""
    needs = {result["id"]: set(result["needs"]) for result in verdict.report["results"]}
    failed = verdict.list_checks("failed")
    return {
        name
        for name in verdict.list_checks("skipped")
        if not failed & close_over(name, needs)
        and not verdict.find(name)["finding"]["got"].startswith("the app was lost during ")
    }


def close_over(name, needs):
    """Return everything that a check needs, directly or not."""
    direct = needs.get(name, set())
    return direct.union(*(close_over(need, needs) for need in direct))


def describe(finding):
    """Return what the report says about one failure."""
    return "\n".join(finding[field] for field in ("expected", "got", "next_step", "log"))
