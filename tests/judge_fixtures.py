"""Run the judge in this process over an app, and fail when the run leaves something behind."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile import ROOT, end, list_marked, wait_until_clean

from checker.judge.results import CheckResult, Report
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths
from checker.probes.app import AppLimits


@dataclass(frozen=True)
class Verdict:
    """What a run of the checks came to."""

    report: Report

    def find(self, name: str) -> CheckResult:
        return next(result for result in self.report.results if result.id == name)

    def list_checks(self, outcome: str) -> list[str]:
        return [result.id for result in self.report.results if result.outcome == outcome]


Check = Callable[..., Verdict]


@pytest.fixture(scope="session")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for everything temporary of these runs, with a nursery of its own."""
    tmp_path_factory.getbasetemp()  # chosen before we name another folder
    folder = Path(tempfile.mkdtemp(prefix="hostile-")).resolve()
    yield folder
    end(list_marked(folder))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def leftovers(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Send everything temporary to a folder of ours, and fail when something stays behind."""
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("COURSE_LAUNCHER", raising=False)
    yield temporary
    left = wait_until_clean(temporary)
    assert not left, f"left behind: {left}"


@pytest.fixture
def check(leftovers: Path) -> Check:
    """Run the checks of lesson 1 over an app in this process."""
    assert leftovers.is_dir()

    def run(
        app: Path,
        limits: AppLimits | None = None,
        only: tuple[str, ...] = (),
        longest: float = 300.0,
        listener: Callable[[CheckResult], None] = lambda _result: None,
    ) -> Verdict:
        request = RunRequest(
            paths=CoursePaths(ROOT, app, ROOT / ".cache"),
            app=app,
            lesson=1,
            seed=7,
            only=only,
            limits=limits or AppLimits(),
            longest=longest,
            listener=listener,
        )
        return Verdict(run_checks(request))

    return run
