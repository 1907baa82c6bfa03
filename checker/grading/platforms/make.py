"""Make what platforms start: an autograder for Gradescope, a workflow for GitHub."""

import io
import re
import tarfile
import zipfile
from pathlib import Path

from checker.errors import UsageError
from checker.grading.docker.image import pack_course
from checker.paths import CoursePaths

TEMPLATES = Path(__file__).parent
EXECUTABLE, READABLE = 0o100755, 0o100644
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
REF = re.compile(r"[\w][\w./-]*")


def fill(name: str, **values: object) -> str:
    """Return a template with its blanks filled."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    for blank, value in values.items():
        text = text.replace(f"@{blank.upper()}@", f"{value}")
    return text


def make_gradescope(paths: CoursePaths, lesson: int) -> bytes:
    """Return the zip archive that Gradescope builds an autograder from.

    Its `setup.sh` runs when that is built, `run_autograder` for each submission; both lie at its
    top, as its documentation asks, and the course beside them.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        add(archive, "setup.sh", fill("setup.sh").encode(), EXECUTABLE)
        script = fill("run_autograder", lesson=lesson)
        add(archive, "run_autograder", script.encode(), EXECUTABLE)
        with tarfile.open(fileobj=io.BytesIO(pack_course(paths.root))) as course:
            for member in course:
                if content := course.extractfile(member):
                    mode = EXECUTABLE if member.mode & 0o100 else READABLE
                    add(archive, f"course/{member.name}", content.read(), mode)
    return stream.getvalue()


def add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    """Add a file with its rights, and the same date in every archive."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def make_workflow(lesson: int, course: str, ref: str) -> bytes:
    """Return a workflow for the repository that learners start from.

    Args:
        lesson: Up to which lesson is graded.
        course: The repository of the course, `owner/name`.
        ref: What of it is used: best a commit, which nobody can move.

    Raises:
        UsageError: one of them is no such name.
    """
    if not REPOSITORY.fullmatch(course) or not REF.fullmatch(ref):
        raise UsageError(
            f"{course} at {ref} is no repository on GitHub",
            "Name yours: --course owner/name --ref COMMIT.",
        )
    return fill("workflow.yml", lesson=lesson, course=course, ref=ref).encode()
