"""Apps that keep the contract in a way of their own are passed: no check knows the solution."""

import pytest
from apps.build_app import ROOT, list_right, name_app


@pytest.mark.parametrize("app", list_right(), ids=name_app)
def test_right_app_passes(app, check_app):
    verdict = check_app(app, int(app.parent.name), "--all")
    assert verdict.list_checks("failed", "skipped", "error") == set(), verdict.text
    assert verdict.code == 0, verdict.text


@pytest.mark.parametrize("app", sorted((ROOT / "solutions").iterdir()), ids=lambda app: app.name)
def test_solution_passes(app, check_app):
    verdict = check_app(app, int(app.name[:2]), "--all")
    assert verdict.list_checks("failed", "skipped", "error") == set(), verdict.text
    assert verdict.code == 0, verdict.text


@pytest.mark.parametrize("lesson", ["01", "02"])
def test_right_apps_are_three_a_lesson(lesson):
    assert len([app for app in list_right() if app.parent.name == lesson]) >= 3
