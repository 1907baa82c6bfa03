"""L6.5: the database keeps its data, says when it is ready, and gets its tables once."""

from checker.checks.compose_files import find_database, read_compose
from checker.checks.declare import check
from checker.checks.expect import expect
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
