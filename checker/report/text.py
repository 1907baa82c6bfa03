"""Make text fit to be shown: nothing hidden, no line too long, no character that is missing."""

import re
import shlex
import unicodedata

from rich.cells import cell_len

from checker import shell

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, direction marks, lone surrogates, separators
BREAKS = re.compile(r"(?<=[,;&])(?=\S)")  # where a word that fits no line may end
FOLDABLE = {"-H", "--data-raw", "--only"}
PLAIN = str.maketrans({"✓": "+", "✗": "x", "·": "-", "…": "..."})


def make_visible(text: str) -> str:
    r"""Write every character that acts instead of showing as an escape, such as `\x1b`.

    Lines and tabs stay, tabs as blanks: what an app sent can then move no cursor, change no
    colour, turn no line around and break no encoding.
    """
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(escape(character) for character in text)


def escape(character: str) -> str:
    """Return the character, or its escape when it cannot be seen."""
    if character == "\n" or unicodedata.category(character) not in HIDDEN:
        return character
    return character.encode("unicode_escape").decode("ascii")


def fit_encoding(text: str, encoding: str) -> str:
    """Replace what an encoding lacks: marks by plain ones, other characters by their escapes."""
    try:
        "✓✗·…".encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(PLAIN)
    return text.encode(encoding, "backslashreplace").decode(encoding)


def wrap(text: str, width: int | None, *, head: str = "", indent: str = "") -> list[str]:
    """Break a line between words.

    Args:
        text: One line.
        width: Cells of a line; None to break nothing.
        head: What stands before the text in the first line.
        indent: What stands before it in the second line and all further ones.

    Returns:
        The lines. A word that fits no line is broken after a comma, else not at all.
    """
    if width is None or cell_len(head + text) <= width:
        return [head + text]
    margin = text[: len(text) - len(text.lstrip())]
    lines = [head + margin]
    is_begun = False
    for word in text.split():
        gap = " " if is_begun else ""
        for part in split_long(word, width - cell_len(indent)):
            if is_begun and cell_len(lines[-1] + gap + part) > width:
                lines.append(indent)
                gap = ""
            lines[-1] += gap + part
            is_begun, gap = True, ""
    return lines


def split_long(word: str, width: int) -> list[str]:
    """Return the parts of a word that is wider than a line, or the word itself."""
    return [word] if cell_len(word) <= width else BREAKS.split(word)


def fold_command(command: str, width: int | None) -> list[str]:
    """Break a command line before its options, as a shell allows, so that it can be copied."""
    if width is None or cell_len(command) <= width or shell.IS_WINDOWS:
        return [command]
    try:
        words = shlex.split(command)
    except ValueError:  # no command line, whatever it is
        return [command]
    groups: list[list[str]] = [[]]
    for word in words:
        if word in FOLDABLE:
            groups.append([])
        groups[-1].append(word)
    return " \\\n  ".join(shlex.join(group) for group in groups).split("\n")
