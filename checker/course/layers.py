"""Merge the layers of lessons 1..N and derive the trees that a lesson needs."""

import os
from dataclasses import dataclass
from pathlib import Path

from checker.course.manifest import Lesson
from checker.course.markers import MarkerError, Segment, View, render, split
from checker.errors import CourseError
from checker.paths import CoursePaths

Tree = dict[str, bytes]
"""The content of each file, by its POSIX path from the app's folder."""

# What running or editing an app leaves behind, and what must never be handed out.
JUNK = frozenset(
    {
        ".DS_Store",
        ".env",
        ".env.local",
        ".mypy_cache",
        ".next",
        ".pytest_cache",
        ".ruff_cache",
        ".venv",
        "__pycache__",
        "next-env.d.ts",
        "node_modules",
    }
)


@dataclass(frozen=True)
class LayerFile:
    """One authored file.

    Attributes:
        lesson: The number of the layer that it stands in.
        content: Its segments, or its bytes when it is not text.
    """

    path: str
    lesson: int
    content: tuple[Segment, ...] | bytes

    def render(self, view: View) -> bytes:
        """Return the file as the view shows it."""
        if isinstance(self.content, bytes):
            return self.content
        return render(self.content, view).encode()

    @property
    def regions(self) -> tuple[Segment, ...]:
        """The segments that solve a task."""
        if isinstance(self.content, bytes):
            return ()
        return tuple(segment for segment in self.content if segment.task is not None)


@dataclass(frozen=True)
class Layers:
    """Every authored file of the course."""

    lessons: tuple[Lesson, ...]
    files: tuple[dict[str, LayerFile], ...]

    def merge(self, lesson: int) -> dict[str, LayerFile]:
        """Return the files that are there after `lesson`, each from its newest layer."""
        merged: dict[str, LayerFile] = {}
        for facts, layer in zip(self.lessons[:lesson], self.files, strict=False):
            for path in facts.removes:
                if path not in merged:
                    raise CourseError(
                        f'lessons/{facts.slug}/lesson.toml removes "{path}", '
                        "which no earlier layer has.",
                        "Take it out of `removes`.",
                    )
                del merged[path]
            merged.update(layer)
        return dict(sorted(merged.items()))

    def render(self, view: View) -> Tree:
        """Return the tree of `view.lesson` with the tasks in `view.cut` open."""
        return {path: file.render(view) for path, file in self.merge(view.lesson).items()}

    def solution(self, lesson: int) -> Tree:
        """Return the finished app after `lesson`."""
        return self.render(View(lesson, cut=frozenset()))

    def starter(self, lesson: int) -> Tree:
        """Return the app as `lesson` begins: its own tasks open, earlier ones solved."""
        return self.render(View(lesson, cut=self.lessons[lesson - 1].task_ids))

    def issued(self, lesson: int) -> Tree:
        """Return the app with every task up to `lesson` open."""
        return self.render(View(lesson, cut=self.tasks_of(1, lesson)))

    def tasks_of(self, first: int, last: int) -> frozenset[str]:
        """Return the ids of the tasks of lessons `first` to `last`."""
        return frozenset().union(*(lesson.task_ids for lesson in self.lessons[first - 1 : last]))


def read_layers(paths: CoursePaths, lessons: tuple[Lesson, ...]) -> Layers:
    """Read the layers of all lessons.

    Raises:
        MarkerError: A marker is wrong, or names a task that no lesson has.
    """
    known = {task_id for lesson in lessons for task_id in lesson.task_ids}
    files = tuple(read_layer(paths, lesson) for lesson in lessons)
    for lesson, layer in zip(lessons, files, strict=True):
        for file in layer.values():
            check_tasks(file, lesson, known)
    return Layers(lessons, files)


def read_layer(paths: CoursePaths, lesson: Lesson) -> dict[str, LayerFile]:
    """Read the files of one layer; a lesson that adds no file needs none."""
    folder = paths.layers / lesson.slug
    return {
        path: LayerFile(path, lesson.number, read_content(folder / path, f"{lesson.slug}/{path}"))
        for path in list_files(folder)
    }


def list_files(folder: Path) -> list[str]:
    """List the files of a tree by their POSIX paths, without what only lies about there."""
    found: list[str] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in JUNK]
        base = Path(parent).relative_to(folder)
        found += [(base / name).as_posix() for name in names if not is_junk(name)]
    return sorted(found)


def is_junk(name: str) -> bool:
    """Tell whether a file of this name is a by-product and no part of a tree."""
    return name in JUNK or name.endswith((".pyc", ".pyo", ".tsbuildinfo"))


def read_content(file: Path, name: str) -> tuple[Segment, ...] | bytes:
    """Read text as segments, with LF line ends; anything else as it is."""
    data = file.read_bytes()
    text = decode(data)
    return data if text is None else split(text.replace("\r\n", "\n"), f"layers/{name}")


def decode(data: bytes) -> str | None:
    """Return text; None for anything else, which has no markers and no lines to compare."""
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def check_tasks(file: LayerFile, lesson: Lesson, known: set[str]) -> None:
    """Refuse a region whose task no manifest has."""
    for region in file.regions:
        if region.task not in known:
            raise MarkerError(
                f"layers/{lesson.slug}/{file.path}, line {region.line}: "
                f'no lesson has a task "{region.task}".',
                f"Add it to a lesson.toml, or correct the id. Known: {', '.join(sorted(known))}.",
            )
