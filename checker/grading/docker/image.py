"""Build the image that submissions are graded in, unless it is there."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from checker.errors import ProbeError
from checker.paths import CoursePaths

LONGEST_BUILD = 1800.0  # seconds
PARTS = (
    *("course", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "locks"),
    *("checker", "lessons", "solutions"),
)
LEFT_OUT = {"__pycache__", "node_modules", ".next", "frontend"}  # no frontend is graded here
DOCKERFILE = Path(__file__).with_name("Dockerfile")
MEND = "./course doctor says whether Docker works. What the build needs from outside is pip's."
VARIABLES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "HTTPS_PROXY", "NO_PROXY")


def find_docker() -> str:
    """Return the program.

    Raises:
        ProbeError: it is not installed.
    """
    if docker := shutil.which("docker"):
        return docker
    raise ProbeError("Docker was not found", "Install it, or take --jail bubblewrap.")


def provide_image(paths: CoursePaths) -> str:
    """Return the image of this very course, built unless it is there.

    Raises:
        ProbeError: there is no engine, or the build fails.
    """
    docker, course = find_docker(), pack_course(paths.root)
    name = f"course-grader:{hashlib.sha256(course).hexdigest()[:12]}"
    known = subprocess.run([docker, "image", "inspect", name], capture_output=True, check=False)
    if known.returncode == 0:
        return name
    arguments = [part for v in VARIABLES if v in os.environ for part in ("--build-arg", v)]
    try:
        built = subprocess.run(
            [docker, "build", "--tag", name, *arguments, "-"],
            input=course,
            capture_output=True,
            timeout=LONGEST_BUILD,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProbeError("the image of the grader does not get built", MEND) from error
    if built.returncode != 0:
        lines = (built.stderr + built.stdout).decode(errors="replace").strip().splitlines()
        raise ProbeError(f"the image of the grader cannot be built: {' '.join(lines[-3:])}", MEND)
    return name


def pack_course(root: Path) -> bytes:
    """Return what the image is built from, as an archive: the same bytes for the same course."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.add(DOCKERFILE, "Dockerfile", filter=leave_out)
        for name in PARTS:
            archive.add(root / name, name, filter=leave_out)
    return stream.getvalue()


def leave_out(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Return a member that the judge needs, made root's, and as old as all others."""
    if LEFT_OUT & set(Path(member.name).parts):
        return None
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = "root"
    return member
