"""Make a page of each notebook, with what came out of it when it was run here."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checker.notebooks.books import Book
from checker.notebooks.execute import execute
from checker.paths import CoursePaths

HEAD = """\
`./course notebook {key}` opens this page as a notebook: change its cells, and run them again. What
is shown here came out when the site was built.
"""
HEAD_NOT_RUN = """\
`./course notebook {key}` opens this page as a notebook: run its cells there, and change them.
"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LONGEST_TRACEBACK = 4  # lines: the last ones say what is wrong


def run_once(book: Book, paths: CoursePaths) -> dict[str, Any]:
    """Return the notebook with its outputs; it is run again when it or the app has changed.

    Raises:
        CourseError: a cell failed that is not there to fail.
    """
    kept = find_kept(book, paths)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(".fresh.ipynb")
        execute(book, fresh, paths)
        fresh.replace(kept)
    return read_notebook(kept)


def read_run(book: Book, paths: CoursePaths) -> dict[str, Any]:
    """Return the notebook with its outputs if it was run before, else without."""
    kept = find_kept(book, paths)
    return read_notebook(kept if kept.exists() else book.source)


def find_kept(book: Book, paths: CoursePaths) -> Path:
    """Return where the notebook is kept as it ran, with this app."""
    return paths.cache / "notebooks" / f"{book.key}-{find_version(book, paths)}.ipynb"


def read_notebook(file: Path) -> dict[str, Any]:
    """Return what a notebook holds."""
    notebook: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return notebook


def find_version(book: Book, paths: CoursePaths) -> str:
    """Return a name for all that the outputs depend on."""
    app = sorted(file for file in (book.app / "backend").rglob("*.py") if file.is_file())
    files = (book.source, paths.root / "locks" / "notebooks.lock", *app)
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def make_notebook_page(notebook: dict[str, Any], key: str) -> tuple[str, dict[str, bytes]]:
    """Return a page and its pictures, by their names beside it.

    Args:
        notebook: With its outputs.
        key: What `./course notebook` calls it.
    """
    pictures: dict[str, bytes] = {}
    cells = [show_cell(cell, key, pictures) for cell in notebook["cells"]]
    has_run = any(cell.get("outputs") for cell in notebook["cells"])
    head = (HEAD if has_run else HEAD_NOT_RUN).format(key=key)
    return "\n\n".join([cells[0], head, *cells[1:]]), pictures


def show_cell(cell: dict[str, Any], key: str, pictures: dict[str, bytes]) -> str:
    """Return one cell as Markdown; its pictures are added to those of the page."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return source
    parts = [f"```python\n{source}\n```"]
    for output in cell["outputs"]:
        if "image/png" in output.get("data", {}):
            name = f"{key}-{len(pictures) + 1}.png"
            pictures[name] = base64.b64decode(output["data"]["image/png"])
            parts.append(f"![What the cell above plots]({name})")
        else:
            parts += show_text(output)
    return "\n\n".join(parts)


def show_text(output: dict[str, Any]) -> Iterator[str]:
    """Yield what an output says in words, if it does."""
    if output["output_type"] == "error":
        lines = COLOUR.sub("", "\n".join(output["traceback"])).rstrip().splitlines()
        text = "\n".join(lines[-LONGEST_TRACEBACK:])
    else:
        text = "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))
    if text.strip():
        yield f'<div class="output" markdown="1">\n\n```text\n{text.rstrip()}\n```\n\n</div>'
