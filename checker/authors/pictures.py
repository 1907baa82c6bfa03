"""Take the pictures of the texts: pages of the solutions, in both themes and widths."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.authors.hub_picture import take_hub_picture
from checker.authors.live_pictures import take_live_pictures
from checker.checks.chat_visits import open_chat, see_said, send, wait_until_done
from checker.checks.fixtures import Bench
from checker.checks.steps import User, register_user
from checker.checks.visitors import Lobby, Visitors
from checker.checks.visits import add_by_api, sign_in_by_page
from checker.judge.ground import begin_groundwork
from checker.judge.inputs import Inputs
from checker.judge.plan import plan_checks
from checker.judge.prepare import open_bench
from checker.judge.run import RunRequest, make_scratch
from checker.paths import CoursePaths
from checker.probes.browser.chromium import open_browser
from checker.probes.browser.visitor import Visitor
from checker.probes.environment import choose_environment
from checker.probes.launch import open_launcher
from checker.probes.model.script import Text, Wait, call
from checker.probes.node.site import Site
from checker.probes.submission import copy_app

SEED = 1
LOOK_AT_WORK = "-light"  # a chatbot that answers looks the same in the others
NAME = "Ada Lovelace"
SCHEMES = ("light", "dark")
SIZES = {"": {"width": 1280, "height": 800}, "-phone": {"width": 375, "height": 760}}
TASKS: tuple[tuple[str, dict[str, str]], ...] = (  # the last one is the newest
    ("Read about <script>alert(1)</script> & friends", {"status": "completed"}),
    ("Supercalifragilisticexpialidocious" * 5, {}),
    (
        "Book the train to Turin",
        {"status": "in_progress", "description": "Window seat.\nNot before nine."},
    ),
    ("Water the plants", {"status": "completed"}),
    ("Write to Charles about the engine", {}),
    ("Buy oat milk, rye bread and a small bunch of flowers for Saturday", {}),
)
QUESTION = "What is left to do today?"
ANSWER = (
    Text("Two things are left:\n\n- **Buy oat milk**, rye bread and flowers for Saturday\n"),
    Wait(),
    Text("- **Write to Charles** about the engine\n\nShall I add a third?"),
)


def take_pictures(paths: CoursePaths, folder: Path) -> Iterator[Path]:
    """Write every picture into the folder, and yield the files one by one."""
    for lesson, picture in ((4, picture_tasks), (5, picture_chat)):
        with open_pages(paths, lesson) as bench, open_browser() as browser:
            visitors = Visitors(Lobby(browser, find_site(bench), Inputs(SEED)))
            user = make_user(visitors)
            for name, visitor in picture(visitors, user, bench):
                yield take(visitor, folder / f"lesson{lesson}-{name}.png")
    with open_browser() as browser:
        yield take_hub_picture(paths, folder, browser)
        yield from take_live_pictures(paths, folder, browser)


@contextmanager
def open_pages(paths: CoursePaths, lesson: int) -> Iterator[Bench]:
    """Serve the solution of a lesson as the judge does."""
    solution = next(paths.solutions.glob(f"{lesson:02}-*"))
    request = RunRequest(paths=paths, app=solution, lesson=lesson, seed=SEED)
    plan = plan_checks(lesson, ("frontend_builds",))
    with make_scratch() as scratch:
        app = scratch / "app"
        copy_app(solution, app)
        environment = choose_environment(app / "backend" / "requirements.txt", paths)
        launcher = open_launcher(environment, scratch)
        with (
            begin_groundwork(request, launcher, app) as work,
            open_bench(request, plan, launcher, work) as bench,
        ):
            yield bench


def find_site(bench: Bench) -> Site:
    """Wait for the pages to be served."""
    assert bench.site is not None  # noqa: S101 - the plan asks for it
    return bench.site.result()


def list_looks(visitors: Visitors) -> Iterator[tuple[str, Visitor]]:
    """Let a visitor come for each theme and width, with the words that a picture's name ends in."""
    for scheme in SCHEMES:
        for kind, size in SIZES.items():
            yield f"{kind}-{scheme}", visitors.come(scheme=scheme, **size)


def picture_tasks(visitors: Visitors, user: User, bench: Bench) -> Iterator[tuple[str, Visitor]]:
    """Show every page of lesson 4; yield what each picture is called, and who sees it."""
    for look, visitor in list_looks(visitors):
        for page in show_pages(visitor, user):
            yield f"{page}{look}", visitor
    visitor = visitors.come(**SIZES[""])
    show_refused(visitor)
    yield "register-refused", visitor
    sign_in_by_page(visitor, user)
    with find_site(bench).away():
        visitor.reload()
        visitor.see("button", "Try again")
        yield "tasks-unreachable", visitor


def picture_chat(visitors: Visitors, user: User, bench: Bench) -> Iterator[tuple[str, Visitor]]:
    """Show the chatbot at work, and when it is done."""
    assert bench.model is not None  # noqa: S101 - lesson 5 has one
    for look, visitor in list_looks(visitors):
        script = bench.model.play(QUESTION, (call("list_tasks", status="pending"),), ANSWER)
        sign_in_by_page(visitor, user)
        open_chat(visitor)
        visitor.click("link", "New conversation")
        visitor.see_text("Ask about your tasks")
        send(visitor, QUESTION)
        see_said(visitor, "Two things are left")
        if look == LOOK_AT_WORK:
            yield f"chat-streaming{look}", visitor
        script.release()
        wait_until_done(visitor)
        yield f"chat{look}", visitor


def make_user(visitors: Visitors) -> User:
    """Register somebody who has tasks of every kind."""
    user = register_user(visitors.backend, Inputs(SEED), NAME)
    for title, fields in TASKS:
        add_by_api(visitors.backend, user, title, **fields)
    return user


def show_pages(visitor: Visitor, user: User) -> Iterator[str]:
    """Open one page after the other, and yield what each is called in the picture's name."""
    for page in ("login", "register"):
        visitor.open(f"/{page}")
        visitor.see_field("Email")
        visitor.page.wait_for_load_state("networkidle")
        yield page
    sign_in_by_page(visitor, user)
    visitor.see("checkbox", TASKS[0][0])
    visitor.page.wait_for_load_state("networkidle")
    yield "tasks"


def show_refused(visitor: Visitor) -> None:
    """Send what the backend refuses in two fields."""
    visitor.open("/register")
    visitor.fill("Name", "Ada")
    visitor.fill("Email", "ada")
    visitor.fill("Password", "12345")
    visitor.click("button", "Create account")
    visitor.see_text("at least 8 characters")


def take(visitor: Visitor, file: Path) -> Path:
    """Write one picture, with the pointer out of it and without a caret that blinks."""
    visitor.page.mouse.move(0, 0)
    file.parent.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=file, animations="disabled", caret="hide")
    return file
