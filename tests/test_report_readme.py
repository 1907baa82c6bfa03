"""The verdict that README.md shows is the one that a learner gets."""

import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
EXCERPT = re.compile(r"\$ \./course check 1\n(.*?)```", re.DOTALL)


def straighten(text):
    """Take out line breaks and the seconds that a run took."""
    return re.sub(r"\d+\.\d s\b", "… s", " ".join(text.split()))


def test_readme_shows_the_first_verdict(run_course):
    run_course("start")
    shown = straighten(run_course("check", 1).stdout)
    excerpt = EXCERPT.search(README.read_text(encoding="utf-8")).group(1)
    parts = [straighten(part) for part in re.split(r" \.\.\.\n", excerpt)]
    assert len(parts) > 1
    assert [part for part in parts if part not in shown] == []
