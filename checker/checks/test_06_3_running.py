"""L6.3: the backend's container runs as nobody special, says how it is, and ends in time."""

from checker.checks.container_views import try_backend_port, watch_backend
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
from checker.checks.fixtures import Observations
from checker.checks.image_expectations import expect_gentle_end, expect_healthy, expect_user_1000
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


@check("L6.3", points=2, needs=("backend_names_its_user", "backend_image_builds"))
def test_backend_runs_confined(observations: Observations) -> None:
    """The backend runs as user 1000, on the port in PORT, with only /tmp to write to."""
    expect_user_1000(observations.wait_for(watch_backend), "backend")


@check("L6.3", points=1, needs=("backend_runs_confined",))
def test_backend_has_usual_port(observations: Observations) -> None:
    """Without PORT, the backend listens on 7860."""
    observations.wait_for(try_backend_port)


@check("L6.3", points=2, needs=("backend_has_health_check", "backend_runs_confined"))
def test_backend_turns_healthy(observations: Observations) -> None:
    """The backend's health check says within a minute that all is well."""
    expect_healthy(observations.wait_for(watch_backend), "backend")


@check("L6.3", points=2, needs=("backend_command_is_a_list", "backend_runs_confined"))
def test_backend_ends_gently(observations: Observations) -> None:
    """On SIGTERM the backend answers what it has begun, and ends within 10 seconds."""
    expect_gentle_end(observations.wait_for(watch_backend), "backend")
