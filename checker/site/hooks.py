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
from checker.paths import CoursePaths
from checker.site.change_pages import make_change_page
from checker.site.dialect import translate
from checker.site.facts import Facts
from checker.site.lesson_pages import CHANGES, make_lesson_page
from checker.site.tools import find_shipped

PATHS = CoursePaths.find()


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
    """Add the lessons' pages, and what comes from npm."""
    with told_as_mkdocs_does():
        config.extra["facts"] = facts = Facts(PATHS)
        for lesson in facts.lessons:
            page = make_lesson_page(lesson, facts.code)
            changes = make_change_page(lesson, PATHS)
            files.append(File.generated(config, f"learn/{lesson.slug}.md", content=page))
            name = f"learn/{CHANGES}/{lesson.slug}.md"
            files.append(File.generated(config, name, content=changes))
        for name, source in find_shipped(PATHS).items():
            files.append(File.generated(config, name, abs_src_path=str(source)))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Fill in the facts that a page asks for, and write it as Python-Markdown reads it."""
    del files  # mkdocs names it
    facts: Facts = config.extra["facts"]
    with told_as_mkdocs_does():
        return translate(facts.fill_in(markdown, page.file.src_uri))


@contextmanager
def told_as_mkdocs_does() -> Iterator[None]:
    """Turn the course's errors into mkdocs's own, which it tells without a traceback."""
    try:
        yield
    except CourseError as error:
        raise PluginError(f"{error.problem}\n{error.next_step}") from None
