"""Compare the learner's files with the finished ones."""

from pathlib import Path

from checker.course.difference import compare_trees
from checker.course.layers import Tree, read_layers
from checker.course.manifest import find_lesson, load_lessons
from checker.course.markers import View
from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.workspace.history import find_current, find_level
from checker.workspace.repository import open_workspace


def compare(paths: CoursePaths, lesson: int | None) -> str:
    """Return the diff from the learner's files to what `solve` would write.

    Files of the learner that the course does not have are left out.

    Args:
        paths: Where the course and the workspace are.
        lesson: The lesson the learner is in when left out.
    """
    lessons = load_lessons(paths)
    workspace = open_workspace(paths.workspace)
    lesson = find_current(workspace) if lesson is None else lesson
    find_lesson(lessons, lesson)
    layers = read_layers(paths, lessons)
    top = max(lesson, find_level(workspace))
    finished = layers.render(View(top, layers.tasks_of(lesson + 1, top)))
    return compare_trees(read_files(workspace.path, finished), finished)


def read_files(top: Path, wanted: Tree) -> Tree:
    """Read those of the wanted files that are there; line ends alone are no difference."""
    found: Tree = {}
    for path in wanted:
        try:
            found[path] = (top / path).read_bytes().replace(b"\r\n", b"\n")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except OSError as error:
            raise CourseError(
                f"{top / path} cannot be read: {error.strerror}.",
                "Give yourself the right to read it.",
            ) from error
    return found
