"""Read a git bundle with a git that knows no settings, runs no hook and asks nobody."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, cast

from checker.errors import ProbeError
from checker.grading.archives import read_tar, take_all
from checker.grading.entries import Writer
from checker.grading.names import show
from checker.grading.refusal import Limits, Refusal

BUNDLE = ".bundle"
LONGEST_GIT = 120.0  # seconds
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
    if bundle.stat().st_size > limits.packed:
        raise Refusal(f"the bundle has more than {limits.packed >> 20} MiB")
    with tempfile.TemporaryDirectory(prefix="course-bundle-") as place:
        repository = Path(place, "repository")
        run_git("clone", "--quiet", "--bare", "--", bundle, repository)
        archive = Path(place, "files.tar")
        run_git("-C", repository, "archive", "--format=tar", f"--output={archive}", "HEAD")
        with archive.open("rb") as stream:
            writer = Writer(target, limits, bundle.stat().st_size)
            take_all(read_tar(cast("IO[bytes]", stream), limits), writer)


def run_git(*arguments: str | Path, protocols: str = "file") -> None:
    """Run one git command over what a learner made.

    Args:
        arguments: As after `git`.
        protocols: What it may fetch by, with colons between.

    Raises:
        Refusal: it fails.
        ProbeError: there is no git.
    """
    git = shutil.which("git")
    if git is None:
        raise ProbeError("git is needed to read a bundle", "Install git; ./course doctor says how.")
    command = [git, "-c", "core.hooksPath=/dev/null", "-c", "fetch.fsckObjects=true", *arguments]
    try:
        done = subprocess.run(
            command,
            env=ALONE | {"GIT_ALLOW_PROTOCOL": protocols},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_GIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal("git does not get done with it") from error
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refusal(
            f"git cannot read it: {show(reason[-1] if reason else 'it does not say why')}"
        )
