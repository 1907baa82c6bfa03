"""The frontend of the newest solution passes its own tests, linter and type check."""

import json
import os
import shutil
import subprocess

import pytest
from test_quality import APP_PYTHON, ROOT

from checker.probes.node.build import link_folder
from checker.probes.node.packages import install_packages
from checker.probes.node.tools import find_node

SOLUTION = max(ROOT.glob("solutions/*/frontend")).parent
DESCRIBE = "import json; from app.main import app; print(json.dumps(app.openapi()))"


@pytest.fixture(scope="module")
def tools():
    return find_node()


@pytest.fixture(scope="module")
def frontend(tools, tmp_path_factory):
    """A copy of the solution's frontend, with the packages that the judge has installed."""
    home = install_packages(SOLUTION / "frontend", ROOT / ".cache", tools)
    folder = tmp_path_factory.mktemp("frontend")
    shutil.copytree(SOLUTION / "frontend", folder, dirs_exist_ok=True)
    link_folder(home / "site" / "node_modules", folder / "node_modules")
    return folder


@pytest.fixture
def run_script(frontend, tools):
    def run(name: str, *arguments: object) -> str:
        """Run a script of package.json; return what it says when it is not content."""
        done = subprocess.run(
            [tools.npm, "run", name, "--", *map(str, arguments)],
            cwd=frontend,
            env=os.environ | {"CI": "1", "NO_COLOR": "1", "NEXT_TELEMETRY_DISABLED": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return "" if done.returncode == 0 else done.stdout + done.stderr

    return run


@pytest.fixture
def description(tmp_path):
    """The OpenAPI description of the solution's backend, in a file."""
    done = subprocess.run(
        [APP_PYTHON, "-c", DESCRIBE],
        cwd=SOLUTION / "backend",
        env=os.environ | {"BETTER_AUTH_SECRET": "test-only-" * 4, "PYTHONPATH": ""},
        capture_output=True,
        check=True,
    )
    file = tmp_path / "openapi.json"
    file.write_bytes(done.stdout)
    return file


@pytest.mark.parametrize("script", ["test", "lint", "typecheck"])
def test_script_is_content(script, run_script):
    assert run_script(script) == ""


def test_types_are_what_the_backend_says(run_script, description):
    assert run_script("types:check", description) == ""


def test_types_that_are_stale_are_found(run_script, description):
    changed = json.loads(description.read_text())
    del changed["components"]["schemas"]["TaskPublic"]["properties"]["title"]
    description.write_text(json.dumps(changed))
    assert "npm run types" in run_script("types:check", description)


def test_lock_names_no_place_and_every_platform():
    packages = json.loads((SOLUTION / "frontend" / "package-lock.json").read_text())["packages"]
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
    for tool in ("next", "@biomejs/biome"):
        wanted = packages[f"node_modules/{tool}"]["optionalDependencies"]
        assert [name for name in wanted if f"node_modules/{name}" not in packages] == []
