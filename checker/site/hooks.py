"""What mkdocs calls while it builds: pages and facts from the code, and scripts from npm.

https://www.mkdocs.org/user-guide/configuration/#hooks
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from checker.errors import CourseError
from checker.notebooks.books import list_books
from checker.paths import CoursePaths
from checker.site.change_pages import make_change_page
from checker.site.dialect import translate
from checker.site.facts import Facts
from checker.site.hurry import find_notebook, find_scripts
from checker.site.lesson_pages import CHANGES, make_lesson_page
from checker.site.notebook_pages import make_notebook_page
from checker.site.texts import turn_guide_links

PATHS = CoursePaths.find()
NOTEBOOKS = "learn/notebooks"


def on_config(config: Any) -> Any:
    """Show a choice of versions where mike publishes one, and a way to the repository on GitHub."""
    if "MIKE_DOCS_VERSION" in os.environ:
        config.extra["version"] = {"provider": "mike"}
    if repository := os.environ.get("GITHUB_REPOSITORY"):
        link = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}"
        icon = "fontawesome/brands/github"
        config.extra["social"] = [{"icon": icon, "link": link, "name": "The repository"}]
    return config


def on_files(files: Any, *, config: Any) -> Any:
    """Add the pages of lessons and notebooks, and what comes from npm."""
    with told_as_mkdocs_does():
        config.extra["facts"] = facts = Facts(PATHS)
        for name, content in {**make_lesson_pages(facts), **make_notebook_pages()}.items():
            files.append(File.generated(config, name, content=content))
        for name, source in find_scripts(PATHS).items():
            files.append(File.generated(config, name, abs_src_path=str(source)))
    return files


def make_lesson_pages(facts: Facts) -> dict[str, str]:
    """Return the page and the diff of each lesson, by their paths in docs/."""
    pages = {}
    for lesson in facts.lessons:
        pages[f"learn/{lesson.slug}.md"] = make_lesson_page(lesson, facts.code)
        pages[f"learn/{CHANGES}/{lesson.slug}.md"] = make_change_page(lesson, PATHS)
    return pages


def make_notebook_pages() -> dict[str, str | bytes]:
    """Return each notebook, as it ran, and its pictures, by their paths in docs/."""
    pages: dict[str, str | bytes] = {}
    for book in list_books(PATHS):
        folder = NOTEBOOKS if book.key.isdecimal() else book.key
        page, pictures = make_notebook_page(find_notebook(book, PATHS), book.key)
        pages[f"{folder}/notebook-{book.key}.md"] = page
        pages |= {f"{folder}/{name}": picture for name, picture in pictures.items()}
    return pages


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Fill in the facts that a page asks for, and write it as Python-Markdown reads it."""
    del files  # mkdocs names it
    facts: Facts = config.extra["facts"]
    with told_as_mkdocs_does():
        filled_in = facts.fill_in(turn_guide_links(markdown), page.file.src_uri)
        return translate(filled_in)


@contextmanager
def told_as_mkdocs_does() -> Iterator[None]:
    """Turn the course's errors into mkdocs's own, which it tells without a traceback."""
    try:
        yield
    except CourseError as error:
        raise PluginError(f"{error.problem}\n{error.next_step}") from None
