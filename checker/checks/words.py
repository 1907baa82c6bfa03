"""Tell words that a person understands from what a program says to a programmer."""

import re

from checker.checks.expect import expect

TECHNICAL = re.compile(
    r"\[object Object\]|undefined|TypeError|Traceback|\bNaN\b|\{\"|problem\+json"
)


def expect_words(text: str) -> None:
    """Expect a message that a person understands."""
    expect(
        not TECHNICAL.search(text),
        expected="a message in words",
        got=f"“{text[:160]}”",
        next_step="Show detail when it is text; of FastAPI's list show the messages in it.",
    )
