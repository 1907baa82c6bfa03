"""L5.5: tools take what models send, and keep the rules that the API has for tasks."""

from checker.checks.declare import check
from checker.checks.expect import expect, shorten
from checker.checks.steps import User, register_user
from checker.checks.tool_uses import ROW, add, use
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.model.script import call
from checker.probes.model.server import Stage
from checker.probes.postgres.stock import DatabaseStock

OWN = "SELECT id, description FROM task WHERE user_id = %s AND title = %s"
ODD = """SELECT title, status FROM task WHERE user_id = %s AND (btrim(title) = ''
    OR status NOT IN ('pending', 'in_progress', 'completed'))"""


@check("L5.5", points=2, needs=("chat_changes_tasks", "chat_lists_tasks"))
def test_null_is_left_out(
    backend: Backend, inputs: Inputs, model: Stage, databases: DatabaseStock
) -> None:
    """Null for an argument that may be left out means the same as to leave it out."""
    user, title, other = register_user(backend, inputs), inputs.make_title(), inputs.make_title()
    task, note = add(backend, user, title), inputs.make_title()
    heard = use(
        backend,
        user,
        model,
        inputs.make_word(),
        (call("create_task", title=other, description=None),),
        (call("update_task", task_id=task, title=None, description=note, status=None),),
        (call("update_task", task_id=task, title=None, description=None, status="completed"),),
        (call("list_tasks", status=None),),
    )
    made, changed = databases.query(OWN, user.id, other), databases.query(ROW, task)
    told = heard.results[-1].text
    step = "Declare it as … | None = None, and do not write down what is None."
    expect(
        len(made) == 1 and not made[0][1],
        expected="create_task with description null to add a task without one",
        got=f"{made or 'no task'}",
        next_step=step,
    )
    expect(
        changed == [(title, note, "completed")],
        expected=f"update_task to change what is not null: “{title}”, completed, with “{note}”",
        got=f"{changed}",
        next_step=step,
    )
    expect(
        title in told and other in told,
        expected="list_tasks with status null to list all tasks",
        got=shorten(told),
        next_step=step,
    )


@check("L5.5", points=2, needs=("bad_calls_are_told",))
def test_tools_keep_the_rules(
    backend: Backend, inputs: Inputs, user: User, model: Stage, databases: DatabaseStock
) -> None:
    """A tool stores neither a title of spaces nor a status that there is not, as the API does."""
    task = add(backend, user, inputs.make_title())
    for bad in (
        call("create_task", title="   "),
        call("update_task", task_id=task, status="urgent"),
        call("update_task", task_id=task, title="   "),
    ):
        use(backend, user, model, inputs.make_word(), (bad,))
        stored = databases.query(ODD, user.id)
        expect(
            not stored,
            expected=f"{bad.name}({bad.arguments}) to be refused, as POST and PATCH refuse it",
            got=f"a row with the title “{stored[0][0]}” and the status {stored[0][1]}"
            if stored
            else "",
            next_step="Make a TaskCreate or TaskUpdate of the arguments with model_validate.",
        )
