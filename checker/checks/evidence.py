"""What shows why a check of pages failed, and where it is kept."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

MOST_RUNS = 10


@dataclass(frozen=True)
class Evidence:
    """What was kept of one failure; each is empty where there is none.

    Attributes:
        picture: The file that shows the page as it was.
        trace: The file that Playwright's viewer shows step by step.
        log: The last lines of the console, and the last requests that failed.
    """

    picture: str = ""
    trace: str = ""
    log: str = ""


EVIDENCE = pytest.StashKey[Evidence]()


def choose_folder(cache: Path) -> Path:
    """Return the folder that one run keeps its evidence in; those of the last runs stay."""
    failures = cache / "failures"
    for folder in sorted(failures.glob("*"))[: 1 - MOST_RUNS]:
        shutil.rmtree(folder, ignore_errors=True)
    return failures / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
