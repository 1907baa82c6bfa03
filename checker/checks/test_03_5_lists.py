"""L3.5: lists come in pages, newest first, of one user's tasks only."""

from checker.checks.declare import check, in_background
from checker.checks.expect import expect, expect_fields, expect_object, expect_status, shorten
from checker.checks.fixtures import Changes, Observations, Variants
from checker.checks.steps import User, add_task, add_tasks, list_tasks, pick_task, register_user
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.http import Exchange
from checker.probes.postgres.proxy import DatabaseProxy
from checker.probes.postgres.stock import DatabaseStock

DEFAULT_LIMIT = 50
SLACK = 9  # statements that a pool adds for itself; reading row by row adds 18 and more
MORE_STEP = (
    "More came than should: select this user's tasks only, of the status that was asked for, and "
    "cut with limit, which is 50 unless it is sent."
)
FEWER_STEP = "Fewer came than should: limit is 50 unless it is sent, and offset counts tasks."
PAGE_STEP = (
    "Order by created_at and then by id, both descending; then limit and offset, which count tasks."
)


def list_variants(databases: DatabaseStock) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {"counted": {"DATABASE_URL": databases.counting.url}}


@check("L3.5", points=2, needs=("create_task_answers_201",))
def test_list_is_newest_first(backend: Backend, inputs: Inputs) -> None:
    """GET /api/tasks answers 200 with the user's tasks, newest first, and their number."""
    user = register_user(backend, inputs)
    added = add_tasks(backend, user, inputs, 3)
    answer = list_tasks(backend, user)
    expect_status(answer, 200, "Return a TaskList from the route.")
    expect_fields(answer, ("items", "total"), "Return a TaskList: items and total.")
    expect_page(answer, added[::-1], 3)


@check("L3.5", points=1, needs=("list_is_newest_first",))
def test_list_of_nobody_is_empty(backend: Backend, inputs: Inputs) -> None:
    """A user without tasks gets an empty list and the total 0."""
    expect_page(list_tasks(backend, register_user(backend, inputs)), [], 0)


@check("L3.5", points=2, needs=("list_is_newest_first",))
def test_list_comes_in_pages(backend: Backend, inputs: Inputs) -> None:
    """Limit and offset cut a page out of the list; total counts all; 50 is the default."""
    user = register_user(backend, inputs)
    newest = add_tasks(backend, user, inputs, DEFAULT_LIMIT + 3)[::-1]
    total = len(newest)
    expect_page(list_tasks(backend, user), newest[:DEFAULT_LIMIT], total)
    expect_page(list_tasks(backend, user, "?limit=2"), newest[:2], total)
    expect_page(list_tasks(backend, user, "?limit=2&offset=2"), newest[2:4], total)
    expect_page(list_tasks(backend, user, "?limit=100&offset=50"), newest[50:], total)
    expect_page(list_tasks(backend, user, "?offset=500"), [], total)


@check("L3.5", points=1, needs=("list_is_newest_first",))
def test_list_refuses_bad_pages(backend: Backend, inputs: Inputs, user: User) -> None:
    """A limit outside 1 to 100, a negative offset and an unknown status answer 422."""
    for query in ("limit=0", "limit=101", "limit=-1", "limit=x", "offset=-1"):
        answer = list_tasks(backend, user, f"?{query}")
        expect_status(answer, 422, "Bound them: Query(ge=1, le=100) and Query(ge=0).")
    answer = list_tasks(backend, user, f"?status={inputs.make_word()}")
    expect_status(answer, 422, "Declare status as TaskStatus | None.")
    answer = list_tasks(backend, user, f"?offset={10**30}")
    step = "Bound offset, Query(ge=0, le=2**31): PostgreSQL takes no number of this size."
    expect_status(answer, (200, 422), step)


@check("L3.5", points=2, needs=("list_is_newest_first",))
def test_list_filters_by_status(backend: Backend, inputs: Inputs) -> None:
    """Status lets through the tasks of that status, in items and in total."""
    user = register_user(backend, inputs)
    added = [
        expect_object(add_task(backend, user, inputs.make_title(), status=status))
        for status in ("pending", "completed", "pending", "in_progress")
    ]
    pending = [added[2], added[0]]
    expect_page(list_tasks(backend, user, "?status=pending"), pending, 2)
    expect_page(list_tasks(backend, user, "?status=pending&limit=1"), pending[:1], 2)
    expect_page(list_tasks(backend, user, "?status=completed"), [added[1]], 1)


@check("L3.5", points=2, needs=("list_is_newest_first",))
def test_list_holds_own_tasks_only(backend: Backend, inputs: Inputs) -> None:
    """Nobody's list or total counts the tasks of others."""
    first, second = register_user(backend, inputs), register_user(backend, inputs)
    mine, theirs = add_tasks(backend, first, inputs, 2), add_tasks(backend, second, inputs, 1)
    expect_page(list_tasks(backend, first), mine[::-1], 2)
    expect_page(list_tasks(backend, second, "?status=pending"), theirs, 1)


@in_background()
def count_statements(
    variants: Variants, inputs: Inputs, databases: DatabaseStock
) -> tuple[int, int]:
    """Return how many statements a list of 2 tasks takes, and one of 20."""
    backend = variants.open("counted")
    user = register_user(backend, inputs)
    proxy, counts = databases.counting, []
    for number in (2, 18):
        add_tasks(backend, user, inputs, number)
        counts.append(min(count_for_list(backend, user, proxy) for _ in range(3)))
    return counts[0], counts[1]


def count_for_list(backend: Backend, user: User, proxy: DatabaseProxy) -> int:
    """Return how many statements one list takes; a new connection adds some of its own."""
    before = proxy.statements
    list_tasks(backend, user)
    return proxy.statements - before


@check("L3.5", points=2, needs=("list_is_newest_first",))
def test_list_takes_a_fixed_number_of_statements(observations: Observations) -> None:
    """A longer list takes no more SQL statements than a short one."""
    few, many = observations.wait_for(count_statements)
    expect(
        many < few + SLACK,
        expected=f"a list of 20 tasks to take about as many SQL statements as one of 2, {few}",
        got=f"{many} statements",
        next_step="Read all that the list needs in one query, not row by row.",
    )


def expect_page(answer: Exchange, items: list[dict[str, object]], total: int) -> None:
    """Expect exactly these tasks in this order, and this total."""
    expect_status(answer, 200, "Answer 200 with the items and the total, also when there are none.")
    body = expect_object(answer)
    got = body.get("items")
    titles = [shorten(str(item.get("title"))) for item in items]
    seen = [str(item.get("title")) if isinstance(item, dict) else "?" for item in got or []]
    expect(
        [pick_task(item) for item in got or []] == [pick_task(item) for item in items],
        expected=f"{answer} to list {len(items)} tasks: {shorten(', '.join(titles)) or 'none'}",
        got=f"{len(seen)}: {shorten(', '.join(seen)) or 'none'}",
        next_step=choose_step(len(seen), len(items)),
        answer=answer,
    )
    expect(
        body.get("total") == total,
        expected=f"total in the answer to {answer} to be {total}",
        got=shorten(repr(body.get("total"))),
        next_step="Count with the same conditions as the list, without limit and offset.",
        answer=answer,
    )


def choose_step(got: int, wanted: int) -> str:
    """Return the advice for a page that holds too many tasks, too few, or others."""
    if got == wanted:
        return PAGE_STEP
    return MORE_STEP if got > wanted else FEWER_STEP
