"""The site is built without a warning, has no dead link, and works without a network."""

import http.server
import os
import posixpath
import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from local_server import serve_pages

pytest.importorskip("playwright", reason="locks/browser.lock is not installed")

from checker.errors import CourseError, ExitCode
from checker.paths import CoursePaths
from checker.probes.browser.axe import COLOURS, EVERYTHING, find_serious_faults
from checker.probes.lock import hold_lock
from checker.site.build import build_site

pytest_plugins = ("browser_fixtures",)
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PHONE = {"width": 375, "height": 760}
ALL_KINDS = (  # of what pages are made of
    "index.html",
    "learn/07-deploy.html",
    "learn/changes/06-docker.html",
    "reference/testing.html",
)
DRAWN = "document.querySelectorAll('pre.mermaid').length === 0"


class Page(HTMLParser):
    """What a page links to, loads, and can be linked to."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a":
            self.links += [found["href"]] if "href" in found else []
        elif tag in {"img", "script", "source", "iframe"}:
            self.loads += [found["src"]] if "src" in found else []
        elif tag == "link" and found.get("rel") != "canonical":
            self.loads += [found["href"]] if "href" in found else []


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    done = shared / "site.done"
    with hold_lock(shared / "site.lock"):  # of all workers, the first one builds it
        if not done.exists():
            build_site(CoursePaths.find(), shared / "site")
            done.touch()
    return shared / "site"


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Page]:
    files = sorted(site.rglob("*.html"))
    return {file.relative_to(site).as_posix(): Page(file) for file in files}


@pytest.fixture(scope="module")
def origin(site) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with serve_pages(partial(Handler, directory=site)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def visit(browser, origin):
    """Open pages of the site; at the end nothing may have been asked of anybody else."""
    contexts, asked, errors = [], [], []

    def open_page(path, **settings):
        contexts.append(browser.new_context(**settings))
        contexts[-1].grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{origin}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    here = (origin, "data:", "blob:")
    assert [url for url in asked if not url.startswith(here)] == []
    assert errors == []


def find_target(link: str, page: str) -> tuple[str, str]:
    """Return the file and the anchor that a link of a page leads to."""
    parts = urlsplit(link)
    path = posixpath.join(posixpath.dirname(page), unquote(parts.path)) if parts.path else page
    return posixpath.normpath(path), unquote(parts.fragment)


def test_links_lead_to_pages_and_anchors_that_are_there(site, pages):
    dead = []
    for name, page in pages.items():
        if name == "404.html":  # its links begin at the root, wherever that will be
            continue
        for link in page.links + page.loads:
            if urlsplit(link).scheme:
                continue
            target, anchor = find_target(link, name)
            is_there = (site / target).is_file()
            if not is_there or (anchor and anchor not in pages[target].ids):
                dead.append(f"{name}: {link}")
    assert dead == []


def test_pages_load_nothing_from_elsewhere(pages):
    loads = [load for page in pages.values() for load in page.loads]
    assert [load for load in loads if urlsplit(load).scheme not in {"", "data"}] == []


def test_lessons_show_hints_solutions_and_their_diff(site):
    text = (site / "learn" / "01-setup.html").read_text(encoding="utf-8")
    assert text.count("Hint for L1.1") == 3
    assert "One solution of L1.1" in text
    assert 'href="changes/01-setup.html"' in text
    assert "add_middleware" in (site / "learn/changes/01-setup.html").read_text(encoding="utf-8")


def test_diagrams_are_drawn(visit, site):
    for path in ("learn/where-to-start.html", "reference/jwt-auth.html"):
        source = (site / path).read_text(encoding="utf-8")
        page = visit(path)
        page.wait_for_function(DRAWN)
        drawn = page.locator("div.mermaid")
        assert drawn.count() == source.count('<pre class="mermaid"')
        assert all(one.bounding_box()["height"] > 100 for one in drawn.all())


@pytest.mark.parametrize("how", ["served", "from a folder"])
def test_search_finds(visit, site, how):
    page = visit("index.html")
    if how == "from a folder":
        page = page.context.browser.new_page()
        page.goto((site / "index.html").as_uri())
    page.get_by_role("textbox", name="Search").fill("pool_pre_ping")
    page.locator(".md-search-result__link", has_text="Database and migrations").first.click()
    page.wait_for_url(re.compile(r"reference/database\.html"))
    if how == "from a folder":
        page.close()


def test_code_is_copied_without_the_prompt(visit):
    page = visit("index.html")
    page.locator(".language-console").first.hover()
    page.get_by_title("Copy to clipboard").first.click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text !== '')")
    assert page.evaluate("navigator.clipboard.readText()") == "./course start"


@pytest.mark.parametrize(("scheme", "rules"), [("light", EVERYTHING), ("dark", COLOURS)])
def test_pages_are_for_everybody(visit, pages, scheme, rules, is_whole):
    faults = {}
    for path in pages if is_whole else ALL_KINDS:
        page = visit(path, color_scheme=scheme)
        page.wait_for_function(DRAWN)
        if found := find_serious_faults(page, rules):
            faults[path] = found
    assert faults == {}


def test_no_page_scrolls_sideways_on_a_phone(visit, pages, origin, is_whole):
    page = visit("index.html", viewport=PHONE)
    wide = {}
    for path in pages if is_whole else ALL_KINDS:
        page.goto(f"{origin}/{path}", wait_until="load")
        page.wait_for_function(DRAWN)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[path] = width
    assert wide == {}


def test_large_diagram_scrolls_on_a_phone(visit):
    page = visit("contribute/index.html", viewport=PHONE)
    page.wait_for_function(DRAWN)
    box = page.locator("div.mermaid").first
    assert box.evaluate("box => box.scrollWidth") > PHONE["width"]
    assert box.get_attribute("tabindex") == "0"


def test_parts_of_the_site_are_reached_by_its_bar(visit):
    page = visit("index.html")
    page.get_by_role("link", name="Reference").first.click()
    page.get_by_role("heading", name="Reference").wait_for()
    page.get_by_role("link", name="Exit codes").last.click()
    row = page.get_by_role("row", name=re.compile(f"^{ExitCode.INTERRUPTED.value} "))
    assert "Ctrl-C" in row.text_content()


def test_site_is_not_built_over_other_files(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="hold"):
        build_site(CoursePaths.find(), tmp_path)
    assert (tmp_path / "thesis.txt").exists()
