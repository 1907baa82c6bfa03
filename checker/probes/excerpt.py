"""Cut the app's output down to what a learner needs: their frames of the last traceback."""

import re
from pathlib import Path

FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line \d+')
CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PASSING_ON = "await self.app("  # what a middleware does with a request; its own frame tells nothing
GROUP_MARGIN = re.compile(r"^ *[|+](?: |-[-+ 0-9]*$)")
TRACEBACK = "Traceback (most recent call last):"
MOST_LINES = 12
LONGEST_LINE = 300


def clean_text(text: str) -> str:
    """Take out escape sequences and control characters, newlines and tabs apart."""
    return CONTROL.sub("", text.replace("\r\n", "\n"))


def excerpt_output(output: str, folder: Path) -> str:
    """Return the learner's frames of the last traceback, or the last lines when there is none.

    Args:
        output: What the app wrote.
        folder: The copy of the app that ran; paths below it are shown from `backend/` on.
    """
    lines = clean_text(output).splitlines()
    starts = [number for number, line in enumerate(lines) if TRACEBACK in line]
    chosen = cut_traceback(take_out_of_group(lines[starts[-1] :])[1:], folder) if starts else lines
    shown = [line[:LONGEST_LINE] for line in chosen if line.strip()][-MOST_LINES:]
    return "\n".join(shown).replace(f"{folder}", folder.name)


def take_out_of_group(lines: list[str]) -> list[str]:
    """Remove the margin that an exception group draws around the tracebacks in it."""
    if not GROUP_MARGIN.match(lines[0]):
        return lines
    return [GROUP_MARGIN.sub("", line) for line in lines]


def cut_traceback(lines: list[str], folder: Path) -> list[str]:
    """Keep the frames in the learner's files, and the lines that name the exception."""
    kept: list[str] = []
    is_theirs = True
    for number, line in enumerate(lines):
        if frame := FRAME.match(line):
            passes_on = PASSING_ON in "".join(lines[number + 1 : number + 2])
            is_theirs = Path(frame["path"]).is_relative_to(folder) and not passes_on
        elif not line.startswith(" "):
            return kept + take_message(lines[number:])
        if is_theirs:
            kept.append(line)
    return kept


def take_message(lines: list[str]) -> list[str]:
    """Return the exception's own lines: up to the next blank line or log record."""
    message: list[str] = []
    for line in lines:
        if not line.strip() or re.match(r"(INFO|ERROR|WARNING|DEBUG)\b", line):
            break
        message.append(line)
    return message
