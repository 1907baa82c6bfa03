"""Apps that keep the contract in a way of their own are passed: no check knows the solution.

From the first lesson with pages on, two apps a lesson meet the checks of that lesson. With --whole
all apps meet all checks, as the solutions do in `./course verify`, and containers are built.
"""

import shutil

import pytest
from apps.build_app import APPS, ROOT, build_right, list_right, name_app
from chosen_checks import FIRST_WITH_PAGES, choose_own

from checker.doctor.containers import choose_engine

MOST_TO_BUILD = 2


def pytest_generate_tests(metafunc):
    """Give the first test below every right app, or without --whole few of those with pages."""
    if "right" in metafunc.fixturenames:
        is_whole = metafunc.config.getoption("--whole")
        apps = list_right() if is_whole else choose_right()
        metafunc.parametrize("right", apps, ids=name_app)


def choose_right():
    """Choose all apps of the lessons without pages, and two of each later one."""
    apps = list_right()
    return [app for app in apps if count_before(app, apps) < MOST_TO_BUILD]


def count_before(app, apps):
    """Return how many apps of a lesson with pages come before this one; 0 of other lessons."""
    own = [other for other in apps if other.parent == app.parent]
    return own.index(app) if int(app.parent.name) >= FIRST_WITH_PAGES else 0


def skip_without_engine(app):
    """Skip an app of containers where nothing can run them."""
    is_built = app.parent.name in {"06", "07"} or app.name in {"06-docker", "07-deploy"}
    if is_built and choose_engine() is None:
        pytest.skip("no container engine answers")


def expect_passed(verdict):
    assert verdict.list_checks("failed", "skipped", "error") == set(), verdict.text
    assert verdict.code == 0, verdict.text


def test_right_app_passes(right, check_app, tmp_path, is_whole):
    if is_whole:
        skip_without_engine(right)
    built, lesson = build_right(right, tmp_path / "app"), int(right.parent.name)
    chosen = [] if is_whole else choose_own(lesson, with_engine=False)
    expect_passed(check_app(built, lesson, "--all", *chosen))


@pytest.mark.parametrize("app", sorted((ROOT / "solutions").iterdir()), ids=lambda app: app.name)
def test_solution_passes(app, check_app, is_whole):
    skip_without_engine(app)
    lesson = int(app.name[:2])
    chosen = [] if is_whole else choose_own(lesson)
    expect_passed(check_app(app, lesson, "--all", *chosen))


def write_as_powershell(app):
    """Write requirements.txt in the encoding of `pip freeze > requirements.txt` there."""
    file = app / "backend" / "requirements.txt"
    file.write_text(file.read_text(), encoding="utf-16")


def take_the_name_of_a_guest(app):
    """Import a module that has the name of one of the judge's own."""
    (app / "backend" / "serve.py").write_text("TITLE = 'Taskboard'\n")
    main = app / "backend" / "app" / "main.py"
    main.write_text(f"from serve import TITLE\n{main.read_text()}\napp.title = TITLE\n")


def write_line_ends_of_windows(app):
    for file in app.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "change", [write_as_powershell, take_the_name_of_a_guest, write_line_ends_of_windows]
)
def test_right_app_passes_with(change, check_app, tmp_path):
    app = tmp_path / "app"
    shutil.copytree(APPS / "right" / "01" / "single_file", app)
    change(app)
    expect_passed(check_app(app, 1, "--all"))


@pytest.mark.parametrize("lesson", range(1, 8))
def test_right_apps_are_six_a_lesson(lesson):
    assert len([app for app in list_right() if int(app.parent.name) == lesson]) >= 6
