"""Take the pictures of the texts: the pages of the newest solution, in both themes and widths."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
from checker.probes.node.site import Site
from checker.probes.submission import copy_app

SEED = 1
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


def take_pictures(paths: CoursePaths, folder: Path) -> Iterator[Path]:
    """Write every picture into the folder, and yield the files one by one."""
    with open_pages(paths) as site, open_browser() as browser:
        visitors = Visitors(Lobby(browser, site, Inputs(SEED)))
        user = make_user(visitors)
        for scheme in SCHEMES:
            for kind, size in SIZES.items():
                visitor = visitors.come(scheme=scheme, **size)
                for page in show_pages(visitor, user):
                    yield take(visitor, folder / f"lesson4-{page}{kind}-{scheme}.png")
        visitor = visitors.come(**SIZES[""])
        show_refused(visitor)
        yield take(visitor, folder / "lesson4-register-refused.png")
        sign_in_by_page(visitor, user)
        with site.away():
            visitor.reload()
            visitor.see("button", "Try again")
            yield take(visitor, folder / "lesson4-tasks-unreachable.png")


@contextmanager
def open_pages(paths: CoursePaths) -> Iterator[Site]:
    """Serve the newest solution as the judge does."""
    solution = max(paths.solutions.glob("*/frontend")).parent
    lesson = int(solution.name.partition("-")[0])
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
            assert bench.site is not None  # noqa: S101 - the plan asks for it
            yield bench.site.result()


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
        yield page
    sign_in_by_page(visitor, user)
    visitor.see("checkbox", TASKS[0][0])
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
    visitor.page.wait_for_load_state("networkidle")
    file.parent.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=file, animations="disabled", caret="hide")
    return file
