"""Judge many apps, a few at once, and keep each verdict as it comes."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import msgspec

from checker.paths import CoursePaths
from checker.processes import Processes
from checker.trust.kept import Shelf, Verdict

LONGEST = 1800.0  # seconds: a build, a browser and containers on a busy machine
LONGEST_END = 60.0  # seconds
LEFT_OUT = ("COURSE_WORKSPACE", "PYTEST_")


@dataclass(frozen=True)
class Specimen:
    """An app whose verdict is asked for.

    Attributes:
        name: What it is called on the screen.
        key: By what its verdict is kept.
        lesson: The checks of lessons 1 to this one judge it.
        build: Writes the app into a folder that does not exist yet, and returns where it lies.
        only: Ids of the checks that judge it; none for all.
        stops: Whether its first failure is enough.
    """

    name: str
    key: str
    lesson: int
    build: Callable[[Path], Path]
    only: tuple[str, ...] = ()
    stops: bool = False


def judge_all(
    specimens: Iterable[Specimen], shelf: Shelf, paths: CoursePaths, jobs: int
) -> Iterator[tuple[Specimen, Verdict | str]]:
    """Judge specimens, and yield each with its verdict, or with a text: why there is none.

    Args:
        specimens: What to judge.
        shelf: Where the verdicts are kept.
        paths: The course's folders.
        jobs: How many are judged at once.
    """
    judges: Processes[str] = Processes()
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(judge_one, one, paths, judges): one for one in specimens}
        try:
            for done in as_completed(waiting):
                specimen, verdict = waiting[done], done.result()
                if isinstance(verdict, Verdict):
                    shelf.put(specimen.key, verdict)
                yield specimen, verdict
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            # Whoever stops listening ends them, and they clean up.
            judges.end_all(subprocess.Popen.terminate)


def judge_one(specimen: Specimen, paths: CoursePaths, judges: Processes[str]) -> Verdict | str:
    """Judge one app in a process of its own; a text says why that came to no verdict.

    Args:
        specimen: What to judge.
        paths: The course's folders.
        judges: Holds the process as long as it runs.
    """
    with tempfile.TemporaryDirectory(prefix="course-trust-") as folder:
        file = Path(folder) / "verdict.json"
        app = specimen.build(Path(folder) / "app")
        command = [sys.executable, "-m", "checker.trust.one"]
        command += [f"{specimen.lesson}", f"{app}", f"{file}", *["--stop"] * specimen.stops]
        command += [part for name in specimen.only for part in ("--only", name)]
        process = judges.start(lambda: start_judge(command, paths.root))
        if process is None:
            return "it was not judged: that was interrupted"
        with process:
            try:
                said = process.communicate(timeout=LONGEST)[1]
            except subprocess.TimeoutExpired:
                end_judge(process)
                return f"it took longer than {LONGEST / 60:.0f} minutes"
            finally:
                judges.forget(process)
        if process.returncode:
            return tell_last_line(said)
        return msgspec.json.decode(file.read_bytes(), type=Verdict)


def start_judge(command: list[str], folder: Path) -> "subprocess.Popen[str]":
    """Start the process that judges one app."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env=choose_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        # Ctrl-C is ours to answer: a second signal would end its clean-up.
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def end_judge(process: "subprocess.Popen[str]") -> None:
    """Let a judge clean up, and end it when it does not get done with that."""
    process.terminate()
    try:
        process.communicate(timeout=LONGEST_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()  # and not for its output: others may hold that


def tell_last_line(said: str) -> str:
    """Return the last line of what a judge said before it ended without a verdict."""
    return (said.strip().splitlines() or ["the judge ended, and did not say why"])[-1]


def choose_environment() -> dict[str, str]:
    """Return the environment without what a user has set for checks of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return kept | {"COURSE_BUILDS": "80"}  # frontends of wrong apps are built once
