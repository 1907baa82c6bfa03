"""Lesson 3 over apps whose migrations or database are broken: told in words, with what helps."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from checker.checks.failure import CheckFailed
from checker.checks.test_03_6_outages import expect_no_internals
from checker.judge.plan import list_observers, plan_checks
from checker.judge.results import Finding, Outcome, Report
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths
from checker.probes.app import AppLimits
from checker.probes.http import Exchange, Headers, Request
from checker.probes.postgres.database import open_database
from checker.probes.postgres.server import lease_server
from checker.probes.postgres.stock import list_tables, query

ROOT = Path(__file__).resolve().parent.parent
PATHS = CoursePaths(root=ROOT, workspace=ROOT / "workspace", cache=ROOT / ".cache")
TASK_MIGRATION = "migrations/versions/0002_task.py"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A copy of the solution of lesson 3."""
    target = tmp_path / "app"
    shutil.copytree(next((ROOT / "solutions").glob("03-*")), target)
    return target


def run(app: Path, *only: str, limits: AppLimits | None = None) -> Report:
    return run_checks(
        RunRequest(paths=PATHS, app=app, lesson=3, seed=7, only=only, limits=limits or AppLimits())
    )


def find_failure(report: Report) -> tuple[str, Finding]:
    """Return the only check that failed, and why; everything else passed or waits for it."""
    (failed,) = [result for result in report.results if result.outcome is Outcome.FAILED]
    assert not [result for result in report.results if result.outcome is Outcome.ERROR]
    assert failed.finding is not None
    return failed.id, failed.finding


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def remove_migrations(backend: Path) -> None:
    shutil.rmtree(backend / "migrations")


def remove_configuration(backend: Path) -> None:
    (backend / "alembic.ini").unlink()


def break_the_syntax(backend: Path) -> None:
    rewrite(backend / TASK_MIGRATION, "def upgrade() -> None:", "def upgrade( -> None:")


def let_two_follow_one(backend: Path) -> None:
    second = (backend / TASK_MIGRATION).read_text(encoding="utf-8")
    third = backend / "migrations/versions/0003_again.py"
    third.write_text(second.replace('revision = "0002"', 'revision = "0003"'), encoding="utf-8")


def follow_what_is_not_there(backend: Path) -> None:
    rewrite(backend / TASK_MIGRATION, 'down_revision = "0001"', 'down_revision = "9999"')


def use_an_extension(backend: Path) -> None:
    first = backend / "migrations/versions/0001_user.py"
    rewrite(
        first,
        "    op.create_table(",
        '    op.execute("CREATE EXTENSION citext")\n    op.create_table(',
    )


def begin_twice(backend: Path) -> None:
    """Let two branches begin at nothing and meet: the head can be reached, and no single step."""
    parent = 'down_revision = "0001"'
    rewrite(backend / TASK_MIGRATION, parent, "down_revision = None")
    rewrite(backend / TASK_MIGRATION, "depends_on = None", 'depends_on = "0001"')
    merge = 'revision = "0003"\ndown_revision = ("0001", "0002")\n\n\n'
    merge += "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n"
    (backend / "migrations/versions/0003_merge.py").write_text(merge, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "shows"),
    [
        (remove_migrations, "Put the folder of migrations back"),
        (remove_configuration, "Put alembic.ini back"),
        (break_the_syntax, "0002_task.py"),
        (let_two_follow_one, "two name the same parent"),
        (follow_what_is_not_there, "names a migration that is not there"),
        (use_an_extension, "the checks' PostgreSQL has no extensions"),
    ],
)
def test_broken_migrations_are_a_failure_in_words(
    app: Path, spoil: Callable[[Path], None], shows: str
) -> None:
    spoil(app / "backend")
    name, finding = find_failure(run(app, "users_are_in_database"))
    assert name == "users_table_is_built"
    assert shows in f"{finding.next_step}\n{finding.log}"


def test_migrations_that_cannot_be_taken_one_by_one_are_not_blamed(app: Path) -> None:
    begin_twice(app / "backend")
    report = run(app, "migrations_keep_rows", "migrations_can_be_undone")
    unusual = {r.id: r.outcome for r in report.results if r.outcome is not Outcome.PASSED}
    assert unusual == {"migrations_keep_rows": Outcome.ERROR}


def test_migration_that_hangs_is_ended_and_named(app: Path) -> None:
    step = '"""Make the table, and the index that the list of a user\'s tasks is read from."""'
    sleep = f"{step}\n    __import__('time').sleep(600)"
    rewrite(app / "backend" / TASK_MIGRATION, step, sleep)
    name, finding = find_failure(run(app, "users_table_is_built", limits=AppLimits(program=3)))
    assert name == "users_table_is_built"
    assert finding.got == "it had not ended after 3 s"
    assert "Look for what waits" in finding.next_step


def test_app_on_another_database_is_told_so(app: Path) -> None:
    settings = app / "backend" / "app" / "settings.py"
    field = "database_url: SecretStr | None = None"
    address = "postgresql://nobody:wrong@127.0.0.1:1/none"
    rewrite(settings, field, f'url: SecretStr = SecretStr("{address}")')
    text = settings.read_text(encoding="utf-8")
    place = "\n\nclass Settings(DatabaseSettings):"
    lent = "\n    @property\n    def database_url(self) -> SecretStr:\n        return self.url\n"
    settings.write_text(text.replace(place, lent + place), encoding="utf-8")
    name, finding = find_failure(run(app, "app_reaches_database"))
    assert name == "app_reaches_database"
    assert "Connect to the address in DATABASE_URL" in finding.next_step


def test_callers_database_is_left_as_it_was(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with lease_server(PATHS) as server, open_database(server) as theirs:
        query(theirs, "CREATE TABLE precious (line text)")
        monkeypatch.setenv(
            "DATABASE_URL",
            f"postgres://{server.user}:{server.password}@{server.host}:{server.port}/{theirs.name}",
        )
        report = run(app, "users_table_is_built")
        assert {result.outcome for result in report.results} == {Outcome.PASSED}
        assert list_tables(theirs) == {"precious"}


def test_runs_at_once_do_not_meet(app: Path, run_course: Callable[..., object]) -> None:
    command = ("check", "3", "--dir", app, "--only", "one_winner_across_processes")
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run_course, *command) for _ in range(2)]
        done = [future.result() for future in runs]
    assert [run.returncode for run in done] == [0, 0], done  # type: ignore[attr-defined]


def test_only_what_a_planned_check_waits_for_is_observed() -> None:
    observers = list_observers(plan_checks(3, ("migrations_agree_with_models",)))
    assert [observe.__name__ for observe in observers] == ["compare"]


@pytest.mark.parametrize(("lesson", "solution"), [(1, "02"), (1, "03"), (2, "03")])
def test_earlier_lessons_take_an_app_that_has_come_further(
    lesson: int, solution: str, run_course: Callable[..., object]
) -> None:
    folder = next((ROOT / "solutions").glob(f"{solution}-*"))
    done = run_course("check", lesson, "--dir", folder)
    assert done.returncode == 0, done.stdout  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "is_refused"),
    [
        ('{"detail": "Try again.", "request_id": "d12ec15162c340319f849f4eee1c0461"}', False),
        ('{"detail": "localhost:15162 refuses"}', True),
        ('{"detail": "port 15162"}', True),
        ('{"detail": "password of ada"}', True),
    ],
)
def test_port_of_the_database_is_known_from_digits_of_an_id(said, is_refused):
    stock = SimpleNamespace(ports=(15162,), main=SimpleNamespace(name="db_ada", password="of ada"))
    answer = Exchange(Request("GET", "/"), 503, Headers([]), said.encode(), 0.0)
    with pytest.raises(CheckFailed) if is_refused else nullcontext():
        expect_no_internals(answer, stock)
