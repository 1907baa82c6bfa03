"""L6.1: what has no business in an image does not get near it."""

from checker.checks.declare import check
from checker.checks.dockerfiles import FOLDERS
from checker.checks.expect import expect
from checker.containers.ignore import is_left_out
from checker.probes.project import Project

SECRETS = {
    "backend": (".env", ".env.local"),
    "frontend": (".env", ".env.local", ".env.production"),
}
LOCAL_WORK = {
    "backend": (
        ".git/config",
        ".venv/pyvenv.cfg",
        "venv/pyvenv.cfg",
        "app/__pycache__/main.cpython-313.pyc",
    ),
    "frontend": (".git/config", "node_modules/next/package.json", ".next/BUILD_ID"),
}


@check("L6.1", points=2)
def test_images_get_no_secret(project: Project) -> None:
    """.env and its variants are left out of what images are built from."""
    expect_left_out(project, SECRETS, "Give .env and .env.* a line each")


@check("L6.1", points=2)
def test_images_get_no_local_work(project: Project) -> None:
    """Environments, packages, caches and .git are left out of what images are built from."""
    expect_left_out(project, LOCAL_WORK, "Give each its line, with **/ where it may lie deeper,")


def expect_left_out(project: Project, wanted: dict[str, tuple[str, ...]], advice: str) -> None:
    """Expect the .dockerignore of each folder to leave these paths out."""
    for folder in FOLDERS:
        file = f"{folder}/.dockerignore"
        patterns = project.read(file)
        taken = [path for path in wanted[folder] if not is_left_out(patterns or "", path)]
        expect(
            not taken,
            expected=f"{file} to leave out {', '.join(wanted[folder])}",
            got="no such file" if patterns is None else f"it lets in {', '.join(taken)}",
            next_step=f"{advice} in {file}. It knows nothing of .gitignore.",
        )
