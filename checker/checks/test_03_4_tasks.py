"""L3.4: users add, read, change and delete their tasks, and see nobody else's."""

import json
from datetime import datetime

from checker.checks.declare import check
from checker.checks.expect import (
    expect,
    expect_detail,
    expect_equal,
    expect_fields,
    expect_object,
    expect_refused,
    expect_status,
    shorten,
)
from checker.checks.steps import (
    COUNT_TASKS,
    User,
    add_task,
    add_tasks,
    change_task,
    pick_task,
    register_user,
)
from checker.checks.steps import TASK_FIELDS as FIELDS
from checker.checks.tokens import make_claims, sign
from checker.checks.values import is_utc_time, is_uuid
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.http import Exchange
from checker.probes.postgres.stock import DatabaseStock

CREATED_STEP = "Give the route status_code=201: something was made, and 200 does not say so."
AS_TYPED_STEP = "Keep a title as it was typed: what shows it, a page, escapes it."
APPLY_STEP = "Apply changes.model_dump(exclude_unset=True): only what was sent."
SAVE_STEP = "Set the fields that were sent, and commit the session, or nothing is stored."
KEEP_STEPS = {
    name: f"Leave {name} as it is: a change touches what was sent, and updated_at."
    for name in ("id", "user_id", "created_at")
}
READY = ("me_answers_the_user", "columns_are_as_agreed")


@check("L3.4", points=3, needs=READY)
def test_create_task_answers_201(backend: Backend, inputs: Inputs, user: User) -> None:
    """POST /api/tasks answers 201 with the task and where it is."""
    title = inputs.make_title()
    answer = add_task(backend, user, title)
    step = "Save a Task of this user in TaskStore.add, and return it."
    expect_status(answer, 201, step if answer.status != 200 else CREATED_STEP)
    body = expect_fields(answer, FIELDS, step)
    wanted = {"user_id": user.id, "title": title, "description": None, "status": "pending"}
    for name, value in wanted.items():
        expect_equal(answer, name, body[name], value, step)
    expect(
        is_uuid(body["id"]) and is_utc_time(body["created_at"]) and is_utc_time(body["updated_at"]),
        expected="id to be a UUID, created_at and updated_at times in UTC with their offset",
        got=shorten(answer.text),
        next_step="Use uuid4 and datetime.now(UTC), DateTime(timezone=True) for the columns, and "
        "ask each connection for UTC, as use_utc in app/database.py does.",
        answer=answer,
    )
    location = answer.headers.get("location", "")
    expect(
        simplify(location.rstrip("/")).endswith(simplify(f"/api/tasks/{body['id']}")),
        expected=f"the header Location to name /api/tasks/{body['id']}",
        got=shorten(location) or "no such header",
        next_step='Set response.headers["Location"] in the route, to the address of this task.',
        answer=answer,
    )


@check("L3.4", points=1, needs=("create_task_answers_201",))
def test_create_task_takes_all_fields(backend: Backend, inputs: Inputs, user: User) -> None:
    """A new task may come with a description and a status."""
    description = inputs.make_title()
    for status in ("pending", "in_progress", "completed"):
        answer = add_task(
            backend, user, inputs.make_title(), description=description, status=status
        )
        step = "Make the Task from new_task.model_dump(): every field that was sent."
        expect_status(answer, 201, step)
        body = expect_fields(answer, FIELDS, step)
        expect_equal(answer, "description", body["description"], description, step)
        expect_equal(answer, "status", body["status"], status, step)


@check("L3.4", points=2, needs=("create_task_answers_201",))
def test_create_task_refuses_bad_fields(backend: Backend, inputs: Inputs, user: User) -> None:
    """A title that is empty, of spaces or over 200 characters, or an unknown status, is 422."""
    long = inputs.make_word(201)
    bodies: tuple[dict[str, object], ...] = (
        {},
        {"title": ""},
        {"title": "   "},
        {"title": long},
        {"title": None},
        {"title": inputs.make_title(), "status": inputs.make_word()},
    )
    for body in bodies:
        answer = backend.post("/api/tasks", json=body, token=user.token)
        expect(
            answer.status == 422,
            expected=f"422 for {shorten(repr(body))}",
            got=f"{answer.status}: {shorten(answer.text)}",
            next_step="Declare title as Title and status as TaskStatus in TaskCreate.",
            answer=answer,
        )
        expect_detail(answer, "Let FastAPI answer 422 itself.")
    for title in (long[0], long[:200]):
        step = "Take a title of 1 to 200 characters."
        expect_status(add_task(backend, user, title), 201, step)


@check("L3.4", points=1, needs=("create_task_answers_201",))
def test_title_stays_text(
    backend: Backend, inputs: Inputs, user: User, databases: DatabaseStock
) -> None:
    """SQL and markup in a title are stored and returned as they are."""
    for title in (
        f"{inputs.make_word()}'); DROP TABLE task; --",
        f'<b>{inputs.make_word()}</b> & %s {{}} \\ "quoted"',
        f"{inputs.make_word()} and Grüße 🎉",
    ):
        answer = add_task(backend, user, title)
        step = "Pass values as parameters: never build SQL with f-strings."
        expect(
            answer.status == 201,
            expected=f"{answer} to answer 201 Created for the title {shorten(title)}",
            got=f"{answer.status}: {shorten(answer.text)}",
            next_step=step,
            answer=answer,
        )
        expect_equal(answer, "title", expect_object(answer).get("title"), title, AS_TYPED_STEP)
        rows = databases.query("SELECT count(*) FROM task WHERE title = %s", title)
        expect(
            rows[0][0] == 1,
            expected=f"one row of the table task with the title {title}",
            got=f"{rows[0][0]} rows",
            next_step=step,
            answer=answer,
        )


@check("L3.4", points=2, needs=("create_task_answers_201",))
def test_read_task(backend: Backend, inputs: Inputs, user: User) -> None:
    """GET /api/tasks/{id} answers 200 with the task."""
    task = add_tasks(backend, user, inputs, 1)[0]
    answer = backend.get(f"/api/tasks/{task['id']}", token=user.token)
    step = "Return the task that TaskStore.find finds."
    expect_status(answer, 200, step)
    body = expect_fields(answer, FIELDS, step)
    for name in FIELDS:
        expect_equal(answer, name, body[name], task[name], step)


@check("L3.4", points=2, needs=("read_task",))
def test_unknown_task_is_404(backend: Backend, inputs: Inputs, user: User) -> None:
    """An id that no task has answers 404, on every verb."""
    for answer in try_verbs(backend, user, inputs.make_id()):
        expect_status(answer, 404, "Raise TaskNotFoundError when the query finds no row.")
        expect_detail(answer, "Answer the 404 as JSON with a detail.")


@check("L3.4", points=1, needs=("read_task",))
def test_malformed_id_is_refused(backend: Backend, inputs: Inputs, user: User) -> None:
    """An id that is no UUID answers 404 or 422, on every verb."""
    for task in (inputs.make_word(), "1", "%00"):
        for answer in try_verbs(backend, user, task):
            expect_status(answer, (404, 422), "Declare task_id as UUID in the route.")


@check("L3.4", points=2, needs=("read_task",))
def test_change_task_keeps_the_rest(backend: Backend, inputs: Inputs, user: User) -> None:
    """PATCH changes the fields that are sent, keeps the others, and answers with the whole task."""
    title, description = inputs.make_title(), inputs.make_title()
    task = expect_object(add_task(backend, user, title, description=description))
    wanted = dict(task)
    for name, value in (
        ("status", "in_progress"),
        ("title", inputs.make_title()),
        ("description", inputs.make_title()),
    ):
        wanted[name] = value
        answer = change_task(backend, user, task["id"], **{name: value})
        expect_status(answer, 200, APPLY_STEP)
        body = expect_fields(answer, FIELDS, APPLY_STEP)
        for field in ("id", "user_id", "title", "description", "status", "created_at"):
            is_changed = wanted[field] != task[field]
            step = KEEP_STEPS.get(field, SAVE_STEP if is_changed else APPLY_STEP)
            expect_equal(answer, field, body[field], wanted[field], step)
    stored = expect_object(backend.get(f"/api/tasks/{task['id']}", token=user.token))
    expect(
        stored.get("title") == wanted["title"] and stored.get("status") == "in_progress",
        expected="the changes to be there when the task is read again",
        got=shorten(repr(stored)),
        next_step="Commit the session after changing the task.",
    )


@check("L3.4", points=1, needs=("change_task_keeps_the_rest",))
def test_change_task_moves_updated_at(backend: Backend, inputs: Inputs, user: User) -> None:
    """PATCH moves updated_at and leaves created_at; {} changes nothing at all."""
    task = add_tasks(backend, user, inputs, 1)[0]
    answer = change_task(backend, user, task["id"], title=inputs.make_title())
    body = expect_object(answer)
    expect(
        read_time(body, "updated_at") > read_time(task, "updated_at")
        and body.get("created_at") == task["created_at"],
        expected="updated_at later than before, created_at the same",
        got=f"updated_at {body.get('updated_at')}, before {task['updated_at']}",
        next_step="Set updated_at to now() whenever a field changes.",
        answer=answer,
    )
    same = change_task(backend, user, task["id"])
    expect_status(same, 200, "Take {} as a change of nothing.")
    expect(
        pick_task(expect_object(same)) == pick_task(body),
        expected="{} to change nothing, not even updated_at",
        got=shorten(same.text),
        next_step="Return the task as it is when nothing was sent.",
        answer=same,
    )


@check("L3.4", points=1, needs=("change_task_keeps_the_rest",))
def test_change_task_takes_null_for_description(
    backend: Backend, inputs: Inputs, user: User
) -> None:
    """Null clears the description, and answers 422 for title and status."""
    task = expect_object(
        add_task(backend, user, inputs.make_title(), description=inputs.make_title())
    )
    cleared = change_task(backend, user, task["id"], description=None)
    step = "Tell null from not sent: exclude_unset=True keeps a null that was sent."
    expect_status(cleared, 200, step)
    expect_equal(cleared, "description", expect_object(cleared).get("description"), None, step)
    for name in ("title", "status"):
        answer = change_task(backend, user, task["id"], **{name: None})
        expect_status(answer, 422, f"Declare {name} without | None in TaskUpdate.")


@check("L3.4", points=2, needs=("change_task_keeps_the_rest",))
def test_change_task_is_all_or_nothing(backend: Backend, inputs: Inputs, user: User) -> None:
    """A change with one bad field answers 422 and changes nothing."""
    task = add_tasks(backend, user, inputs, 1)[0]
    changes: tuple[dict[str, object], ...] = (
        {"title": inputs.make_title(), "status": inputs.make_word()},
        {"title": inputs.make_word(201), "status": "completed"},
        {"title": "  ", "description": inputs.make_title()},
    )
    for change in changes:
        answer = change_task(backend, user, task["id"], **change)
        expect_status(answer, 422, "Validate the whole body before anything is changed.")
    stored = backend.get(f"/api/tasks/{task['id']}", token=user.token)
    expect(
        pick_task(expect_object(stored)) == pick_task(task),
        expected="the task as it was before",
        got=shorten(stored.text),
        next_step="Validate the whole body before anything is changed.",
        answer=stored,
    )


@check("L3.4", points=2, needs=("read_task",))
def test_delete_task(backend: Backend, inputs: Inputs, user: User) -> None:
    """DELETE answers 204, and then the task is gone, and no other."""
    gone, kept = add_tasks(backend, user, inputs, 2)
    answer = backend.request("DELETE", f"/api/tasks/{gone['id']}", token=user.token)
    expect_status(answer, 204, "Delete the task and answer 204 without a body.")
    step = "Commit the session after deleting the task."
    for verb in ("GET", "DELETE"):
        expect_status(
            backend.request(verb, f"/api/tasks/{gone['id']}", token=user.token), 404, step
        )
    still = backend.get(f"/api/tasks/{kept['id']}", token=user.token)
    expect_status(still, 200, "Delete the one task of that id only.")


@check("L3.4", points=2, needs=("read_task",))
def test_tasks_need_a_token(backend: Backend, inputs: Inputs, user: User) -> None:
    """Every call about tasks answers 401 without a token, and with one of another key."""
    task = add_tasks(backend, user, inputs, 1)[0]["id"]
    forged = sign(make_claims(user), inputs.make_secret())
    for verb, path in (
        ("GET", "/api/tasks"),
        ("POST", "/api/tasks"),
        ("GET", f"/api/tasks/{task}"),
        ("PATCH", f"/api/tasks/{task}"),
        ("DELETE", f"/api/tasks/{task}"),
    ):
        body = {"title": inputs.make_title()} if verb in {"POST", "PATCH"} else None
        for token in (None, forged):
            answer = backend.request(verb, path, json=body, token=token)
            expect_refused(answer, "Ask for CurrentUser in every route about tasks.")


@check("L3.4", points=3, needs=("read_task",))
def test_tasks_of_others_are_404(backend: Backend, inputs: Inputs, user: User) -> None:
    """Another user's task answers just as one that does not exist, on every verb."""
    task = add_tasks(backend, user, inputs, 1)[0]
    stranger = register_user(backend, inputs)
    nothing, nothing_else = inputs.make_id(), inputs.make_id()
    for unknown, answer, other in zip(
        try_verbs(backend, stranger, nothing),
        try_verbs(backend, stranger, task["id"]),  # between: a time differs between those two too
        try_verbs(backend, stranger, nothing_else),
        strict=True,
    ):
        step = "Select by the id and by the user in one query, on every verb."
        expect_status(answer, 404, step)
        wanted, also = leave_out(unknown, nothing), leave_out(other, nothing_else)
        got = leave_out(answer, task["id"])
        for name in wanted.keys() | got.keys():
            if wanted.get(name) == also.get(name):  # request ids and times differ by themselves
                expect_equal(answer, name, got.get(name), wanted.get(name), step)
    still = backend.get(f"/api/tasks/{task['id']}", token=user.token)
    expect(
        pick_task(expect_object(still)) == pick_task(task),
        expected="the task of its owner to be as it was",
        got=shorten(still.text),
        next_step="Change and delete by the id and by the user.",
        answer=still,
    )


@check("L3.4", points=2, needs=("tasks_of_others_are_404",))
def test_owner_comes_from_the_token(
    backend: Backend, inputs: Inputs, user: User, databases: DatabaseStock
) -> None:
    """A user_id in the body is ignored or refused: nobody adds or gives tasks to others."""
    stranger = register_user(backend, inputs)
    task = add_tasks(backend, user, inputs, 1)[0]
    for answer in (
        add_task(backend, user, inputs.make_title(), user_id=stranger.id),
        change_task(backend, user, task["id"], user_id=stranger.id),
    ):
        expect_status(answer, (200, 201, 422), "Take the owner from the token only.")
    given = databases.query(COUNT_TASKS, stranger.id)[0][0]
    expect(
        given == 0,
        expected="no row of the table task that belongs to the other user",
        got=f"{given} of them",
        next_step="Take the owner from the token only.",
    )


def simplify(text: str) -> str:
    """Return a text in which UUIDs of every spelling are alike."""
    return text.lower().replace("-", "")


def try_verbs(backend: Backend, user: User, task: str) -> list[Exchange]:
    """Read, change and delete one task."""
    path = f"/api/tasks/{task}"
    return [
        backend.get(path, token=user.token),
        backend.request("PATCH", path, json={"title": "Taken over"}, token=user.token),
        backend.request("DELETE", path, token=user.token),
    ]


def leave_out(answer: Exchange, task: str) -> dict[str, object]:
    """Return the body without the id that was asked for: a path or a sentence may hold it."""
    body: dict[str, object] = json.loads(json.dumps(expect_object(answer)).replace(task, "…"))
    return body


def read_time(body: dict[str, object], name: str) -> datetime:
    """Return a time of a task."""
    return datetime.fromisoformat(str(body.get(name)))
