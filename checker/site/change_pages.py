"""Make a page for each lesson that shows all that it changes in the app, file by file."""

import re
from collections.abc import Iterator

from checker.course.manifest import Lesson
from checker.paths import CoursePaths

FILE = re.compile(r"^diff --git a/(?P<path>.+) b/(?P=path)$", re.MULTILINE)
NOT_SHOWN = ("package-lock.json",)  # 2000 lines that npm writes
HEAD = """\
---
search:
  exclude: true
---

# What lesson {number} changes

[Lesson {number}: {title}](../{slug}.md) turns the app before it into the app after it by these
changes. A green line is new, a red one is gone. In your workspace, `./course diff {number}`
compares with what you wrote.

"""


def make_change_page(lesson: Lesson, paths: CoursePaths) -> str:
    """Return the page of a lesson's diff, in the folder `learn/changes`."""
    text = (paths.solutions / lesson.slug / "lesson.diff").read_text(encoding="utf-8")
    head = HEAD.format(number=lesson.number, title=lesson.title, slug=lesson.slug)
    return head + "\n".join(show_files(text))


def show_files(text: str) -> Iterator[str]:
    """Yield a folded block for each file of a diff."""
    starts = [*FILE.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    for match, end in zip(starts, ends, strict=True):
        lines = text[match.end() : end].strip("\n").splitlines()
        added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
        gone = sum(line.startswith("-") and not line.startswith("---") for line in lines)
        yield f'??? quote "`{match["path"]}`: {added} added, {gone} removed"\n'
        if match["path"].endswith(NOT_SHOWN):
            yield "    npm writes this file. It is not shown.\n"
            continue
        yield from ("    " + line for line in ("````diff", *lines, "````"))
        yield ""
