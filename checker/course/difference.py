"""Write the difference between two trees as git would."""

import difflib
from collections.abc import Iterator

from checker.course.layers import Tree, decode

NO_NEWLINE = "\\ No newline at end of file\n"


def compare_trees(old: Tree, new: Tree) -> str:
    """Return one diff that `git apply` turns the old tree into the new one with.

    Files that are no text are named and not shown.
    """
    paths = sorted(old.keys() | new.keys())
    return "".join(compare_file(path, old.get(path), new.get(path)) for path in paths)


def compare_file(path: str, old: bytes | None, new: bytes | None) -> str:
    """Return the diff of one file; None stands for no file, and equal files have no diff."""
    if old == new:
        return ""
    before = "/dev/null" if old is None else f"a/{path}"
    after = "/dev/null" if new is None else f"b/{path}"
    return "".join(
        [
            f"diff --git a/{path} b/{path}\n",
            *describe_mode(old, new),
            *list_changes(before, after, old or b"", new or b""),
        ]
    )


def describe_mode(old: bytes | None, new: bytes | None) -> Iterator[str]:
    """Yield the lines that say that a file appears, goes, or becomes executable."""
    if old is None and new is not None:
        yield f"new file mode {find_mode(new)}\n"
    elif old is not None and new is None:
        yield f"deleted file mode {find_mode(old)}\n"
    elif old is not None and new is not None and find_mode(old) != find_mode(new):
        yield f"old mode {find_mode(old)}\nnew mode {find_mode(new)}\n"


def find_mode(content: bytes) -> str:
    """Return git's mode: a file that names its interpreter is a program."""
    return "100755" if content.startswith(b"#!") else "100644"


def list_changes(before: str, after: str, old: bytes, new: bytes) -> Iterator[str]:
    """Yield the hunks of a text file, or one line about any other."""
    old_text, new_text = decode(old), decode(new)
    if old_text is None or new_text is None:
        yield f"Binary files {before} and {after} differ\n"
        return
    changes = difflib.unified_diff(split_lines(old_text), split_lines(new_text), before, after)
    for line in changes:
        yield line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}"


def split_lines(text: str) -> list[str]:
    r"""Split at \n alone: a form feed or a lone \r is part of its line."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
