"""Read from the workspace's history where the learner is and what the course issued."""

import re
from pathlib import PurePosixPath

from checker.course.layers import Tree
from checker.workspace.repository import COURSE_REF, Workspace

LESSON = "Course-Lesson: "
BEGINS = "Course-Begins: "


def find_level(workspace: Workspace, branch: str = "HEAD") -> int:
    """Return the last lesson that the course issued and that the branch has taken in.

    0 when the branch holds nothing that the course issued.
    """
    shared = find_shared(workspace, branch)
    return read_lesson(workspace, shared, LESSON) if shared else 0


def find_current(workspace: Workspace) -> int:
    """Return the lesson that the learner began, reset or caught up with last.

    A learner who ends a merge with a message of their own leaves no trailer: then it is the lesson
    that was merged.
    """
    level = find_level(workspace)
    begun = find_by_trailer(workspace, f"{BEGINS}[0-9][0-9]*", "HEAD")
    if begun is None or find_level(workspace, begun) < level:
        return level
    return read_lesson(workspace, begun, BEGINS)


def find_shared(workspace: Workspace, branch: str) -> str | None:
    """Return the newest commit that the branch and `course` have in common."""
    return workspace.git.run("merge-base", COURSE_REF, branch, accept=(0, 1)).text or None


def find_issued_commit(workspace: Workspace, lesson: int) -> str:
    """Return the newest commit of `course` that issued the lesson."""
    return find_by_trailer(workspace, f"{LESSON}{lesson}", COURSE_REF) or COURSE_REF


def find_beginning(workspace: Workspace, lesson: int) -> str | None:
    """Return the commit of `main` with which the lesson last began, if there is one."""
    begun = find_by_trailer(workspace, f"{BEGINS}{lesson}", "HEAD")
    return begun or find_merge(workspace, lesson)


def find_merge(workspace: Workspace, lesson: int) -> str | None:
    """Return the first merge that took the lesson in, whatever its message says."""
    git = workspace.git
    issued = git.read("log", "--format=%H", f"--grep=^{LESSON}{lesson}$", COURSE_REF).split()
    merges = git.read("log", "--reverse", "--first-parent", "--merges", "--format=%H %P", "HEAD")
    parents = (line.split() for line in merges.splitlines())
    return next((commit for commit, _, merged, *_ in parents if merged in issued), None)


def find_by_trailer(workspace: Workspace, trailer: str, start: str) -> str | None:
    """Return the newest commit before `start` whose message has that line."""
    found = workspace.git.read(
        "log", "-1", "--topo-order", "--format=%H", f"--grep=^{trailer}$", start
    )
    return found or None


def read_lesson(workspace: Workspace, start: str, trailer: str) -> int:
    """Return the number in the newest such trailer before `start`; 0 when there is none."""
    message = workspace.git.read(
        "log", "-1", "--topo-order", "--format=%B", f"--grep=^{trailer}[0-9][0-9]*$", start
    )
    match = re.search(rf"^{trailer}(\d+)$", message, re.MULTILINE)
    return int(match[1]) if match else 0


def read_tree(workspace: Workspace, commit: str) -> Tree:
    """Read every file of a commit; links and submodules are left out."""
    entries = workspace.git.run("ls-tree", "-r", "-z", "--full-tree", commit).names
    blobs: dict[str, str] = {}
    for entry in entries:
        facts, _, path = entry.partition("\t")
        mode, _, blob = facts.split(" ")
        if mode.startswith("100"):
            blobs[str(PurePosixPath(path))] = blob
    return dict(zip(blobs, read_blobs(workspace, list(blobs.values())), strict=True))


def read_blobs(workspace: Workspace, blobs: list[str]) -> list[bytes]:
    """Read the contents of blobs in one go."""
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    out = workspace.git.run("cat-file", "--batch", stdin=asked).out
    contents, place = [], 0
    for _ in blobs:
        begin = out.index(b"\n", place) + 1
        size = int(out[place:begin].split()[-1])
        contents.append(out[begin : begin + size])
        place = begin + size + 1
    return contents
