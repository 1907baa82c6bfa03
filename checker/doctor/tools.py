"""Look at the programs that are asked for their version: Python, git, Node.js, npm, uv."""

import platform
import sys
from typing import NamedTuple

import msgspec

from checker.doctor.ask import ask, parse_version
from checker.doctor.finding import ALL_LESSONS, FRONTEND_LESSONS, Finding, Status
from checker.doctor.mend import tell_how_to_install

NEWEST_TRIED_PYTHON = (3, 14)
IDENTITY = {"user.name": '"Your Name"', "user.email": "you@example.com"}


class Tool(NamedTuple):
    """A program that lessons need.

    Attributes:
        name: What people call it.
        program: What it is called on PATH.
        oldest: The first version that will do.
        lessons: The lessons that need it.
        package: What `tell_how_to_install` knows it by.
    """

    name: str
    program: str
    oldest: str
    lessons: tuple[int, ...]
    package: str


GIT = Tool("git", "git", "2.20", ALL_LESSONS, "git")
NODE = Tool("Node.js", "node", "20.9", FRONTEND_LESSONS, "node")
NPM = Tool("npm", "npm", "9.0", FRONTEND_LESSONS, "node")


def look_at_tool(tool: Tool) -> Finding:
    """Look for a program and at its version."""
    detail, is_fine = describe_tool(tool)
    return Finding(
        name=tool.name,
        status=Status.OK if is_fine else Status.MISSING,
        detail=detail,
        lessons=tool.lessons,
        mend=None if is_fine else tell_how_to_install(tool.package),
    )


def describe_tool(tool: Tool) -> tuple[str, bool]:
    """Return what was found of a program, and whether it will do."""
    answer = ask(tool.program, "--version")
    if answer is None:
        return f"not found on PATH; {tool.oldest} or newer is needed", False
    if not answer.is_success or not answer.version:
        return f"does not tell its version: {answer.text[:60]}", False
    if parse_version(answer.version) < parse_version(tool.oldest):
        return f"{answer.version} is too old; {tool.oldest} or newer is needed", False
    return answer.version, True


def look_at_node() -> Finding:
    """Look at Node.js: one that builds pages may still be too old for `npm test`."""
    finding = look_at_tool(NODE)
    if finding.status is Status.MISSING or runs_npm_test(finding.detail):
        return finding
    return msgspec.structs.replace(
        finding,
        status=Status.WARNING,
        detail=f"{finding.detail} builds pages; npm test needs 22.12 or newer (of 20: 20.19)",
        mend=tell_how_to_install(NODE.package),
    )


def runs_npm_test(version: str) -> bool:
    """Tell whether vite, which runs the frontend's tests, takes this version of Node.js."""
    found = parse_version(version)
    return (20, 19) <= found < (21,) or found >= (22, 12)


def look_at_python() -> Finding:
    """Look at the Python that the judge runs on; the launcher has refused one that is too old."""
    is_tried = sys.version_info[:2] <= NEWEST_TRIED_PYTHON
    newest = ".".join(map(str, NEWEST_TRIED_PYTHON))
    return Finding(
        name="Python",
        status=Status.OK if is_tried else Status.WARNING,
        detail=platform.python_version() + ("" if is_tried else f", newer than {newest}"),
        mend=None if is_tried else f"If something fails, start the course with Python {newest}.",
    )


def look_at_git_identity() -> Finding:
    """Look whether git knows the learner's name and e-mail address."""
    answers = {key: ask("git", "config", "--get", key) for key in IDENTITY}
    unset = [key for key, answer in answers.items() if answer is None or not answer.text]
    if not unset:
        return Finding(name="git identity", status=Status.OK, detail="name and e-mail are set")
    return Finding(
        name="git identity",
        status=Status.WARNING,
        detail=f"no {' and no '.join(unset)}: your commits get the name Learner",
        mend="\n".join(f"git config --global {key} {IDENTITY[key]}" for key in unset),
    )


def look_at_uv() -> Finding:
    """Look for uv, which only makes environments faster."""
    answer = ask("uv", "--version")
    found = answer.version if answer and answer.is_success else "not here: pip does its work"
    return Finding(name="uv (optional)", status=Status.OK, detail=found)
