"""Find the submissions in a folder, and bring one of them to disk."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from checker.errors import ProbeError, UsageError
from checker.grading.archives import TAR, ZIP, unpack
from checker.grading.bundles import BUNDLE, unpack_bundle
from checker.grading.fetch import UNFETCHED
from checker.grading.names import show
from checker.grading.refusal import Limits, Refusal
from checker.probes.submission import SubmissionError, copy_app, list_app_files

SUFFIXES = (*ZIP, *TAR, BUNDLE, UNFETCHED)
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
        UsageError: there is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", "Name the folder of the submissions.")
    paths = sorted(path for path in folder.iterdir() if is_submission(path))
    if not paths:
        raise UsageError(
            f"{folder} holds no submission",
            f"Put folders there, or files that end in {', '.join((*ZIP, *TAR, BUNDLE))}.",
        )
    names = [cut_suffix(path) for path in paths]
    return [
        Submission(show(name if names.count(name) == 1 else path.name), path)
        for name, path in zip(names, paths, strict=True)
    ]


def is_submission(path: Path) -> bool:
    """Tell whether something in the folder was handed in: a link was not."""
    if path.name.startswith(".") or path.is_symlink():
        return False
    return path.is_dir() or (path.is_file() and path.name.lower().endswith(SUFFIXES))


def cut_suffix(path: Path) -> str:
    """Return the name of a submission's file without what tells how it is packed."""
    if path.is_dir():
        return path.name
    longest = max((s for s in SUFFIXES if path.name.lower().endswith(s)), key=len)
    return path.name[: -len(longest)] or path.name


def hash_submission(submission: Submission) -> str:
    """Return a hash of what was handed in: of an archive's bytes, of a folder's files.

    Two people who handed in the same get the same, and so the same verdict.
    """
    digest = hashlib.sha256()
    if submission.path.is_file():
        add_file(digest, submission.path)
        return digest.hexdigest()
    try:
        for path in list_app_files(submission.path):
            digest.update(f"{path.relative_to(submission.path).as_posix()}\0".encode(*ODD))
            if path.is_file():
                digest.update(f"{path.stat().st_size}\0".encode())
                add_file(digest, path)
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
    elif path.name.endswith(UNFETCHED):
        reason = path.read_text(encoding="utf-8")
        raise ProbeError(f"it could not be fetched: {reason}", "Start the grader again.")
    elif path.name.lower().endswith(BUNDLE):
        unpack_bundle(path, target, limits)
    else:
        unpack(path, target, limits)
    return find_app(target)


def find_app(folder: Path) -> Path:
    """Return the folder that holds `backend/`: archives often have one folder around it all."""
    below = [folder]
    for _ in range(DEEPEST_APP):
        found = [place for place in below if (place / "backend").is_dir()]
        if len(found) == 1:
            return found[0]
        below = [path for place in below for path in sorted(place.iterdir()) if path.is_dir()]
    return folder
