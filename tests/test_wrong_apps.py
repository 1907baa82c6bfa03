"""Wrong apps are refused by the checks that name their fault, and by no other."""

import re
import shutil
import subprocess

import pytest
from apps.build_app import APPS, build_wrong, list_wrong, name_app, read_wrong
from chosen_checks import FIRST_WITH_PAGES, choose_own

from checker.doctor.containers import choose_engine
from checker.judge.plan import find_wants, list_checks

FIRST_SHOWN = re.compile(r"^(\w+) (?:failed|could not be checked): ", re.MULTILINE)
LOST = "the app was lost during "
MOST_TO_BUILD = 5


def pytest_generate_tests(metafunc):
    """Give the test below every wrong app, or without --whole as many as its checks need."""
    if "spec" in metafunc.fixturenames:
        is_whole = metafunc.config.getoption("--whole")
        metafunc.parametrize("spec", list_wrong() if is_whole else choose_wrong(), ids=name_app)


def test_wrong_app_is_refused(spec, check_app, tmp_path, is_whole):
    skip_without_engine(read_wrong(spec).fails)
    wrong = build_wrong(spec, tmp_path / "app")
    verdict = check_app(tmp_path / "app", wrong.lesson, "--all", *choose_checks(wrong, is_whole))
    assert verdict.list_checks("failed") == set(wrong.fails), verdict.text
    assert verdict.list_checks("error") == set(), verdict.text
    assert find_unexplained(verdict) == set(), verdict.text
    assert verdict.code == 1, verdict.text
    assert FIRST_SHOWN.findall(verdict.text)[:1] == [wrong.first], verdict.text
    assert wrong.shows in describe(verdict.find(wrong.first)["finding"]), verdict.text


@pytest.mark.parametrize("options", ["-k nothing", "--collect-only", "--no-such-option"])
def test_wrong_app_is_refused_whatever_pytest_is_told(options, run_course, tmp_path):
    (tmp_path / "app").mkdir()
    done = run_course("check", 1, "--dir", tmp_path / "app", PYTEST_ADDOPTS=options)
    assert done.returncode == 1, done.stdout + done.stderr


def test_env_that_git_carries_already_is_refused(check_app, tmp_path):
    app = tmp_path / "app"
    shutil.copytree(APPS / "right" / "01" / "single_file", app)
    (app / "backend" / ".env").write_text("CORS_ORIGINS=http://localhost:3000\n")
    for command in (["init", "--quiet"], ["add", "--force", "backend/.env"]):
        subprocess.run(["git", "-C", app, *command], check=True)
    verdict = check_app(app, 1, "--all")
    assert verdict.list_checks("failed") == {"secrets_are_ignored"}, verdict.text
    assert "git rm --cached backend/.env" in verdict.text


@pytest.mark.parametrize("lesson", [1, 2, 3, 4, 5, 6, 7])
def test_every_check_refuses_some_wrong_app(lesson, run_course):
    listed = run_course("check", lesson, "--list").stdout.splitlines()
    checks = {line.split()[1] for line in listed if line.startswith(f"L{lesson}.")}
    own = [wrong for wrong in map(read_wrong, list_wrong()) if wrong.lesson == lesson]
    refused = {name for wrong in own for name in wrong.fails}
    assert checks - refused == set()


def skip_without_engine(fails):
    """Skip an app whose fault shows only when an engine runs it, where there is none."""
    wants = {info.id: find_wants(info) for info in list_checks()}
    if choose_engine() is None and any("lab" in wants[name] for name in fails):
        pytest.skip("no container engine answers")


def choose_wrong():
    """Choose wrong apps of every lesson, as many as its checks need: one that each refuses.

    Where an app has to be built first, it is the few of which most checks refuse one.
    """
    lessons = {spec.parent for spec in list_wrong()}
    chosen = {spec for folder in lessons for spec in choose_of_lesson(sorted(folder.iterdir()))}
    return sorted(chosen)


def choose_of_lesson(specs):
    """Choose among a lesson's wrong apps, always that with most checks that no other has yet."""
    fails = {spec: set(read_wrong(spec).fails) for spec in specs}
    most = len(specs) if int(specs[0].parent.name) < FIRST_WITH_PAGES else MOST_TO_BUILD
    missing = set().union(*fails.values())
    chosen = []
    while missing and len(chosen) < most:
        best = max(specs, key=lambda spec: len(fails[spec] & missing))
        chosen.append(best)
        missing -= fails[best]
    return chosen


def choose_checks(wrong, is_whole):
    """Return the options that leave the checks to run; none for all.

    A lesson's checks of pages take many times as long as all those before. So a wrong app there
    meets those that it fails, with all that they need; with --whole, every one of its lesson.
    """
    if is_whole or wrong.lesson < FIRST_WITH_PAGES:
        return choose_own(wrong.lesson)
    return [part for name in wrong.fails for part in ("--only", name)]


def find_unexplained(verdict):
    """Find the checks that were skipped although nothing that they build on had failed."""
    results = verdict.report["results"]
    needs = {result["id"]: set(result["needs"]) for result in results}
    skipped = verdict.list_checks("skipped")
    lost = {name for name in skipped if LOST in verdict.find(name)["finding"]["got"]}
    causes = verdict.list_checks("failed") | lost
    return {name for name in skipped - lost if not causes & close_over(name, needs)}


def close_over(name, needs):
    """Return everything that a check needs, directly or not."""
    direct = needs.get(name, set())
    return direct.union(*(close_over(need, needs) for need in direct))


def describe(finding):
    """Return what the report says about one failure."""
    return "\n".join(finding[field] for field in ("expected", "got", "next_step", "log"))
