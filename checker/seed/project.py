"""Make a project of one's own from the finished app."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checker.course.layers import Tree, list_files, read_layers
from checker.course.manifest import load_lessons
from checker.errors import DISK_FULL, CourseError, UsageError
from checker.paths import CoursePaths
from checker.seed.marks import remove_marks, rename
from checker.seed.names import AppName
from checker.workspace.git import Git
from checker.workspace.identity import Person, find_setting, name_committer

STAND_IN = Person("Developer", "developer@example.invalid")


@dataclass(frozen=True)
class NewProject:
    """What was made.

    Attributes:
        is_committed: Whether it is a git repository with a first commit; without git it is none.
    """

    folder: Path
    files: int
    is_committed: bool


def make_project(paths: CoursePaths, name: AppName, folder: Path) -> NewProject:
    """Write the project into a folder that is new or empty, and commit it.

    Raises:
        UsageError: the folder is not free, or lies in the course.
        CourseError: it cannot be written.
    """
    refuse_folder(paths, folder)
    tree = plan_project(paths, name)
    with emptied_after_failure(folder):
        try:
            write_files(folder, tree)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise CourseError(*DISK_FULL) from error
            raise CourseError(
                f"{error.filename or folder} cannot be written ({error.strerror})",
                "Name a folder that you may write to, with --dir.",
            ) from error
    return NewProject(folder, len(tree), commit(folder, name))


def refuse_folder(paths: CoursePaths, folder: Path) -> None:
    """Refuse to write over anything, or into the course's own repository."""
    if folder.resolve().is_relative_to(paths.root):
        raise UsageError(
            f"{folder} lies in the course's own folder", "Name another place with --dir."
        )
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise UsageError(
            f"{folder} is there already, and not empty",
            "Give the app another name, or name another place with --dir.",
        )


def plan_project(paths: CoursePaths, name: AppName) -> Tree:
    """Return all files: those of the finished app, and those that only a project has."""
    layers = read_layers(paths, load_lessons(paths))
    tree = remove_marks(layers.solution(len(layers.lessons)))
    seed = paths.root / "seed"
    tree |= {path: (seed / path).read_bytes() for path in list_files(seed)}
    return {path: rename(path, content, name) for path, content in sorted(tree.items())}


@contextmanager
def emptied_after_failure(folder: Path) -> Iterator[None]:
    """Leave no half of a project: the next try would find the folder taken."""
    was_there = folder.is_dir()
    try:
        yield
    except BaseException:
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def write_files(folder: Path, tree: Tree) -> None:
    """Write the tree."""
    for path, content in tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def commit(folder: Path, name: AppName) -> bool:
    """Make a repository and its first commit; return whether there is git to do so."""
    if shutil.which("git") is None:
        return False
    git = Git(folder)
    git.init()
    git.run("symbolic-ref", "HEAD", "refs/heads/main")
    author = Person(
        find_setting(git, "GIT_AUTHOR_NAME", "user.name") or STAND_IN.name,
        find_setting(git, "GIT_AUTHOR_EMAIL", "user.email") or STAND_IN.email,
    )
    git.run("add", "--all")
    Git(folder, identity=name_committer(author)).run(
        "commit", "--quiet", "--message", f"Begin {name.title}"
    )
    return True
