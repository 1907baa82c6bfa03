"""Note every start of the app and every request that the judge makes in one run.

Run in the judge's environment: `python bench/record_requests.py LESSON FILE`. It writes what
`replay_by_pytest.py` repeats:

    {"starts": [{variable: value}], "checks": [{"id", "requests": [{"start", "method", …}]}]}
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.course.manifest import find_lesson, load_lessons
from checker.judge.results import CheckResult
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths
from checker.probes.app import AppProcess
from checker.probes.backend import Backend, BackendProbe
from checker.probes.http import Exchange, Request
from checker.probes.http_client import Pending

SEED = 1


class Recorder:
    """Remembers what passes between the judge and its probes."""

    def __init__(self) -> None:
        self.starts: list[dict[str, str]] = []
        self.checks: list[dict[str, Any]] = []
        self._requests: list[dict[str, Any]] = []
        self._ports: dict[int, int] = {}

    def note_start(self, process: AppProcess, variables: Mapping[str, str | None]) -> None:
        """Note the variables of a start."""
        self._ports[process.port] = len(self.starts)
        self.starts.append({n: value for n, value in variables.items() if value is not None})

    def note_request(self, process: AppProcess, request: Request) -> None:
        """Note what is sent, and to which of the starts."""
        self._requests.append(
            {
                "start": self._ports[process.port],
                "method": request.method,
                "path": request.path,
                "headers": dict(request.headers),
                "body": request.body.decode("latin-1"),
            }
        )

    def note_result(self, result: CheckResult) -> None:
        """Close the list of requests that came before a result."""
        self.checks.append({"id": result.id, "requests": self._requests})
        self._requests = []


@contextmanager
def listen(recorder: Recorder) -> Iterator[None]:
    """Let the recorder see every start and every request."""
    launch, send, begin = BackendProbe.launch, Backend.send, Backend.begin

    def note_launch(
        probe: BackendProbe, changes: Mapping[str, str | None] | None = None
    ) -> AppProcess:
        process = launch(probe, changes)
        recorder.note_start(process, {**probe.variables, **(changes or {})})
        return process

    def note_send(backend: Backend, request: Request) -> Exchange:
        recorder.note_request(backend.process, request)
        return send(backend, request)

    def note_begin(backend: Backend, request: Request, withheld: int = 0) -> Pending:
        recorder.note_request(backend.process, request)
        return begin(backend, request, withheld)

    with (
        patch.object(BackendProbe, "launch", note_launch),
        patch.object(Backend, "send", note_send),
        patch.object(Backend, "begin", note_begin),
    ):
        yield


def record(lesson: int) -> dict[str, Any]:
    """Check the solution of a lesson and return what was started and sent."""
    paths = CoursePaths.find()
    recorder = Recorder()
    request = RunRequest(
        paths=paths,
        app=paths.solutions / find_lesson(load_lessons(paths), lesson).slug,
        lesson=lesson,
        seed=SEED,
        listener=recorder.note_result,
    )
    with listen(recorder):
        run_checks(request)
    return {"starts": recorder.starts, "checks": recorder.checks}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(record(int(sys.argv[1]))), encoding="utf-8")
