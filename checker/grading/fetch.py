"""Fetch submissions that are handed in as addresses of git repositories, before any is graded."""

import csv
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checker.errors import UsageError
from checker.grading.bundles import run_git
from checker.grading.refusal import Refusal

UNFETCHED = ".unfetched"
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


def fetch_submissions(file: Path, folder: Path) -> None:
    """Put an archive of every repository into a folder; those that are there stay as they are.

    What cannot be fetched leaves a file that says why: it is an error, and no mark.

    Raises:
        UsageError: the file does not say what it has to.
    """
    repositories = list(read_repositories(file))
    folder.mkdir(parents=True, exist_ok=True)
    for repository in repositories:
        target = folder / f"{repository.submission}.tar"
        failed = target.with_suffix(UNFETCHED)
        if target.exists():
            continue
        try:
            fetch(repository, target)
            failed.unlink(missing_ok=True)
        except Refusal as refusal:
            failed.write_text(refusal.reason, encoding="utf-8")


def read_repositories(file: Path) -> Iterator[Repository]:
    """Yield the lines of the file.

    Raises:
        UsageError: one of them names no repository, or has an odd name.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{file} cannot be read: {error}", MEND) from error
    for number, row in enumerate(rows, start=2):
        name, url, commit = ((row.get(k) or "").strip() for k in ("submission", "url", "commit"))
        fits = NAME.fullmatch(name) and ADDRESS.fullmatch(url)
        if not fits or (commit and not COMMIT.fullmatch(commit)):
            raise UsageError(f"{file}, line {number}: no plain name with an https address", MEND)
        yield Repository(name, url, commit)


def fetch(repository: Repository, target: Path) -> None:
    """Fetch one commit, and keep its files as an archive, which is read like any other.

    Raises:
        Refusal: git cannot fetch it.
    """
    with tempfile.TemporaryDirectory(prefix="course-fetch-") as place:
        clone = Path(place, "clone")
        run_git("init", "--quiet", "--bare", clone)
        wanted = repository.commit or "HEAD"
        fetching = ("fetch", "--quiet", "--depth", "1", "--no-tags", "--", repository.url, wanted)
        run_git("-C", clone, *fetching, protocols=PROTOCOLS)
        archive = Path(place, "files.tar")
        run_git("-C", clone, "archive", "--format=tar", f"--output={archive}", "FETCH_HEAD")
        shutil.move(archive, target)
