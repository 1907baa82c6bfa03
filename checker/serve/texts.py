"""Make pages of the course's texts: the one place that knows where a page's content comes from."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

FOLDERS = ("lessons", "docs")
PICTURES = frozenset({".png", ".svg"})
TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)
LESSON = re.compile(r"lessons/(\d\d)-[\w-]+/README\.md")
DROPPED = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Text:
    """What stands on a page.

    Attributes:
        title: In plain text.
        html: Its content, written by the course's authors.
        lesson: The lesson that it teaches; 0 for none.
    """

    title: str
    html: str
    lesson: int


class Texts:
    """The texts of one clone; a page's path is that of its file, so that links lead on.

    Args:
        root: The clone.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self._markdown.add_render_rule("heading_open", open_heading)

    def find_text(self, path: str) -> Text | None:
        """Return what stands at a path, None when nothing does."""
        file = self._find_file(path)
        if file is None or file.suffix != ".md":
            return None
        source = file.read_text(encoding="utf-8")
        title = TITLE.search(source)
        lesson = LESSON.fullmatch(file.relative_to(self._root).as_posix())
        return Text(
            title=title[1] if title else file.stem,
            html=self._markdown.render(source),
            lesson=int(lesson[1]) if lesson else 0,
        )

    def find_picture(self, path: str) -> Path | None:
        """Return the file of a picture, None when there is none."""
        file = self._find_file(path)
        return file if file and file.suffix in PICTURES else None

    def _find_file(self, path: str) -> Path | None:
        """Return a file of the folders that are shown; nothing leads out of them."""
        if "\0" in path:  # no system has such a name
            return None
        file = (self._root / path).resolve()
        shown = any(file.is_relative_to(self._root / folder) for folder in FOLDERS)
        return file if shown and file.is_file() else None


def open_heading(
    renderer: RendererHTML, tokens: list[Token], index: int, options: object, env: object
) -> str:
    """Give a heading the id that links to it use, as the forges make it."""
    slug = DROPPED.sub("", tokens[index + 1].content.lower()).replace(" ", "-")
    tokens[index].attrSet("id", escape(slug))
    return renderer.renderToken(tokens, index, options, env)  # type: ignore[arg-type]
