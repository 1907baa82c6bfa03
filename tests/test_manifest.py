"""Tests of the manifests: what they give, and what each mistake in one says."""

from pathlib import Path

import pytest
from small_course import edit, make_course

from checker.course.manifest import ManifestError, find_lesson, find_task, load_lessons
from checker.errors import ExitCode, UsageError
from checker.paths import CoursePaths


@pytest.fixture
def course(tmp_path: Path) -> CoursePaths:
    return make_course(tmp_path)


@pytest.fixture
def manifest(course: CoursePaths) -> Path:
    return course.lessons / "01-greet" / "lesson.toml"


def read_error(course: CoursePaths) -> str:
    with pytest.raises(ManifestError) as caught:
        load_lessons(course)
    assert caught.value.next_step
    return caught.value.problem


def test_lessons_come_in_order(course):
    lessons = load_lessons(course)
    assert [(lesson.number, lesson.name) for lesson in lessons] == [
        (1, "greet"),
        (2, "count"),
        (3, "store"),
    ]
    assert lessons[0].task_ids == {"L1.1", "L1.2"}
    assert lessons[2].removes == ("app/old.py",)


def test_find_lesson_out_of_range_names_the_range(course):
    with pytest.raises(UsageError, match=r"There is no lesson 4\. The course has lessons 1 to 3"):
        find_lesson(load_lessons(course), 4)


@pytest.mark.parametrize("number", [0, -1])
def test_find_lesson_below_one_is_refused(course, number):
    with pytest.raises(UsageError) as caught:
        find_lesson(load_lessons(course), number)
    assert caught.value.exit_code is ExitCode.BAD_USAGE


def test_find_task_takes_any_case(course):
    assert find_task(load_lessons(course), " l2.1").title == "Count the names"


def test_find_task_unknown_lists_the_tasks(course):
    with pytest.raises(UsageError) as caught:
        find_task(load_lessons(course), "L9.9")
    assert "L1.1, L1.2, L2.1, L3.1" in caught.value.next_step


MISTAKES = {
    "syntax": ('title = "Greet"', 'title = "Greet', 2, "this is not TOML"),
    "open list": ("\n]\n\n[[tasks]]", "\n\n[[tasks]]", 16, "this is not TOML"),
    "open to the end": ('"Greet"', '"""Greet', 2, "the value that begins here has no end"),
    "format": ("format_version = 1", "format_version = 2", 1, "expected format_version = 1"),
    "missing key": ('title = "Greet"\n', "", 1, 'the key "title" is missing'),
    "missing in task": ('title = "Greet a person"\n', "", 7, 'the key "title" is missing'),
    "wrong type": ("minutes = 5", 'minutes = "5"', 4, "minutes: expected whole number, got text"),
    "too small": ("minutes = 5", "minutes = 0", 4, "minutes: expected whole number >= 1"),
    "unknown key": ("minutes = 5", "minutes = 5\nminute = 5", 5, '"minute" is not a key'),
    "unknown in task": ('id = "L1.2"', 'id = "L1.2"\npoints = 3', 19, '"points" is not a key'),
    "no hints": ("hints = [\n", 'hints = ["one"]\nother = [\n', 11, "expected list of length 3"),
    "same id": ('id = "L1.2"', 'id = "L1.1"', 18, 'the id "L1.1" is used twice'),
    "other lesson": ('id = "L1.2"', 'id = "L2.2"', 18, 'expected an id like "L1.2", got "L2.2"'),
    "no id": ('id = "L1.2"', 'id = "greet"', 18, 'expected an id like "L1.2", got "greet"'),
    "empty files": ('["app/words.py"]', "[]", 20, "files: expected list of length >= 1"),
    "windows path": ('"app/words.py"', '"app\\\\words.py"', 20, "expected a path from the app's"),
    "outside": ('"app/words.py"', '"../words.py"', 20, 'got "../words.py"'),
    "absolute": ('"app/words.py"', '"/etc/passwd"', 20, 'got "/etc/passwd"'),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_manifest_mistake_names_file_and_line(course, manifest, mistake):
    old, new, line, said = mistake
    text = manifest.read_text()
    manifest.write_text(text.replace(old, new, 1))
    problem = read_error(course)
    assert problem.startswith(f"lessons/01-greet/lesson.toml, line {line}: ")
    assert said in problem


def test_manifest_with_a_blank_hint_names_it(course, manifest):
    lines = manifest.read_text().splitlines()
    lines[12] = '  "  ",'
    manifest.write_text("\n".join(lines))
    assert read_error(course) == "lessons/01-greet/lesson.toml, line 11: hint 2 is blank."


def test_manifest_line_is_found_behind_a_text_that_looks_like_it(course, manifest):
    edit(manifest, 'title = "Greet"', "title = '''\nminutes = 1\n'''")
    edit(manifest, "minutes = 5", "minutes = []")
    assert "line 6: minutes: expected whole number" in read_error(course)


def test_manifest_in_another_encoding_names_the_line(course, manifest):
    manifest.write_bytes(manifest.read_bytes().replace(b"this", b"th\xefs"))
    assert "lesson.toml, line 3: expected UTF-8 text" in read_error(course)


def test_manifest_missing_is_told(course, manifest):
    manifest.unlink()
    assert read_error(course) == "lessons/01-greet/lesson.toml is missing."


def test_lesson_folder_with_a_gap_is_told(course):
    (course.lessons / "03-store").rename(course.lessons / "04-store")
    assert "expected a name like 03-some-name" in read_error(course)


def test_lesson_folder_hidden_is_left_out(course):
    (course.lessons / ".ipynb_checkpoints").mkdir()
    assert len(load_lessons(course)) == 3


def test_course_without_lessons_is_told(tmp_path):
    paths = CoursePaths(root=tmp_path, workspace=tmp_path / "w", cache=tmp_path / "c")
    assert "holds no lesson" in read_error(paths)
