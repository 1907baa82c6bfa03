"""Put a text into a page, with the list of lessons above and the panel beside it."""

from html import escape
from typing import Any

from checker.course.manifest import Lesson
from checker.serve.texts import Text

Task = dict[str, Any]


def frame_text(text: Text, lessons: tuple[Lesson, ...], tasks: list[Task]) -> str:
    """Return the whole page; the panel is there only where there are tasks."""
    links = "".join(link_lesson(lesson, text.lesson) for lesson in lessons)
    panel = frame_panel(text.lesson, tasks) if tasks else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(text.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/base.css">
<link rel="stylesheet" href="/panel.css">
<script src="/panel.js" defer></script>
</head>
<body>
<nav aria-label="Lessons"><ol>{links}</ol></nav>
<div class="page">
<main>
{text.html}
</main>
{panel}
</div>
</body>
</html>
"""


def link_lesson(lesson: Lesson, shown: int) -> str:
    """Return the entry of a lesson in the list."""
    current = ' aria-current="page"' if lesson.number == shown else ""
    title = f"{lesson.number} {escape(lesson.title)}"
    return f'<li><a href="/lessons/{lesson.slug}/README.md"{current}>{title}</a></li>'


def frame_panel(lesson: int, tasks: list[Task]) -> str:
    """Return the panel of a lesson, before anything is known about the app."""
    items = "\n".join(frame_task(task) for task in tasks)
    return f"""<aside id="panel" aria-labelledby="panel-title" data-lesson="{lesson}">
<h2 id="panel-title">Your app</h2>
<p id="state" role="status">Connecting …</p>
<p class="buttons">
<button id="check">Check everything</button>
<button id="start">Start lesson {lesson}</button>
<button id="reset">Begin lesson {lesson} again</button>
<button id="solution">Show the solution</button>
</p>
<ul id="tasks">
{items}
</ul>
<dialog id="dialog" aria-labelledby="dialog-title">
<h2 id="dialog-title"></h2>
<div id="dialog-text"></div>
<p class="buttons"><button id="yes"></button><button id="no">Close</button></p>
</dialog>
</aside>"""


def frame_task(task: Task) -> str:
    """Return a task with its checks, folded."""
    checks = "".join(
        f'<li class="check" data-check="{check["id"]}"><span class="mark">·</span> '
        f"<span>{escape(check['title'])}</span></li>"
        for check in task["checks"]
    )
    name = escape(f"{task['id']} {task['title']}")
    return f"""<li class="task" data-task="{task["id"]}" data-hints="{task["hints"]}">
<details><summary>{name} <span class="count"></span></summary>
<ul>{checks}</ul>
<div class="hints"></div>
<button class="hint">Hint for {task["id"]}</button>
</details></li>"""
