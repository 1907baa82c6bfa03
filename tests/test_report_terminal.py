"""The report on a terminal: what it says, how it fits, and that nothing can take it over."""

import dataclasses
import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from report_samples import (
    FINDING,
    WORKSPACE,
    make_green,
    make_hostile,
    make_red,
    make_report,
    make_result,
)
from rich.cells import cell_len
from rich.console import Console

from checker.judge.results import Finding, Outcome
from checker.report.terminal import print_report
from checker.report.text import fold_command, make_visible, wrap


def show(report, occasion=WORKSPACE, *, width=None, encoding="utf-8", show_all=False, **options):
    """Return what a pipe gets, or a terminal of some width."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    options = {"force_terminal": width is not None, "color_system": None, **options}
    console = Console(file=file, width=width or 80, markup=False, emoji=False, **options)
    print_report(report, occasion, console, show_all=show_all)
    file.flush()
    return file.buffer.getvalue().decode(encoding)


RED = """\
Lesson 1: Set up the service
 ✓ L1.1 The check of layout holds
 ✗ L1.1 The check of health holds
        3 more wait for this
 ✗ L1.6 The check of pins holds
 ! L1.6 The check of clock holds

health failed: The check of health holds
  expected  GET /health to answer 200 OK
  got       404 Not Found: {"detail":"Not Found"}
  next      Write the route GET /health in backend/app/api/health.py; it needs
            nothing else.
  try       in another terminal, while ./course run is on:
            curl -i http://localhost:8000/health
  help      ./course hint L1.1, or read L1.1 in lessons/01-setup/README.md

pins failed: The check of pins holds
  expected  GET /health to answer 200 OK
  got       404 Not Found: {"detail":"Not Found"}
  next      Write the route GET /health in backend/app/api/health.py; it needs
            nothing else.
  try       curl -i http://localhost:8000/health
  help      ./course hint L1.6, or read L1.6 in lessons/01-setup/README.md

clock could not be checked: The check of clock holds
  why       the process that starts the app ended
  next      Run the check again.
  note      This says nothing about your app.

1 passed, 2 failed, 3 skipped, 1 could not be checked: 0 of 12 points, 1.2 s
Next: mend health (./course hint L1.1 helps), then run
      ./course check 1
"""

GREEN = """\
 ✓ Lesson 1: Set up the service, 4 checks
Lesson 2: Accounts and tokens
 ✓ L2.1 Settings that must be right, 2 checks
 ✓ L2.2 Hash passwords, 2 checks

8 passed: 16 of 16 points, 1.2 s
Next: nothing. This was the last lesson, and your app does all of it.
"""


def test_report_red():
    assert show(make_red(), width=80) == RED


def test_report_green():
    assert show(make_green(2), width=80) == GREEN


def test_report_all_shows_every_check():
    text = show(make_green(2), show_all=True)
    assert all(f"The check of {r.id} holds" in text for r in make_green(2).results)


def test_report_all_says_what_each_check_waits_for():
    line = "preflight holds (waits for health)"
    assert line in show(make_red(), show_all=True)


def test_report_shows_three_failures_and_names_the_others():
    names = [f"check_{n}" for n in range(5)]
    text = show(make_report(*(make_result(name, Outcome.FAILED) for name in names)))
    assert text.count(" failed: The") == 3
    assert "2 more did not pass: check_3, check_4" in text


def test_report_all_shows_every_failure():
    names = [f"check_{n}" for n in range(5)]
    report = make_report(*(make_result(name, Outcome.FAILED) for name in names))
    assert show(report, show_all=True).count(" failed: The") == 5


def test_report_of_a_run_that_was_refused_has_one_cause():
    report = make_report(
        make_result("health", Outcome.FAILED),
        make_result("pins", Outcome.SKIPPED, "L1.6"),
        make_result("path", Outcome.SKIPPED, needs=("health",)),
    )
    assert "2 more wait for this" in show(report)


def test_report_of_a_lost_app_says_so_once():
    finding = Finding(got="the app was lost during health", next_step="Mend that one first.")
    lost = [make_result(f"x{n}", Outcome.SKIPPED, finding=finding) for n in range(4)]
    text = show(make_report(make_result("health", Outcome.FAILED), *lost))
    assert text.count("lost during") == 1
    assert "4 not run: the app was lost during health" in text


def test_report_helps_once_a_task():
    report = make_report(*(make_result(name, Outcome.FAILED) for name in ("a", "b")))
    assert show(report).count("or read L1.1") == 1


@pytest.mark.parametrize(("width", "is_shown"), [(80, True), (60, False)])
def test_report_points_at_a_part_of_a_line_only_when_the_line_is_whole(width, is_shown):
    source = "    return create_token(user, expires_in=settings.minutes)"
    log = f"{source}\n           ^^^^^^^^^^^^\nNameError: create_token"
    finding = Finding(got="500", next_step="Mend it.", log=log)
    report = make_report(make_result("health", Outcome.FAILED, finding=finding))
    assert ("^^^" in show(report, width=width)) is is_shown


def test_report_of_a_workspace_in_a_later_lesson_names_the_command_for_both():
    later = dataclasses.replace(WORKSPACE, current=2)
    text = show(make_report(make_result("health", Outcome.FAILED)), later, width=80)
    assert text.endswith(
        "Next: your workspace is in lesson 2, and its app may need more than lesson 1\n"
        "      gives it. Check both:\n"
        "      ./course check 2\n"
    )


def test_report_offers_no_hint_for_a_check_that_only_guards():
    text = show(make_report(make_result("layout", Outcome.FAILED, points=0)))
    assert "hint" not in text
    assert "Next: mend layout, then run" in text


def test_report_calls_an_error_no_failure():
    text = show(make_report(make_result("clock", Outcome.ERROR)))
    assert "fail" not in text
    assert text.endswith("Next: Run the check again.\n      ./course check 1\n")


# What comes next


def last_lines(report, occasion):
    return show(report, occasion).partition("\nNext: ")[2]


def test_next_after_a_lesson_is_the_following_one():
    wanted = "go on to lesson 2, Accounts and tokens:\n      ./course start 2\n"
    assert last_lines(make_green(), WORKSPACE) == wanted


def test_next_after_a_task_is_the_following_one():
    wanted = "go on with L1.2, Give the API a name:\n      ./course check 1 --only L1.2\n"
    assert last_lines(make_green(), replace(WORKSPACE, only=("L1.1",))) == wanted


def test_next_after_a_task_is_the_following_one_though_later_work_is_missing():
    later = make_report(make_result("first"), make_result("settings", Outcome.FAILED, task="L1.4"))
    lines = last_lines(later, replace(WORKSPACE, only=("L1.3",)))
    assert lines.startswith(
        "what failed belongs to a later task, so go on with L1.4, Read settings"
    )
    assert "mend settings" in last_lines(later, replace(WORKSPACE, only=("L1.3", "L1.5")))


@pytest.mark.parametrize("name", ["L1.6", "health"])
def test_next_after_the_last_task_or_a_check_is_the_whole_lesson(name):
    occasion = replace(WORKSPACE, only=(name,))
    assert "./course check 1\n" in last_lines(make_green(), occasion)


@pytest.mark.parametrize(
    "occasion", [replace(WORKSPACE, folder=Path("x")), replace(WORKSPACE, is_solution=True)]
)
def test_next_after_another_folder_is_nothing(occasion):
    assert last_lines(make_green(), occasion) == ""


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"folder": Path("my app")}, "./course check 1 --dir 'my app'\n"),
        ({"is_solution": True}, "./course check 1 --solution\n"),
        ({"only": ("health", "L1.3")}, "./course check 1 --only health --only L1.3\n"),
    ],
)
def test_next_after_a_failure_repeats_the_command(changes, wanted):
    assert last_lines(make_red(), replace(WORKSPACE, **changes)).endswith(wanted)


# How it fits


@pytest.mark.parametrize("width", [60, 80, 100])
def test_terminal_lines_fit(width):
    lines = show(make_red(), width=width).splitlines()
    commands = [line for line in lines if "curl" in line or "README" in line]
    assert [line for line in lines if cell_len(line) > width and line not in commands] == []


def test_wide_terminal_keeps_lines_short():
    finding = Finding(got="word " * 60, next_step="Write less.")
    text = show(make_report(make_result("x", Outcome.FAILED, finding=finding)), width=200)
    assert max(map(len, text.splitlines())) <= 100


def test_pipe_keeps_lines_whole():
    text = show(make_red())
    assert f"  next      {FINDING.next_step}\n" in text
    assert f"            {FINDING.curl}\n" in text


def test_no_colour_means_no_colour():
    text = show(make_red(), width=80, color_system="truecolor", no_color=True)
    assert "\x1b[3" not in text
    assert "\x1b[9" not in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_narrow_encoding_gets_plain_marks(encoding):
    text = show(make_red(), encoding=encoding)
    assert " + L1.1 The check of layout" in text
    assert " x L1.1 The check of health" in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("width", [None, 80])
def test_hostile_text_cannot_act(encoding, width):
    text = show(make_hostile(), encoding=encoding, width=width, show_all=True)
    hidden = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert hidden <= {"\n"}
    assert r"\x1b[2J" in text


def test_hostile_markup_is_shown_as_it_is():
    assert "[red]" in show(make_hostile())


# The parts


def test_wrap_never_breaks_a_word():
    text = "one two-three supercalifragilistic four"
    assert wrap(text, 12, head="> ", indent="  ") == [
        "> one",
        "  two-three",
        "  supercalifragilistic",
        "  four",
    ]


def test_wrap_breaks_what_fits_no_line_after_a_comma():
    assert wrap('{"a":1,"b":2,"c":3}', 10) == ['{"a":1,', '"b":2,', '"c":3}']


def test_wrap_counts_cells():
    assert wrap("日本 日本", 6) == ["日本", "日本"]


def test_fold_keeps_the_command():
    command = (
        "curl -i -X POST http://localhost:8000/x -H 'A: b' --data-raw '{\"a\": \" -H '\"'\"'x\"}'"
    )
    folded = fold_command(command, 40)
    assert len(folded) == 3
    assert "\n".join(folded).replace(" \\\n  ", " ") == command


@pytest.mark.parametrize("text", ["it's", "a" * 90])
def test_fold_leaves_what_cannot_be_folded(text):
    assert fold_command(text, 2) == [text]


def test_visible_keeps_lines_letters_and_blanks():
    assert make_visible("Zoë\r\n\t日本 👋\n") == "Zoë\n    日本 👋\n"
