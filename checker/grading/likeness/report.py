"""Write what the comparison found: pages and a table."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.grading.likeness.compare import Likeness
from checker.grading.likeness.found import Lines, Pair, Passage
from checker.grading.reports.learner import make_page
from checker.report.html import show
from checker.report.table import Row, write_csv

NOTE = (
    "A match is a reason to look, not a verdict. People who learned from the same lesson write "
    "alike, and code that both found in the same place is no proof that one copied from the other. "
    "Read both, and hear both, before you decide anything."
)
AROUND = 2  # lines before and after what is alike
Texts = Mapping[str, Mapping[str, str]]


def write_likeness(likeness: Likeness, folder: Path) -> Path:
    """Write the pages and the table; return the page to begin with."""
    pairs = likeness.found.pairs
    pages = folder / "pairs"
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir(parents=True)
    for number, pair in enumerate(pairs, start=1):
        (pages / f"{number:03}.html").write_bytes(format_pair(pair, likeness.texts))
    (folder / "likeness.csv").write_bytes(write_csv(list_rows(pairs)))
    page = folder / "likeness.html"
    page.write_bytes(format_overview(likeness))
    return page


def list_rows(pairs: Sequence[Pair]) -> list[Row]:
    """Return the table."""
    head: Row = ("submission", "other", "share_of_submission", "share_of_other", "files_alike")
    rows = [(p.name, p.other, p.share, p.other_share, len(p.passages)) for p in pairs]
    return [head, *rows]


def format_overview(likeness: Likeness) -> bytes:
    """Return the page of all pairs."""
    found = likeness.found
    rows = "\n".join(
        f'<tr><th><a href="pairs/{number:03}.html">{show(pair.name)}, {show(pair.other)}</a></th>'
        f"<td>{pair.share:.0%}</td><td>{pair.other_share:.0%}</td></tr>"
        for number, pair in enumerate(found.pairs, start=1)
    )
    head = "<tr><th>two submissions</th><th>of the first</th><th>of the second</th></tr>"
    table = f"<section>\n<h2>Alike</h2>\n<table>\n{head}\n{rows}\n</table>\n</section>"
    number = len(likeness.texts) - 1
    about = f"{number} submissions were compared with each other and with the course's solution."
    parts = [
        f"<p><strong>{NOTE}</strong></p>",
        f"<p>{about} What everybody was given, names and comments do not count.</p>",
        table if rows else "<p>No two of them are alike.</p>",
    ]
    if found.number > len(found.pairs):
        parts.append(f"<p>{found.number - len(found.pairs)} more pairs are less alike.</p>")
    parts += [list_names("Not read", likeness.refused), list_names("Skipped", found.skipped)]
    return make_page("Submissions that are alike", "\n".join(parts))


def list_names(title: str, names: Sequence[str]) -> str:
    """Return names under a title; nothing when there are none."""
    items = "".join(f"<li>{show(name)}</li>" for name in names)
    return f"<section>\n<h2>{title}</h2>\n<ul>{items}</ul>\n</section>" if items else ""


def format_pair(pair: Pair, texts: Texts) -> bytes:
    """Return the page of one pair, file by file."""
    shares = f"{pair.share:.0%} of what is {show(pair.name)}'s own is in {show(pair.other)} too, "
    parts = [
        f"<p><strong>{NOTE}</strong></p>",
        f"<p>{shares}{pair.other_share:.0%} the other way round.</p>",
        *(format_passage(passage, pair, texts) for passage in pair.passages),
    ]
    return make_page(f"{show(pair.name)} and {show(pair.other)}", "\n".join(parts))


def format_passage(passage: Passage, pair: Pair, texts: Texts) -> str:
    """Return the parts of two files that are alike, each in its own order."""
    here = format_lines(texts[pair.name][passage.file], passage.lines)
    there = format_lines(texts[pair.other][passage.other_file], passage.other_lines)
    return (
        f'<section class="alike">\n<div><h2>{show(passage.file)}</h2>\n<pre>{here}</pre></div>\n'
        f"<div><h2>{show(passage.other_file)}</h2>\n<pre>{there}</pre></div>\n</section>"
    )


def format_lines(text: str, ranges: Sequence[Lines]) -> str:
    """Return numbered lines, those that are alike marked, with a few around them."""
    alike = {number for first, last in ranges for number in range(first, last + 1)}
    near = {line + step for line in alike for step in range(-AROUND, AROUND + 1)}
    rows: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if number in alike:
            rows.append(f"{number:4} <mark>{show(line)}</mark>")
        elif number in near:
            rows.append(f"{number:4} {show(line)}")
        elif rows and rows[-1]:
            rows.append("")
    return "\n".join(rows)
