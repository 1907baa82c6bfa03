"""Keep the files of a Space in a git repository, by git's own commands."""

import datetime as dt
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from checker.errors import ProbeError
from checker.probes.hub.prereceive import write_hook

BRANCH = "refs/heads/main"
LONGEST_COMMAND = 60.0  # seconds
AUTHOR = "the local Hub <hub@example.com>"
# Nothing of the user's own configuration: it could sign commits or run hooks.
WITHOUT_CONFIGURATION = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class File(NamedTuple):
    """A file as a commit has it.

    Attributes:
        oid: Git's name for its content.
    """

    path: str
    oid: str
    size: int


class Commit(NamedTuple):
    """One commit.

    Attributes:
        date: UTC, as the Hub writes it: ISO 8601 with milliseconds and a Z.
    """

    sha: str
    date: str
    title: str


@dataclass
class Change:
    """What a commit does.

    Attributes:
        summary: Its first line.
        files: Contents by path.
        deleted: Paths of files and folders.
    """

    summary: str = "Update"
    files: dict[str, bytes] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)


class Repository:
    """One bare repository.

    Args:
        folder: Where it is; it is made there unless it is one already.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "HEAD").exists():
            folder.mkdir(parents=True, exist_ok=True)
            self._run("init", "--quiet", "--bare", "--initial-branch=main")
            write_hook(folder / "hooks")

    def remove(self) -> None:
        """Remove it from the disk."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def find_head(self) -> str:
        """Return the newest commit, an empty text before the first one."""
        done = self._try("rev-parse", "--verify", "--quiet", BRANCH)
        return done.stdout.decode().strip()

    def commit(self, change: Change) -> str:
        """Add a commit, and return its name."""
        self._run("fast-import", "--quiet", "--date-format=now", given=write_stream(change, self))
        return self.find_head()

    def list_files(self) -> list[File]:
        """Return the files of the newest commit."""
        if not self.find_head():
            return []
        listed = self._run("ls-tree", "-r", "-z", "--long", BRANCH).decode()
        return list(read_listing(listed))

    def read(self, path: str) -> bytes | None:
        """Return a file of the newest commit, None when there is none of this path."""
        done = self._try("cat-file", "blob", f"{BRANCH}:{path}")
        return done.stdout if done.returncode == 0 else None

    def list_commits(self) -> list[Commit]:
        """Return the commits, the newest first."""
        if not self.find_head():
            return []
        lines = self._run("log", "--format=%H%x00%ct%x00%s", BRANCH).decode().splitlines()
        return [read_commit(line) for line in lines]

    def export(self, target: Path) -> None:
        """Write the files of the newest commit into a folder."""
        archive = self._run("archive", "--format=tar", BRANCH)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(target, filter="data")

    def answer(self, *arguments: str, given: bytes, speak: str) -> bytes:
        """Let git speak with a client.

        Args:
            arguments: Git's command, and its options before the folder.
            given: What the client says.
            speak: The version of git's protocol that the client would like.

        Raises:
            subprocess.CalledProcessError: git does not understand it.
        """
        command = ["git", "-c", "receive.fsckObjects=true", *arguments, f"{self.folder}"]
        env = {**os.environ, **WITHOUT_CONFIGURATION, "GIT_PROTOCOL": speak}
        return subprocess.run(
            command,
            env=env,
            input=given,
            capture_output=True,
            timeout=LONGEST_COMMAND,
            check=True,
        ).stdout

    def _run(self, *arguments: str, given: bytes = b"") -> bytes:
        done = self._try(*arguments, given=given)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise ProbeError(
                f"git {arguments[0]} failed in the local Hub: {said[-1] if said else 'no reason'}",
                "Run ./course doctor: it looks at git and at the disk.",
            )
        return done.stdout

    def _try(self, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            ["git", "--git-dir", f"{self.folder}", *arguments],
            env={**os.environ, **WITHOUT_CONFIGURATION},
            input=given,
            capture_output=True,
            timeout=LONGEST_COMMAND,
            check=False,
        )


def read_commit(line: str) -> Commit:
    """Read a line of the log: its name, seconds since 1970, and its title."""
    sha, seconds, title = line.split("\0", 2)
    date = dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    return Commit(sha, f"{date:%Y-%m-%dT%H:%M:%S.000Z}", title)


def write_stream(change: Change, repository: Repository) -> bytes:
    """Return a commit in the words of `git fast-import`."""
    head = repository.find_head()
    parts = [f"commit {BRANCH}\ncommitter {AUTHOR} now\n".encode(), write_data(change.summary)]
    if head:
        parts.append(f"from {head}\n".encode())
    parts += [f"D {quote(path)}\n".encode() for path in change.deleted]
    for path, content in change.files.items():
        parts += [f"M 100644 inline {quote(path)}\n".encode(), write_data(content)]
    return b"".join(parts)


def write_data(content: str | bytes) -> bytes:
    """Return a text or a file as fast-import counts it."""
    raw = content.encode() if isinstance(content, str) else content
    return b"data %d\n%s\n" % (len(raw), raw)


def quote(path: str) -> str:
    """Return a path in quotes, as fast-import reads it."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def read_listing(text: str) -> Iterator[File]:
    """Read what `git ls-tree --long -z` prints: `mode type oid size<TAB>path`."""
    for line in text.split("\0"):
        if line:
            facts, _, path = line.partition("\t")
            _, _, oid, size = facts.split()
            yield File(path, oid, int(size))


def is_sound(path: str) -> bool:
    """Tell whether a path stays in the repository, and is none of git's own."""
    pure = PurePosixPath(path)
    is_odd = pure.is_absolute() or path != pure.as_posix() or not path
    return not is_odd and not {"..", ".git"} & {part.lower() for part in pure.parts}
