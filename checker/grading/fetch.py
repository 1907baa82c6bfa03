"""Fetch submissions that are handed in as addresses of git repositories, before any is graded."""

import csv
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from checker.errors import UsageError
from checker.grading.batch import write_whole
from checker.grading.bundles import open_tree, run_git
from checker.grading.limited import limited
from checker.grading.names import fold, identify
from checker.grading.refusal import Limits, Refusal

CHUNK = 1 << 20
LARGEST = Limits().packed
FETCHED = ".tar"
UNFETCHED = ".unfetched"
ORIGIN = ".origin"  # beside each: a hash of where it is from, for an address may hold a password
PROTOCOLS = "https:ssh"  # not `file`: whoever handed in an address could name the grader's own
ADDRESS = re.compile(r"(?:https|ssh)://[^\s/@]+(?:@[^\s/@]+)?/\S+")
NAME = re.compile(r"[\w-][\w.-]{0,80}")
COMMIT = re.compile(r"[\w][\w./-]{0,200}")
MEND = "Write a CSV file in UTF-8: submission,url and, if you like, commit in its first line."


@dataclass(frozen=True)
class Repository:
    """One line of the file.

    Attributes:
        submission: What the reports call it.
        commit: A hash, a branch or a tag; empty for what the repository shows first.
    """

    submission: str
    url: str
    commit: str


def fetch_submissions(file: Path, folder: Path) -> dict[str, Path]:
    """Put an archive of every repository into a folder; those that are there stay as they are.

    One whose address or commit is another one by now is fetched anew. What cannot be fetched leaves
    a file that says why: it is an error, and no mark. What the file does not name any more is kept:
    a later one may name it again, and nobody else has what was handed in by then.

    Returns:
        The archive of each submission, or the file that says why there is none, by its name.

    Raises:
        UsageError: the file does not say what it has to.
    """
    repositories = list(read_repositories(file))
    if not repositories:
        raise UsageError(f"{file} names no repository", MEND)
    folder.mkdir(parents=True, exist_ok=True)
    return {repository.submission: provide(repository, folder) for repository in repositories}


def provide(repository: Repository, folder: Path) -> Path:
    """Put the archive of one repository into a folder unless it is there, or a file that says why.

    Where it is from is written down before the first one is there, and after one from elsewhere was
    replaced: who is stopped in between fetches it anew.
    """
    target, failed, origin = (
        folder / f"{repository.submission}{end}" for end in (FETCHED, UNFETCHED, ORIGIN)
    )
    told = hashlib.sha256(f"{repository.url} {repository.commit}".encode()).hexdigest().encode()
    failed.unlink(missing_ok=True)  # of an earlier start
    if not target.exists() or not origin.exists():  # older graders wrote no origin
        write_whole(origin, told)
    if target.exists() and origin.read_bytes() == told:
        return target
    try:
        fetch(repository, target)
    except Refusal as refusal:
        failed.write_text(refusal.reason, encoding="utf-8")
        return failed
    write_whole(origin, told)
    return target


def read_repositories(file: Path) -> Iterator[Repository]:
    """Yield the lines of the file.

    Raises:
        UsageError: one of them names no repository, or has an odd name, or that of another.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{file} cannot be read: {error}", MEND) from error
    names: set[str] = set()
    for number, row in enumerate(rows, start=2):
        name, url, commit = ((row.get(k) or "").strip() for k in ("submission", "url", "commit"))
        name = identify(name)
        fits = NAME.fullmatch(name) and ADDRESS.fullmatch(url)
        if not fits or (commit and not COMMIT.fullmatch(commit)):
            raise UsageError(f"{file}, line {number}: no plain name with an https address", MEND)
        key = fold([name])  # one file, where the disk does not tell case apart
        if key in names:
            raise UsageError(f"{file}, line {number}: {name} is there twice", MEND)
        names.add(key)
        yield Repository(name, url, commit)


def fetch(repository: Repository, target: Path) -> None:
    """Fetch one commit, and keep its files as an archive, which is read like any other.

    Of one that is too large, so much is kept that its reader refuses it.

    Raises:
        Refusal: git cannot fetch it.
    """
    with limited(), tempfile.TemporaryDirectory(prefix="course-fetch-") as place:
        clone = Path(place, "clone")
        run_git("init", "--quiet", "--bare", clone)
        wanted = repository.commit or "HEAD"
        fetching = ("fetch", "--quiet", "--depth", "1", "--no-tags", "--", repository.url, wanted)
        run_git("-C", clone, *fetching, protocols=PROTOCOLS)
        draft = target.with_name(f".{target.name}.draft")
        try:
            with open_tree(clone, "FETCH_HEAD") as stream, draft.open("wb") as file:
                copy_start(stream, file, LARGEST + 1)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)  # whole, or not there: a part of it would be a broken archive
        finally:
            draft.unlink(missing_ok=True)


def copy_start(stream: IO[bytes], file: IO[bytes], most: int) -> None:
    """Copy a stream, or its first `most` bytes."""
    while data := stream.read(min(CHUNK, most)):
        file.write(data)
        most -= len(data)
