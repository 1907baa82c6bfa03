"""Tell for each wrong app whether the hint that is offered first points at its fault."""

import tomllib
from dataclasses import dataclass

from checker.course.manifest import load_lessons
from checker.judge.plan import list_checks
from checker.paths import CoursePaths
from tests.apps.build_app import WrongApp

SPEAKS = "speaks"


@dataclass(frozen=True)
class Hints:
    """What is known of hints and faults.

    Attributes:
        tasks: The task whose hint is offered with a check's failure, where there is one.
        files: The files in which a task is done.
        table: tests/apps/hints.toml: what the files do not tell, by the app's name.
    """

    tasks: dict[str, str]
    files: dict[str, frozenset[str]]
    table: dict[str, str]

    def is_offered(self, app: WrongApp) -> bool:
        """Tell whether a hint is offered: checks that earn nothing have none."""
        return app.first in self.tasks

    def names_file(self, app: WrongApp) -> bool:
        """Tell whether the fault lies in a file of the task whose hint is offered."""
        changed = {edit["file"] for edit in app.edits} | {file["path"] for file in app.files}
        changed |= set(app.remove)
        return self.is_offered(app) and not changed.isdisjoint(self.files[self.tasks[app.first]])

    def points_at(self, name: str, app: WrongApp) -> bool:
        """Tell whether a hint is offered, and points at the fault."""
        return self.names_file(app) or (self.is_offered(app) and self.table.get(name) == SPEAKS)


def read_hints(paths: CoursePaths) -> Hints:
    """Read the lessons' tasks, the checks, and the table."""
    file = paths.root / "tests" / "apps" / "hints.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    tasks = [task for lesson in load_lessons(paths) for task in lesson.tasks]
    return Hints(
        tasks={info.id: info.task for info in list_checks() if info.points},
        files={task.id: frozenset(task.files) for task in tasks},
        table={f"{n}/{name}": what for n, apps in table.items() for name, what in apps.items()},
    )
