"""Split one authored file at its course markers, and put it together again for a view."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from checker.errors import CourseError

# A comment that fills its line, in any of the comment syntaxes of the app's files.
COMMENTS = (("#", ""), ("//", ""), ("--", ""), ("{/*", "*/}"), ("/*", "*/"), ("<!--", "-->"))
MARKER = re.compile(r"course:\s*(?P<word>[\w-]*)\s*(?P<argument>.*)")
STRAY = re.compile(r"\bcourse:\s*(task|stub|end|since|before)\b")
EXPECTED = "task ID, stub, end, since N or before N"


class MarkerError(CourseError):
    """A marker in an authored file is misplaced or misspelt."""


@dataclass(frozen=True)
class View:
    """Which lesson a tree stands for and which tasks it leaves open."""

    lesson: int
    cut: frozenset[str]


@dataclass(frozen=True)
class Segment:
    """Consecutive lines that are present, or cut, together.

    Attributes:
        line: Where it begins in the authored file.
        task: The task that the lines solve, if any.
        stub: What stands instead of the lines while the task is open.
        since: The first lesson that has the segment.
        before: The first lesson that no longer has it, if any.
    """

    line: int
    task: str | None = None
    lines: tuple[str, ...] = ()
    stub: tuple[str, ...] = ()
    since: int = 1
    before: int | None = None

    def is_present(self, lesson: int) -> bool:
        """Tell whether the app has this segment after `lesson`."""
        return self.since <= lesson and (self.before is None or lesson < self.before)

    def render(self, view: View) -> tuple[str, ...]:
        """Return the lines that the view shows."""
        if not self.is_present(view.lesson):
            return ()
        return self.stub if self.task in view.cut else self.lines


def render(segments: tuple[Segment, ...], view: View) -> str:
    """Put a file together for a view."""
    return "\n".join(line for segment in segments for line in segment.render(view))


def split(text: str, name: str) -> tuple[Segment, ...]:
    """Split an authored file into segments.

    Args:
        text: The file, with LF line ends.
        name: What an error calls the file.

    Raises:
        MarkerError: A marker is misplaced or misspelt; the message names file and line.
    """
    splitter = Splitter(name)
    for number, line in enumerate(text.split("\n"), start=1):
        splitter.read(number, line)
    return tuple(splitter.finish())


def read_comment(line: str) -> str | None:
    r"""Return what stands inside a comment that fills the line; None for any other line.

    A comment cannot hold the sign that ends it: `*\/` inside one stands for `*/`.
    """
    stripped = line.strip()
    for opener, closer in COMMENTS:
        if stripped.startswith(opener) and stripped.endswith(closer):
            inside = stripped[len(opener) : len(stripped) - len(closer)].rstrip()
            return inside.replace("*\\/", "*/") if closer.startswith("*/") else inside
    return None


@dataclass
class Splitter:
    """The state between two lines of one file."""

    name: str
    number: int = 0
    done: list[Segment] = field(default_factory=list)
    segment: Segment = field(default_factory=lambda: Segment(line=1))
    lines: list[str] = field(default_factory=list)
    stub: list[str] | None = None
    gate_line: int | None = None

    def read(self, number: int, line: str) -> None:
        """Take the next line, which is a marker, a stub's line or content."""
        self.number = number
        comment = read_comment(line)
        marker = MARKER.fullmatch(comment.strip()) if comment is not None else None
        if marker:
            self.obey(marker["word"], marker["argument"])
        elif comment is not None and comment.startswith("|"):
            self.add_to_stub(comment[1:])
        elif self.stub is not None:
            raise self.error(
                'a stub\'s lines are comments that begin with |, up to "course: end"',
                f'"{line.strip()}"',
            )
        elif STRAY.search(line):
            raise self.error("a marker is a comment on a line of its own", line.strip())
        else:
            self.lines.append(line)

    def obey(self, word: str, argument: str) -> None:
        """Act on a marker."""
        if word == "task":
            self.begin_task(argument)
        elif word in {"since", "before"}:
            self.begin_gate(word, argument)
        elif word == "stub" and not argument:
            self.begin_stub()
        elif word == "end" and not argument:
            self.end()
        else:
            raise self.error(f"expected {EXPECTED}", f"{word} {argument}".strip())

    def begin_task(self, task: str) -> None:
        """Open a task's region."""
        if self.segment.task is not None:
            raise self.error(
                f"the region of {self.segment.task} from line {self.segment.line} must end first",
                f"task {task}",
            )
        self.close()
        self.segment = replace(self.segment, task=task)

    def begin_gate(self, word: str, argument: str) -> None:
        """Open lines that not every lesson has."""
        if self.segment.task is not None or self.gate_line is not None:
            outer = self.gate_line or self.segment.line
            raise self.error(f"the region from line {outer} must end first", f"{word} {argument}")
        if not argument.isdecimal():
            raise self.error("expected a lesson's number", f"{word} {argument}".strip())
        self.close()
        self.gate_line = self.number
        if word == "since":
            self.segment = replace(self.segment, since=int(argument))
        else:
            self.segment = replace(self.segment, before=int(argument))

    def begin_stub(self) -> None:
        """Pass from a task's solution to its stub."""
        if self.segment.task is None:
            raise self.error("a stub stands inside a task's region", "stub")
        if self.stub is not None:
            raise self.error(f"the region of {self.segment.task} has a stub already", "stub")
        self.stub = []

    def add_to_stub(self, text: str) -> None:
        """Take one line of a stub."""
        if self.stub is None:
            raise self.error('a line that begins with | follows "course: stub"', f"|{text}")
        self.stub.append(text)

    def end(self) -> None:
        """Close the innermost region."""
        if self.segment.task is not None:
            if self.stub is None:
                raise self.error(f'expected "course: stub" of {self.segment.task} first', "end")
            self.close()
            self.segment = replace(self.segment, task=None)
        elif self.gate_line is not None:
            self.close()
            self.gate_line = None
            self.segment = Segment(line=self.number + 1)
        else:
            raise self.error("there is nothing to end here", "end")

    def close(self) -> None:
        """Put the open segment away and begin the next one under the same gate."""
        self.done.append(
            replace(self.segment, lines=tuple(self.lines), stub=tuple(self.stub or ()))
        )
        self.lines = []
        self.stub = None
        self.segment = replace(self.segment, line=self.number)

    def finish(self) -> Iterator[Segment]:
        """Return the file's segments."""
        opened = self.segment.line if self.segment.task is not None else self.gate_line
        if opened is not None:
            raise self.error('expected "course: end"', "the end of the file", line=opened)
        self.close()
        yield from (part for part in self.done if part.lines or part.task is not None)

    def error(self, expected: str, got: str, line: int | None = None) -> MarkerError:
        """Make the error for the present line, or for another one."""
        return MarkerError(
            f"{self.name}, line {line or self.number}: {expected}; got {got}.",
            "Correct the marker.",
        )
