"""Requests made from the OpenAPI of the solution: no 500, and no answer that it leaves out."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.checks.steps import register_user
from checker.judge.inputs import Inputs
from checker.judge.variables import DATABASE, choose_variables
from checker.paths import CoursePaths
from checker.probes.app import AppLimits
from checker.probes.backend import Backend, BackendProbe
from checker.probes.environment import choose_environment
from checker.probes.launch import open_launcher
from checker.probes.postgres.database import open_database
from checker.probes.postgres.server import lease_server
from checker.probes.submission import copy_app

ROOT = Path(__file__).resolve().parent.parent
PATHS = CoursePaths(root=ROOT, workspace=ROOT / "workspace", cache=ROOT / ".cache")
LESSON = 3
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
SECONDS = 15  # that it goes on making requests


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    """The solution, with tables in a database of its own."""
    scratch = tmp_path / "scratch"
    copy_app(next((ROOT / "solutions").glob(f"{LESSON:02}-*")), scratch / "app")
    folder = scratch / "app" / "backend"
    with lease_server(PATHS) as server, open_database(server) as database:
        launcher = open_launcher(choose_environment(folder / "requirements.txt", PATHS), scratch)
        variables = {**choose_variables(LESSON, Inputs(7)), DATABASE: database.url}
        probe = BackendProbe(launcher, folder, scratch, variables, AppLimits())
        try:
            assert probe.run_alembic(database.url, "upgrade", "head").code == 0
            yield probe.connect(probe.launch())
        finally:
            launcher.close()
            probe.close()


def test_solution_answers_as_its_schema_says(backend: Backend, tmp_path: Path) -> None:
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program is not None
    token = register_user(backend, Inputs(7)).token
    address = f"http://127.0.0.1:{backend.process.port}/openapi.json"
    options = ["--checks", ",".join(CHECKS), "--max-time", str(SECONDS), "--no-color"]
    done = subprocess.run(
        [program, "run", address, "-H", f"Authorization: Bearer {token}", *options],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
