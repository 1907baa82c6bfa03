"""Take the course's marks out of the finished app, and write another name in."""

import re
from typing import NamedTuple

from checker.course.layers import Tree, decode
from checker.errors import CourseError
from checker.seed.names import AppName

APP = "Taskboard"  # the component TaskBoard is a board of tasks, whatever the app is called
COMPOSE = "docker-compose.yml"


class Edit(NamedTuple):
    """One place that speaks of the course: `old` stands in the file exactly once."""

    path: str
    old: str
    new: str


EDITS = (
    Edit(
        "backend/requirements.txt",
        "\n# Each lesson adds its packages below this line.\n\n# Lesson 2: passwords",
        "\n# Passwords",
    ),
    Edit("backend/requirements.txt", "# Lesson 3: PostgreSQL", "# PostgreSQL"),
    Edit("backend/requirements.txt", "# Lesson 5: the model", "# The model"),
    Edit("backend/app/middleware/__init__.py", "errors and, from lesson 2, who", "errors, and who"),
    Edit("backend/.dockerignore", "tests\n", "tests\npytest.ini\nrequirements-dev.txt\n"),
    Edit(
        "deployment/errors.py",
        'Rehearse with "\n    "./course hub, which costs nothing, or deploy',
        'Get one, or "\n    "deploy',
    ),
    Edit(
        "deployment/.env.example",
        "# The Hub. For a rehearsal, ./course hub shows what belongs here.",
        "# The Hub, and a token with the role `write`.",
    ),
    Edit("frontend/src/app/(visitor)/register/page.tsx", "your taskboard", f"your {APP}"),
)


def remove_marks(tree: Tree) -> Tree:
    """Return the files without what speaks of the course.

    Raises:
        CourseError: the app has changed, and an edit no longer fits.
    """
    edited = dict(tree)
    for edit in EDITS:
        old = edit.old.encode()
        if edited.get(edit.path, b"").count(old) != 1:
            raise CourseError(
                f"{edit.path} no longer has the text that ./course new replaces in it",
                "Bring EDITS in checker/seed/marks.py up to date with the solution.",
            )
        edited[edit.path] = edited[edit.path].replace(old, edit.new.encode())
    return edited


def rename(path: str, content: bytes, name: AppName) -> bytes:
    """Return a file with the app's new name in it; a database takes no hyphens."""
    text = decode(content)
    if text is None:
        return content
    text = re.sub(rf"\b{APP}\b", name.title, text)
    plain = name.identifier if path == COMPOSE else name.slug
    return re.sub(rf"\b{APP.lower()}\b", plain, text).encode()
