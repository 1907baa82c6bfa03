"""Choose the environment variables that the app gets: those of the contract up to a lesson."""

from checker.judge.inputs import Inputs

SECRET = "BETTER_AUTH_SECRET"  # noqa: S105 - the name of a variable


def choose_variables(lesson: int, inputs: Inputs) -> dict[str, str]:
    """Return the variables of the backend that most checks share.

    Lesson 1 gets none at all: its app starts with nothing set.
    """
    variables: dict[str, str] = {}
    if lesson >= 2:  # noqa: PLR2004 - the lesson that brings the two
        variables[SECRET] = inputs.make_secret()
        variables["BCRYPT_ROUNDS"] = "4"
    return variables
