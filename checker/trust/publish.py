"""Judge what an order asks for, tell how it goes, and write docs/trust."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from checker.paths import CoursePaths
from checker.trust.chart import draw_chart
from checker.trust.excuses import EXCUSES, FOLDER, read_excuses
from checker.trust.figures import Figures, read_figures, write_figures
from checker.trust.gather import gather
from checker.trust.measure import Bench, Order
from checker.trust.needs import tell_lack
from checker.trust.page import write_page, write_survivors

Item = TypeVar("Item")
FIGURES = FOLDER / "figures.json"


def judge_and_tell(order: Order, progress: Console, console: Console) -> int:
    """Judge what is missing; return how many came to no verdict, which the next run tries again.

    Args:
        order: What to judge.
        progress: Shows a line that changes, when it is a terminal.
        console: Is told of every kind and lesson, and of what came to no verdict.
    """
    deadline = time.monotonic() + order.minutes * 60
    lost = 0
    for lesson in order.lessons:
        for kind in order.kinds:
            bench = Bench(order, kind, lesson)
            missing = len(bench.list_missing())
            console.print(f"lesson {lesson}, {kind}: {missing} to judge")
            if missing and (lack := tell_lack(lesson)):
                lost += missing
                console.print(f"not measured here, for want of {lack}")
                continue
            with progress.status("") as status, closing(bench.judge_missing()) as judged:
                for done, (one, verdict) in enumerate(take_until(deadline, judged), 1):
                    status.update(f"{kind} {done} of {missing}: {one.name}")
                    if isinstance(verdict, str):
                        lost += 1
                        console.print(
                            f"no verdict on {one.name}: {verdict}. Run the command again."
                        )
    return lost


def take_until(deadline: float, judged: Iterator[Item]) -> Iterator[Item]:
    """Yield items until the clock of this machine has passed the deadline."""
    while time.monotonic() < deadline:
        try:
            yield next(judged)
        except StopIteration:
            return


def publish(paths: CoursePaths) -> list[Path]:
    """Write the figures and the pages; return the files."""
    file = paths.root / FIGURES
    figures = gather(paths, read_figures(file), read_excuses(paths.root / EXCUSES))
    write_figures(figures, file)
    return [file, *write_pages(paths, figures)]


def write_pages(paths: CoursePaths, figures: Figures) -> list[Path]:
    """Write what is made of the figures alone."""
    files = []
    for name, text in render(paths, figures).items():
        file = paths.root / FOLDER / name
        file.write_text(text, encoding="utf-8", newline="\n")
        files.append(file)
    return files


def render(paths: CoursePaths, figures: Figures) -> dict[str, str]:
    """Return the text of each file that is made of the figures, by its name."""
    excuses = read_excuses(paths.root / EXCUSES)
    return {
        "README.md": write_page(figures),
        "chart.svg": draw_chart(figures),
        "survivors.md": write_survivors(figures, excuses),
    }
