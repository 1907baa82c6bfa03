"""Commit whatever the learner has not committed, before a command may change it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.workspace.repository import MAIN_REF, Workspace, WorkspaceError

STATUS = ("status", "--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=none")
TRAILER = "Course-Snapshot: "


def take_snapshot(workspace: Workspace, reason: str, targets: Iterable[str] = ()) -> str | None:
    """Commit the learner's changes on `main`.

    Args:
        workspace: Must be ready (`make_ready`).
        reason: The command that is about to run, for the commit's title.
        targets: Files that the command may write. Those that git ignores are saved too.

    Returns:
        The commit, or None when everything was committed already.

    Raises:
        WorkspaceError: A repository inside the workspace, whose files git cannot save here.
    """
    git = workspace.git
    show_hidden(workspace)
    changed, gone = list_changes(workspace)
    changed += find_in_the_way(workspace, targets)
    head = git.read("rev-parse", MAIN_REF)
    staged = git.read("write-tree")
    # What a path was and what it became can exclude each other, so the old go first.
    update_index(workspace, "--force-remove", gone)
    update_index(workspace, "--add", changed)
    saved = git.read("write-tree")
    trees = {staged: f"What was staged before {reason}"} | {saved: f"Before {reason}"}
    last = head
    for tree, title in trees.items():
        if tree != git.read("rev-parse", f"{last}^{{tree}}"):
            message = f"{title}\n\n{TRAILER}{reason}\n"
            last = git.run("commit-tree", "-p", last, tree, stdin=message.encode()).text
    if last == head:
        return None
    git.run("update-ref", "-m", f"course: before {reason}", MAIN_REF, last, head)
    return last


def list_changes(workspace: Workspace) -> tuple[list[str], list[str]]:
    """List the files that differ from the index or are not in it, and those that are gone."""
    changed, gone = [], []
    for entry in workspace.git.run(*STATUS, "--untracked-files=all").names:
        state, name = entry[:2], entry[3:]
        if name.endswith("/"):
            raise WorkspaceError(
                f"{workspace.path / name} is a git repository of its own; "
                "a snapshot of the workspace cannot hold its files.",
                f'Move it out of the workspace, or add the line "{name}" to .gitignore.',
            )
        if state[1] == "D":
            gone.append(name)
        elif state[1] != " " and not (state == "??" and is_secret(name)):
            changed.append(name)
    return changed, gone


def show_hidden(workspace: Workspace) -> None:
    """Let git see changes in files that it was told not to look at.

    `git update-index --assume-unchanged` and `--skip-worktree` keep them out of every snapshot.
    """
    entries = workspace.git.run("ls-files", "-v", "-z").names
    hidden = [
        name
        for tag, _, name in (entry.partition(" ") for entry in entries)
        if (tag.islower() or tag == "S") and os.path.lexists(workspace.path / name)
    ]
    for how in ("--no-assume-unchanged", "--no-skip-worktree"):
        update_index(workspace, how, hidden)


def is_secret(name: str) -> bool:
    """Tell whether a file holds secrets: those stay out of git and no command writes them."""
    base = name.rpartition("/")[2]
    return base == ".env" or (base.startswith(".env.") and "example" not in base)


def find_in_the_way(workspace: Workspace, targets: Iterable[str]) -> list[str]:
    """List files outside git's sight at places where one of the targets will be written."""
    known = set(workspace.git.run("ls-files", "-z").names)
    found = {
        name
        for target in targets
        if target not in known
        for name in find_at(workspace.path, target)
    }
    return sorted(found - known)


def find_at(top: Path, target: str) -> Iterator[str]:
    """Yield what stands where a file or one of its folders would go."""
    for parent in reversed(Path(target).parents[:-1]):
        if os.path.lexists(top / parent) and not is_folder(top / parent):
            yield parent.as_posix()
            return
    if is_folder(top / target):
        for folder, folders, names in os.walk(top / target):
            folders[:] = [name for name in folders if name != ".git"]
            yield from ((Path(folder) / name).relative_to(top).as_posix() for name in names)
    elif os.path.lexists(top / target):
        yield target


def is_folder(path: Path) -> bool:
    """Tell a folder from a file and from a link to a folder."""
    return path.is_dir() and not path.is_symlink()


def update_index(workspace: Workspace, how: str, names: list[str]) -> None:
    """Record files, or their absence, in the index, whatever the ignore rules say."""
    if names:
        listing = b"".join(os.fsencode(name) + b"\0" for name in names)
        workspace.git.run("update-index", how, "--replace", "-z", "--stdin", stdin=listing)
