"""L6.5: the database keeps its data, says when it is ready, and gets its tables once."""

from checker.checks.compose_files import find_database, read_compose
from checker.checks.compose_views import bring_up, watch_second_copy
from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.fixtures import Observations
from checker.checks.steps import register_user
from checker.judge.inputs import Inputs
from checker.probes.project import Project


@check("L6.5", points=1)
def test_database_has_health_check(project: Project) -> None:
    """The service of the database says how one asks whether it is ready."""
    database = find_database(read_compose(project, "L6.5"))
    test = (database.facts.get("healthcheck") or {}).get("test")
    expect(
        bool(test) and test != ["NONE"],
        expected=f"healthcheck with a test in the service {database.name}",
        got="none",
        next_step="Let pg_isready ask: the others wait for its answer. ./course hint L6.5",
    )


@check("L6.5", points=1)
def test_database_has_volume(project: Project) -> None:
    """The files of the database lie in a named volume."""
    compose = read_compose(project, "L6.5")
    database = find_database(compose)
    kept = [source for source, target in database.volumes if "/var/lib/postgresql" in target]
    expect(
        any(source in compose.volumes for source in kept),
        expected=f"a named volume at /var/lib/postgresql/data in the service {database.name}",
        got=f"volumes {kept}, declared {list(compose.volumes)}" if kept else "no volume there",
        next_step="Mount data:/var/lib/postgresql/data, and declare data below volumes.",
    )


@check("L6.5", points=1, needs=("database_has_volume",))
def test_database_is_not_published(project: Project) -> None:
    """The database has no port on the machine."""
    database = find_database(read_compose(project, "L6.5"))
    expect(
        not database.ports,
        expected=f"no ports in the service {database.name}",
        got=f"ports {database.ports}",
        next_step="Take them out: the other services reach it without, and nobody else should.",
    )


@check("L6.5", points=2, needs=("compose_comes_up",))
def test_tables_are_there(observations: Observations, inputs: Inputs) -> None:
    """After docker compose up on an empty machine, somebody can register: the tables are there."""
    register_user(observations.wait_for(bring_up).backend, inputs)


@check("L6.5", points=3, needs=("compose_comes_up", "database_has_volume"))
def test_data_outlives_containers(observations: Observations) -> None:
    """Data is there after down and up, and gone after down --volumes."""
    seen = observations.wait_for(watch_second_copy)
    expect(
        seen.after_down == 200,
        expected="a user who registered to sign in after docker compose down and up",
        got=f"status {seen.after_down}",
        next_step="Mount a named volume where PostgreSQL has its files.",
    )
    expect(
        seen.after_removal == 401,
        expected="nobody to be there after docker compose down --volumes and up",
        got=f"status {seen.after_removal} for a user from before",
        next_step="Keep data in volumes that the compose file declares, and nowhere else.",
    )
