"""L4.1: the frontend builds, strictly, and calls the backend that it was built for."""

import json
import posixpath
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.steps import User
from checker.checks.visitors import Visitors
from checker.checks.visits import walk
from checker.probes.browser.unmet import UnmetError
from checker.probes.project import Project

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site

# What is not closed goes on to the end: else it is searched again from each of its characters.
COMMENT = re.compile(r'("(?:[^"\\]|\\.)*(?:"|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
TRAILING = re.compile(r",(\s*[}\]])")
COMMENTED = re.compile(r"^[^\S\n]*(?://|/?\*).*$", re.MULTILINE)
SILENCED = re.compile(r"ignoreBuildErrors\b(?!\s*:\s*false\b)")
MOST_BASES = 4  # of one file, and one behind the other: nobody has more
STRICT = (  # what `strict` switches on, and what an option of its own can switch off again
    "alwaysStrict",
    "noImplicitAny",
    "noImplicitThis",
    "strictBindCallApply",
    "strictBuiltinIteratorReturn",
    "strictFunctionTypes",
    "strictNullChecks",
    "strictPropertyInitialization",
    "useUnknownInCatchVariables",
)


@check("L4.1", points=0)
def test_frontend_builds(site: "Site") -> None:
    """The frontend installs from its lock file, builds with its types checked, and starts."""
    expect(
        site.is_serving(),
        expected="npm start to keep running",
        got="a server that has ended",
        next_step="Run npm start in frontend/ and read what it says.",
    )


@check("L4.1", points=0, needs=("frontend_builds",))
def test_types_are_strict(project: Project) -> None:
    """TypeScript is strict, and no setting silences it."""
    options = read_options(project, "frontend/tsconfig.json")
    taken_back = [name for name in STRICT if options.get(name) is False]
    expect(
        options.get("strict") is True and not taken_back,
        expected='"strict": true in frontend/tsconfig.json, or in what it extends, and nothing '
        "that takes it back",
        got=f"strict {options.get('strict')}{''.join(f', {n} false' for n in taken_back)}",
        next_step='Set "strict": true in compilerOptions, and mend what tsc then names.',
    )
    for name in ("next.config.ts", "next.config.mts", "next.config.mjs", "next.config.js"):
        text = COMMENTED.sub("", project.read(f"frontend/{name}") or "")
        expect(
            not SILENCED.search(text),
            expected="a build that stops at a type error",
            got=f"ignoreBuildErrors in frontend/{name}",
            next_step="Remove the setting, and mend what the build then names.",
        )


@check("L4.1", points=3, needs=("login_has_its_form",))
def test_pages_call_the_named_backend(visitors: Visitors) -> None:
    """Pages call the backend that NEXT_PUBLIC_API_URL named when they were built."""
    user = visitors.register()
    visitor = visitors.come()
    gateway = visitors.site.gateway
    mark = gateway.mark()
    visitor.open("/login")
    visitor.fill("Email", user.email)
    visitor.fill("Password", user.password)
    visitor.click("button", "Sign in")
    ports = {urlsplit(visitor.origin).port, gateway.port}
    try:
        visitor.wait_until(
            lambda: gateway.count("POST", "/api/auth/token", mark) > 0, "a call", visitor.describe
        )
        called = True
    except UnmetError:
        called = False
    elsewhere = [u for u in visitor.seen.urls if is_foreign(u, ports)]
    expect(
        called and not elsewhere,
        expected=f"Sign in to call http://localhost:{gateway.port}, which the build was told",
        got=f"a call of {elsewhere[-1]}" if elsewhere else f"no such call: {visitor.describe()}",
        next_step="Read process.env.NEXT_PUBLIC_API_URL in one module, and write no address.",
    )


def is_foreign(url: str, ports: set[int | None]) -> bool:
    """Tell whether an address is a backend's on this machine, and not the one that was named."""
    parts = urlsplit(url)
    return parts.hostname in {"localhost", "127.0.0.1", "::1"} and parts.port not in ports


@check(
    "L4.1",
    points=1,
    needs=("reload_keeps_the_session",),
    advice="Export metadata with a title of its own from each page.tsx.",
)
def test_pages_have_titles(visitors: Visitors, page_user: User) -> None:
    """Every page has a title of its own in the browser's tab."""
    titles: dict[str, str] = {}
    for visitor, path in walk(visitors, page_user):
        titles[path] = read_new_title(visitor, titles)
    expect(
        all(titles.values()) and len(set(titles.values())) == len(titles),
        expected="three titles that differ, on /login, /register and /tasks",
        got=", ".join(f"{path} “{title}”" for path, title in titles.items()),
        next_step="Export metadata with a title from each page.tsx.",
    )


def read_new_title(visitor: "Visitor", known: dict[str, str]) -> str:
    """Return the page's title; Next may send it after the page, so the last page's is not taken."""
    with suppress(UnmetError):
        visitor.wait_until(
            lambda: visitor.page.title() not in {"", *known.values()}, "a title", visitor.describe
        )
    return visitor.page.title()


def read_options(project: Project, path: str, depth: int = 0) -> dict[str, Any]:
    """Return a configuration's options, with those of the files that it extends."""
    config = read_settings(project.read(path) or "{}")
    options: dict[str, Any] = {}
    bases = config.get("extends")
    for base in bases[:MOST_BASES] if isinstance(bases, list) else [bases]:
        if isinstance(base, str) and depth < MOST_BASES:
            options |= read_base(project, path, base, depth + 1)
    own = config.get("compilerOptions")
    return options | (own if isinstance(own, dict) else {})


def read_base(project: Project, path: str, base: str, depth: int) -> dict[str, Any]:
    """Return the options of a file that another extends.

    What lies in a package is no file of the learner's. Those that are made for this are strict.
    """
    if not base.startswith("."):
        return {"strict": True}
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), base))
    names = [name for name in (found, f"{found}.json") if project.read(name) is not None]
    return read_options(project, names[0], depth) if names else {}


def read_settings(text: str) -> dict[str, Any]:
    """Return JSON with comments and commas at the end, as TypeScript reads it."""
    plain = TRAILING.sub(r"\1", COMMENT.sub(lambda m: m[1] or "", text))
    try:
        found = json.loads(plain)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
