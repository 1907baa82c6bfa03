"""What the checks of tools do: let the model use them, and look at what became of the tasks."""

from checker.checks.chats import ask, hear
from checker.checks.expect import expect_status
from checker.checks.steps import User, add_task, pick_task
from checker.probes.backend import Backend
from checker.probes.model.question import Question
from checker.probes.model.script import Turn, say
from checker.probes.model.server import Stage

ROW = "SELECT title, description, status FROM task WHERE id = %s"


def use(backend: Backend, user: User, model: Stage, word: str, *turns: Turn) -> Question:
    """Let the model use tools, and return what it was told of the last ones."""
    script = model.play(word, *turns, say("Done."))
    answer = ask(backend, user, word)
    expect_status(answer, 200, "What the model did wrong is a result of the tool, and no error.")
    return hear(script, len(turns) + 1)


def add(backend: Backend, user: User, title: str) -> str:
    """Add a task over the API, and return its id."""
    return str(pick_task(add_task(backend, user, title).read_json())["id"])
