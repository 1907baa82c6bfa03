"""L6.6: the services find each other, wait for each other, and hold no secret."""

import re
from collections.abc import Iterator

from checker.checks.compose_files import (
    find_app,
    find_database,
    list_variables,
    read_compose,
    read_compose_text,
    read_env,
)
from checker.checks.declare import check
from checker.checks.dockerfiles import SECRET_NAME
from checker.checks.expect import expect
from checker.containers.compose import Compose, Service
from checker.containers.safety import find_danger
from checker.judge.variables import SECRET
from checker.probes.project import Project

LOCAL = re.compile(r"(?:^|[/@,\s])(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/,\s]|$)")
FOR_BROWSERS = re.compile(r"CORS|ORIGIN|NEXT_PUBLIC_", re.IGNORECASE)
# By these a service calls another one. Other names may be for browsers, for links, or for itself.
CALLED = re.compile(
    r"(?:DATABASE_URL|API_INTERNAL_URL|OPENAI_BASE_URL|(?:PG|POSTGRES_?|DB_?|DATABASE_?)HOST)$",
    re.IGNORECASE,
)
OF_NO_BROWSER = re.compile(r"(?<!\w)(?!https?:)[\w+.-]+://")
KEY_NAME = re.compile(r"(?:PASSWORD|PASSWD|SECRET)(?:_KEY)?$", re.IGNORECASE)
WORDS = re.compile(r"(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}|\d{1,4})+")  # and numbers
LEAST_ODD = 10  # letters and digits that are neither
REFERENCE = re.compile(r"\$\{[^}]*\}")
PASSWORD = re.compile(r"(?<=://)[^:@/]*:(?P<user>[^@]*)@|[?&]password=(?P<query>[^&]*)")
COMMENTED = re.compile(r"^\s*#\s*((?:export\s+)?\w+=.*)", re.MULTILINE)  # until it is used
STANDS_IN = re.compile(r"change|replace|your|example|placeholder", re.IGNORECASE)
HEALTHY, COMPLETED = "service_healthy", "service_completed_successfully"


@check("L6.6", points=1)
def test_services_wait_for_each_other(project: Project) -> None:
    """The backend waits for a healthy database, the frontend for a healthy backend."""
    compose = read_compose(project, "L6.6")
    database = find_database(compose)
    for backend in find_app(compose, "backend"):
        expect_wait(compose, backend, {database.name})
    backends = {service.name for service in find_app(compose, "backend")}
    for frontend in find_app(compose, "frontend"):
        expect_wait(compose, frontend, backends)


def expect_wait(compose: Compose, service: Service, wanted: set[str]) -> None:
    """Expect a service to wait until one of these is healthy, itself or through another one."""
    healthy = {name for name, how in list_waits(compose, service) if how == HEALTHY}
    started = {name for name, how in list_waits(compose, service) if how != HEALTHY}
    got = f"it only waits until {', '.join(sorted(started))} started" if started else "it does not"
    expect(
        bool(wanted & healthy),
        expected=f"{service.name} to wait until {' or '.join(sorted(wanted))} is healthy",
        got=got,
        next_step="Give it depends_on with condition: service_healthy. ./course hint L6.6",
    )


def list_waits(compose: Compose, service: Service) -> Iterator[tuple[str, str]]:
    """Yield what a service waits for, also through those whose end or health it waits for."""
    todo, seen = [service], set()
    while todo:
        for name, how in todo.pop().waits.items():
            yield name, how
            if how in {HEALTHY, COMPLETED} and name in compose.services and name not in seen:
                seen.add(name)
                todo.append(compose.services[name])


@check("L6.6", points=1, needs=("services_wait_for_each_other",))
def test_services_find_each_other(project: Project) -> None:
    """No service is told to find another one at localhost."""
    compose = read_compose(project, "L6.6")
    database = find_database(compose)
    for service in compose.services.values():
        shares = str(service.facts.get("network_mode")).startswith("service:")
        told = {} if service is database or shares else service.environment
        for name, value in told.items():
            expect(
                not (LOCAL.search(value) and is_called(name, value)),
                expected=f"{name} of the service {service.name} to name a service",
                got=f"{name}={value[:120]}",
                next_step="In a container localhost is the container itself: write db, backend, …",
            )


def is_called(name: str, value: str) -> bool:
    """Tell whether a variable holds what a service, and no browser, calls another one by."""
    is_address = OF_NO_BROWSER.search(value) and not FOR_BROWSERS.search(name)
    return bool(CALLED.search(name) or is_address)


@check("L6.6", points=1, needs=("services_wait_for_each_other",))
def test_compose_holds_no_secret(project: Project) -> None:
    """No secret stands in the compose file: they come from .env."""
    compose = read_compose(project, "L6.6")
    told = [(s, pair) for s in compose.services.values() for pair in list_told(s)]
    for service, (name, value) in told:
        expect(
            not find_secret(name, value),
            expected=f"{name} of the service {service.name} to come from .env, as ${{{name}}}",
            got="its value in the file, which git keeps for ever",
            next_step=f"Move it to .env, and write ${{{name}:?why}} in its place.",
        )
    for name, rule in list_variables(read_compose_text(project, "L6.6")).items():
        default = re.sub(r"^:?-", "", rule) if re.match(r":?-", rule) else ""
        expect(
            not (KEY_NAME.search(name) and default and "$" not in default),
            expected=f"{name} to come from .env alone",
            got=f"${{{name}{rule}}}: without .env, everybody has the same one",
            next_step=f"Write ${{{name}:?why}}, which refuses when it is not there.",
        )


def list_told(service: Service) -> Iterator[tuple[str, str]]:
    """Yield what the file tells a service and its build."""
    yield from service.environment.items()
    yield from service.build_arguments.items()


def find_secret(name: str, value: str) -> str:
    """Return what nobody should read of a value: a key, or the password in an address."""
    if "://" in value:
        found = PASSWORD.search(REFERENCE.sub("${}", value))
        secret = found["user"] or found["query"] or "" if found else ""
    else:
        secret = value if SECRET_NAME.search(name) and not value.isdigit() else ""
    return "" if "${" in secret or secret.startswith("$") else secret


@check("L6.6", points=1, needs=("services_wait_for_each_other",))
def test_variables_are_listed(project: Project) -> None:
    """.env.example lists every variable of the compose file, and git leaves out .env."""
    wanted = list_variables(read_compose_text(project, "L6.6"))
    example = project.read(".env.example")
    given = read_env(example or "")
    commented = read_env("\n".join(COMMENTED.findall(example or "")))
    listed = {*given, *commented, "COMPOSE_PROJECT_NAME"}
    missing = [n for n, how in wanted.items() if n not in (listed if "-" in how[:2] else given)]
    expect(
        not missing and SECRET in given,
        expected=f"a line for each of {', '.join(sorted({*wanted, SECRET}))} in .env.example",
        got="no such file" if example is None else f"nothing for {', '.join(missing or [SECRET])}",
        next_step="List them; give a value to what is no secret, and none to what is.",
    )
    told = (*given.items(), *commented.items())
    filled = dict.fromkeys(n for n, value in told if is_random_text(find_secret(n, value)))
    expect(
        not filled,
        expected="no secret in .env.example, which git carries",
        got=f"values for {', '.join(filled)}",
        next_step="Leave them empty there, make new ones, and write those into .env.",
    )
    expect(
        project.is_ignored(".env"),
        expected=".gitignore to leave out .env",
        got="git would carry it",
        next_step="Give .env a line in .gitignore.",
    )


def is_random_text(value: str) -> bool:
    """Tell a real secret from `change-me` and `at-least-32-characters`: it is no row of words."""
    odd = "".join(run for run in re.findall(r"[^\W_]+", value) if not WORDS.fullmatch(run))
    is_long = len(odd) >= LEAST_ODD and any(c.isdigit() for c in odd)
    return is_long and not STANDS_IN.search(value)


@check("L6.6", points=1, needs=("services_wait_for_each_other",))
def test_containers_keep_to_themselves(project: Project) -> None:
    """The compose file takes nothing of the host, and two copies of it do not meet."""
    for service in read_compose(project, "L6.6").services.values():
        danger = find_danger(service.facts)
        expect(
            not danger,
            expected=f"the service {service.name} to keep to itself",
            got=danger,
            next_step="Take it out: compose makes names, networks and volumes by itself.",
        )
