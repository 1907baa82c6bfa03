"""Results of a batch, made by hand, and the shapes that platforms read."""

import hashlib

from report_samples import make_green, make_hostile, make_red

from checker.grading.marks import Deadline, make_marks
from checker.grading.results import RunKey, RunResult, Status
from checker.grading.roster import Person, read_time

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
PEOPLE = {
    "ada": Person("ada", id="1", name="Ada Lovelace", login="ada", email="ada@example.com"),
    "bo": Person("bo", id="=2+3", name='=HYPERLINK("http://x")', section="@sum"),
    "zoe": Person("zoe", name="Zoë"),
}
RUNS = ("ada", "bo", "hostile", "late", "mallory", "unlucky")


def make_run(name, status=Status.GRADED, report=None, reason="", attempt=1):
    """Make the result of one run."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    key = RunKey(submission=digest, lesson=1, checker="1", round=0)
    return RunResult(
        id=key.id,
        key=key,
        attempt=attempt,
        seed=7,
        status=status,
        report=report,
        reason=reason,
        seconds=1.5,
    )


def make_everybody():
    """Make the marks of a batch in which everything happens."""
    late = Person("late", name="Late Riser", submitted_at=read_time("2026-01-03T01:00:00Z", ""))
    results = {
        "ada": make_run("ada", report=make_green()),
        "bo": make_run("bo", report=make_red()),
        "hostile": make_run("hostile", report=make_hostile()),
        "late": make_run("late", report=make_green()),
        "mallory": make_run("mallory", Status.REFUSED, reason="=it leads\x1b[2J out"),
        "unlucky": make_run("unlucky", Status.ERROR, reason="no room"),
        "waiting": None,
    }
    deadline = Deadline(read_time("2026-01-01T00:00:00Z", ""), 10)
    return make_marks(results, PEOPLE | {"late": late}, deadline, 8)


def describe(required, **properties):
    """Return the schema of an object that has all of these and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


# gradescope-utils 0.5.0, JSONTestRunner, writes such a file, less the output; the rest is from
# Gradescope's own "Autograder Specifications".
GRADESCOPE = describe(
    "score output visibility stdout_visibility tests",
    score=NUMBER,
    execution_time=NUMBER,
    output=TEXT,
    output_format={"enum": ["text", "html", "simple_format", "md", "ansi"]},
    visibility={"enum": ["hidden", "after_due_date", "after_published", "visible"]},
    stdout_visibility={"enum": ["hidden", "after_due_date", "after_published", "visible"]},
    leaderboard={"type": "array"},
    tests={
        "type": "array",
        "items": describe(
            "score max_score status name",
            score=NUMBER,
            max_score=NUMBER,
            status={"enum": ["passed", "failed"]},
            name=TEXT,
            number=TEXT,
            output=TEXT,
            output_format={"enum": ["text", "html", "simple_format", "md", "ansi"]},
            tags={"type": "array", "items": TEXT},
            visibility={"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        ),
    },
)
CLASSROOM50 = describe(
    "schema classroom assignment owner assignment_type submission commit release review datetime "
    "score max-score tests",
    schema={"const": "classroom50/result/v1"},
    classroom=TEXT,
    assignment=TEXT,
    owner=TEXT,
    assignment_type={"enum": ["individual", "group"]},
    submission=TEXT,
    commit=TEXT,
    release=TEXT,
    review=TEXT,
    datetime=TEXT,
    score=NUMBER,
    **{"max-score": NUMBER},
    tests={
        "type": "array",
        "items": describe(
            "test-name passed score max-score",
            passed={"type": "boolean"},
            score=NUMBER,
            **{"test-name": TEXT, "max-score": NUMBER},
        ),
    },
)
GITHUB = describe(
    "version status max_score tests",
    version={"const": 1},
    status={"enum": ["pass", "fail", "error"]},
    max_score=NUMBER,
    tests={
        "type": "array",
        "items": describe(
            "name status score message test_code filename line_no duration",
            name=TEXT,
            status={"enum": ["pass", "fail", "error"]},
            score=NUMBER,
            message=TEXT,
            test_code=TEXT,
            filename=TEXT,
            line_no=NUMBER,
            duration=NUMBER,
        ),
    },
)
PRAIRIELEARN = describe(
    "gradable score message output tests",
    gradable={"type": "boolean"},
    score={"type": "number", "minimum": 0, "maximum": 1},
    message=TEXT,
    output=TEXT,
    tests={
        "type": "array",
        "items": describe(
            "name points max_points",
            name=TEXT,
            description=TEXT,
            points=NUMBER,
            max_points=NUMBER,
            message=TEXT,
            output=TEXT,
        ),
    },
)
