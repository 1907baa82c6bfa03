"""The folder of one batch: its results, its reports, and what was settled when it began."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from checker import __version__
from checker.errors import UsageError
from checker.grading.output import explained_writing
from checker.grading.results import ResultFile, sync_folder
from checker.paths import CoursePaths
from checker.probes.guest.removal import remove_tree
from checker.probes.lock import try_lock

FORMAT = "course/batch/v1"
JUDGING = ("checks", "judge", "probes", "course", "grading")  # packages that a verdict comes from
LOCKS = ("requirements.lock", "locks/app.lock", "locks/browser.lock")
FRONTEND_LOCKS = "*/frontend/package-lock.json"  # below the solutions: what a frontend may use


class BatchFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What stays the same from one start to the next.

    Attributes:
        seed: All random inputs come from it.
        salt: Hides names in anonymous reports.
        round: How often the grader has asked for everything to be done anew.
    """

    format: str = FORMAT
    seed: int
    salt: str
    round: int = 0


class Batch:
    """An open batch; nobody else works on it meanwhile.

    Args:
        folder: Where everything is kept.
        facts: What was settled.
    """

    def __init__(self, folder: Path, facts: BatchFacts) -> None:
        self.folder = folder
        self.facts = facts
        self.results = ResultFile(folder / "results.jsonl")
        self.temporary = name_temporary(folder)


@contextmanager
def open_batch(folder: Path, *, seed: int | None, is_regraded: bool) -> Iterator[Batch]:
    """Open the batch of a folder, begun unless it is there.

    Args:
        folder: Made unless it is there.
        seed: For a new batch; None draws one.
        is_regraded: Begin another round: every submission is graded anew.

    Raises:
        UsageError: somebody else works on it, or it was begun with another seed.
        CourseError: the folder cannot be written.
    """
    with explained_writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with try_lock(folder / "lock") as is_ours:
            if not is_ours:
                raise UsageError(
                    f"another grader works in {folder}", "Wait for it, or name another folder."
                )
            facts = settle(folder / "batch.json", seed, is_regraded=is_regraded)
            batch = Batch(folder, facts)
            remove_tree(batch.temporary)  # of a grader that was killed
            batch.temporary.mkdir(mode=0o700)
            try:
                yield batch
            finally:
                remove_tree(batch.temporary)


def settle(file: Path, seed: int | None, *, is_regraded: bool) -> BatchFacts:
    """Return what was settled when the batch began, and write down what changes now.

    Raises:
        UsageError: it was begun with another seed.
    """
    facts = msgspec.json.decode(file.read_bytes(), type=BatchFacts) if file.exists() else None
    if facts is None:
        drawn = secrets.randbelow(2**32) if seed is None else seed
        facts = BatchFacts(seed=drawn, salt=secrets.token_hex(16))
    elif seed not in {None, facts.seed}:
        raise UsageError(
            f"this batch was begun with --seed {facts.seed}", "Leave the option out to go on."
        )
    elif is_regraded:
        facts = msgspec.structs.replace(facts, round=facts.round + 1)
    write_whole(file, msgspec.json.encode(facts))
    return facts


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that whoever reads it finds the old content or the new one, never a part."""
    draft = file.with_name(f".{file.name}.draft")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    sync_folder(file.parent)


def name_temporary(folder: Path) -> Path:
    """Return the folder for what the runs of a batch need for a moment."""
    digest = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"course-grade-{digest}"


def find_version(paths: CoursePaths) -> str:
    """Return the version of everything that judges: another one when any file of it differs."""
    digest = hashlib.sha256()
    package = paths.root / "checker"
    files = [path for name in JUDGING for path in (package / name).rglob("*.py")]
    locks = [*(paths.root / lock for lock in LOCKS), *paths.solutions.glob(FRONTEND_LOCKS)]
    for file in sorted([*files, *locks]):
        digest.update(f"{file.relative_to(paths.root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
