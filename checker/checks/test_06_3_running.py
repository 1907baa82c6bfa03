"""L6.3: the backend's container runs as nobody special, says how it is, and ends in time."""

from checker.checks.declare import check
from checker.checks.dockerfiles import (
    FOLDERS,
    SECRET_NAME,
    expect_health_check,
    expect_listed_command,
    expect_user,
    list_pairs,
    read_dockerfile,
)
from checker.checks.expect import expect
from checker.probes.project import Project


@check("L6.3", points=1)
def test_backend_names_its_user(project: Project) -> None:
    """The backend's image says that user 1000 runs it."""
    expect_user(read_dockerfile(project, "backend", "L6.3"), "backend", "L6.3")


@check("L6.3", points=1)
def test_backend_command_is_a_list(project: Project) -> None:
    """What the backend's image starts is a list, so that SIGTERM reaches the app."""
    expect_listed_command(read_dockerfile(project, "backend", "L6.3"), "backend", "L6.3")


@check("L6.3", points=1)
def test_backend_has_health_check(project: Project) -> None:
    """The backend's image says how one asks whether it is well."""
    expect_health_check(read_dockerfile(project, "backend", "L6.3"), "backend", "L6.3")


@check("L6.3", points=1, needs=("backend_names_its_user",))
def test_no_secret_is_built_in(project: Project) -> None:
    """No ENV and no ARG of the Dockerfiles is for a secret."""
    for folder in FOLDERS:
        for stage in read_dockerfile(project, folder, "L6.3").stages:
            named = [f"ENV {name}" for name, value in list_pairs(stage, "ENV") if value]
            named += [f"ARG {name}" for name, _ in list_pairs(stage, "ARG")]
            found = [name for name in named if SECRET_NAME.search(name)]
            expect(
                not found,
                expected=f"no secret among the ENVs and ARGs of {folder}/Dockerfile",
                got=", ".join(found),
                next_step="Everybody who has the image can read it. Give it to the container.",
            )
