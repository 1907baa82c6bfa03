"""Read a git bundle with a git that knows no settings, runs no hook and asks nobody."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from checker.errors import ProbeError
from checker.grading.archives import read_tar, take_all
from checker.grading.entries import Writer
from checker.grading.names import show
from checker.grading.refusal import Limits, Refusal

BUNDLE = ".bundle"
LONGEST_GIT = 120.0  # seconds
TOO_LONG = "git does not get done with it"
ALONE = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "PATH": os.environ.get("PATH", os.defpath),
    "LANG": "C.UTF-8",
}


def unpack_bundle(bundle: Path, target: Path, limits: Limits) -> None:
    """Write the files of a bundle's HEAD, or of its only branch, below a folder.

    Raises:
        Refusal: git cannot read it, or it is hostile.
        ProbeError: there is no git.
    """
    packed = bundle.stat().st_size
    if packed > limits.packed:
        raise Refusal(f"the bundle has more than {limits.packed >> 20} MiB")
    with tempfile.TemporaryDirectory(prefix="course-bundle-") as place:
        repository = Path(place, "repository")
        run_git("clone", "--quiet", "--bare", "--", bundle, repository)
        with open_tree(repository, "HEAD") as stream:
            take_all(read_tar(stream, limits), Writer(target, limits, packed))


def run_git(*arguments: str | Path, protocols: str = "file") -> None:
    """Run one git command over what a learner made.

    Args:
        arguments: As after `git`.
        protocols: What it may fetch by, with colons between.

    Raises:
        Refusal: it fails.
        ProbeError: there is no git.
    """
    try:
        done = subprocess.run(
            make_command(*arguments),
            env=ALONE | {"GIT_ALLOW_PROTOCOL": protocols},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_GIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(TOO_LONG) from error
    expect_success(done.returncode, done.stderr)


def make_command(*arguments: str | Path) -> list[str | Path]:
    """Return a git command.

    Raises:
        ProbeError: there is no git.
    """
    git = shutil.which("git")
    if git is None:
        raise ProbeError("git is needed to read a bundle", "Install git; ./course doctor says how.")
    return [git, "-c", "core.hooksPath=/dev/null", "-c", "fetch.fsckObjects=true", *arguments]


def expect_success(code: int, errors: bytes) -> None:
    """Look at how a git command ended.

    Raises:
        Refusal: it failed.
    """
    if code != 0:
        lines = errors.decode(errors="replace").strip().splitlines()
        raise Refusal(f"git cannot read it: {show(lines[-1] if lines else 'it does not say why')}")


@contextmanager
def open_tree(repository: Path, commit: str) -> Iterator[IO[bytes]]:
    """Yield the files of a commit as a tar stream: none is on the disk before its reader wants it.

    A few kilobytes of git can stand for more than any disk holds. Who has read enough may stop;
    trees that git itself needs too much memory for fail in `limited`.

    Raises:
        Refusal: git cannot read it to the end, or not in time.
        ProbeError: there is no git.
    """
    command = make_command("-C", repository, "archive", "--format=tar", commit)
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command, env=ALONE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        ) as process,
        ended_in_time(process) as is_late,
    ):
        stream = cast("IO[bytes]", process.stdout)
        try:
            yield stream
        except Refusal:
            expect_end(process, errors, is_late)  # what git says goes first
            raise
        expect_end(process, errors, is_late)


def expect_end(
    process: "subprocess.Popen[bytes]", errors: IO[bytes], is_late: threading.Event
) -> None:
    """Read no further, and look at how a git command ended.

    Raises:
        Refusal: it failed, other than by having too much to say, or it took too long.
    """
    stream = cast("IO[bytes]", process.stdout)
    has_more = bool(stream.read(1))  # then we cut it off, and its code tells of nothing else
    stream.close()
    code = process.wait()
    if has_more or code == 0:
        return
    if is_late.is_set():
        raise Refusal(TOO_LONG)
    errors.seek(0)
    expect_success(code, errors.read())


@contextmanager
def ended_in_time(process: "subprocess.Popen[bytes]") -> Iterator[threading.Event]:
    """End a process that takes too long; its reader then finds the end of its output.

    Yields:
        What is set before it is ended.
    """
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(LONGEST_GIT, end)
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()
