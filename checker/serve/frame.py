"""Put the panel beside a lesson: into its page of the site, or beside its bare text."""

import base64
import hashlib
import re
from html import escape
from typing import Any

from checker.course.manifest import Lesson
from checker.live.shield import make_policy

Task = dict[str, Any]
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
HEAD = """<link rel="stylesheet" href="/live/base.css">
<link rel="stylesheet" href="/live/panel.css">
<script type="module" src="/live/panel.js"></script>
"""


def add_panel(page: str, panel: str) -> str:
    """Return a page of the site with a panel beside its text."""
    page = page.replace("</head>", f"{HEAD}</head>", 1)
    return page.replace("</main>", f"{panel}\n</main>", 1)


def allow_scripts(page: str) -> str:
    """Return a policy that lets a page of the site run the scripts in it, and no others.

    The theme styles some elements by attributes, and what draws diagrams adds styles.
    """
    digests = [hashlib.sha256(script.encode()).digest() for script in SCRIPT.findall(page)]
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return make_policy(scripts=f"'self' {hashes}".strip(), styles="'self' 'unsafe-inline'")


def frame_text(lesson: Lesson, lessons: tuple[Lesson, ...], panel: str) -> str:
    """Return the page of a lesson's bare text, for as long as the site has no pages."""
    links = "".join(link_lesson(each, lesson.number) for each in lessons)
    text = (lesson.folder / "README.md").read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(lesson.title)}</title>
<link rel="icon" href="data:,">
{HEAD}<link rel="stylesheet" href="/live/plain.css">
</head>
<body class="live">
<nav aria-label="Lessons"><ol>{links}</ol></nav>
<main class="plain">
<div>
<h1>Lesson {lesson.number}: {escape(lesson.title)}</h1>
<p id="site" role="status">The pages of the course are being made, once; until then, this is the
bare text of the lesson.</p>
<pre>{escape(text)}</pre>
</div>
{panel}
</main>
</body>
</html>
"""


def link_lesson(lesson: Lesson, shown: int) -> str:
    """Return the entry of a lesson in the list."""
    current = ' aria-current="page"' if lesson.number == shown else ""
    title = f"{lesson.number} {escape(lesson.title)}"
    return f'<li><a href="/{locate_page(lesson)}"{current}>{title}</a></li>'


def locate_page(lesson: Lesson) -> str:
    """Return the path of a lesson's page in the site."""
    return f"learn/{lesson.slug}.html"


def frame_panel(lesson: int, tasks: list[Task]) -> str:
    """Return the panel of a lesson, before anything is known about the app."""
    items = "\n".join(frame_task(task) for task in tasks)
    return f"""<aside id="panel" class="live" aria-labelledby="panel-title" data-lesson="{lesson}">
<h2 id="panel-title">Your app</h2>
<p data-part="state" role="status">Connecting …</p>
<p class="buttons">
<button data-part="check">Check everything</button>
<button data-part="start">Start lesson {lesson}</button>
<button data-part="reset">Begin lesson {lesson} again</button>
<button data-part="solution">Show the solution</button>
</p>
<p class="buttons" data-part="room" hidden>
<button data-part="hand" aria-pressed="false">Put your hand up</button>
<span data-part="hand-state" role="status"></span>
</p>
<ul>
{items}
</ul>
<dialog data-part="dialog" aria-labelledby="panel-dialog">
<h2 id="panel-dialog" data-part="title"></h2>
<div data-part="text"></div>
<p class="buttons"><button data-part="yes"></button><button data-part="no">Close</button></p>
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
