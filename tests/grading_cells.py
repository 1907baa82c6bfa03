"""Start the grader as a user does, over submissions that want something, beside what they want."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from hostile import ROOT, list_marked

ATTACKS = ROOT / "tests" / "attacks"
STARTER = ROOT / "lessons" / "01-setup" / "starter"
NAMES = {1: "01-setup", 3: "03-database", 4: "04-nextjs"}
SOLUTIONS = {number: ROOT / "solutions" / name for number, name in NAMES.items()}
CANARY = "canary-that-no-submission-may-see"
UNJAILED = "--no-jail-whoever-handed-in-can-do-anything-here"
LONGEST_CLEANUP = 15.0  # seconds

# Answers GET /health with the names of the attacks that reached what they wanted.
TELL = """
import contextlib
import inspect
import json

from attacks import {modules}

chosen = {chosen!r}
reached = []
for module in ({modules},):
    for name, attack in list(vars(module).items()):
        if inspect.isfunction(attack) and not inspect.signature(attack).parameters:
            if attack.__module__ == module.__name__ and (name in chosen or not chosen):
                with contextlib.suppress(BaseException):
                    if attack():
                        reached.append(name)
inner = app


async def app(scope, receive, send):
    if scope.get("path") != "/health":
        return await inner(scope, receive, send)
    body = json.dumps(["reached:", *reached]).encode()
    await send({{"type": "http.response.start", "status": 500, "headers": []}})
    await send({{"type": "http.response.body", "body": body}})
"""


@dataclass
class Hunt:
    """A folder of submissions, and what they are after.

    Attributes:
        folder: Holds all of it.
        connections: How many came to the grader's own port.
    """

    folder: Path
    port: int = 0
    abstract: str = ""
    connections: list[str] = field(default_factory=list)

    @property
    def submissions(self) -> Path:
        """Where the submissions are handed in."""
        return self.folder / "in"

    @property
    def out(self) -> Path:
        """The folder of the batch."""
        return self.folder / "out"

    def add(self, name: str, base: Path, code: str, files: dict[str, str] | None = None) -> None:
        """Hand in an app with something at the end of its main.py, and other files."""
        app = self.submissions / name
        shutil.copytree(base, app)
        with (app / "backend/app/main.py").open("a", encoding="utf-8") as main:
            main.write(f"\n{code}")
        (app / "backend/attacks").mkdir()
        targets = {"backend/attacks/targets.py": self.describe_targets()}
        for path, text in {**targets, **(files or {})}.items():
            (app / path).write_text(text, encoding="utf-8")

    def add_hunter(
        self, name: str, lesson: int, *modules: str, chosen: tuple[str, ...] = ()
    ) -> None:
        """Hand in an app that tries these attacks and tells which of them worked.

        Args:
            name: Of the submission.
            lesson: Whose solution it is made from.
            modules: Of `tests/attacks`.
            chosen: The attacks that are tried, all of them by default. Never try all without a
                jail: they would kill and overwrite whatever they can.
        """
        files = {f"backend/attacks/{m}.py": (ATTACKS / f"{m}.py").read_text() for m in modules}
        self.add(
            name, SOLUTIONS[lesson], TELL.format(modules=", ".join(modules), chosen=chosen), files
        )

    def add_builder(self, name: str) -> None:
        """Hand in an app whose frontend attacks when it is built."""
        app = self.submissions / name
        shutil.copytree(SOLUTIONS[4], app)
        package = app / "frontend/package.json"
        facts = json.loads(package.read_text(encoding="utf-8"))
        facts["scripts"]["build"] = f"node attack/build.mjs && {facts['scripts']['build']}"
        package.write_text(json.dumps(facts), encoding="utf-8")
        (app / "frontend/attack").mkdir()
        shutil.copy(ATTACKS / "build.mjs", app / "frontend/attack")
        targets = json.dumps(self.list_targets())
        (app / "frontend/attack/targets.json").write_text(targets, encoding="utf-8")

    def describe_targets(self) -> str:
        """Return a module that tells the attackers where everything is: nothing is left to luck."""
        return "".join(f"{name} = {value!r}\n" for name, value in self.list_targets().items())

    def list_targets(self) -> dict[str, object]:
        """Return everything that attackers want, and where it is."""
        return {
            "CANARY": CANARY,
            "FOLDER": f"{self.folder}",
            "OUT": f"{self.out}",
            "ROOT": f"{ROOT}",
            "SUBMISSIONS": f"{self.submissions}",
            "VENV": f"{ROOT / '.venv-app'}",
            "GRADER": os.getpid(),
            "ABSTRACT": self.abstract,
            "LISTENER": self.port,
            **find_database(),
        }

    def grade(self, lesson: int, *options: object, jobs: int = 2) -> dict[str, dict]:
        """Grade everything, and return the results by the names of the submissions."""
        done = self.start(lesson, *options, jobs=jobs)
        output, _ = done.communicate(timeout=900)
        assert done.returncode in {0, 1, 2}, output
        self.said = output
        return self.read_results()

    def start(self, lesson: int, *options: object, jobs: int = 2) -> "subprocess.Popen[str]":
        """Start the grader."""
        command = [sys.executable, "-m", "checker", "grade", self.submissions, "--out", self.out]
        command += ["--lesson", lesson, "--jobs", jobs, "--seed", 8, *options]
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=self.make_env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def make_env(self) -> dict[str, str]:
        """Return the environment of the grader: a secret is in it."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("COURSE_", "PYTEST_"))}
        places = {"HOME": self.folder / "home", "TMPDIR": self.folder / "tmp"}
        places["COURSE_CACHE"] = ROOT / ".cache"
        variables = {name: f"{place}" for name, place in places.items()}
        return kept | variables | {"CLOUD_SECRET": CANARY}

    def read_results(self) -> dict[str, dict]:
        """Return the last result of each submission, by its name."""
        marks = json.loads((self.out / "reports" / "marks.json").read_text(encoding="utf-8"))
        by_id = {run["id"]: run for run in map(json.loads, self.read_lines())}
        return {m["submission"]: {**by_id.get(m["run"], {}), **m} for m in marks["people"]}

    def read_lines(self) -> list[str]:
        """Return the lines of the results."""
        return (self.out / "results.jsonl").read_text(encoding="utf-8").splitlines()

    def count_verdicts(self) -> int:
        """Return how many lines hold a verdict: an overloaded machine adds some that do not."""
        return sum(json.loads(line)["status"] != "error" for line in self.read_lines())

    def read_reports(self) -> dict[str, bytes]:
        """Return every file of the reports."""
        folder = self.out / "reports"
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    def list_left(self) -> list[str]:
        """Return what still runs or lies around of the runs."""
        deadline = time.monotonic() + LONGEST_CLEANUP
        while left := list(self.find_left()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return left

    def find_left(self):
        """Yield the processes and the files that runs left."""
        marked = list_marked(self.folder / "tmp")
        yield from (f"{process}" for process in marked if not is_server(process))
        yield from (f"{path}" for path in (self.folder / "tmp").glob("course-[!p]*"))


def is_server(process: psutil.Process) -> bool:
    """Tell whether a process is of the course's PostgreSQL, which ends by itself in a while."""
    with suppress(psutil.Error):
        return "postgres" in " ".join(process.cmdline())
    return False


def find_database() -> dict[str, object]:
    """Return where a PostgreSQL of the grader is, when it runs."""
    from checker.paths import CoursePaths
    from checker.probes.postgres.cluster import find_cluster

    paths = CoursePaths(ROOT, ROOT / "workspace", ROOT / ".cache", "postgres-1")
    state = find_cluster(paths).read_state()
    port, sockets = (state.port, state.sockets) if state else (1, "/none")
    return {"DATABASE_PORT": port, "SOCKETS": f"{sockets}/.s.PGSQL.{port}"}


@contextmanager
def lay_out(folder: Path):
    """Lay out everything that attackers want, and listen where they are not to come."""
    for name in ("in", "home/.ssh", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "home/.ssh/id_ed25519").write_text(CANARY)
    hunt = Hunt(folder)
    hunt.abstract = f"course-test-{secrets.token_hex(8)}"
    hunt.add("victim", STARTER, f"# {CANARY}\n")
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        hunt.port = listener.getsockname()[1]
        places = [listener]
        if sys.platform == "linux":
            abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
            abstract.bind(f"\0{hunt.abstract}")
            abstract.listen()
            places.append(abstract)
        for place in places:
            threading.Thread(target=count, args=(place, hunt.connections), daemon=True).start()
        yield hunt


def count(listener: socket.socket, connections: list[str]) -> None:
    """Take note of everybody who connects."""
    while True:
        try:
            client, address = listener.accept()
        except OSError:
            return
        connections.append(f"{address}")
        client.close()
