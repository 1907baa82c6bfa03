"""Choose the checks of a run and put them in order."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from checker import checks
from checker.checks.declare import CheckInfo, read_duration, read_info
from checker.checks.fixtures import Changes, serve_what_it_asks_for
from checker.errors import UsageError

LESSONS = range(100)  # more than there are


def list_checks(lessons: Container[int] = LESSONS) -> tuple[CheckInfo, ...]:
    """Return every check of these lessons, in the order of the lessons and of their tasks."""
    modules = import_modules(lessons)
    found = (read_info(function) for module in modules for function in list_own(module))
    return tuple(info for info in found if info is not None)


def import_modules(lessons: Container[int]) -> list[ModuleType]:
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


def list_variants(plan: tuple[CheckInfo, ...], offered: Mapping[str, object]) -> dict[str, Changes]:
    """Return the variables of every variant of the backend that lessons of the plan look at.

    Lessons of which no planned check looks at a variant have none started for nothing.

    Args:
        plan: The checks of the run.
        offered: What the modules' functions may ask for by name.
    """
    found: dict[str, Changes] = {}
    for module in import_modules({i.lesson for i in plan if "variants" in find_wants(i)}):
        if hasattr(module, "list_variants"):
            found |= serve_what_it_asks_for(module.list_variants, offered)
    return found


def list_observers(plan: tuple[CheckInfo, ...]) -> list[Callable[..., Any]]:
    """Return what is to be observed beside the plan's checks, each once.

    Those that take longest come first, the others in the order of their checks.
    """
    found = dict.fromkeys(observe for info in plan for observe in info.observers)
    return sorted(found, key=lambda observe: -(read_duration(observe) or 0))


def plan_checks(
    lesson: int, only: Iterable[str] = (), *, with_needs: bool = True
) -> tuple[CheckInfo, ...]:
    """Return the checks of lessons 1 to `lesson`, or those named and what they need.

    Args:
        lesson: The number of the last lesson.
        only: Ids of checks or of tasks.
        with_needs: Whether what they need comes along.

    Raises:
        UsageError: a name in `only` fits nothing.
    """
    known = {info.id: complete(info, lesson) for info in list_checks(range(lesson + 1))}
    chosen = select(known, tuple(only), lesson)
    chosen = sorted(chosen, key=lambda name: rank(known[name]))
    order: dict[str, CheckInfo] = {}
    for name in chosen:
        if with_needs:
            place(name, known, order)
        order.setdefault(name, known[name])
    return tuple(order.values())


SLOW = frozenset({"site", "visitors", "member", "browser", "lab", "rehearsal"})


def find_wants(info: CheckInfo) -> set[str]:
    """Return the names of all that a check asks for, itself or through its observers."""
    observed = (inspect.signature(observe).parameters for observe in info.observers)
    return {*info.fixtures, *(name for names in observed for name in names)}


def allow_time(plan: tuple[CheckInfo, ...], longest: float) -> float:
    """Return after how many seconds a run begins no further check.

    A browser, builds and containers take many times as long as answers of an app do, and on a busy
    machine it is not the app's fault that they do.

    Args:
        plan: The checks of the run.
        longest: What the answers of an app may take.
    """
    return longest * 6 if any(SLOW & find_wants(info) for info in plan) else longest


def rank(info: CheckInfo) -> int:
    """Return when a check is asked for: those last that have to wait for something else.

    While the first ones run, backends with other settings start and observations are made.
    """
    if info.observers:
        return 2
    return 1 if "variants" in info.fixtures else 0


def complete(info: CheckInfo, lesson: int) -> CheckInfo:
    """Add the prerequisites that a check has from some lesson on."""
    return replace(info, needs=(*info.needs, *(i for n, i in info.later_needs if n <= lesson)))


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
