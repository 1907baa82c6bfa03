"""Find the submissions in a folder, and bring one of them to disk."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from checker.errors import ProbeError, UsageError
from checker.grading.archives import TAR, ZIP, unpack
from checker.grading.bundles import BUNDLE, unpack_bundle
from checker.grading.fetch import UNFETCHED
from checker.grading.names import identify, show
from checker.grading.refusal import Limits, Refusal
from checker.probes.submission import SubmissionError, copy_app, list_app_files

HANDED_IN = (*ZIP, *TAR, BUNDLE)
SUFFIXES = (*HANDED_IN, UNFETCHED)
DEEPEST_APP = 3
CHUNK = 1 << 20


@dataclass(frozen=True)
class Submission:
    """One submission, as it was handed in.

    Attributes:
        name: What the roster and the reports call it.
        path: A folder or an archive.
    """

    name: str
    path: Path


def find_submissions(folder: Path) -> list[Submission]:
    """Return the submissions of a folder, each a folder or an archive, by their names.

    Raises:
        UsageError: there is no such folder, nothing in it, or two things of one name.
    """
    paths = list_submissions(folder)
    if not paths:
        raise UsageError(
            f"{folder} holds no submission",
            f"Put folders there, or files that end in {', '.join(HANDED_IN)}.",
        )
    found: dict[str, Submission] = {}
    for path in paths:
        name = identify(cut_suffix(path))
        if (other := found.setdefault(name, Submission(name, path))).path != path:
            raise UsageError(
                f"{show(other.path.name)} and {show(path.name)} are of one name",
                "Rename one if they are of two people, else move one out of the folder.",
            )
    return list(found.values())


def list_submissions(folder: Path) -> list[Path]:
    """Return what was handed in, in order.

    Raises:
        UsageError: there is no such folder, or it cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", "Name the folder of the submissions.")
    try:
        return sorted(path for path in folder.iterdir() if is_submission(path))
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be read: {error.strerror or error}", "Give yourself the right to."
        ) from error


def is_submission(path: Path) -> bool:
    """Tell whether something in the folder was handed in: a link was not."""
    if path.name.startswith(".") or path.is_symlink():
        return False
    return path.is_dir() or (path.is_file() and path.name.lower().endswith(HANDED_IN))


def cut_suffix(path: Path) -> str:
    """Return the name of a submission's file without what tells how it is packed."""
    if path.is_dir():
        return path.name
    return path.name[: -len(find_suffix(path))] or path.name


def find_suffix(path: Path) -> str:
    """Return what tells how a submission's file is packed, in small letters."""
    return max((s for s in SUFFIXES if path.name.lower().endswith(s)), key=len)


def hash_submission(submission: Submission) -> str:
    """Return a hash of what was handed in.

    It is of an archive's bytes and of how its name tells to read them, or of a folder's files and
    links to folders inside it.
    Two people who handed in the same get the same, and so the same verdict.
    """
    digest = hashlib.sha256()
    try:
        if submission.path.is_file():
            digest.update(f"{find_suffix(submission.path)}\0".encode())
            add_file(digest, submission.path)
            return digest.hexdigest()
        for path in list_app_files(submission.path):
            digest.update(f"{path.relative_to(submission.path).as_posix()}\0".encode(*ODD))
            if path.is_file():
                digest.update(f"file {path.stat().st_size}\0".encode())
                add_file(digest, path)
            else:
                target = path.resolve().relative_to(submission.path.resolve())
                digest.update(f"link {target.as_posix()}\0".encode(*ODD))
    except (SubmissionError, OSError) as error:  # the run says so, to whom it concerns
        digest.update(f"{error}".encode(*ODD))
    return digest.hexdigest()


ODD = ("utf-8", "surrogateescape")


def add_file(digest: "hashlib._Hash", path: Path) -> None:
    """Add the content of a file."""
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            digest.update(data)


def bring(path: Path, target: Path, limits: Limits) -> Path:
    """Write the files of a submission below a folder, and return the folder of the app in it.

    Raises:
        Refusal: they cannot be taken.
        ProbeError: they are not there, for reasons that need not be their author's.
    """
    target.mkdir(parents=True)
    if path.is_dir():
        try:
            copy_app(path, target)
        except SubmissionError as error:
            raise Refusal(str(error)) from error
        return find_app(target)
    expect_readable(path)
    if path.name.endswith(UNFETCHED):
        reason = path.read_text(encoding="utf-8")
        raise ProbeError(f"it could not be fetched: {reason}", "Start the grader again.")
    if path.name.lower().endswith(BUNDLE):
        unpack_bundle(path, target, limits)
    else:
        unpack(path, target, limits)
    return find_app(target)


def expect_readable(path: Path) -> None:
    """Look into an archive once, before what cannot be read counts as broken.

    Raises:
        ProbeError: the grader may not, or its disk cannot.
    """
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise ProbeError(
            f"{show(path.name)} cannot be read: {error.strerror}",
            "Give yourself the right to read it, then start again with --retry-errors.",
        ) from error


def find_app(folder: Path) -> Path:
    """Return the folder that holds `backend/`: archives often have one folder around it all."""
    below = [folder]
    for _ in range(DEEPEST_APP):
        found = [place for place in below if (place / "backend").is_dir()]
        if len(found) == 1:
            return found[0]
        below = [path for place in below for path in sorted(place.iterdir()) if path.is_dir()]
    return folder
