"""Declare a check: which task it belongs to, what it is worth and what it builds on."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., None])
Observer = TypeVar("Observer", bound=Callable[..., Any])


@dataclass(frozen=True)
class CheckInfo:
    """The facts of a check.

    Attributes:
        id: The function's name without `test_`; permanent.
        title: The first line of its docstring: what a learner reads.
        lesson: The lesson of its task.
        points: 0 for a check that guards and earns nothing.
        needs: Ids of checks that must pass first.
        fixtures: The names of the arguments that it asks for.
        module: The name of the file that holds it, without its suffix.
        later_needs: Lessons, and the check that must pass first from there on.
        observers: What it waits for that is observed in the background.
        advice: What to do when a page does not show what it should, and nothing else tells more.
    """

    id: str
    title: str
    task: str
    lesson: int
    points: int
    needs: tuple[str, ...]
    fixtures: tuple[str, ...]
    module: str = ""
    later_needs: tuple[tuple[int, str], ...] = ()
    observers: tuple[Callable[..., Any], ...] = ()
    advice: str = ""


def check(
    task: str,
    *,
    points: int,
    needs: tuple[str, ...] = (),
    later_needs: tuple[tuple[int, str], ...] = (),
    advice: str = "",
) -> Callable[[Function], Function]:
    """Turn a pytest function into a check of the task `task`, such as `L2.3`."""

    def declare(function: Function) -> Function:
        function.__dict__["check_info"] = CheckInfo(
            id=function.__name__.removeprefix("test_"),
            title=(inspect.getdoc(function) or "").partition("\n")[0],
            task=task,
            lesson=int(task[1:].partition(".")[0]),
            points=points,
            needs=needs,
            later_needs=later_needs,
            fixtures=tuple(inspect.signature(function).parameters),
            module=function.__module__.rpartition(".")[2],
            observers=find_observers(function),
            advice=advice,
        )
        return function

    return declare


def read_info(function: Any) -> CheckInfo | None:
    """Return what `check` noted on the function."""
    info = getattr(function, "check_info", None)
    return info if isinstance(info, CheckInfo) else None


def in_background(*, takes: float = 0) -> Callable[[Observer], Observer]:
    """Mark an observation that the run makes beside its checks, when one of them needs it.

    Args:
        takes: Seconds that it takes at least, when they are many; who takes longest begins first.
    """

    def mark(function: Observer) -> Observer:
        function.__dict__["seconds_at_least"] = takes
        return function

    return mark


def find_observers(function: Any) -> tuple[Callable[..., Any], ...]:
    """Return the observations that a check names in its body."""
    named = (function.__globals__.get(name) for name in function.__code__.co_names)
    return tuple(value for value in named if read_duration(value) is not None)


def read_duration(function: Any) -> float | None:
    """Return how long an observation takes at least, None for what is none."""
    takes = getattr(function, "seconds_at_least", None)
    return takes if isinstance(takes, int | float) else None
