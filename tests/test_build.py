"""Tests of what is generated from the layers and of what `verify` finds in a course."""

import subprocess
from pathlib import Path

import pytest
from small_course import edit, make_course

from checker.course.build import build, find_differences
from checker.course.difference import compare_trees
from checker.course.layers import read_layers
from checker.course.manifest import load_lessons
from checker.paths import CoursePaths


@pytest.fixture
def course(tmp_path: Path) -> CoursePaths:
    paths = make_course(tmp_path)
    build(paths)
    return paths


def read_tree(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_build_writes_solutions_and_starters(course):
    layers = read_layers(course, load_lessons(course))
    assert read_tree(course.lessons / "02-count" / "starter") == layers.starter(2)
    solution = read_tree(course.solutions / "02-count")
    assert solution.pop("lesson.diff")
    assert solution == layers.solution(2)


def test_build_again_changes_nothing(course):
    assert build(course) == []
    assert find_differences(course) == []


def test_build_keeps_authored_files(tmp_path):
    course = make_course(tmp_path)
    folder = course.lessons / "01-greet"
    before = read_tree(folder)
    build(course)
    assert before.items() <= read_tree(folder).items()


def test_build_marks_programs_executable(course):
    solution = course.solutions / "03-store"
    assert (solution / "run.sh").stat().st_mode & 0o111
    assert not (solution / "app" / "main.py").stat().st_mode & 0o111


def test_build_removes_what_no_layer_has(course):
    stale = course.solutions / "02-count" / "app" / "deep" / "stale.py"
    stale.parent.mkdir()
    stale.write_text("")
    assert build(course) == [
        "removed solutions/02-count/app/deep/stale.py (stale, no layer has it)"
    ]
    assert not stale.parent.exists()


def test_build_removes_the_solution_of_a_lesson_that_is_gone(course):
    old = course.solutions / "04-old"
    old.mkdir()
    (old / "main.py").write_text("")
    build(course)
    assert not old.exists()


def test_build_leaves_by_products_alone(course):
    cache = course.solutions / "01-greet" / "app" / "__pycache__" / "main.cpython-313.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"")
    assert find_differences(course) == []
    build(course)
    assert cache.exists()


def test_build_turns_a_file_into_a_folder_and_back(course):
    solution = course.solutions / "01-greet"
    (solution / "run.sh").unlink()
    (solution / "run.sh").mkdir()
    (solution / "run.sh" / "x").write_text("")
    for file in (solution / "app").iterdir():
        file.unlink()
    (solution / "app").rmdir()
    (solution / "app").write_text("")
    build(course)
    assert find_differences(course) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.unlink(), "solutions/01-greet/app/main.py: missing"),
        (lambda f: f.write_text("x"), "solutions/01-greet/app/main.py: different"),
        (
            lambda f: f.with_name("new.py").write_text("x"),
            "solutions/01-greet/app/new.py: stale, no layer has it",
        ),
    ],
    ids=["missing", "different", "stale"],
)
def test_differences_name_each_file(course, change, said):
    change(course.solutions / "01-greet" / "app" / "main.py")
    assert find_differences(course) == [said]


def test_differences_show_a_layer_that_was_not_built(course):
    edit(course.layers / "01-greet" / "app" / "words.py", '"en"', '"de"')
    found = {line.partition(":")[0] for line in find_differences(course)}
    assert "solutions/03-store/app/words.py" in found
    assert "lessons/02-count/starter/app/words.py" in found
    assert "solutions/01-greet/lesson.diff" in found


def test_generated_text_has_lf_line_ends(course):
    for folder in (course.solutions, course.lessons):
        assert all(b"\r" not in content for content in read_tree(folder).values())


@pytest.mark.parametrize("number", [1, 2, 3])
def test_lesson_diff_is_what_git_applies(course, tmp_path, number):
    layers = read_layers(course, load_lessons(course))
    diff = (course.solutions / layers.lessons[number - 1].slug / "lesson.diff").read_text()
    text_of = {
        n: {k: v for k, v in layers.solution(n).items() if b"\0" not in v} for n in (1, 2, 3)
    }
    work = tmp_path / "work"
    work.mkdir()
    for path, content in (text_of[number - 1] if number > 1 else {}).items():
        (work / path).parent.mkdir(exist_ok=True)
        (work / path).write_bytes(content)
    diff = "".join(f"diff --git{part}" for part in diff.split("diff --git") if "Binary" not in part)
    apply_patch(work, diff.removeprefix("diff --git"))
    assert read_tree(work) == text_of[number]


def apply_patch(folder: Path, patch: str) -> None:
    subprocess.run(
        ["git", "apply", "--unsafe-paths", "-"], cwd=folder, input=patch.encode(), check=True
    )


def test_diff_shows_a_missing_last_newline():
    diff = compare_trees({"a": b"x\ny"}, {"a": b"x\ny\n"})
    assert diff.endswith("-y\n\\ No newline at end of file\n+y\n")


def test_diff_shows_a_file_that_becomes_a_program():
    diff = compare_trees({"a": b"x\n"}, {"a": b"#!x\n"})
    assert "old mode 100644\nnew mode 100755\n" in diff


def test_diff_names_a_binary_file_without_its_bytes():
    diff = compare_trees({"a": b"\xff\1"}, {"a": b"\xff\2"})
    assert diff == "diff --git a/a b/a\nBinary files a/a and b/a differ\n"


def test_diff_of_equal_trees_is_empty():
    assert compare_trees({"a": b"x"}, {"a": b"x"}) == ""


def test_what_is_committed_is_what_the_layers_give():
    assert find_differences(CoursePaths.find()) == []
