"""Find the finished app, the solution of the last lesson."""

from pathlib import Path

from checker.errors import CourseError

APP_LOCK = "locks/app.lock"


def find_finished_app(root: Path) -> Path:
    """Return the folder of the finished app in a course.

    Raises:
        CourseError: there is no solution.
    """
    found = sorted(folder for folder in (root / "solutions").glob("*") if folder.is_dir())
    if not found:
        raise CourseError(
            f"there is no solution in {root / 'solutions'}",
            "Build the solutions first: ./course build",
        )
    return found[-1]


def find_app_requirements(root: Path) -> Path:
    """Return the requirements of the finished app, relative to the root of the course.

    Raises:
        CourseError: there is no solution yet, or it has none.
    """
    file = find_finished_app(root) / "backend" / "requirements.txt"
    if not file.is_file():
        problem = f"the finished app has no backend/requirements.txt in {root / 'solutions'}"
        raise CourseError(problem, "Build the solutions first: ./course build")
    return file.relative_to(root)
