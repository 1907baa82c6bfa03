"""Choose the environment variables that the app gets: those of the contract up to a lesson."""

from checker.judge.inputs import Inputs
from checker.probes.project import Project

SECRET = "BETTER_AUTH_SECRET"  # noqa: S105 - the name of a variable
DATABASE = "DATABASE_URL"
FIRST_LESSONS = {SECRET: 2, DATABASE: 3}


def find_stage(project: Project, lesson: int) -> int:
    """Return how far an app has come: it may be in a later lesson than the one that is checked."""
    code = "\n".join(t for n, t in project.texts.items() if n.endswith(".py")).upper()
    return max([lesson, *(number for name, number in FIRST_LESSONS.items() if name in code)])


def choose_variables(stage: int, inputs: Inputs) -> dict[str, str]:
    """Return the variables of the backend that most checks share, all but the database's address.

    Lesson 1 gets none at all: its app starts with nothing set.
    """
    variables: dict[str, str] = {}
    if stage >= FIRST_LESSONS[SECRET]:
        variables[SECRET] = inputs.make_secret()
        variables["BCRYPT_ROUNDS"] = "4"
    return variables
