"""Compare the submissions of a folder, and write where two are alike."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from checker.course.manifest import load_lessons
from checker.errors import ProbeError, UsageError
from checker.grading.grade import find_all
from checker.grading.likeness.found import Found, Job
from checker.grading.likeness.sources import (
    SOLUTION,
    read_given,
    read_solution,
    read_submissions,
)
from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra

LONGEST_COMPARISON = 3600.0  # seconds


@dataclass(frozen=True, kw_only=True)
class LikenessOrder:
    """What a grader asked for.

    Attributes:
        submissions: The folder, or a CSV file with addresses of git repositories.
        lesson: Up to which they got starters.
        out: The folder of the reports.
        given: Folders with more code that everybody was given.
        least: The share of a submission, 0 to 1, from which on a pair is told.
    """

    paths: CoursePaths
    submissions: Path
    lesson: int
    out: Path
    given: Sequence[Path] = field(default_factory=tuple)
    least: float = 0.3


@dataclass(frozen=True)
class Likeness:
    """What came of it.

    Attributes:
        found: Pairs, the likest first.
        texts: By submission and file.
        refused: Who could not be read, and why.
    """

    found: Found
    texts: dict[str, dict[str, str]]
    refused: list[str]


def compare_submissions(order: LikenessOrder) -> Likeness:
    """Compare everybody with everybody, and with the solution.

    Raises:
        UsageError: something that was named does not exist.
        ProbeError: the comparison cannot be made here.
    """
    for folder in order.given:
        if not folder.is_dir():
            raise UsageError(f"there is no folder {folder}", "Name what everybody was given.")
    install_extra(Extra("likeness", "what compares submissions", ("copydetect",)), order.paths)
    refused: list[str] = []
    texts = dict(read_submissions(find_all(order.submissions, order.out), refused))
    texts[SOLUTION] = read_solution(order.paths, order.lesson)
    given = read_given(load_lessons(order.paths), order.lesson, order.given)
    return Likeness(run_engine(texts, given, order), texts, refused)


def run_engine(
    texts: dict[str, dict[str, str]], given: list[tuple[str, str]], order: LikenessOrder
) -> Found:
    """Compare in a process that can be ended: it reads what anybody may have made up.

    Raises:
        ProbeError: it did not get done.
    """
    job = Job(people=texts, given=given, least=order.least)
    home = order.paths.cache / "likeness"
    home.mkdir(parents=True, exist_ok=True)
    # The seed settles which fingerprints are chosen; the folder is where Matplotlib, which the
    # library brings along, looks for settings and leaves its list of fonts.
    env = {"PYTHONHASHSEED": "0", "MPLCONFIGDIR": f"{home}", "MPLBACKEND": "agg"}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "checker.grading.likeness.engine"],
            input=msgspec.json.encode(job),
            env=env | {"PYTHONUTF8": "1"},
            cwd=home,
            capture_output=True,
            timeout=LONGEST_COMPARISON,
            check=False,
        )
        return msgspec.json.decode(done.stdout, type=Found)
    except subprocess.TimeoutExpired as error:
        raise ProbeError("the comparison does not get done", "Compare fewer at a time.") from error
    except msgspec.DecodeError as error:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        raise ProbeError(f"the comparison ended early: {lines[-1]}", "Start it again.") from error
