"""Start the learner's backend with chosen variables, and talk to it."""

import contextlib
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from checker.probes.app import (
    AppLimits,
    AppProcess,
    Launcher,
    StartOrder,
    make_app_env,
    wait_until_ready,
)
from checker.probes.excerpt import excerpt_output
from checker.probes.http import Exchange, Request, Settings, make_request
from checker.probes.http_client import HttpProbe, NoAnswerError, Pending
from checker.probes.stream import EventStream
from checker.probes.watchdog import Watchdog, end_if_excessive


class NotStartedError(Exception):
    """The app ended, or stayed silent, before its first answer.

    Attributes:
        got: What was seen, as the second half of a sentence.
        log: The end of its output.
        is_refusal: Whether it ended by itself, and said so with its exit code.
    """

    def __init__(self, got: str, log: str, *, is_refusal: bool = False) -> None:
        super().__init__(got)
        self.got = got
        self.log = log
        self.is_refusal = is_refusal


class BrokenExchangeError(Exception):
    """A request got no answer.

    Attributes:
        request: What was sent.
        got: What was seen instead, as the second half of a sentence.
        log: The app's output since.
    """

    def __init__(self, request: Request, got: str, log: str) -> None:
        super().__init__(got)
        self.request = request
        self.got = got
        self.log = log


class Backend:
    """A running backend; whoever launched its process ends it.

    Args:
        process: Launched with the usual variables and `settings`.
        folder: The app's `backend/`.
        settings: Variables by name, those that it has not got with None.

    Attributes:
        longest_silence: Seconds that an answer may keep everybody waiting.
    """

    def __init__(self, process: AppProcess, folder: Path, settings: Settings) -> None:
        self.process = process
        self._folder = folder
        self._settings = settings
        self.longest_silence = process.limits.silence
        self._http = HttpProbe(process.port, process.limits)

    def with_patience(self, seconds: float) -> "Backend":
        """Return the same backend for requests that may take so long, also before a first byte."""
        patient = Backend(self.process, self._folder, self._settings)
        patient.longest_silence = seconds
        limits = replace(self.process.limits, silence=seconds, answer=2 * seconds)
        patient._http = HttpProbe(self.process.port, limits)
        return patient

    def send(self, request: Request) -> Exchange:
        """Send a prepared request.

        Raises:
            BrokenExchangeError: no answer came.
        """
        mark = self.process.output.mark()
        with self.explained(request, mark):
            return self._complete(self._http.send(request), mark)

    def begin(self, request: Request, withheld: int = 0) -> Pending:
        """Send a request without waiting for its answer; see `HttpProbe.begin` and `finish`.

        Raises:
            BrokenExchangeError: the connection was refused.
        """
        with self.explained(request, self.process.output.mark()):
            return self._http.begin(request, withheld)

    def send_together(self, requests: Sequence[Request]) -> list[Exchange]:
        """Send requests so that the app has all of them at once: the last bytes go out together.

        Raises:
            BrokenExchangeError: one of them got no answer.
        """
        mark = self.process.output.mark()
        with contextlib.ExitStack() as stack:
            pending = [stack.enter_context(self.begin(request, 1)) for request in requests]
            for one in pending:
                one.release()
            return [self.finish(one, mark) for one in pending]

    def finish(self, pending: Pending, mark: int = 0) -> Exchange:
        """Wait for the answer to a request that was begun.

        Raises:
            BrokenExchangeError: no answer came.
        """
        with self.explained(pending.request, mark):
            return self._complete(pending.finish(), mark)

    @contextlib.contextmanager
    def follow(self, request: Request) -> Iterator[EventStream]:
        """Send a request and read its answer as it comes; at the end of the block, hang up.

        Raises:
            BrokenExchangeError: no answer came, or it broke off before all was read.
        """
        mark = self.process.output.mark()
        with self.explained(request, mark), self.begin(request) as pending:
            answer = pending.open()
            yield EventStream(answer, lambda: self._complete(answer.finish(), mark))

    @contextlib.contextmanager
    def explained(self, request: Request, mark: int) -> Iterator[None]:
        """Turn a missing answer into what is known about it, with the output since `mark`."""
        try:
            yield
        except NoAnswerError as error:
            got = self.explain(str(error))
            raise BrokenExchangeError(request, got, self.read_log(mark)) from error

    def _complete(self, exchange: Exchange, mark: int) -> Exchange:
        """Add the settings, and what the app wrote when it broke."""
        if exchange.status != HTTPStatus.INTERNAL_SERVER_ERROR:
            return replace(exchange, settings=self._settings)
        self.process.output.wait_for("Error", mark, timeout=0.5)
        return replace(exchange, settings=self._settings, log=self.read_log(mark))

    def request(  # noqa: PLR0913 - one argument for each part of a request
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Build a request and send it; see `make_request` and `send`."""
        return self.send(
            make_request(method, path, json_body=json, form=form, token=token, headers=headers)
        )

    def get(
        self, path: str, *, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """Send a GET request."""
        return self.request("GET", path, token=token, headers=headers)

    def post(
        self,
        path: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> Exchange:
        """Send a POST request."""
        return self.request("POST", path, json=json, form=form, token=token)

    def explain(self, seen: str) -> str:
        """Add to what was seen whether the app has ended, and why."""
        code = self.process.wait(0.2)
        if self.process.ended_because:
            return f"{seen}: the app was ended because {self.process.ended_because}"
        return seen if code is None else f"{seen}: the app had ended with {name_exit(code)}"

    def read_log(self, mark: int = 0) -> str:
        """Return the telling part of the app's output since `mark`."""
        return excerpt_output(self.process.output.read_since(mark), self._folder)


@dataclass(frozen=True)
class ProgramRun:
    """A program of the app's environment that has ended.

    Attributes:
        code: Its exit code, None when it had to be ended.
        ending: How it ended, as the second half of a sentence.
        output: All that it wrote, as far as it is kept.
        excerpt: The telling part of that.
    """

    code: int | None
    ending: str
    output: str
    excerpt: str


class BackendProbe:
    """Starts backends of one app, and programs of its environment.

    Args:
        launcher: Starts processes in the app's environment.
        folder: The copy of the app's `backend/`.
        scratch: The run's own folder.
        variables: What every start gets; a start may replace or remove some.
        limits: What each of them may use.
    """

    def __init__(
        self,
        launcher: Launcher,
        folder: Path,
        scratch: Path,
        variables: Mapping[str, str],
        limits: AppLimits,
    ) -> None:
        self.folder = folder
        self.variables = dict(variables)
        self._launcher = launcher
        self._scratch = scratch
        self._limits = limits
        self._watchdog = Watchdog()

    def launch(self, changes: Settings | None = None) -> AppProcess:
        """Start a process and return at once; a change to None removes a variable."""
        return self._start(changes or {}, ())

    def run_program(self, program: tuple[str, ...], changes: Mapping[str, str]) -> ProgramRun:
        """Run a module of the app's environment in the app's folder, and wait for its end.

        Args:
            program: The module's name and its arguments, as after `python -m`.
            changes: Variables besides or instead of the usual ones.
        """
        process = self._start(changes, program)
        code = process.wait(self._limits.program)
        process.kill()
        process.wait(5)
        process.output.join(2)
        ending = describe_end(process, code)
        return ProgramRun(code, ending, process.output.read_since(), self.excerpt(process))

    def run_alembic(self, url: str, *arguments: str) -> ProgramRun:
        """Run alembic on the database of this address."""
        return self.run_program(("alembic", *arguments), {"DATABASE_URL": url})

    def _start(self, changes: Mapping[str, str | None], program: tuple[str, ...]) -> AppProcess:
        merged = {**self.variables, **changes}
        variables = {name: value for name, value in merged.items() if value is not None}
        env = make_app_env(self._scratch, variables)
        process = self._launcher.start(StartOrder(self.folder, env, self._limits, program))
        self._watchdog.add(process)
        return process

    def connect(self, process: AppProcess, settings: Settings | None = None) -> Backend:
        """Wait for the first answer of a process.

        Args:
            process: What `launch` returned.
            settings: What it was launched with besides the usual.

        Raises:
            NotStartedError: it ended first, or answered nothing.
        """
        is_ready = wait_until_ready(process)
        if is_ready and process.output.is_flooded:  # quicker than the watchdog looks
            end_if_excessive(process)
        elif is_ready:
            return Backend(process, self.folder, settings or {})
        code = process.poll()
        process.kill()
        process.wait(2)
        process.output.join(1)
        is_refusal = code not in {None, 0} and not process.ended_because
        got = describe_start(process, code)
        raise NotStartedError(got, self.excerpt(process), is_refusal=is_refusal)

    def excerpt(self, process: AppProcess) -> str:
        """Return the telling part of a process's output."""
        return excerpt_output(process.output.read_since(), self.folder)

    def close(self) -> None:
        """Stop watching; the launcher ends what still runs."""
        self._watchdog.close()


def describe_start(process: AppProcess, code: int | None) -> str:
    """Say how a start failed, as the second half of a sentence."""
    if process.ended_because:
        return f"it was ended because {process.ended_because}"
    if code is not None:
        return f"it ended with {name_exit(code)} before its first answer"
    return f"it gave no answer to GET /health within {process.limits.start:g} s"


def describe_end(process: AppProcess, code: int | None) -> str:
    """Say how a program ended, as the second half of a sentence."""
    if process.ended_because:
        return f"it was ended because {process.ended_because}"
    if code is None:
        return f"it had not ended after {process.limits.program:g} s"
    return f"it ended with {name_exit(code)}"


def name_exit(code: int) -> str:
    """Return `exit code 3`, with the name of the signal when one ended the app."""
    try:
        return f"exit code {code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"exit code {code}"
