"""The Hub's own pages: what was deployed, how it is, what it says, and its files."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

from checker.probes.hub.faults import RefusalError
from checker.probes.hub.hub import Hub
from checker.probes.hub.life import Space
from checker.probes.hub.log import Log
from checker.probes.hub.request import Answer, Asked

PAGE = re.compile(r"/spaces/(?P<id>[^/]+/[^/]+)(?:/blob/main/(?P<file>.+))?")
STYLE = Path(__file__).with_suffix(".css")
KIND = "text/html; charset=utf-8"
LAST_LINES = 200
SECONDS = 2  # after which a page shows itself anew
# Nothing is loaded from anywhere, and nothing of what a learner uploaded is run.
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def answer_page(hub: Hub, asked: Asked) -> Answer | None:
    """Return a page for people; None when the request is for none."""
    if asked.method not in {"GET", "HEAD"}:
        return None
    if asked.path == "/":
        return make_page("Spaces", list_spaces(hub))
    found = PAGE.fullmatch(asked.path)
    if found is None:
        return None
    try:
        space = hub.find(found["id"])
    except RefusalError:
        return make_page("Not found", ["<p>There is no such Space.</p>"], status=404)
    if found["file"]:
        return make_page(found["file"], show_file(space, found["file"]), refresh=False)
    return make_page(space.id, show_space(space))


def make_page(
    title: str, parts: Iterator[str] | list[str], *, status: int = 200, refresh: bool = True
) -> Answer:
    """Put a page together."""
    again = f'<meta http-equiv="refresh" content="{SECONDS}">' if refresh else ""
    style = STYLE.read_text(encoding="utf-8")
    text = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{again}'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} - local Hub</title><style>{style}</style></head><body>"
        f'<header><a href="/">Local Hub</a> <span>a rehearsal: nothing leaves this machine</span>'
        f"</header><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )
    return Answer(text, status, HEADERS, KIND)


def list_spaces(hub: Hub) -> Iterator[str]:
    """Yield the list of Spaces."""
    if not hub.spaces:
        yield "<p>No Space yet. Deploy, and it shows up here.</p>"
        return
    yield "<table><tr><th>Space</th><th>Stage</th><th>Address</th></tr>"
    for space in list(hub.spaces.values()):
        yield f'<tr><td><a href="/spaces/{quote(space.id)}">{escape(space.id)}</a></td>'
        yield f"<td>{show_stage(space)}</td><td>{show_address(space)}</td></tr>"
    yield "</table>"


def show_stage(space: Space) -> str:
    """Return the stage, by its name and by a colour."""
    kind = "bad" if "ERROR" in space.stage else "good" if space.stage == "RUNNING" else "busy"
    return f'<strong class="{kind}">{space.stage}</strong>'


def show_address(space: Space) -> str:
    """Return a link to the app."""
    return f'<a href="{space.address.url}">{space.address.url}</a>'


def show_space(space: Space) -> Iterator[str]:
    """Yield all about a Space; of secrets, the names."""
    yield f"<p>{show_stage(space)} {show_address(space)}</p>"
    if space.error:
        yield f'<p class="bad">{escape(space.error)}</p>'
    yield from show_log("Build log", space.build_log)
    yield from show_log("Log of the app", space.run_log)
    yield "<h2>Settings</h2><ul>"
    yield from (f"<li>{escape(k)} = {escape(v)}</li>" for k, v in space.variables.items())
    yield from (f"<li>{escape(k)}: secret</li>" for k in space.secrets)
    yield "</ul><h2>Commits</h2><ul>"
    for commit in space.repository.list_commits():
        yield f"<li><code>{commit.sha[:8]}</code> {escape(commit.title)}, {commit.date}</li>"
    yield "</ul><h2>Files</h2><ul>"
    for file in space.repository.list_files():
        way = f"/spaces/{quote(space.id)}/blob/main/{quote(file.path)}"
        yield f'<li><a href="{way}">{escape(file.path)}</a> {file.size} bytes</li>'
    yield "</ul>"


def show_log(title: str, log: Log) -> Iterator[str]:
    """Yield the end of a log."""
    lines = [line.text for line in log.read()][-LAST_LINES:]
    text = escape("\n".join(lines)) or "nothing yet"
    yield f'<h2>{title}</h2><pre tabindex="0">{text}</pre>'


def show_file(space: Space, path: str) -> Iterator[str]:
    """Yield a file as text."""
    content = space.repository.read(path)
    yield f'<p><a href="/spaces/{quote(space.id)}">{escape(space.id)}</a></p>'
    text = "There is no such file." if content is None else content.decode(errors="replace")
    yield f'<pre tabindex="0">{escape(text)}</pre>'
