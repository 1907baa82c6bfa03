"""Write into the guides what the code knows: minutes, sizes, mistakes, and who imports whom.

Run it after a change of those: `python -m checker.authors.guides`. The rest of the pages is
written by hand, around the blocks that this fills.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from checker.authors.imports import draw_imports
from checker.course.manifest import Lesson, load_lessons
from checker.judge.plan import list_checks
from checker.launcher.environment import ENVIRONMENTS
from checker.paths import CoursePaths

BLOCK = re.compile(r"(<!-- made: (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
GUIDES = ("teach", "contribute")
IN_CLASS = 45  # minutes of each lesson that a group builds together, in the plan of seven weeks


def write_guides(paths: CoursePaths) -> list[Path]:
    """Fill the blocks of every page, and return the pages that changed."""
    changed = find_stale(paths)
    for page, text in changed.items():
        page.write_text(text, encoding="utf-8")
    return list(changed)


def find_stale(paths: CoursePaths) -> dict[Path, str]:
    """Return the pages whose blocks are not what the code says, as they should be."""
    pages = [page for name in GUIDES for page in sorted((paths.root / "docs" / name).glob("*.md"))]
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    filled = {page: fill(text, paths) for page, text in texts.items()}
    return {page: text for page, text in filled.items() if text != texts[page]}


def fill(text: str, paths: CoursePaths) -> str:
    """Return a page with its blocks filled."""
    return BLOCK.sub(lambda block: f"{block[1]}{MAKERS[block['name']](paths)}\n{block[3]}", text)


def list_lessons(paths: CoursePaths) -> str:
    """Make the table of the lessons, with the sum of their minutes."""
    lessons = load_lessons(paths)
    rows = [f"| {one.number} | {link(one)} | {len(one.tasks)} | {one.minutes} |" for one in lessons]
    total = sum(one.minutes for one in lessons)
    sums = f"| | all | {sum(len(one.tasks) for one in lessons)} | {total} |"
    return "\n".join(["| | lesson | tasks | minutes |", "|---|---|---|---|", *rows, sums])


def plan_weeks(paths: CoursePaths) -> str:
    """Make the plan of one lesson a week: what is left for home when some is built in class."""
    lessons = load_lessons(paths)
    rows = [
        f"| {one.number} | {link(one)} | {one.tasks[0].id} {one.tasks[0].title} "
        f"| {one.minutes - IN_CLASS} |"
        for one in lessons
    ]
    head = "| week | lesson | together, to begin with | minutes at home |"
    return "\n".join([head, "|---|---|---|---|", *rows])


def link(lesson: Lesson) -> str:
    """Name a lesson, with the way to its text."""
    return f"[{lesson.title}](../../lessons/{lesson.slug}/README.md)"


def list_environments(_paths: CoursePaths) -> str:
    """Make the table of what is installed: its lock and its size."""
    rows = [f"| `{folder}` | `{lock}` | {size} |" for folder, lock, size in ENVIRONMENTS.values()]
    return "\n".join(["| folder | made from | MB |", "|---|---|---|", *rows])


def list_mistakes(paths: CoursePaths) -> str:
    """List by task what people get wrong, as the apps do that the judge is tested with."""
    task_of = {info.id: info.task for info in list_checks()}
    found: dict[str, list[str]] = defaultdict(list)
    for spec in sorted((paths.root / "tests" / "apps" / "wrong").glob("*/*.toml")):
        if not spec.stem.startswith("cheat_"):
            wrong = tomllib.loads(spec.read_text(encoding="utf-8"))
            found[task_of[wrong["first"]]].append(
                f"- {wrong['title'].rstrip('.')}. → `{wrong['first']}`"
            )
    lines: list[str] = []
    for lesson in load_lessons(paths):
        lines += ["", f"## Lesson {lesson.number}: {lesson.title}"]
        for task in lesson.tasks:
            lines += ["", f"### {task.id} {task.title}", "", *found[task.id]]
    return "\n".join(lines)


MAKERS: dict[str, Callable[[CoursePaths], str]] = {
    "environments": list_environments,
    "imports": draw_imports,
    "lessons": list_lessons,
    "mistakes": list_mistakes,
    "weeks": plan_weeks,
}

if __name__ == "__main__":
    write_guides(CoursePaths.find())
