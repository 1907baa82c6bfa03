"""Run a watch on a terminal: events become lines, keys become orders."""

import webbrowser
from typing import TYPE_CHECKING

from rich.console import Console

from checker.course.manifest import Task, find_lesson, load_lessons
from checker.judge.results import Outcome
from checker.judge.verdict import CheckOrder
from checker.watch.engine import Engine
from checker.watch.keys import heard_keys
from checker.watch.pages import PagesKeeper
from checker.watch.screen import KEYS, Screen

if TYPE_CHECKING:
    from collections.abc import Callable


def watch(order: CheckOrder, console: Console) -> None:
    """Check, and check again after each save, until the learner quits.

    Raises:
        CourseError: there is no such lesson, or no such folder.
        KeyboardInterrupt: the learner pressed Ctrl-C.
    """
    screen = Screen(load_lessons(order.paths), console)
    with PagesKeeper(order.paths) as pages:
        session = Session(order, Engine(order, screen.show, pages), screen)
        screen.say(f"Watching {session.engine.app}: save a file, and its checks run.")
        with heard_keys(session.press) as has_keys:
            screen.say(KEYS if has_keys else "Press Ctrl-C to stop.")
            session.engine.run()


class Session:
    """One watch, and what the learner has asked it.

    Args:
        order: What is watched.
        engine: Told what the keys ask for.
        screen: Where it is shown.
    """

    def __init__(self, order: CheckOrder, engine: Engine, screen: Screen) -> None:
        self.engine = engine
        self._screen = screen
        self._lessons = load_lessons(order.paths)
        self._hints: dict[str, int] = {}  # how many of a task's hints were shown
        self._keys: dict[str, Callable[[], None]] = {
            "a": engine.check_all,
            "h": self.give_hint,
            "n": self.name_next,
            "o": self.open_lesson,
            "q": engine.stop,
        }

    def press(self, key: str) -> None:
        """Do what a key stands for; any other shows which there are."""
        self._keys.get(key.lower(), lambda: self._screen.say(KEYS))()

    def find_open(self) -> Task | None:
        """Return the first task of the lesson with a check that has not passed."""
        report = self._screen.report
        results = report.results if report else ()
        wanted = {result.task for result in results if result.outcome is not Outcome.PASSED}
        tasks = (task for lesson in self._lessons for task in lesson.tasks)
        return next((task for task in tasks if task.id in wanted), None)

    def give_hint(self) -> None:
        """Show the next hint for the first open task: a nudge first."""
        if (task := self.find_open()) is None:
            return self.name_next()
        level = self._hints.get(task.id, 0) % len(task.hints)
        self._hints[task.id] = level + 1
        text = f"{task.id} {task.title}, hint {level + 1} of {len(task.hints)}"
        for line in (text, *task.hints[level].strip("\n").splitlines()):
            self._screen.say(line)
        return None

    def name_next(self) -> None:
        """Say which task is the next, and where it is done."""
        task = self.find_open()
        if task is None:
            self._screen.say("No task is open.")
        else:
            self._screen.say(f"Next: {task.id} {task.title}, in {', '.join(task.files)}")

    def open_lesson(self) -> None:
        """Open the lesson's text with whatever the system opens such a file with."""
        file = find_lesson(self._lessons, self.engine.lesson).folder / "README.md"
        if not webbrowser.open(file.as_uri()):
            self._screen.say(f"Read {file}")
