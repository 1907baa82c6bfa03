"""Read lesson.toml, the facts about a lesson, into frozen structs."""

import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import msgspec

from checker.course.locate import KeyPath, find_line, find_open_end
from checker.errors import CourseError, UsageError
from checker.paths import CoursePaths

FOLDER_NAME = re.compile(r"(?P<number>\d\d)-(?P<name>[a-z0-9]+(-[a-z0-9]+)*)")
TASK_ID = re.compile(r"L(?P<lesson>[1-9]\d*)\.[1-9]\d*")

Text = Annotated[str, msgspec.Meta(min_length=1)]


class ManifestError(CourseError):
    """A lesson's manifest, or its folder, is not what the course expects."""


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to build in a lesson.

    Attributes:
        id: `L<lesson>.<task>`, permanent: results and workspaces refer to it.
        files: Where the work is done, as POSIX paths from the app's folder.
        hints: A nudge, a direction, and something near to code.
    """

    id: Text
    title: Text
    files: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    hints: tuple[Text, Text, Text]


class Lesson(msgspec.Struct, frozen=True):
    """What lesson.toml and the folder's name say about one lesson.

    Attributes:
        name: The folder's name without its number.
        minutes: How long a learner may expect to need.
        removes: Files of earlier layers that are gone from this lesson on.
        replaces: Files of earlier layers whose open tasks this layer may change.
        folder: Where the lesson's text stands.
    """

    number: int
    name: str
    title: str
    outcome: str
    minutes: int
    prerequisites: tuple[str, ...]
    tasks: tuple[Task, ...]
    removes: tuple[str, ...]
    replaces: tuple[str, ...]
    folder: Path

    @property
    def slug(self) -> str:
        """Number and name, as the lesson's folders are called everywhere."""
        return self.folder.name

    @property
    def task_ids(self) -> frozenset[str]:
        """The ids of this lesson's tasks."""
        return frozenset(task.id for task in self.tasks)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it stands; the folder's name completes it to a `Lesson`."""

    format_version: Literal[1]
    title: Text
    outcome: Text
    minutes: Annotated[int, msgspec.Meta(ge=1)]
    prerequisites: tuple[Text, ...]
    tasks: Annotated[tuple[Task, ...], msgspec.Meta(min_length=1)]
    removes: tuple[Text, ...] = ()
    replaces: tuple[Text, ...] = ()


def load_lessons(paths: CoursePaths) -> tuple[Lesson, ...]:
    """Read every lesson, in order.

    Raises:
        ManifestError: A manifest or a folder's name is wrong; the message names file and line.
    """
    folders = [
        folder
        for folder in sorted(paths.lessons.glob("*"))
        if folder.is_dir() and not folder.name.startswith((".", "_"))
    ]
    if not folders:
        raise ManifestError(f"{paths.lessons} holds no lesson.", "Clone the course again.")
    return tuple(read_lesson(folder, number) for number, folder in enumerate(folders, start=1))


def find_lesson(lessons: tuple[Lesson, ...], number: int) -> Lesson:
    """Return the lesson of that number.

    Raises:
        UsageError: The course has no such lesson.
    """
    if not 1 <= number <= len(lessons):
        raise UsageError(
            f"There is no lesson {number}. The course has lessons 1 to {len(lessons)}.",
            f"Give a number from 1 to {len(lessons)}; a git pull in the course's folder brings "
            "lessons that were added since.",
        )
    return lessons[number - 1]


def find_task(lessons: tuple[Lesson, ...], task_id: str) -> Task:
    """Return the task of that id, in whatever case it was typed.

    Raises:
        UsageError: No lesson has such a task.
    """
    tasks = {task.id: task for lesson in lessons for task in lesson.tasks}
    wanted = task_id.strip().upper()
    if wanted not in tasks:
        raise UsageError(f'There is no task "{task_id}".', f"Give one of {', '.join(tasks)}.")
    return tasks[wanted]


def read_lesson(folder: Path, number: int) -> Lesson:
    """Read one lesson's folder, which must be the `number`th."""
    match = FOLDER_NAME.fullmatch(folder.name)
    if match is None or int(match["number"]) != number:
        raise ManifestError(
            f"lessons/{folder.name} is not a lesson's folder: "
            f"expected a name like {number:02d}-some-name.",
            "Rename the folder, so that the lessons are numbered without a gap.",
        )
    manifest = read_manifest(folder / "lesson.toml", number)
    return Lesson(
        number=number,
        name=match["name"],
        title=manifest.title,
        outcome=manifest.outcome,
        minutes=manifest.minutes,
        prerequisites=manifest.prerequisites,
        tasks=manifest.tasks,
        removes=manifest.removes,
        replaces=manifest.replaces,
        folder=folder,
    )


def read_manifest(path: Path, number: int) -> Manifest:
    """Read and check the manifest of lesson `number`."""
    source = ManifestSource(path)
    manifest = source.convert(source.parse())
    seen: set[str] = set()
    for index, task in enumerate(manifest.tasks):
        check_task(source, index, task, number)
        if task.id in seen:
            raise source.error(("tasks", index, "id"), f'the id "{task.id}" is used twice')
        seen.add(task.id)
    for key in ("removes", "replaces"):
        check_relative(source, (key,), getattr(manifest, key))
    return manifest


def check_task(source: "ManifestSource", index: int, task: Task, number: int) -> None:
    """Refuse an id of another lesson, a blank hint, a path that leaves the app's folder."""
    match = TASK_ID.fullmatch(task.id)
    if match is None or int(match["lesson"]) != number:
        raise source.error(
            ("tasks", index, "id"),
            f'expected an id like "L{number}.{index + 1}", got "{task.id}"',
        )
    for level, hint in enumerate(task.hints, start=1):
        if not hint.strip():
            raise source.error(("tasks", index, "hints"), f"hint {level} is blank")
    check_relative(source, ("tasks", index, "files"), task.files)


def check_relative(source: "ManifestSource", key: KeyPath, names: tuple[str, ...]) -> None:
    """Refuse a name that is not a plain POSIX path from the app's folder."""
    for name in names:
        parts = PurePosixPath(name).parts
        if "\\" in name or ".." in parts or name != "/".join(parts).lstrip("/"):
            raise source.error(
                key, f'expected a path from the app\'s folder with "/", got "{name}"'
            )


class ManifestSource:
    """A manifest's text, and errors that name a line of it."""

    def __init__(self, path: Path) -> None:
        self.name = f"lessons/{path.parent.name}/{path.name}"
        try:
            self.text = path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise ManifestError(
                f"{self.name} is missing.", "Write it, or remove the lesson's folder."
            ) from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise self.error_at(line, "expected UTF-8 text, got another encoding") from error

    def parse(self) -> dict[str, Any]:
        """Read the text as TOML."""
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            match = re.search(r"^(?P<what>.*) \(at line (?P<line>\d+), column \d+\)$", str(error))
            if match is None:
                line, what = find_open_end(self.text), "the value that begins here has no end"
            else:
                line, what = int(match["line"]), match["what"]
            raise self.error_at(line, f"this is not TOML: {what}") from error

    def convert(self, data: dict[str, Any]) -> Manifest:
        """Check the keys and their types."""
        try:
            return msgspec.convert(data, Manifest)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at ")
            key = read_key_path(where)
            unknown = re.search(r"unknown field `(?P<key>.*)`", what)
            if unknown:
                key = (*key, unknown["key"])
            raise self.error(key, explain(what, key)) from error

    def error(self, key: KeyPath, what: str) -> ManifestError:
        """Make the error for a key: its line, or the line of the table that lacks it."""
        return self.error_at(find_line(self.text, key), what)

    def error_at(self, line: int, what: str) -> ManifestError:
        """Make the error for a line."""
        return ManifestError(f"{self.name}, line {line}: {what}.", "Correct that line.")


def read_key_path(where: str) -> KeyPath:
    """Turn msgspec's "`$.tasks[0].hints`" into keys and indexes."""
    return tuple(
        int(index) if index else name
        for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", where.strip("`"))
    )


def explain(what: str, key: KeyPath) -> str:
    """Say in TOML's words what msgspec says in its own."""
    if missing := re.search(r"missing required field `(.*)`", what):
        return f'the key "{missing[1]}" is missing'
    if "unknown field" in what:
        known = Task if "tasks" in key else Manifest
        names = ", ".join(known.__struct_fields__)
        return f'"{key[-1]}" is not a key of the format; expected one of {names}'
    if key == ("format_version",):
        return "expected format_version = 1, the only format there is"
    words = {"`array`": "list", "`object`": "table", "`str`": "text", "`int`": "whole number"}
    for theirs, ours in words.items():
        what = what.replace(theirs, ours)
    name = next((part for part in reversed(key) if isinstance(part, str)), "manifest")
    return f"{name}: {what[:1].lower()}{what[1:]}"
