"""Make the lessons' pages: their own texts, with hints and a solution behind each task."""

import html
import re
from collections.abc import Iterator

from checker.course.manifest import Lesson, Task
from checker.site.code import Code
from checker.site.texts import read_text, turn_links

HEADING = re.compile(r"^#{2,3} ", re.MULTILINE)
NOTEBOOK = re.compile(r"`\./course notebook (\d)`")
HINTS = ("a nudge", "a direction", "near to code")
CHANGES = "changes"


def make_lesson_page(lesson: Lesson, code: Code) -> str:
    """Return a lesson's text as a page of the site in the folder `learn`."""
    text = turn_links(read_text(lesson), lessons="", root="../")
    text = text.replace("<details>", '<details markdown="1">')
    text = text.replace("<summary>", '<summary markdown="span">')
    text = NOTEBOOK.sub(r"[\g<0>](notebooks/notebook-\1.md)", text)
    for task in lesson.tasks:
        text = append_to_part(
            text, f"### {task.id} {task.title}", "\n".join(help_with(task, code, lesson))
        )
    changes = (
        f"[All that this lesson changes in the app]({CHANGES}/{lesson.slug}.md), file by file.\n"
    )
    return append_to_part(text, "## What next", changes)


def append_to_part(text: str, heading: str, addition: str) -> str:
    """Put something at the end of the part under a heading."""
    start = text.index(f"\n{heading}\n") + len(heading) + 2
    following = HEADING.search(text, start)
    end = following.start() if following else len(text)
    return f"{text[:end].rstrip()}\n\n{addition}\n{text[end:]}"


def help_with(task: Task, code: Code, lesson: Lesson) -> Iterator[str]:
    """Yield the hints and the solution of a task, each to be unfolded."""
    for hint, kind in zip(task.hints, HINTS, strict=True):
        text = html.escape(hint.strip("\n"))
        yield f'<details class="tip"><summary>Hint for {task.id}: {kind}</summary>'
        yield f'<pre class="hint">{text}</pre></details>\n'
    yield f'??? example "One solution of {task.id}"\n'
    for block in code.list_regions(lesson, task.id):
        yield from (f"    {line}".rstrip() for line in block.splitlines())
        yield ""
