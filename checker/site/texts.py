"""Cut parts out of the lessons' own texts, and turn their links to those of a page of the site."""

import re

from checker.course.manifest import Lesson
from checker.errors import CourseError

PICTURES = "../../docs/images/"
OTHER_LESSON = re.compile(r"\.\./(\d\d-[a-z0-9-]+)/README\.md")
LESSON = re.compile(r"\.\./((?:\.\./)?)lessons/(\d\d-[a-z0-9-]+)/README\.md")  # from docs, or below
GRADE_NOTEBOOK = re.compile(r"(\]\((?:\.\./grade/)?)explore\.ipynb")
OWN_ANCHOR = re.compile(r"\]\((#[^)]+)\)")


def read_text(lesson: Lesson) -> str:
    """Return a lesson's text."""
    return (lesson.folder / "README.md").read_text(encoding="utf-8")


def cut_part(lesson: Lesson, heading: str) -> str:
    """Return what stands under a heading of the second level, up to the next one.

    Raises:
        CourseError: the text has no such heading.
    """
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", read_text(lesson), re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise CourseError(
            f'lessons/{lesson.slug}/README.md has no part "{heading}", which the site shows',
            "Put the heading back.",
        )
    return found[1].strip()


def turn_links(text: str, *, lessons: str, root: str) -> str:
    """Make the links of a lesson's text work on a page of the site.

    Args:
        text: The text, or a part of it.
        lessons: The way from the page to the folder of the lessons' pages.
        root: The way from the page to the folder `docs`.
    """
    text = OTHER_LESSON.sub(rf"{lessons}\1.md", text)
    return text.replace(PICTURES, f"{root}images/")


def turn_guide_links(text: str) -> str:
    """Make the links of a page of `docs` work on the site: those to lessons and notebooks.

    On GitHub they lead to the files that these pages are made of.
    """
    return GRADE_NOTEBOOK.sub(r"\1notebook-grade.md", LESSON.sub(r"\1learn/\2.md", text))


def quote_part(lesson: Lesson, heading: str) -> str:
    """Return a part of a lesson's text, for a page of another folder of the site."""
    part = OWN_ANCHOR.sub(rf"](../learn/{lesson.slug}.md\1)", cut_part(lesson, heading))
    return turn_links(part, lessons="../learn/", root="../")
