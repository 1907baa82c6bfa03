"""Choose the environment variables that the app gets: those of the contract up to a lesson."""

from typing import TYPE_CHECKING

from checker.judge.inputs import Inputs
from checker.probes.project import Project

if TYPE_CHECKING:  # lessons without a model do not load its server
    from checker.probes.model.server import ModelServer

SECRET = "BETTER_AUTH_SECRET"  # noqa: S105 - the name of a variable
DATABASE = "DATABASE_URL"
MODEL_KEY, MODEL_URL, MODEL_NAME = "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"
FIRST_LESSONS = {SECRET: 2, DATABASE: 3, MODEL_KEY: 5}


def find_stage(project: Project, lesson: int) -> int:
    """Return how far an app has come: it may be in a later lesson than the one that is checked."""
    code = "\n".join(t for n, t in project.texts.items() if n.endswith(".py")).upper()
    return max([lesson, *(number for name, number in FIRST_LESSONS.items() if name in code)])


def name_model(model: "ModelServer") -> dict[str, str]:
    """Return the variables by which an app finds a model.

    Many checks share a user, and an app may guess what an answer of 200 kB costs: the budget is so
    large that none of them spends what the others need.
    """
    found = {MODEL_KEY: model.key, MODEL_URL: model.url, MODEL_NAME: model.name}
    return found | {"CHAT_DAILY_TOKENS": "10000000"}


def choose_variables(stage: int, inputs: Inputs) -> dict[str, str]:
    """Return the variables of the backend that most checks share, all but the database's address.

    Lesson 1 gets none at all: its app starts with nothing set.
    """
    variables: dict[str, str] = {}
    if stage >= FIRST_LESSONS[SECRET]:
        variables[SECRET] = inputs.make_secret()
        variables["BCRYPT_ROUNDS"] = "4"
    return variables
