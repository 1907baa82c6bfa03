"""L6.1: what has no business in an image does not get near it."""

from checker.checks.container_views import list_backend_files, list_frontend_files
from checker.checks.declare import check
from checker.checks.dockerfiles import FOLDERS
from checker.checks.expect import expect
from checker.checks.fixtures import Observations
from checker.checks.image_expectations import expect_no_traps
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


@check("L6.1", points=2, needs=("images_get_no_secret", "backend_image_builds"))
def test_backend_image_holds_nothing_else(observations: Observations) -> None:
    """Built with secrets and local work in its folder, the backend's image has none of it."""
    expect_no_traps(observations.wait_for(list_backend_files), "backend")


@check("L6.1", points=2, needs=("images_get_no_secret", "frontend_image_builds"))
def test_frontend_image_holds_nothing_else(observations: Observations) -> None:
    """Built with secrets and local work in its folder, the frontend's image has none of it."""
    expect_no_traps(observations.wait_for(list_frontend_files), "frontend")


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
