"""What is known about the app while its lessons are read, and what the panel may have done."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checker.course.manifest import Lesson, find_task, load_lessons
from checker.errors import CourseError
from checker.judge.plan import list_checks
from checker.judge.results import CheckResult
from checker.judge.verdict import CheckOrder
from checker.paths import CoursePaths
from checker.report.text import make_visible
from checker.shell import localise
from checker.watch.engine import Begun, Engine, Event, Trouble, Verdict
from checker.watch.pages import PagesKeeper
from checker.workspace.compare import compare
from checker.workspace.describe import describe_rewrite, describe_start
from checker.workspace.rewrite import reset
from checker.workspace.start import start

Publish = Callable[[str, dict[str, Any]], None]


class StudyRoom:
    """One workspace that is watched, and the lessons beside it.

    Args:
        paths: The folders of the course.
        publish: Told the name of each event and what it holds, from any thread.
    """

    def __init__(self, paths: CoursePaths, publish: Publish) -> None:
        self.paths = paths
        self.lessons: tuple[Lesson, ...] = load_lessons(paths)
        self._checks = list_checks()
        self._publish = publish
        self._pages = PagesKeeper(paths)
        self._engine: Engine | None = None
        self._thread: threading.Thread | None = None
        self._writing = threading.Lock()  # one change of the workspace at a time
        self._known: dict[str, CheckResult] = {}
        self._state: dict[str, Any] = {"lesson": 0, "busy": False, "said": ""}
        self._state |= {"failed": "", "site": ""}

    # Watching

    def open(self) -> None:
        """Watch the workspace, if there is one by now."""
        if self._engine is not None:
            return
        try:
            self._engine = Engine(CheckOrder(paths=self.paths), self.take, self._pages)
        except CourseError as error:
            self._change(failed=f"{error.problem}. {error.next_step}")
            return
        self._change(lesson=self._engine.lesson, failed="")
        self._thread = threading.Thread(target=self._engine.run)
        self._thread.start()

    def close(self) -> None:
        """Stop watching, and end what was kept warm."""
        if self._engine and self._thread:
            self._engine.stop()
            self._thread.join()
        self._pages.close()

    def take(self, event: Event) -> None:
        """Take note of an event of the watch, and pass it on."""
        if isinstance(event, CheckResult):
            self._known[event.id] = event
            self._publish("result", self.describe_result(event))
        elif isinstance(event, Begun):
            if event.lesson != self._state["lesson"]:  # its tasks may be open again
                self._known.clear()
                self._publish("all", self.describe())
            what = ", ".join(event.paths) or "everything"
            self._change(lesson=event.lesson, busy=True, said=f"Checking {what} …", failed="")
        elif isinstance(event, Verdict):
            self._change(busy=bool(event.left), said=describe_verdict(event))
        elif isinstance(event, Trouble):
            self._change(busy=False, said="", failed=f"{event.problem}. {event.next_step}")

    def note_site(self, state: str) -> None:
        """Take note of how the pages of the site stand; see `checker.serve.site`."""
        self._change(site=state)

    def _change(self, **changes: Any) -> None:
        self._state |= changes
        self._publish("state", self._state)

    # Describing

    def describe(self) -> dict[str, Any]:
        """Return all that a page has to know when it is opened."""
        results = [self.describe_result(result) for result in list(self._known.values())]
        return {**self._state, "results": results}

    def describe_lesson(self, number: int) -> list[dict[str, Any]]:
        """Return the tasks of a lesson, each with its checks."""
        checks = [info for info in self._checks if info.lesson == number]
        return [
            {
                "id": task.id,
                "title": task.title,
                "hints": len(task.hints),
                "checks": [
                    {"id": info.id, "title": info.title.removesuffix(".")}
                    for info in checks
                    if info.task == task.id
                ],
            }
            for task in self.lessons[number - 1].tasks
        ]

    @staticmethod
    def describe_result(result: CheckResult) -> dict[str, Any]:
        """Return what is told about a check that has run."""
        found = result.finding
        shown = (
            {}
            if found is None
            else {
                "expected": found.expected,
                "got": found.got,
                "next": localise(found.next_step),
                "with": found.setup if found.curl else "",
                "try": found.curl,
                "log": found.log,
            }
        )
        return {
            "id": result.id,
            "outcome": result.outcome.value,
            "finding": {label: make_visible(text) for label, text in shown.items() if text},
            "picture": bool(found and found.picture),
        }

    def find_picture(self, check: str) -> Path | None:
        """Return the picture of a check that failed, None when there is none."""
        result = self._known.get(check)
        picture = result.finding.picture if result and result.finding else ""
        file = Path(picture)
        return file if picture and file.is_file() else None

    def find_hint(self, task: str, level: int) -> str:
        """Return one hint for a task, the first level being 1.

        Raises:
            UsageError: there is no such task.
        """
        hints = find_task(self.lessons, task).hints
        return hints[min(max(level, 1), len(hints)) - 1].strip("\n")

    def compare_with_solution(self, lesson: int) -> str:
        """Return the diff from the learner's files to the finished ones of a lesson.

        Raises:
            CourseError: there is no workspace, or it cannot be read.
        """
        return compare(self.paths, lesson) or "Your files are the finished ones already."

    # Doing

    def check_all(self) -> None:
        """Run every check."""
        self.open()
        if self._engine:
            self._engine.check_all()

    def start_lesson(self, lesson: int) -> str:
        """Bring a lesson into the workspace, and say what that did.

        Raises:
            CourseError: the workspace is in no state to take it; nothing was changed.
        """
        with self._writing:
            said = describe_start(self.paths, start(self.paths, lesson))
        self.open()
        return localise(said)

    def reset_lesson(self, lesson: int) -> str:
        """Begin a lesson again, and say what that did.

        Raises:
            CourseError: as above.
        """
        with self._writing:
            done = reset(self.paths, lesson)
        title = f"Lesson {lesson} begins again in your workspace."
        return localise(describe_rewrite(self.paths, lesson, title, done))


def describe_verdict(event: Verdict) -> str:
    """Say how a run ended."""
    left = f", {event.left} more to run …" if event.left else "."
    return f"{len(event.ran)} checks in {event.seconds:.1f} s{left}"
