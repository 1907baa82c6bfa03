"""Send a submission to another machine, and unpack it there as it was handed in."""

import io
import os
import tarfile
from pathlib import Path

import msgspec

from checker.grading.refusal import Limits
from checker.grading.results import RunKey, RunResult, Status
from checker.grading.runner import Work
from checker.probes.submission import list_app_files


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One run that another machine is to make.

    Attributes:
        name: Of the submission, as the reports call it.
        file: The name of what was handed in, which need not be UTF-8; its end tells how it is
            packed.
        content: Its bytes; of a folder, a tar archive that we made.
    """

    name: str
    file: bytes
    is_folder: bool
    content: bytes
    key: RunKey
    seed: int
    attempt: int


class UnpackableError(Exception):
    """It is not worth sending: whoever reads it will refuse it."""


def pack(work: Work) -> Parcel:
    """Return a run as it is sent.

    Raises:
        UnpackableError: it is too large.
        SubmissionError: its folder cannot be read.
    """
    path = work.path
    if path.is_file() and path.stat().st_size > Limits().packed:
        raise UnpackableError
    return Parcel(
        name=work.name,
        file=os.fsencode(path.name),
        is_folder=path.is_dir(),
        content=pack_folder(path) if path.is_dir() else path.read_bytes(),
        key=work.key,
        seed=work.seed,
        attempt=work.attempt,
    )


def pack_folder(folder: Path) -> bytes:
    """Return a tar archive of an app, links to folders inside it among them."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in list_app_files(folder):
            archive.dereference = path.is_file()
            archive.add(path, path.relative_to(folder).as_posix(), recursive=False)
    return stream.getvalue()


def unpack(parcel: Parcel, place: Path) -> Work:
    """Write what was handed in below a folder, and return the run."""
    path = place / os.fsdecode(parcel.file)
    if parcel.is_folder:
        path.mkdir()
        unpack_folder(parcel.content, path)
    else:
        path.write_bytes(parcel.content)
    return Work(parcel.name, path, parcel.key, parcel.seed, parcel.attempt)


def unpack_folder(content: bytes, folder: Path) -> None:
    """Write the files of an archive that `pack_folder` made."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if member.issym():
                path.symlink_to(member.linkname)
            elif source := archive.extractfile(member):
                path.write_bytes(source.read())


def refuse(parcel: Parcel, reason: str) -> RunResult:
    """Return the result of a run that could not be made."""
    return RunResult(
        id=parcel.key.id,
        key=parcel.key,
        attempt=parcel.attempt,
        seed=parcel.seed,
        status=Status.ERROR,
        reason=reason,
    )
