"""Run git on one repository, whatever the caller's environment and settings are."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.errors import CourseError
from checker.interrupts import deferred_interrupts

INSTALL_GIT = {
    "darwin": "xcode-select --install",
    "win32": "winget install Git.Git",
    "linux": "sudo apt install git   (Fedora: sudo dnf install git)",
}

# Settings and variables that choose a repository, or that make git ask, sign, convert or clean up.
SETTINGS = (
    f"core.hooksPath={os.devnull}",
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.fsmonitor=false",
    "core.longPaths=true",  # of Windows, for a merge aside in git's own folder
    "core.fsync=all",  # a loss of power must leave no object and no ref empty
    "core.quotePath=false",
    "commit.gpgSign=false",
    "gc.auto=0",
    "grep.patternType=basic",
    "init.defaultRefFormat=files",
    "log.showSignature=false",
    "maintenance.auto=false",
    "merge.autoStash=false",
    "merge.directoryRenames=false",
    "merge.verifySignatures=false",
    "branch.main.mergeOptions=",
    "rerere.enabled=false",
    "submodule.recurse=false",
)
KEPT_VARIABLES = frozenset(
    {
        "GIT_AUTHOR_EMAIL",
        "GIT_AUTHOR_NAME",
        "GIT_COMMITTER_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
    }
)


LITTLE_SPACE = 1_000_000  # bytes; a disk with no more is full for git


class GitError(CourseError):
    """Git refused or failed."""


@dataclass(frozen=True)
class Answer:
    """What one git command said."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """The output as text, without the last line end."""
        return self.out.decode(errors="replace").rstrip("\n")

    @property
    def names(self) -> list[str]:
        """The output as a NUL-separated list of file names."""
        return [os.fsdecode(name) for name in self.out.split(b"\0") if name]


@dataclass(frozen=True)
class Git:
    """One repository and its work tree; no other repository is ever looked for.

    Attributes:
        work_tree: The folder with the files.
        git_dir: The repository, when it is not `.git` in the work tree.
        identity: Variables that say whose name stands in a commit.
        shown: What errors name, when it is not the work tree.
    """

    work_tree: Path
    git_dir: Path = Path(".git")
    identity: Mapping[str, str] = field(default_factory=dict)
    shown: Path | None = None

    @property
    def place(self) -> Path:
        """The folder that errors name."""
        return self.shown or self.work_tree

    def run(self, *arguments: str, stdin: bytes = b"", accept: Container[int] = (0,)) -> Answer:
        """Run one command.

        Args:
            arguments: The command and its arguments.
            stdin: What the command reads.
            accept: The exit codes that are answers, not errors.

        Raises:
            GitError: The command ended with any other code.
        """
        place = [f"--git-dir={self.git_dir}", "--work-tree=."]
        return self.execute([*place, *arguments], stdin, accept)

    def read(self, *arguments: str) -> str:
        """Run one command and return its output as text."""
        return self.run(*arguments).text

    def answers(self, *arguments: str) -> bool:
        """Run a command that says yes with 0 and no with 1."""
        return self.run(*arguments, accept=(0, 1)).code == 0

    def init(self) -> None:
        """Make the repository, without the templates and hooks of this machine."""
        self.execute(["init", "--quiet", "--template="])

    def execute(
        self, arguments: list[str], stdin: bytes = b"", accept: Container[int] = (0,)
    ) -> Answer:
        """Run the git executable in the work tree, with whatever repository the arguments name."""
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        command = [find_git(), *settings, *arguments]
        with deferred_interrupts():  # git would stop between two files, or leave a lock behind
            done = subprocess.run(
                command,
                cwd=self.work_tree,
                env=make_environment() | dict(self.identity),
                input=stdin,
                capture_output=True,
                check=False,
                start_new_session=sys.platform != "win32",  # Ctrl-C reaches us alone
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        answer = Answer(done.returncode, done.stdout, done.stderr.decode(errors="replace"))
        if answer.code not in accept:
            raise explain_failure(self.place, arguments, answer)
        return answer


def find_git() -> str:
    """Return the path of the git executable."""
    git = shutil.which("git")
    if git is None:
        command = INSTALL_GIT.get(sys.platform, INSTALL_GIT["linux"])
        raise CourseError("git is not installed; the workspace needs it.", f"Install it: {command}")
    return git


def make_environment() -> dict[str, str]:
    """Return the caller's environment without what would point git elsewhere or make it ask."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in KEPT_VARIABLES
    }
    return kept | {
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_MERGE_AUTOEDIT": "no",
        "GIT_EDITOR": "true",
    }


def explain_failure(folder: Path, arguments: list[str], answer: Answer) -> GitError:
    """Turn git's own words into a problem and a next step."""
    err = answer.err
    if is_disk_full(folder, err):
        return GitError(
            "The disk is full: git could not write to the workspace.",
            "Free some space, then give the same command again.",
        )
    if lock := re.search(r"[Uu]nable to create '(?P<file>.*\.lock)': File exists", err):
        return locked_error(lock["file"])
    if changed := explain_change(err):
        return changed
    if unreadable := re.search(r'open\("(?P<file>.*)"\): Permission denied', err):
        return GitError(
            f"git may not read {folder / unreadable['file']}.",
            "Give yourself the right to read it, or move it out of the workspace.",
        )
    if "Permission denied" in err or "Read-only file system" in err:
        return GitError(
            f"git may not write to {folder}: {last_line(err)}",
            "Make the folder and everything in it yours and writable.",
        )
    command = next((word for word in arguments if not word.startswith("-")), "git")
    return GitError(
        f"git {command} failed in {folder}: {last_line(err)}",
        f'Look at it with: git -C "{folder}" status   and: git -C "{folder}" fsck',
    )


def explain_change(err: str) -> GitError | None:
    """Say what was saved or committed while the command ran; None when that is not why it fails."""
    if "would be overwritten by" in err:
        return refuse_to_overwrite(
            line.strip() for line in err.splitlines() if line.startswith("\t")
        )
    if "Not possible to fast-forward" in err:
        return GitError(
            "Something was committed to main a moment ago.", "Give the same command again."
        )
    return None


def refuse_to_overwrite(names: Iterable[str]) -> GitError:
    """Make the error for files that were saved while the command ran."""
    return GitError(
        f"git does not write over what was saved a moment ago: {', '.join(names)}.",
        "Give the same command again: it saves that first.",
    )


def is_disk_full(folder: Path, err: str) -> bool:
    """Tell whether that is the reason; git has several words for it, and at times none."""
    if "No space left on device" in err or "diskspace" in err:
        return True
    return ("write" in err or not err) and shutil.disk_usage(folder).free < LITTLE_SPACE


def locked_error(lock: str) -> GitError:
    """Make the error for a repository that another git command holds."""
    return GitError(
        f"Another git command holds the workspace: {lock} exists.",
        "Wait until it ends, and close any editor that waits for a commit message. "
        "When no git command is running, delete that file.",
    )


def last_line(err: str) -> str:
    """Return git's reason, which stands in its last line of any weight."""
    lines = [line.strip() for line in err.splitlines() if line.strip()]
    grave = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (grave or lines or ["it gave no reason"])[-1]
