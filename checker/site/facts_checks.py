"""Tell every check, and the facts about the lessons, as the judge has them."""

import re
from itertools import groupby

from checker.checks.declare import CheckInfo
from checker.course.manifest import Lesson
from checker.judge.plan import list_checks
from checker.site.tables import escape, format_table
from checker.site.texts import cut_part

IDEA = re.compile(r"^- \*\*(.+?)\*\*", re.MULTILINE | re.DOTALL)


def list_lessons(lessons: tuple[Lesson, ...], way: str) -> str:
    """Return the lessons with their minutes; `way` leads to the folder of their pages."""
    rows = (
        (
            f"{lesson.number}",
            f"[{lesson.title}]({way}{lesson.slug}.md)",
            lesson.outcome,
            f"{lesson.minutes}",
        )
        for lesson in lessons
    )
    total = sum(lesson.minutes for lesson in lessons)
    return format_table(("", "lesson", "in the end", "minutes"), [*rows, sum_up(total)])


def sum_up(minutes: int) -> tuple[str, str, str, str]:
    """Return the last row of the lessons' table."""
    return ("", "**together**", f"about {round(minutes / 60)} hours", f"**{minutes}**")


def list_ways_further(lessons: tuple[Lesson, ...]) -> str:
    """Return what each lesson proposes to those who want more."""
    rows = (
        (f"[{lesson.number}]({lesson.slug}.md#going-further)", ", ".join(find_ideas(lesson)))
        for lesson in lessons
    )
    return format_table(("lesson", "ideas"), rows)


def find_ideas(lesson: Lesson) -> list[str]:
    """Return the words in bold that the points of the part begin with."""
    ideas = IDEA.findall(cut_part(lesson, "Going further"))
    return [idea.rstrip(".").replace("\n", " ") for idea in ideas]


def list_all_checks(lessons: tuple[Lesson, ...]) -> str:
    """Return every check, by lesson and task, with what it is worth and what it waits for."""
    parts = []
    for lesson in lessons:
        infos = list_checks({lesson.number})
        points = sum(info.points for info in infos)
        parts.append(f"## Lesson {lesson.number}: {lesson.title}")
        parts.append(f"{len(infos)} checks, {points} points.")
        for task, group in groupby(infos, key=lambda info: info.task):
            title = next(t.title for t in lesson.tasks if t.id == task)
            parts += [f"### {task} {title}", format_checks(list(group))]
    return "\n\n".join(parts)


def format_checks(infos: list[CheckInfo]) -> str:
    """Return the table of a task's checks."""
    return format_table(
        ("check", "id", "points", "waits for"),
        (
            (
                escape(info.title),
                f"`{info.id}`",
                f"{info.points}",
                ", ".join(f"`{need}`" for need in info.needs),
            )
            for info in infos
        ),
    )
