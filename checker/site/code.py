"""Show the app's code from its one source: whole files, the region of a task, or one function."""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from checker.course.layers import Layers, read_layers
from checker.course.manifest import TASK_ID, Lesson, load_lessons
from checker.course.markers import Segment
from checker.errors import CourseError
from checker.paths import CoursePaths

LANGUAGES = {
    ".css": "css",
    ".ini": "ini",
    ".json": "json",
    ".md": "markdown",
    ".mjs": "javascript",
    ".py": "python",
    ".ts": "typescript",
    ".tsx": "tsx",
    ".yml": "yaml",
    "Dockerfile": "docker",
}
SKIPPED = "…"


class Code:
    """The finished app, and which of its lines solve which task."""

    def __init__(self, paths: CoursePaths) -> None:
        self.lessons = load_lessons(paths)
        self.layers: Layers = read_layers(paths, self.lessons)
        self.app = paths.solutions / self.lessons[-1].slug

    def show(self, path: str, part: str = "") -> str:
        """Return a file of the finished app as a block of Markdown.

        Args:
            path: From the app's folder.
            part: The id of a task, or the name of a function or class; empty for the whole file.
        """
        if TASK_ID.fullmatch(part):
            lesson = self.lessons[int(part[1:].partition(".")[0]) - 1]
            return fence(path, self.find_region(lesson, path, part))
        text = self.read(path)
        return fence(path, find_definition(path, text, part) if part else text)

    def read(self, path: str) -> str:
        """Return the text of a file of the finished app.

        Raises:
            CourseError: there is none.
        """
        try:
            return (self.app / path).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise CourseError(
                f"a page shows {path}, which the finished app has not",
                "Correct the page's `site: code`.",
            ) from None

    def find_region(self, lesson: Lesson, path: str, task: str) -> str:
        """Return the lines of a file that solve a task, as the lesson's solution has them.

        Raises:
            CourseError: the file has none.
        """
        file = self.layers.merge(lesson.number).get(path)
        segments = [] if file is None else [s for s in file.regions if s.task == task]
        parts = [part for segment in segments if (part := render(segment, lesson.number))]
        if not parts:
            raise CourseError(f"{path} has no lines of {task}", "Correct the page's `site: code`.")
        return f"\n\n{SKIPPED}\n\n".join(parts)

    def list_regions(self, lesson: Lesson, task: str) -> Iterator[str]:
        """Yield every file that a task changes, as blocks of Markdown."""
        for path, file in self.layers.merge(lesson.number).items():
            if any(s.task == task and render(s, lesson.number) for s in file.regions):
                yield fence(path, self.find_region(lesson, path, task))


def render(segment: Segment, lesson: int) -> str:
    """Return the lines of a region after a lesson; empty when it is not there."""
    return "\n".join(segment.lines).strip("\n") if segment.is_present(lesson) else ""


def find_definition(path: str, text: str, name: str) -> str:
    """Return a function or class of a Python file, with its decorators.

    Raises:
        CourseError: the file defines no such name.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name != name:
                continue
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    raise CourseError(f"{path} defines no {name}", "Correct the page's `site: code`.")


def fence(path: str, text: str) -> str:
    """Return a block of code with the file's name above it."""
    name = Path(path)
    language = LANGUAGES.get(name.suffix or name.name, "text")
    marks = "`" * (4 if "```" in text else 3)
    return f'{marks}{language} title="{path}"\n{dedent(text).rstrip()}\n{marks}'
