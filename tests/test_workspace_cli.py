"""Tests of the workspace's and the authors' commands as they are typed, on the small course."""

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from report_samples import make_green, make_red
from small_course import edit, git, make_course

from checker.cli.app import main
from checker.errors import ExitCode
from checker.paths import CoursePaths
from checker.probes.strain import Strain

pytestmark = pytest.mark.usefixtures("git_name")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CoursePaths:
    """Stand in the small course, whose checks are not run but told."""
    paths = make_course(tmp_path)
    monkeypatch.setattr(CoursePaths, "find", classmethod(lambda _: paths))
    monkeypatch.setattr("checker.cli.check.show_first_check", tell_check)
    monkeypatch.chdir(tmp_path)
    return paths


def tell_check(_: CoursePaths, lesson: int) -> int:
    sys.stdout.write(f"(the checks of lesson {lesson} run here)\n")
    return ExitCode.FAILED


@pytest.fixture
def begun(course, capsys) -> CoursePaths:
    main(["start"])
    capsys.readouterr()
    return course


@pytest.mark.usefixtures("course")
def test_start_tells_where_to_read_and_to_work_and_runs_the_checks(capsys):
    assert main(["start"]) == ExitCode.PASSED
    assert capsys.readouterr().out == (
        "Made workspace/ for lesson 1: Greet.\n"
        "  read   course/lessons/01-greet/README.md\n"
        "  work   workspace/\n"
        "  task   L1.1 Greet a person\n"
        "  task   L1.2 Choose the greeting\n"
        "\n"
        "(the checks of lesson 1 run here)\n"
    )


@pytest.mark.usefixtures("begun")
def test_start_again_tells_where_the_learner_is_and_what_comes_next(capsys):
    assert main(["start"]) == ExitCode.PASSED
    out = capsys.readouterr().out
    assert out.startswith("You are in lesson 1: Greet.\n")
    assert "When its checks pass: ./course start 2   brings in Count.\n" in out
    assert "(the checks of lesson 1 run here)" in out


def test_start_of_the_next_lesson_tells_how_to_get_back(begun, capsys):
    edit(begun.workspace / "app" / "main.py", "L1.1: greet.", "mine")
    assert main(["start", "2"]) == ExitCode.PASSED
    out = capsys.readouterr().out
    assert out.startswith("Brought lesson 2 into workspace/: Count.\n")
    command = next(line for line in out.splitlines() if line.endswith("-- ."))
    (begun.workspace / "app" / "main.py").write_text("")
    subprocess.run(command.split(), check=True)
    assert "mine" in (begun.workspace / "app" / "main.py").read_text()


@pytest.mark.usefixtures("begun")
def test_start_of_an_issued_lesson_offers_to_reset_it(capsys):
    assert main(["start", "1"]) == ExitCode.PASSED
    assert "Nothing was changed" in (out := capsys.readouterr().out)
    assert "./course reset 1" in out


@pytest.mark.usefixtures("begun")
def test_start_that_skips_a_lesson_offers_to_catch_up(capsys):
    assert main(["start", "3"]) == ExitCode.PASSED
    out = capsys.readouterr().out
    assert "The tasks of lesson 2 are still open. To have them solved: ./course catch-up 3" in out


@pytest.mark.usefixtures("course")
def test_start_at_a_later_lesson_tells_that_earlier_ones_are_solved(capsys):
    assert main(["start", "2"]) == ExitCode.PASSED
    assert "Earlier lessons are solved in it." in capsys.readouterr().out


def test_start_with_a_conflict_tells_files_and_ways_out(begun, capsys):
    edit(begun.workspace / "app" / "main.py", "GREETING\n", "GREETING as HELLO\n")
    assert main(["start", "2"]) == ExitCode.COULD_NOT_RUN
    assert capsys.readouterr().err == (
        "error: You and the course changed the same lines. Your files are saved in git; "
        "both versions now stand in:\n"
        "  app/main.py\n"
        "next:  Open each file, keep what you want between <<<<<<< and >>>>>>>, and delete those "
        "marks. Then give two commands:\n"
        "         git -C workspace add app/main.py\n"
        "         git -C workspace commit --no-edit\n"
        "       To go back to how it was instead: git -C workspace merge --abort\n"
    )


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("number", ["0", "4", "99"])
@pytest.mark.parametrize("command", ["start", "solve", "reset", "catch-up", "diff"])
def test_lesson_out_of_range_is_bad_usage(capsys, command, number):
    assert main([command, number]) == ExitCode.BAD_USAGE
    assert "The course has lessons 1 to 3." in capsys.readouterr().err


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("arguments", [["solve"], ["solve", "two"], ["start", "1", "2"]])
def test_wrong_arguments_are_bad_usage(arguments):
    assert main(arguments) == ExitCode.BAD_USAGE


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("arguments", [["solve", "1"], ["status"], ["diff"], ["reset", "1"]])
def test_command_without_a_workspace_names_the_one_that_makes_it(capsys, arguments):
    assert main(arguments) == ExitCode.COULD_NOT_RUN
    assert capsys.readouterr().err.endswith("next:  Make it: ./course start\n")


def test_no_command_is_answered_by_the_help_alone(run_course):
    done = run_course()
    assert "Usage" in done.stdout
    assert (done.returncode, done.stderr) == (ExitCode.BAD_USAGE, "")


OUR_FAULT = "error: this is a fault of the course."


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "error: the disk is full"),
        (PermissionError(13, "Permission denied", "x"), "error: x may not be used"),
        (OSError(30, "Read-only file system", "x"), "error: x cannot be written"),
        (BrokenPipeError(32, "Broken pipe"), ""),
        (ZeroDivisionError(), OUR_FAULT),
        (FileNotFoundError(2, "No such file or directory", "x"), OUR_FAULT),
        (ConnectionRefusedError(111, "Connection refused"), OUR_FAULT),
        (TimeoutError("timed out"), OUR_FAULT),
    ],
)
def test_what_nobody_expected_is_no_verdict(monkeypatch, capsys, error, said):
    def fail(_):
        raise error

    monkeypatch.setattr("checker.workspace.status.read_status", fail)
    assert main(["status"]) == ExitCode.COULD_NOT_RUN
    err = capsys.readouterr().err
    assert said in err
    assert bool(said) == bool(err)
    assert ("Traceback" in err) == ("fault of the course" in err)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has it")  # noqa: PTH110
def test_output_that_cannot_be_written_is_told():
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "checker", "--help"],
            cwd=Path(__file__).parent.parent,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == ExitCode.COULD_NOT_RUN
    assert "disk is full" in done.stderr


def test_solve_tells_what_it_did(begun, capsys):
    assert main(["solve", "1"]) == ExitCode.PASSED
    lines = capsys.readouterr().out.splitlines()
    head = git(begun.workspace, "rev-parse", "--short", "main~1")
    assert lines == [
        "Lesson 1 is solved in your workspace.",
        f"Your files as they were are saved in commit {head}. To get one or all of them back:",
        f"  git -C workspace checkout {head} -- FILE",
        f"  git -C workspace checkout {head} -- .",
        "Next: ./course check 1",
    ]


@pytest.mark.usefixtures("begun")
def test_solve_again_tells_that_nothing_changed(capsys):
    main(["solve", "1"])
    capsys.readouterr()
    assert main(["solve", "1"]) == ExitCode.PASSED
    assert capsys.readouterr().out == (
        "Lesson 1 is solved in your workspace. Nothing had to be changed.\nNext: ./course check 1\n"
    )


@pytest.mark.usefixtures("begun")
def test_solve_of_later_lessons_tells_what_it_brought_in(capsys):
    main(["solve", "3"])
    assert "Brought in on the way: lessons 2 and 3." in capsys.readouterr().out


@pytest.mark.usefixtures("begun")
def test_reset_tells_which_tasks_are_open(capsys):
    main(["start", "3"])
    assert main(["reset", "1"]) == ExitCode.PASSED
    assert "Open now: the tasks of lessons 1 to 3." in capsys.readouterr().out


@pytest.mark.usefixtures("begun")
def test_reset_of_a_lesson_that_has_not_begun_is_bad_usage(capsys):
    assert main(["reset", "2"]) == ExitCode.BAD_USAGE
    assert "Begin it: ./course start 2" in capsys.readouterr().err


@pytest.mark.usefixtures("begun")
def test_catch_up_tells_that_the_workspace_is_ready(capsys):
    assert main(["catch-up", "2"]) == ExitCode.PASSED
    assert capsys.readouterr().out.startswith("Your workspace is ready to begin lesson 2.\n")


@pytest.mark.usefixtures("course")
def test_catch_up_makes_the_workspace_where_there_is_none(capsys):
    assert main(["catch-up", "2"]) == ExitCode.PASSED
    assert "Earlier lessons are solved in it." in capsys.readouterr().out


def test_reset_names_files_with_answers_that_could_not_stay(begun, capsys):
    edit(begun.workspace / "app" / "main.py", 'NotImplementedError("L1.1")', "SystemExit")
    main(["start", "3"])
    capsys.readouterr()
    assert main(["reset", "2"]) == ExitCode.PASSED
    assert "the course's stand there now.\n  app/main.py\n" in capsys.readouterr().out


def test_diff_prints_a_patch_that_git_applies(begun, capsys):
    assert main(["diff"]) == ExitCode.PASSED
    patch = capsys.readouterr().out
    git(begun.workspace, "apply", stdin=patch)
    assert main(["diff"]) == ExitCode.PASSED
    assert capsys.readouterr().out == "Your files are the finished ones already.\n"


def test_status_tells_what_is_not_committed(begun, capsys):
    (begun.workspace / "mine.txt").write_text("")
    assert main(["status"]) == ExitCode.PASSED
    assert capsys.readouterr().out == (
        "lesson     1, Greet\n"
        "branch     main\n"
        "changes    1 file not committed (a command that writes commits them first):\n"
        "           ?? mine.txt\n"
        "next       ./course check 1\n"
        "           When its checks pass: ./course start 2   brings in Count.\n"
    )


def test_status_tells_what_stands_in_the_way(begun, capsys):
    git(begun.workspace, "switch", "-q", "-c", "side")
    main(["status"])
    assert "branch     side; the course works on main: git -C workspace switch main" in (
        capsys.readouterr().out
    )


def test_status_while_a_merge_waits_leads_out_of_it(begun, capsys):
    edit(begun.workspace / "app" / "main.py", "GREETING\n", "GREETING as HELLO\n")
    main(["start", "2"])
    main(["status"])
    assert capsys.readouterr().out.endswith(
        "next       in workspace: git add FILES, then git commit\n"
        "           to leave it instead: git merge --abort\n"
    )


def test_status_lists_snapshots(begun, capsys):
    (begun.workspace / "mine.txt").write_text("")
    main(["solve", "1"])
    capsys.readouterr()
    main(["status"])
    out = capsys.readouterr().out
    assert ": Before solve 1\n" in out
    assert "changes    none, everything is committed\n" in out


COMMANDS = (
    "start",
    "status",
    "diff",
    "solve",
    "reset",
    "catch-up",
    "build",
    "verify",
    "lock",
    "site",
    "test",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(capsys, command):
    main([command, "--help"])
    assert f"Example: ./course {command}" in capsys.readouterr().out


@pytest.mark.usefixtures("course")
def test_build_tells_what_it_wrote(capsys):
    assert main(["build"]) == ExitCode.PASSED
    assert "wrote solutions/01-greet/lesson.diff (missing)\n" in capsys.readouterr().out
    assert main(["build"]) == ExitCode.PASSED
    assert capsys.readouterr().out == "Everything was up to date.\n"


@pytest.mark.usefixtures("course")
def test_verify_of_a_course_that_was_not_built_fails(capsys, monkeypatch):
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: ())
    assert main(["verify", "--fast"]) == ExitCode.FAILED
    out = capsys.readouterr().out
    assert "- solutions/01-greet/run.sh: missing. Run ./course build.\n" in out
    assert "- L1.1 has no check that earns points.\n" in out


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, ExitCode.PASSED),
        (1, ExitCode.FAILED),
        (2, ExitCode.COULD_NOT_RUN),
        (3, ExitCode.COULD_NOT_RUN),
        (4, ExitCode.BAD_USAGE),
        (5, ExitCode.BAD_USAGE),
    ],
)
def test_test_runs_pytest_with_what_follows(monkeypatch, code, expected):
    commands = []

    def run(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["test", "-k", "layers", "--maxfail=1"]) == expected
    assert commands[0][:3] == [sys.executable, "-m", "pytest"]
    assert commands[0][-3:] == ["-k", "layers", "--maxfail=1"]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("report", "slowdown"), [(make_red(), 7), (make_green(), 8)])
def test_check_blames_no_machine_that_is_quick_enough(monkeypatch, capsys, report, slowdown):
    check_on_machine(monkeypatch, report, slowdown)
    assert "slower" not in capsys.readouterr().out


@pytest.mark.usefixtures("begun")
def test_check_says_when_a_busy_machine_may_be_why(monkeypatch, capsys):
    check_on_machine(monkeypatch, make_red(), 8)
    assert "8 times slower than when it is idle" in capsys.readouterr().out


def check_on_machine(monkeypatch, report, slowdown):
    monkeypatch.setattr("checker.judge.verdict.run_order", lambda *_: report)
    monkeypatch.setattr("checker.probes.strain.watch_strain", lambda: nullcontext(Strain(slowdown)))
    main(["check", "1"])
