"""Choose the checks of a run and put them in order."""

import importlib
import pkgutil
from collections.abc import Container, Iterable
from types import ModuleType

from checker import checks
from checker.checks.declare import CheckInfo, is_observation, read_info
from checker.checks.fixtures import Changes, Observer
from checker.errors import UsageError
from checker.judge.inputs import Inputs


def list_checks() -> tuple[CheckInfo, ...]:
    """Return every check of the course, in the order of the lessons and of their tasks."""
    found = (read_info(function) for module in import_modules() for function in list_own(module))
    return tuple(info for info in found if info is not None)


def import_modules(lessons: Container[int] = range(100)) -> list[ModuleType]:
    """Return the modules that hold the checks of these lessons, in order."""
    names = sorted(m.name for m in pkgutil.iter_modules(checks.__path__))
    return [
        importlib.import_module(f"checker.checks.{name}")
        for name in names
        if name.startswith("test_") and int(name.split("_")[1]) in lessons
    ]


def list_own(module: ModuleType) -> list[object]:
    """Return what a module defines itself, in order."""
    return [v for v in vars(module).values() if getattr(v, "__module__", "") == module.__name__]


def list_variants(plan: tuple[CheckInfo, ...], inputs: Inputs) -> dict[str, Changes]:
    """Return the variables of every variant of the backend that the plan's lessons look at."""
    found: dict[str, Changes] = {}
    for module in import_modules({info.lesson for info in plan}):
        if hasattr(module, "list_variants"):
            found |= module.list_variants(inputs)
    return found


def list_observers(plan: tuple[CheckInfo, ...]) -> list[Observer]:
    """Return the functions that observe something beside the plan's checks."""
    modules = import_modules({info.lesson for info in plan if "observations" in info.fixtures})
    found = (value for module in modules for value in vars(module).values())
    return list(dict.fromkeys(v for v in found if callable(v) and is_observation(v)))


def plan_checks(lesson: int, only: Iterable[str] = ()) -> tuple[CheckInfo, ...]:
    """Return the checks of lessons 1 to `lesson`, or those named and what they need.

    Args:
        lesson: The number of the last lesson.
        only: Ids of checks or of tasks.

    Raises:
        UsageError: a name in `only` fits nothing.
    """
    known = {info.id: info for info in list_checks() if info.lesson <= lesson}
    chosen = select(known, tuple(only), lesson)
    # What is observed in the background is asked for last.
    chosen = sorted(chosen, key=lambda i: "observations" in known[i].fixtures)
    order: dict[str, CheckInfo] = {}
    for name in chosen:
        place(name, known, order)
    return tuple(order.values())


def select(known: dict[str, CheckInfo], only: tuple[str, ...], lesson: int) -> list[str]:
    """Return the ids that the names stand for, all of them when there are no names."""
    for name in only:
        if not any(name in {info.id, info.task} for info in known.values()):
            raise UsageError(
                f"there is no check or task named {name!r} in lessons 1 to {lesson}",
                f"./course check {lesson} --list shows them all.",
            )
    return [i for i, info in known.items() if not only or {i, info.task} & set(only)]


def place(name: str, known: dict[str, CheckInfo], order: dict[str, CheckInfo]) -> None:
    """Append a check to the order, after everything that it needs."""
    for need in known[name].needs:
        place(need, known, order)
    order.setdefault(name, known[name])
