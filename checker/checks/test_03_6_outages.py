"""L3.6: the app says when its database is away, recovers by itself, and bears load."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from checker.checks.declare import check, in_background
from checker.checks.expect import expect, expect_detail, expect_equal, expect_object, expect_status
from checker.checks.fixtures import USUAL, Changes, Observations, Variants
from checker.checks.steps import User, list_tasks, register, register_user, sign_in
from checker.judge.inputs import Inputs
from checker.judge.variables import DATABASE
from checker.probes.backend import Backend, BackendProbe
from checker.probes.http import Exchange
from checker.probes.postgres.database import Database, open_database
from checker.probes.postgres.proxy import DatabaseProxy
from checker.probes.postgres.stock import DatabaseStock
from checker.probes.timing import watch_lateness

REQUESTS, AT_ONCE = 200, 50
LONGEST_RECOVERY = 10.0  # seconds
LONGEST_READY, LONGEST_CALL = 2.0, 5.0  # seconds, as the contract has it
LENIENCE = 2  # times what a request takes on this machine that waits for nothing
MOST_TRIES = 3
HANDLE_STEP = "Register handle_unavailable for every error in UNAVAILABLE."
CATCH_STEP = "Catch only the error that you mean, IntegrityError for one: let an outage pass by."
LOOK_STEP = "Ask the database for something in /ready, each time, before it says that all is well."
INTERNALS = ("Traceback", "psycopg", "asyncpg", "sqlalchemy", "OperationalError", "SELECT")


def list_variants(databases: DatabaseStock) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "database_silent": {"DATABASE_URL": databases.silencing.url},
        "database_away": {"DATABASE_URL": databases.breaking.url},
        "no_database": {"DATABASE_URL": None},
    }


@dataclass(frozen=True)
class Outage:
    """What an app answered while its database was away, and after.

    Attributes:
        health: `/health`, meanwhile.
        ready: `/ready`, meanwhile.
        calls: Calls of the API that need the database, meanwhile.
        late: Seconds that any request could take on this machine, meanwhile.
        back: The first `/ready` that answered 200 after, or the last one that did not.
        after: A call of the API after that.
    """

    health: Exchange
    ready: Exchange
    calls: list[Exchange]
    late: float
    back: Exchange
    after: Exchange


@in_background()
def watch_outage(variants: Variants, inputs: Inputs, databases: DatabaseStock) -> Outage:
    """Take the database away from an app that was using it, and give it back."""
    backend, proxy = variants.open("database_away"), databases.breaking
    user = register_user(backend, inputs)
    wait_for_idle(databases, databases.main)  # an answer may come before its session is closed
    proxy.cut()
    try:
        with watch_lateness(variants.open(USUAL)) as late:
            health, ready = backend.get("/health"), backend.get("/ready")
            calls = [list_tasks(backend, user), sign_in(backend, user.email, user.password)]
            calls.append(register(backend, inputs.make_email(), inputs.make_password()))
    finally:
        proxy.mend()
    back = wait_for_status(lambda: backend.get("/ready"), 200)
    return Outage(health, ready, calls, late.seconds, back, list_tasks(backend, user))


@dataclass(frozen=True)
class Silence:
    """What an app answered while nobody answered at its database's address; the quickest try.

    Attributes:
        ready: `/ready`.
        tasks: A list of tasks.
        late: Seconds that any request could take on this machine, meanwhile.
    """

    ready: Exchange
    tasks: Exchange
    late: float

    def is_in_time(self) -> bool:
        """Tell whether both answers came within the times of the contract."""
        return all(
            is_in_time(answer, longest, self.late)
            for answer, longest in ((self.ready, LONGEST_READY), (self.tasks, LONGEST_CALL))
        )


def is_in_time(answer: Exchange, seconds: float, late: float) -> bool:
    """Tell whether an answer came within a time, but for what the machine itself added to it."""
    return answer.seconds <= seconds + LENIENCE * late


@in_background(takes=LONGEST_READY)
def watch_silence(variants: Variants, inputs: Inputs, databases: DatabaseStock) -> Silence:
    """Let the database fall silent; a busy machine gets more chances."""
    backend = variants.open("database_silent")
    user = register_user(backend, inputs)
    for _ in range(MOST_TRIES):
        with watch_lateness(variants.open(USUAL)) as late:
            ready, tasks = fall_silent(backend, user, databases.silencing)
        seen = Silence(ready, tasks, late.seconds)
        if seen.is_in_time():
            break
    return seen


def fall_silent(backend: Backend, user: User, proxy: DatabaseProxy) -> tuple[Exchange, Exchange]:
    """Send /ready and a list at once while the database says nothing, and let it speak again."""
    proxy.silence()
    try:
        with ThreadPoolExecutor() as pool:
            ready = pool.submit(backend.get, "/ready")
            tasks = pool.submit(list_tasks, backend, user)
            return ready.result(), tasks.result()
    finally:
        proxy.mend()


@dataclass(frozen=True)
class Load:
    """What an app did when many asked at once.

    Attributes:
        statuses: Of all answers.
        stuck: Connections that were in a transaction when all was over.
    """

    statuses: list[int]
    stuck: int


@in_background(takes=1)
def watch_load(probe: BackendProbe, inputs: Inputs, databases: DatabaseStock) -> Load:
    """Ask much of an app with a database of its own: it may use up what others would need."""
    with open_database(databases.server) as database:
        probe.run_alembic(database.url, "upgrade", "head")
        address = {DATABASE: database.url}
        process = probe.launch(address)
        try:
            backend = probe.connect(process, address)
            token = register_user(backend, inputs).token
            with ThreadPoolExecutor(AT_ONCE) as pool:
                sent = [
                    pool.submit(backend.get, "/api/auth/me", token=token) for _ in range(REQUESTS)
                ]
                statuses = [future.result().status for future in sent]
            return Load(statuses, wait_for_idle(databases, database))
        finally:
            process.kill()


def wait_for_status(send: Callable[[], Exchange], status: int) -> Exchange:
    """Send until this status comes back; return the last answer."""
    deadline = time.monotonic() + LONGEST_RECOVERY
    answer = send()
    while answer.status != status and time.monotonic() < deadline:
        time.sleep(0.1)
        answer = send()
    return answer


@check("L3.6", points=2, needs=("users_are_in_database",))
def test_ready_answers_ok(backend: Backend) -> None:
    """GET /ready answers 200 when the database answers."""
    expect_status(backend.get("/ready"), 200, "Write the route in backend/app/api/ready.py.")


@check("L3.6", points=2, needs=("ready_answers_ok",))
def test_ready_without_database_is_503(
    observations: Observations, databases: DatabaseStock
) -> None:
    """GET /ready answers 503 within 2 seconds when the database is away."""
    seen = observations.wait_for(watch_outage)
    answer = seen.ready
    expect_status(answer, 503, HANDLE_STEP if answer.status != 200 else LOOK_STEP)
    expect_detail(answer, 'Answer the 503 as JSON with "detail".')
    expect_no_internals(answer, databases)
    expect_in_time(answer, LONGEST_READY, seen.late)


@check("L3.6", points=1, needs=("ready_answers_ok",))
def test_health_needs_no_database(observations: Observations) -> None:
    """GET /health answers 200 while the database is away."""
    answer = observations.wait_for(watch_outage).health
    step = "Ask nothing of the database in /health: that is what /ready is for."
    expect_status(answer, 200, step)
    expect_equal(answer, "status", expect_object(answer).get("status"), "ok", step)


@check("L3.6", points=2, needs=("ready_without_database_is_503", "list_is_newest_first"))
def test_calls_without_database_are_503(
    observations: Observations, databases: DatabaseStock
) -> None:
    """What needs the database answers 503 within 5 seconds, in words that give nothing away."""
    seen = observations.wait_for(watch_outage)
    for answer in seen.calls:
        expect_status(answer, 503, HANDLE_STEP if answer.status >= 500 else CATCH_STEP)
        expect_detail(answer, 'Answer the 503 as JSON with "detail".')
        expect_no_internals(answer, databases)
        expect_in_time(answer, LONGEST_CALL, seen.late)


@check("L3.6", points=2, needs=("calls_without_database_are_503",))
def test_app_recovers_by_itself(observations: Observations) -> None:
    """When the database is back, the app works again without a restart."""
    seen = observations.wait_for(watch_outage)
    step = "Let the engine try connections before use: pool_pre_ping=True."
    expect_status(seen.back, 200, step)
    expect_status(seen.after, 200, step)


@check("L3.6", points=2, needs=("app_recovers_by_itself",))
def test_silent_database_is_503(observations: Observations, databases: DatabaseStock) -> None:
    """While the database says nothing, /ready answers 503 within 2 seconds, and a list within 5."""
    seen = observations.wait_for(watch_silence)
    step = "Wait with a limit of your own: asyncio.timeout round asyncio.to_thread."
    for answer, longest in ((seen.ready, LONGEST_READY), (seen.tasks, LONGEST_CALL)):
        expect_status(answer, 503, step)
        expect_no_internals(answer, databases)
        expect_in_time(answer, longest, seen.late)


@check("L3.6", points=2, needs=("ready_answers_ok",))
def test_app_starts_without_address(variants: Variants, user: User) -> None:
    """Without DATABASE_URL the app starts, and what needs the database answers 503."""
    backend = variants.open("no_database")
    expect_status(backend.get("/health"), 200, "Give DATABASE_URL the default None.")
    step = "Answer 503 when there is no address: raise DatabaseUnsetError in get_engine."
    for answer in (backend.get("/ready"), list_tasks(backend, user)):
        expect_status(answer, 503, step)
        expect_detail(answer, 'Answer the 503 as JSON with "detail".')


@check("L3.6", points=3, needs=("me_answers_the_user",))
def test_load_leaves_nothing_behind(observations: Observations) -> None:
    """Of 200 requests, 50 at once, none fails, and no connection is left in a transaction."""
    seen = observations.wait_for(watch_load)
    failed = [status for status in seen.statuses if status != 200]
    expect(
        not failed,
        expected=f"{REQUESTS} requests, {AT_ONCE} at once, to answer 200",
        got=f"{len(failed)} that did not, the first with {failed[0] if failed else 200}",
        next_step="Make one engine for all with @lru_cache, and a session for each request.",
    )
    expect(
        seen.stuck == 0,
        expected="no connection left in a transaction",
        got=f"{seen.stuck} of them",
        next_step="Close the session at the end of each request: with Session(engine) as session.",
    )


def wait_for_idle(databases: DatabaseStock, database: Database) -> int:
    """Wait until no connection is in a transaction; return how many still are in the end."""
    deadline = time.monotonic() + 2
    while (stuck := count_stuck(databases, database)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return stuck


def count_stuck(databases: DatabaseStock, database: Database) -> int:
    """Return how many of the app's connections wait in an open transaction."""
    rows = databases.query(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE usename = %s AND state LIKE 'idle in transaction%%'",
        database.name,
    )
    return int(rows[0][0])


def expect_no_internals(answer: Exchange, databases: DatabaseStock) -> None:
    """Expect an answer that shows neither an exception's text nor where the database is."""
    secrets = (databases.main.name, databases.main.password)
    # The digits of a port may stand in a request's id by chance, but not by themselves.
    has_port = any(re.search(rf"\b{port}\b", answer.text) for port in databases.ports)
    expect(
        not has_port and not any(word in answer.text for word in (*INTERNALS, *secrets)),
        expected="an answer without the inside of the app",
        got=answer.text,
        next_step="Write the detail yourself: never str(error).",
        answer=answer,
    )


def expect_in_time(answer: Exchange, seconds: float, late: float) -> None:
    """Expect an answer within a time that the contract names, on a machine that is so late."""
    expect(
        is_in_time(answer, seconds, late),
        expected=f"{answer} to be answered within {seconds:.0f} s",
        got=f"{answer.seconds:.1f} s",
        next_step="Give up on a connection after 2 s: connect_timeout.",
        answer=answer,
    )
