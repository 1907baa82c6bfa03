"""Tests of the markers in authored files and of the trees that derive from the layers."""

from pathlib import Path

import pytest
from small_course import edit, make_course

from checker.course.layers import Layers, read_layers
from checker.course.manifest import load_lessons
from checker.course.markers import MarkerError, View, render, split
from checker.errors import CourseError
from checker.paths import CoursePaths

OPEN = View(lesson=1, cut=frozenset({"L1.1"}))
SOLVED = View(lesson=1, cut=frozenset())


@pytest.fixture
def course(tmp_path: Path) -> CoursePaths:
    return make_course(tmp_path)


def read(course: CoursePaths) -> Layers:
    return read_layers(course, load_lessons(course))


def show(text: str, view: View) -> str:
    return render(split(text, "file"), view)


COMMENTS = {
    "python": "# {}",
    "typescript": "// {}",
    "jsx": "{{/* {} */}}",
    "css": "/* {} */",
    "html": "<!-- {} -->",
    "sql": "-- {}",
    "indented": "      # {}",
    "narrow": "#{}",
}


@pytest.mark.parametrize("comment", COMMENTS.values(), ids=COMMENTS.keys())
def test_task_region_in_any_comment_syntax(comment):
    stub_line = comment.format("|  stub").replace(" |", "|")
    marks = [comment.format(f"course: {word}") for word in ("task L1.1", "stub", "end")]
    text = "\n".join(["before", marks[0], "solved", marks[1], stub_line, marks[2], "after", ""])
    assert show(text, SOLVED) == "before\nsolved\nafter\n"
    assert show(text, OPEN) == "before\n  stub\nafter\n"


def test_stub_may_be_a_jsx_comment_itself():
    text = (
        "<p>\n  {/* course: task L1.1 */}\n  <b/>\n  {/* course: stub */}\n"
        "  {/*|  {/* TODO L1.1: bold. *\\/} */}\n  {/* course: end */}\n</p>\n"
    )
    assert show(text, OPEN) == "<p>\n  {/* TODO L1.1: bold. */}\n</p>\n"
    assert show(text, SOLVED) == "<p>\n  <b/>\n</p>\n"


def test_stub_keeps_blank_lines_and_indentation():
    text = "# course: task L1.1\nx\n# course: stub\n#|a\n#|\n    #|    b\n# course: end\n"
    assert show(text, OPEN) == "a\n\n    b\n"


def test_stub_may_be_empty():
    assert show("a\n# course: task L1.1\nx\n# course: stub\n# course: end\nb", OPEN) == "a\nb"


def test_task_may_have_several_regions():
    region = "# course: task L1.1\n{}\n# course: stub\n#|-\n# course: end\n"
    text = region.format("x") + "mid\n" + region.format("y")
    assert show(text, SOLVED) == "x\nmid\ny\n"
    assert show(text, OPEN) == "-\nmid\n-\n"


@pytest.mark.parametrize(
    ("gate", "lessons"), [("since 2", {2, 3}), ("before 3", {1, 2}), ("since 1", {1, 2, 3})]
)
def test_gate_shows_its_lines_in_its_lessons(gate, lessons):
    text = f"a\n# course: {gate}\nx\n# course: end\nb\n"
    shown = {n for n in (1, 2, 3) if "x" in show(text, View(n, frozenset()))}
    assert shown == lessons


def test_task_may_stand_in_a_gate():
    text = (
        "# course: since 2\nkept\n# course: task L2.1\nx\n# course: stub\n#|-\n# course: end\n"
        "more\n# course: end\nlast\n"
    )
    assert show(text, View(1, frozenset())) == "last\n"
    assert show(text, View(2, frozenset({"L2.1"}))) == "kept\n-\nmore\nlast\n"


def test_file_without_markers_is_unchanged():
    text = "a\r\n\x0c\n\n  # of course\n# course work\nno newline at the end"
    assert show(text, OPEN) == text


MISTAKES = {
    "unknown": ("# course: taks L1.1\n", 1, "expected task ID, stub, end"),
    "no word": ("# course:\n", 1, "expected task ID"),
    "no end": ("a\n# course: task L1.1\nx\n# course: stub", 2, 'expected "course: end"'),
    "no end of gate": ("a\n# course: since 2\n", 2, 'expected "course: end"'),
    "no stub": ("# course: task L1.1\nx\n# course: end\n", 3, 'expected "course: stub" of L1.1'),
    "end alone": ("a\nb\n# course: end\n", 3, "there is nothing to end here"),
    "stub alone": ("# course: stub\n", 1, "a stub stands inside a task's region"),
    "stub in gate": ("# course: since 2\n# course: stub\n", 2, "a stub stands inside a task's"),
    "two stubs": (
        "# course: task L1.1\n# course: stub\n# course: stub\n",
        3,
        "the region of L1.1 has a stub already",
    ),
    "nested": (
        "# course: task L1.1\n# course: task L1.2\n",
        2,
        "the region of L1.1 from line 1 must end first",
    ),
    "gate in task": ("# course: task L1.1\n# course: since 2\n", 2, "from line 1 must end first"),
    "gate in gate": ("# course: since 1\n# course: before 2\n", 2, "from line 1 must end first"),
    "gate of what": ("# course: since two\n", 1, "expected a lesson's number; got since two"),
    "code in stub": (
        "# course: task L1.1\n# course: stub\nx = 1\n# course: end\n",
        3,
        'a stub\'s lines are comments that begin with |, up to "course: end"; got "x = 1"',
    ),
    "stub line alone": ("#| x\n", 1, 'a line that begins with | follows "course: stub"'),
    "behind code": ("x = 1  # course: end\n", 1, "a marker is a comment on a line of its own"),
    "not closed": ("/* course: end\n", 1, "a marker is a comment on a line of its own"),
}


@pytest.mark.parametrize(("text", "line", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_marker_mistake_names_file_and_line(text, line, said):
    with pytest.raises(MarkerError) as caught:
        split(text, "layers/01-greet/app/main.py")
    assert caught.value.problem.startswith(f"layers/01-greet/app/main.py, line {line}: ")
    assert said in caught.value.problem


def test_solution_has_no_marker_and_no_stub(course):
    layers = read(course)
    for number in (1, 2, 3):
        text = b"".join(layers.solution(number).values())
        assert b"course:" not in text
        assert b"TODO" not in text


def test_solution_grows_and_shrinks_with_the_lessons(course):
    layers = read(course)
    assert "app/count.py" not in layers.solution(1)
    assert "app/old.py" in layers.solution(2)
    assert "app/old.py" not in layers.solution(3)


def test_starter_opens_the_tasks_of_its_lesson_alone(course):
    starter = read(course).starter(2)
    assert b"TODO L2.1" in starter["app/count.py"]
    assert b"TODO" not in starter["app/main.py"]


def test_issued_opens_the_tasks_of_every_lesson_so_far(course):
    issued = read(course).issued(2)
    assert b"TODO L2.1" in issued["app/count.py"]
    assert b"TODO L1.1" in issued["app/main.py"]


def test_later_layer_replaces_a_file(course):
    (course.layers / "02-count" / "app" / "words.py").write_text("new\n")
    layers = read(course)
    assert layers.solution(1)["app/words.py"] != b"new\n"
    assert layers.solution(2)["app/words.py"] == b"new\n"


def test_file_that_is_no_text_is_copied(course):
    assert read(course).starter(3)["picture.bin"] == b"\0\1\2picture"


def test_line_ends_become_lf(course):
    file = course.layers / "01-greet" / "app" / "main.py"
    before = read(course).starter(2)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert read(course).starter(2) == before


def test_by_products_are_left_out(course):
    layer = course.layers / "01-greet"
    for name in (
        "app/__pycache__/x.py",
        "node_modules/a/b.js",
        "app/x.pyc",
        ".env",
        ".DS_Store",
        "web/next-env.d.ts",
        "web/x.tsbuildinfo",
        ".env.local",
    ):
        file = layer / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    assert set(read(course).solution(1)) == {
        ".gitignore",
        "app/__init__.py",
        "app/main.py",
        "app/old.py",
        "app/words.py",
        "picture.bin",
        "run.sh",
    }


def test_region_of_an_unknown_task_is_told(course):
    edit(course.layers / "02-count" / "app" / "count.py", "task L2.1", "task L2.7")
    with pytest.raises(MarkerError, match=r"count\.py, line 6: no lesson has a task \"L2\.7\""):
        read(course)


def test_removal_of_an_unknown_file_is_told(course):
    edit(course.lessons / "03-store" / "lesson.toml", "app/old.py", "app/older.py")
    with pytest.raises(CourseError, match=r'03-store/lesson\.toml removes "app/older\.py"'):
        read(course).solution(3)
