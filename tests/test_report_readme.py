"""The verdicts that README.md and the lessons show are those that a learner gets."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LESSON_1, LESSON_2 = (ROOT / "lessons" / n / "README.md" for n in ("01-setup", "02-jwt-auth"))
EXCERPTS = {
    ROOT / "README.md": r"\$ \./course check 1\n(.*?)```",
    LESSON_1: r"### How to read a verdict\n\n```\n(.*?)```",
}
CUT = re.compile(r" \.\.\.\n|…\n")


def straighten(text):
    """Take out line breaks and the seconds that a run took."""
    return re.sub(r"\d+\.\d s\b", "… s", " ".join(text.split()))


def read_parts(page, pattern):
    """Return the parts of the verdict on a page, between the places where it was cut."""
    excerpt = re.search(pattern, page.read_text(encoding="utf-8"), re.DOTALL).group(1)
    return [straighten(part) for part in CUT.split(excerpt)]


def test_readme_and_lesson_1_show_the_first_verdict(run_course):
    run_course("start")
    shown = straighten(run_course("check", 1).stdout)
    for page, pattern in EXCERPTS.items():
        parts = read_parts(page, pattern)
        assert len(parts) > 1
        assert [part for part in parts if part not in shown] == []


def test_lesson_2_says_how_many_checks_wait(run_course):
    said = re.search(r'"(\d+ more wait for this)"', LESSON_2.read_text(encoding="utf-8"))
    assert said.group(1) in run_course("start", 2).stdout
