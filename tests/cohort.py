"""Hand in apps as a group of learners might: some are done, most have a fault, some gave up."""

import random
import shutil
from pathlib import Path

from apps.build_app import APPS, build_wrong

ROOT = Path(__file__).resolve().parent.parent
DONE = ROOT / "solutions" / "01-setup"
BEGUN = ROOT / "lessons" / "01-setup" / "starter"
FAULTS = 15  # of the wrong apps


def hand_in(folder: Path) -> None:
    """Make the submissions of lesson 1, the same ones every time."""
    chance = random.Random(2)  # noqa: S311 - who gets which fault is no secret
    faults = sorted(p for p in (APPS / "wrong" / "01").glob("*.toml") if "cheat" not in p.name)
    apps = [*[DONE] * 6, *[BEGUN] * 3, *chance.sample(faults, FAULTS)]
    chance.shuffle(apps)
    for number, app in enumerate(apps, start=1):
        target = folder / f"learner-{number:02}"
        build_wrong(app, target) if app.is_file() else shutil.copytree(app, target)


if __name__ == "__main__":
    import sys

    hand_in(Path(sys.argv[1]))
