"""Say what the board shows: a row for each learner, and what holds most of them up."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from checker.board.store import Learner, Store, count_passed
from checker.checks.declare import CheckInfo
from checker.course.manifest import Lesson

MOST_HARD = 5
NOT_PASSED = frozenset({"failed", "error"})
Row = dict[str, Any]


@dataclass
class View:
    """The rows as they were last sent, made again for those that changed.

    Args:
        lessons: Every lesson of the course.
        checks: Every check of the course, in order.
    """

    lessons: tuple[Lesson, ...]
    checks: tuple[CheckInfo, ...]
    rows: dict[int, Row] = field(default_factory=dict)

    def update(self, learner: Learner) -> Row:
        """Make a learner's row again; times are seconds since 1970 by this machine's clock."""
        own = [info for info in self.checks if info.lesson == learner.lesson]
        outcomes = {info.id: learner.outcomes.get(info.id, "") for info in own}
        hard = next((info for info in own if outcomes[info.id] in NOT_PASSED), None)
        passed = count_passed(outcomes)
        row = {
            "id": learner.id,
            "name": learner.name,
            "lesson": learner.lesson,
            "passed": passed,
            "total": len(own),
            "task": hard.task if hard else "",
            "check": hard.id if hard else "",
            "title": hard.title.removesuffix(".") if hard else "",
            "seen": learner.seen_at,
            "moved": learner.moved_at,
            "done": bool(own) and passed == len(own),
            "hand": learner.hand_at,
        }
        self.rows[learner.id] = row
        return row

    def summarise(self) -> dict[str, Any]:
        """Count who is where, and what holds most people up."""
        lessons = Counter(row["lesson"] for row in self.rows.values())
        hard = Counter(row["check"] for row in self.rows.values() if row["check"])
        titles = {row["check"]: (row["task"], row["title"]) for row in self.rows.values()}
        return {
            "lessons": [
                {"number": n, "title": self.find_title(n), "count": lessons[n]}
                for n in sorted(lessons)
            ],
            "hard": [
                {"check": name, "task": titles[name][0], "title": titles[name][1], "count": count}
                for name, count in hard.most_common(MOST_HARD)
            ],
        }

    def find_title(self, number: int) -> str:
        """Return a lesson's title."""
        return self.lessons[number - 1].title if number else "Not begun"


def make_view(store: Store, lessons: tuple[Lesson, ...], checks: tuple[CheckInfo, ...]) -> View:
    """Return the view of everybody who has joined."""
    view = View(lessons, checks)
    for learner in store.learners.values():
        view.update(learner)
    return view
