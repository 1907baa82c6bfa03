"""L4.6: the list of tasks: empty, filtered, long, and when it cannot be had."""

from typing import TYPE_CHECKING

from checker.checks.declare import check
from checker.checks.expect import expect, expect_object, expect_status
from checker.checks.steps import User, change_task, list_tasks
from checker.checks.visitors import Crowd, Visitors
from checker.checks.visits import add_by_api, add_by_page, list_titles, see_tasks
from checker.judge.inputs import Inputs

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site

STATUSES = {"Pending": "pending", "In progress": "in_progress", "Completed": "completed"}
LATE_ANSWER = 1.5  # seconds; the next status is chosen, and its tasks are there, before that
MOST_LOOKS = 50
ASK_BY_OFFSET = "Ask with limit=50 and offset, and leave out what the list has already."
DRAWN = 300  # ms in which a page has drawn an answer that has come


@check(
    "L4.6",
    points=1,
    needs=("reload_keeps_the_session",),
    advice="When the list has come and is empty, say “No tasks”.",
)
def test_empty_list_says_so(visitors: Visitors, idle_user: User) -> None:
    """Who has no task reads “No tasks”, and finds no list items."""
    visitor = visitors.find_member(idle_user)
    visitor.see_text("No tasks")
    expect(
        not list_titles(visitor),
        expected="no task in the list",
        got=f"{list_titles(visitor)}",
        next_step="Show what GET /api/tasks answers, and nothing else.",
    )


@check(
    "L4.6",
    points=2,
    needs=("reload_keeps_the_session",),
    advice="Show the tasks in the order in which the backend sends them.",
)
def test_page_lists_newest_first(visitors: Visitors, inputs: Inputs, idle_user: User) -> None:
    """Tasks stand newest first, completed ones with their box ticked."""
    titles = [inputs.make_title() for _ in range(3)]
    for title, status in zip(titles, STATUSES.values(), strict=True):
        add_by_api(visitors.backend, idle_user, title, status=status)
    visitor = visitors.find_member(idle_user)
    visitor.see("checkbox", titles[0])
    shown = list_titles(visitor)
    expect(
        shown == titles[::-1],
        expected=f"a list with the checkboxes {titles[::-1]}",
        got=f"{shown}",
        next_step="Keep the order of the answer; give every item a checkbox with the title as "
        "its label.",
    )
    ticked = [t for t in titles if visitor.find("checkbox", t).is_checked()]
    expect(
        ticked == titles[2:],
        expected="only the completed task ticked",
        got=f"ticked: {ticked}",
        next_step='Tick the box when task.status === "completed".',
    )


@check(
    "L4.6",
    points=2,
    needs=("page_lists_newest_first",),
    advice="Ask the backend again with ?status= when the select changes.",
)
def test_filter_by_status(visitors: Visitors, inputs: Inputs, idle_user: User) -> None:
    """The select Status shows the tasks of one status, and All shows all again."""
    titles = {label: inputs.make_title() for label in STATUSES}
    for label, status in STATUSES.items():
        add_by_api(visitors.backend, idle_user, titles[label], status=status)
    visitor = visitors.find_member(idle_user)
    options = visitor.list_options("Status")
    expect(
        options == ["All", *STATUSES],
        expected=f"the options All, {', '.join(STATUSES)}",
        got=", ".join(options) or "no options",
        next_step="Write the four options of the select Status as the table of pages has them.",
    )
    for label, title in titles.items():
        visitor.choose("Status", label)
        wait_for_only(visitor, title, label)
    visitor.choose("Status", "All")
    visitor.wait_until(
        lambda: len(list_titles(visitor)) == len(titles),
        "all three tasks again",
        lambda: f"the list {list_titles(visitor)}",
    )


@check(
    "L4.6",
    points=2,
    needs=("filter_by_status",),
    advice="End the old request when a new one begins, or drop an answer to another status.",
)
def test_late_answer_is_dropped(visitors: Visitors, inputs: Inputs, idle_user: User) -> None:
    """An answer to the status chosen before, which comes last, does not replace the list."""
    titles = [inputs.make_title() for _ in range(2)]
    for title, status in zip(titles, ("completed", "pending"), strict=True):
        add_by_api(visitors.backend, idle_user, title, status=status)
    visitor = visitors.find_member(idle_user)
    visitor.see("checkbox", titles[1])
    with visitors.site.slow(LATE_ANSWER):
        visitor.choose("Status", "Pending")
        wait_for_held_answer(visitor, visitors.site)
    visitor.choose("Status", "Completed")
    wait_for_only(visitor, titles[0], "Completed")
    visitor.wait_until(
        lambda: visitors.site.gateway.waiting == 0, "every answer to arrive", visitor.describe
    )
    visitor.page.wait_for_timeout(DRAWN)
    wait_for_only(visitor, titles[0], "Completed")


@check(
    "L4.6",
    points=1,
    needs=("filter_by_status", "empty_list_says_so"),
    advice="Say “No tasks” for an empty list of any status.",
)
def test_empty_filter_says_so(visitors: Visitors, inputs: Inputs, idle_user: User) -> None:
    """A status that no task has shows “No tasks”."""
    title = inputs.make_title()
    add_by_api(visitors.backend, idle_user, title)
    visitor = visitors.find_member(idle_user)
    visitor.see("checkbox", title)
    visitor.choose("Status", "Completed")
    visitor.see_text("No tasks")


@check(
    "L4.6",
    points=3,
    needs=("page_lists_newest_first",),
    advice="Ask for 50, and with Load more for those behind, as long as total is more.",
)
def test_sixty_tasks_come_in_pages(visitors: Visitors, crowd: Crowd) -> None:
    """Of 60 tasks 50 are shown; Load more brings the other 10, each once, and then goes away."""
    titles = list(crowd.titles)
    visitor = visitors.come_as_member(crowd.user)
    visitor.see("checkbox", titles[0])
    expect_titles(list_titles(visitor), titles[:50], "50 tasks at first, the newest")
    visitor.click("button", "Load more")
    visitor.see("checkbox", titles[-1])
    expect_titles(list_titles(visitor), titles, "60 tasks after Load more, each once")
    visitor.see_no("button", "Load more")


@check(
    "L4.6",
    points=2,
    needs=("sixty_tasks_come_in_pages", "add_task_by_page"),
    advice="A new task moves all others on by one: leave out those that are shown already.",
)
def test_load_more_after_a_change(visitors: Visitors, inputs: Inputs, crowd: Crowd) -> None:
    """Load more brings every task once, also when one was added meanwhile."""
    visitor = visitors.come_as_member(crowd.user)
    visitor.see("checkbox", crowd.titles[0])
    crowd.titles.insert(0, inputs.make_title())
    add_by_page(visitor, crowd.titles[0])
    visitor.click("button", "Load more")
    visitor.see("checkbox", crowd.titles[-1])
    expect_titles(list_titles(visitor), crowd.titles, "every task once")


@check(
    "L4.6",
    points=1,
    needs=("filter_by_status", "sixty_tasks_come_in_pages"),
    advice="Send ?status= with Load more too, as with the first 50.",
)
def test_load_more_keeps_the_status(visitors: Visitors, crowd: Crowd) -> None:
    """With a status chosen, Load more brings tasks of that status alone."""
    listed = expect_object(list_tasks(visitors.backend, crowd.user, "?limit=100"))
    for task in (listed["items"][0], listed["items"][-1]):
        changed = change_task(visitors.backend, crowd.user, task["id"], status="completed")
        expect_status(changed, 200, "Finish changing tasks first: ./course hint L3.4")
    pending = crowd.titles[1:-1]
    visitor = visitors.come_as_member(crowd.user)
    visitor.see("checkbox", crowd.titles[0])
    visitor.choose("Status", "Pending")
    visitor.wait_until(
        lambda: list_titles(visitor) == pending[:50],
        "the 50 newest pending tasks",
        lambda: f"{len(list_titles(visitor))} items, “{list_titles(visitor)[:1]}” first",
    )
    visitor.click("button", "Load more")
    visitor.see("checkbox", pending[-1])
    step = "Send the status that is chosen with every call for tasks, that of Load more too."
    expected = f"the {len(pending)} pending tasks, each once"
    expect_titles(list_titles(visitor), pending, expected, step)


@check(
    "L4.6",
    points=3,
    needs=("add_task_by_page",),
    advice="When no list comes, show an alert, and a button “Try again” that asks again.",
)
def test_backend_away_offers_try_again(
    visitors: Visitors, member: "Visitor", inputs: Inputs
) -> None:
    """With the backend away, /tasks shows an alert and Try again, which works when it is back."""
    title = inputs.make_title()
    add_by_page(member, title)
    with visitors.site.away():
        member.reload()
        member.see_alert("when the backend is away")
        member.see("button", "Try again")
        expect(
            member.path != "/login",
            expected="the session to be kept: only a 401 ends it",
            got="the page /login",
            next_step="Drop the token at a 401 only, not whenever a call fails.",
        )
    member.click("button", "Try again")
    see_tasks(member)
    member.see("checkbox", title)


@check(
    "L4.6",
    points=1,
    needs=("backend_away_offers_try_again",),
    advice="Keep the alert and its button until a list has come.",
)
def test_try_again_in_vain(visitors: Visitors, member: "Visitor") -> None:
    """Try again while the backend is still away shows the alert again, with no blank page."""
    with visitors.site.away():
        member.reload()
        member.click("button", "Try again")
        member.page.wait_for_timeout(300)
        member.see_alert("when the backend is still away")
        member.see("button", "Try again")


@check(
    "L4.6",
    points=1,
    needs=("filter_by_status", "backend_away_offers_try_again"),
    advice="Show the alert whenever a list cannot be had, also when the status was changed.",
)
def test_filter_with_backend_away(visitors: Visitors, inputs: Inputs, idle_user: User) -> None:
    """With the backend away, a status that is chosen brings an alert, or the right tasks."""
    titles = [inputs.make_title() for _ in range(2)]
    for title, status in zip(titles, ("completed", "pending"), strict=True):
        add_by_api(visitors.backend, idle_user, title, status=status)
    visitor = visitors.find_member(idle_user)
    visitor.see("checkbox", titles[1])
    with visitors.site.away():
        visitor.choose("Status", "Completed")
        visitor.wait_until(
            lambda: visitor.alerts().first.is_visible() or shows_only(visitor, titles[0]),
            "an alert (role alert) when a status is chosen and the backend is away",
            lambda: f"no alert, and the list {list_titles(visitor)}",
            is_bad_news=True,
        )


@check(
    "L4.6",
    points=1,
    needs=("sixty_tasks_come_in_pages", "backend_away_offers_try_again"),
    advice="Show the alert whenever tasks cannot be had, also when they are more tasks.",
)
def test_failed_load_more_is_told(visitors: Visitors, crowd: Crowd) -> None:
    """When more tasks could not be loaded, an alert says so."""
    visitor = visitors.come_as_member(crowd.user)
    visitor.see("button", "Load more")
    with visitors.site.away():
        visitor.click("button", "Load more")
        visitor.see_alert("when more tasks could not be loaded")


def shows_only(visitor: "Visitor", title: str) -> bool:
    """Tell whether the list holds this task alone."""
    return list_titles(visitor) == [title]


def wait_for_only(visitor: "Visitor", title: str, label: str) -> None:
    """Wait until the list holds this task alone, with this status chosen."""
    visitor.wait_until(
        lambda: shows_only(visitor, title),
        f"only “{title}” with the status {label}",
        lambda: f"the list {list_titles(visitor)}",
    )


def wait_for_held_answer(visitor: "Visitor", site: "Site") -> None:
    """Wait a little for an answer that is held up; a page that knows all tasks asks for none."""
    for _ in range(MOST_LOOKS):
        if site.gateway.waiting:
            return
        visitor.page.wait_for_timeout(20)


def expect_titles(
    shown: list[str], wanted: list[str], expected: str, next_step: str = ASK_BY_OFFSET
) -> None:
    """Expect exactly these titles, in this order."""
    twice = sorted({title for title in shown if shown.count(title) > 1})
    missing = [title for title in wanted if title not in shown]
    others = [title for title in shown if title not in wanted]
    odd = {"twice": twice, "missing": missing, "not among them": others}
    detail = next((f"; {name}: {titles[:3]}" for name, titles in odd.items() if titles), "")
    expect(
        shown == wanted,
        expected=expected,
        got=f"{len(shown)} items{detail}",
        next_step=next_step,
    )
