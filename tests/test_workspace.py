"""Tests of start, solve, reset, catch-up and diff on a workspace in good order."""

import itertools
from pathlib import Path

import pytest
from small_course import edit, git, make_course, read_files

from checker.course.layers import Layers, read_layers
from checker.course.manifest import load_lessons
from checker.errors import UsageError
from checker.paths import CoursePaths
from checker.workspace.compare import compare
from checker.workspace.issue import MergeConflictError
from checker.workspace.rewrite import catch_up, reset, solve
from checker.workspace.start import Start, start
from checker.workspace.status import read_status

pytestmark = pytest.mark.usefixtures("git_name")

ANSWER = '    return GREETING + ", " + name  # mine'
STUB = '    # TODO L1.1: greet.\n    raise NotImplementedError("L1.1")'


@pytest.fixture
def course(tmp_path: Path) -> CoursePaths:
    return make_course(tmp_path)


@pytest.fixture
def begun(course: CoursePaths) -> CoursePaths:
    start(course, None)
    return course


def layers_of(course: CoursePaths) -> Layers:
    return read_layers(course, load_lessons(course))


def answer(course: CoursePaths) -> Path:
    """Solve L1.1 as a learner would."""
    file = course.workspace / "app" / "main.py"
    edit(file, STUB, ANSWER)
    return file


def test_start_makes_a_repository_with_two_branches(begun):
    layers = layers_of(begun)
    assert git(begun.workspace, "branch", "--format=%(refname:short)").split() == ["course", "main"]
    assert git(begun.workspace, "status", "--porcelain") == ""
    assert read_files(begun.workspace) == layers.starter(1)
    assert git(begun.workspace, "log", "-1", "--format=%an %ae", "course") == (
        "Course course@example.invalid"
    )


def test_start_keeps_programs_executable(begun):
    assert (begun.workspace / "run.sh").stat().st_mode & 0o111


def test_start_fills_an_empty_folder(course):
    course.workspace.mkdir()
    assert start(course, None).how is Start.MADE


def test_start_leaves_nothing_beside_the_workspace(begun):
    assert {path.name for path in begun.workspace.parent.iterdir()} == {"course", "workspace"}


def test_start_at_a_later_lesson_has_earlier_ones_solved(course):
    start(course, 3)
    assert read_files(course.workspace) == layers_of(course).starter(3)
    subjects = git(course.workspace, "log", "--format=%s", "--reverse", "course")
    assert subjects == "Lesson 1: Greet\nLesson 2: Count\nLesson 3: Store"


def test_start_again_without_a_number_changes_nothing(begun):
    before = git(begun.workspace, "show-ref")
    answer(begun)
    again = start(begun, None)
    assert (again.how, again.lesson) == (Start.RESUMED, 1)
    assert git(begun.workspace, "show-ref") == before
    assert git(begun.workspace, "status", "--porcelain") == " M app/main.py"


def test_start_of_an_issued_lesson_changes_nothing(begun):
    before = git(begun.workspace, "show-ref")
    assert start(begun, 1).how is Start.AGAIN
    assert git(begun.workspace, "show-ref") == before


def test_start_of_the_next_lesson_keeps_the_learners_lines(begun):
    file = answer(begun)
    (begun.workspace / "notes.txt").write_text("mine\n")
    started = start(begun, 2)
    assert ANSWER in file.read_text()
    assert "from app.count import count" in file.read_text()
    assert "TODO L2.1" in (begun.workspace / "app" / "count.py").read_text()
    assert git(begun.workspace, "show", f"{started.snapshot}:notes.txt") == "mine"
    assert git(begun.workspace, "status", "--porcelain") == ""


def test_start_of_the_next_lesson_without_changes_takes_no_snapshot(begun):
    assert start(begun, 2).snapshot is None


def test_start_of_the_next_lesson_removes_what_the_course_removed(begun):
    start(begun, 3)
    assert not (begun.workspace / "app" / "old.py").exists()


def test_start_that_skips_a_lesson_issues_it_with_its_tasks_open(begun):
    started = start(begun, 3)
    assert list(started.skipped) == [2]
    assert "TODO L2.1" in (begun.workspace / "app" / "count.py").read_text()


def test_start_out_of_range_makes_nothing(course):
    with pytest.raises(UsageError):
        start(course, 4)
    assert not course.workspace.exists()


def test_start_brings_what_the_course_changed_in_an_issued_lesson(begun):
    answer(begun)
    edit(begun.layers / "01-greet" / "app" / "main.py", '"Goodbye, {name}"', '"Bye, {name}"')
    start(begun, 2)
    text = (begun.workspace / "app" / "main.py").read_text()
    assert "Bye" in text
    assert ANSWER in text


def test_start_merges_a_file_whose_line_ends_an_editor_changed(begun):
    file = answer(begun)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    start(begun, 2)
    assert ANSWER in file.read_text()
    assert "from app.count import count" in file.read_text()


def make_conflict(course: CoursePaths) -> Path:
    """Change the line beside which lesson 2 adds its own."""
    file = course.workspace / "app" / "main.py"
    edit(file, "from app.words import GREETING\n", "from app.words import GREETING as HELLO\n")
    return file


def test_start_with_a_conflict_tells_both_ways_out(begun):
    make_conflict(begun)
    with pytest.raises(MergeConflictError) as caught:
        start(begun, 2)
    assert "app/main.py" in caught.value.problem
    assert "commit --no-edit" in caught.value.next_step
    assert "merge --abort" in caught.value.next_step


def test_start_with_a_conflict_can_be_finished_as_told(begun):
    file = make_conflict(begun)
    with pytest.raises(MergeConflictError):
        start(begun, 2)
    file.write_text("mine and theirs\n")
    git(begun.workspace, "add", "app/main.py")
    git(begun.workspace, "commit", "--no-edit")
    assert start(begun, 2).how is Start.AGAIN
    assert read_status(begun).lesson.number == 2
    assert start(begun, 3).how is Start.ISSUED


def test_merge_that_ends_with_a_message_of_ones_own_begins_the_lesson(begun):
    make_conflict(begun)
    file = answer(begun)
    with pytest.raises(MergeConflictError):
        start(begun, 2)
    git(begun.workspace, "checkout", "--ours", "app/main.py")
    git(begun.workspace, "commit", "-a", "-m", "resolved")
    assert read_status(begun).lesson.number == 2
    solve(begun, 2)
    reset(begun, 2)
    assert ANSWER in file.read_text()
    assert "TODO L2.1" in (begun.workspace / "app" / "count.py").read_text()


def test_start_with_a_conflict_can_be_left_as_told(begun):
    before = make_conflict(begun).read_bytes()
    with pytest.raises(MergeConflictError):
        start(begun, 2)
    git(begun.workspace, "merge", "--abort")
    assert (begun.workspace / "app" / "main.py").read_bytes() == before
    with pytest.raises(MergeConflictError):
        start(begun, 2)


def test_catch_up_gets_past_a_conflict(begun):
    make_conflict(begun)
    with pytest.raises(MergeConflictError):
        start(begun, 2)
    git(begun.workspace, "merge", "--abort")
    catch_up(begun, 2)
    assert read_files(begun.workspace) == layers_of(begun).starter(2)


def test_solve_writes_the_finished_files(begun):
    (begun.workspace / "app" / "main.py").write_text("broken(\n")
    (begun.workspace / "app" / "words.py").unlink()
    solve(begun, 1)
    assert read_files(begun.workspace) == layers_of(begun).solution(1)
    assert git(begun.workspace, "status", "--porcelain") == ""


def test_solve_saves_what_it_overwrites(begun):
    answer(begun)
    done = solve(begun, 1)
    assert ANSWER.strip() in git(begun.workspace, "show", f"{done.before}:app/main.py")


def test_solve_keeps_files_of_the_learner(begun):
    (begun.workspace / "app" / "mine.py").write_text("mine\n")
    solve(begun, 1)
    assert (begun.workspace / "app" / "mine.py").read_text() == "mine\n"


def test_solve_of_a_lesson_that_was_not_issued_issues_it(begun):
    done = solve(begun, 3)
    assert list(done.issued) == [2, 3]
    assert read_files(begun.workspace) == layers_of(begun).solution(3)


def test_solve_of_an_earlier_lesson_opens_the_later_ones(begun):
    start(begun, 2)
    done = solve(begun, 1)
    assert list(done.reopened) == [2]
    assert read_files(begun.workspace) == layers_of(begun).starter(2)


def test_solve_twice_changes_nothing_the_second_time(begun):
    solve(begun, 1)
    head = git(begun.workspace, "rev-parse", "main")
    assert not solve(begun, 1).has_changed
    assert git(begun.workspace, "rev-parse", "main") == head


def test_catch_up_solves_earlier_lessons_and_opens_this_one(begun):
    catch_up(begun, 2)
    assert read_files(begun.workspace) == layers_of(begun).starter(2)


def test_reset_takes_the_lesson_back_to_its_beginning(begun):
    answer(begun)
    (begun.workspace / "mine.txt").write_text("mine\n")
    reset(begun, 1)
    assert read_files(begun.workspace) == {**layers_of(begun).starter(1), "mine.txt": b"mine\n"}


def test_reset_keeps_the_learners_answers_to_earlier_lessons(begun):
    file = answer(begun)
    start(begun, 2)
    solve(begun, 2)
    reset(begun, 2)
    assert ANSWER in file.read_text()
    assert "TODO L2.1" in (begun.workspace / "app" / "count.py").read_text()


def test_reset_keeps_answers_whose_line_ends_an_editor_changed(begun):
    file = answer(begun)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    start(begun, 2)
    start(begun, 3)
    assert reset(begun, 2).replaced == ()
    assert ANSWER in file.read_text()


def test_reset_of_an_earlier_lesson_keeps_what_later_ones_added(begun):
    answer(begun)
    start(begun, 2)
    reset(begun, 1)
    assert read_files(begun.workspace) == layers_of(begun).issued(2)


def test_reset_after_the_course_solved_a_lesson_reopens_it(begun):
    solve(begun, 2)
    reset(begun, 2)
    assert read_files(begun.workspace) == layers_of(begun).starter(2)


def test_reset_of_a_skipped_lesson_takes_the_answers_of_the_course(begun):
    answer(begun)
    start(begun, 3)
    assert reset(begun, 2).replaced == ("app/main.py",)
    tree = layers_of(begun).starter(3)
    tree["app/count.py"] = layers_of(begun).starter(2)["app/count.py"]
    assert read_files(begun.workspace) == tree


def test_reset_of_a_lesson_that_has_not_begun_is_refused(begun):
    with pytest.raises(UsageError, match="Lesson 2 has not begun"):
        reset(begun, 2)


def test_reset_takes_the_courses_file_where_both_changed_the_same_lines(begun):
    edit(begun.workspace / "app" / "words.py", 'LANGUAGE = "en"', 'LANGUAGE = "de"')
    file = answer(begun)
    start(begun, 2)
    catch_up(begun, 3)
    assert reset(begun, 2).replaced == ("app/words.py",)
    words = layers_of(begun).starter(3)["app/words.py"]
    assert (begun.workspace / "app" / "words.py").read_bytes() == words
    assert ANSWER in file.read_text()


STEPS = ("solve 1", "catch-up 2", "reset 1", "solve 2", "answer")
ORDERS = [order for order in itertools.permutations(STEPS, 3) if order[0] != "answer"]


@pytest.mark.parametrize("order", ORDERS[::4], ids=", ".join)
def test_next_lesson_merges_cleanly_after_commands_in_any_order(begun, order):
    commands = {"solve": solve, "catch-up": catch_up, "reset": reset}
    for step in order:
        if step == "answer":
            file = begun.workspace / "app" / "main.py"
            file.write_text(file.read_text().replace(STUB, ANSWER))
        else:
            name, number = step.split()
            commands[name](begun, int(number))
    start(begun, 3)
    files = read_files(begun.workspace)
    assert files.keys() == layers_of(begun).issued(3).keys()
    assert b"STORE" in files["app/words.py"]
    assert b"from app.count import count" in files["app/main.py"]


def test_diff_shows_what_solve_would_write(begun):
    answer(begun)
    shown = compare(begun, None)
    assert f"-{ANSWER}\n" in shown
    assert '+    return f"{GREETING}, {name}"\n' in shown
    assert (begun.workspace / "app" / "main.py").read_text().count(ANSWER) == 1


def test_diff_is_empty_when_solved(begun):
    solve(begun, 1)
    assert compare(begun, 1) == ""


def test_diff_leaves_out_the_learners_own_files(begun):
    solve(begun, 1)
    (begun.workspace / "mine.txt").write_text("mine\n")
    assert compare(begun, 1) == ""


def test_diff_of_line_ends_alone_is_empty(begun):
    solve(begun, 1)
    file = begun.workspace / "app" / "main.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert compare(begun, 1) == ""


def test_diff_of_an_earlier_lesson_leaves_out_what_later_ones_added(begun):
    solve(begun, 1)
    start(begun, 2)
    assert compare(begun, 1) == ""


def test_diff_shows_a_missing_file_as_new(begun):
    (begun.workspace / "app" / "words.py").unlink()
    assert "--- /dev/null\n+++ b/app/words.py\n" in compare(begun, 1)


def test_status_tells_lesson_changes_and_snapshots(begun):
    answer(begun)
    start(begun, 2)
    (begun.workspace / "mine.txt").write_text("mine\n")
    status = read_status(begun)
    assert (status.lesson.number, status.level, status.branch) == (2, 2, "main")
    assert status.changes == ["?? mine.txt"]
    assert [snapshot.title for snapshot in status.snapshots] == ["Before start 2"]


def test_status_names_the_lesson_that_was_begun_last(begun):
    start(begun, 2)
    reset(begun, 1)
    status = read_status(begun)
    assert (status.lesson.number, status.level) == (1, 2)


def test_lessons_of_the_real_course_follow_one_another_without_a_conflict(tmp_path):
    paths = CoursePaths(CoursePaths.find().root, tmp_path / "workspace", tmp_path / "cache")
    layers = layers_of(paths)
    for lesson in layers.lessons:
        start(paths, lesson.number)
        assert read_files(paths.workspace) == layers.starter(lesson.number)
        solve(paths, lesson.number)
        assert read_files(paths.workspace) == layers.solution(lesson.number)
