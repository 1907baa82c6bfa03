"""The lessons in a browser: what the panel shows, does and refuses."""

import http.client
import shutil
from dataclasses import replace

import pytest

from checker.course.manifest import load_lessons
from checker.judge.results import CheckResult, Finding, Outcome
from checker.live.server import serving
from checker.paths import CoursePaths
from checker.probes.browser.axe import find_serious_faults
from checker.probes.browser.chromium import open_browser
from checker.probes.browser.visitor import Visitor
from checker.serve.room import StudyRoom
from checker.serve.serve import make_server
from checker.serve.texts import Texts

PATHS = CoursePaths.find()
PATIENCE = 60  # seconds; a busy machine takes long
LESSON = "/lessons/01-setup/README.md"


def serve(workspace):
    """Serve the lessons over a workspace that need not be there."""
    return serving(make_server(replace(PATHS, workspace=workspace)))


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("serve") / "workspace") as port:
        yield port


def call(port, method, path, body=b"", **headers):
    """Send a request as no page of ours would; return status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/api/check", {}, 403),
        ("POST", "/api/check", {"Origin": "http://evil.example"}, 403),
        ("POST", "/api/start", {"Origin": "null"}, 403),
        ("GET", "/api/start", {}, 404),
        ("GET", LESSON, {"Host": "evil.example"}, 421),
        ("GET", LESSON, {"Host": "["}, 421),
        ("GET", "/lessons/%00.md", {}, 404),
        ("GET", "/lessons/../pyproject.toml", {}, 404),
        ("GET", "/lessons/%2e%2e/checker/errors.py", {}, 404),
        ("GET", "/api/picture/..%2f..%2fREADME.md", {}, 404),
        ("GET", "/api/hint/L9.9/1", {}, 409),
        ("GET", "/api/solution/1", {}, 409),
    ],
)
def test_what_no_page_of_ours_asks_for_is_refused(port, method, path, headers, status):
    assert call(port, method, path, **headers)[0] == status


def test_every_page_of_the_lessons_has_its_links_and_headings():
    texts = Texts(PATHS.root)
    for lesson in load_lessons(PATHS):
        text = texts.find_text(f"lessons/{lesson.slug}/README.md")
        assert text is not None
        assert text.lesson == lesson.number
        for task in lesson.tasks:
            slug = task.id.lower().replace(".", "")
            assert f'id="{slug}-' in text.html


def test_a_failure_is_told_with_its_picture_and_nothing_hidden(tmp_path):
    told = {}
    room = StudyRoom(PATHS, told.__setitem__)
    picture = tmp_path / "page.png"
    picture.touch()
    finding = Finding(got="\x1b[2J<b>", next_step="Mend it.", picture=f"{picture}")
    room.take(
        CheckResult(
            id="login_has_its_form",
            title="",
            lesson=4,
            task="L4.5",
            points=1,
            needs=(),
            outcome=Outcome.FAILED,
            seconds=0.1,
            finding=finding,
        )
    )
    room.close()
    assert told["result"]["finding"] == {"got": "\\x1b[2J<b>", "next": "Mend it."}
    assert told["result"]["picture"]
    assert room.find_picture("login_has_its_form") == picture
    picture.unlink()
    assert room.find_picture("login_has_its_form") is None


def test_the_panel_shows_and_does_what_it_says(tmp_path):
    workspace = tmp_path / "workspace"
    with serve(workspace) as port, open_browser() as browser:
        visitor = Visitor(browser, f"http://127.0.0.1:{port}", "serve: ")
        visitor.look_through(width=375)
        visitor.page.set_default_timeout(1000 * PATIENCE)
        visitor.open("/")
        look_at_start(visitor, workspace)
        look_at_failure(visitor)
        shutil.copytree(PATHS.solutions / "01-setup", workspace, dirs_exist_ok=True)
        visitor.page.locator(".task.done").first.wait_for()
        assert not visitor.seen.console
        visitor.close()


def look_at_start(visitor, workspace):
    """Nothing happens before the question is answered; then the lesson is there."""
    visitor.click("button", "Start lesson 1")
    visitor.see_text("committed first")
    assert not workspace.exists()
    visitor.page.locator("#yes").click()
    visitor.see_text("for lesson 1: Set up the service")
    visitor.click("button", "Close")
    assert (workspace / "backend").is_dir()


def look_at_failure(visitor):
    """What failed says what was expected, and help comes one step at a time."""
    visitor.page.locator(".check.failed").first.wait_for()
    visitor.see_text("to answer 200 OK")
    visitor.click("button", "Hint for L1.1")
    visitor.see_text("Hint 1 of 3")
    visitor.page.reload()
    visitor.see_text("Hint 1 of 3")
    assert visitor.page.get_by_text("Hint 2 of 3").count() == 0
    for scheme in ("light", "dark"):
        visitor.look_through(width=375, scheme=scheme)
        assert not find_serious_faults(visitor.page)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 375
    visitor.click("button", "Show the solution")
    visitor.see_text("Have you asked for all the hints?")
    visitor.page.locator("#yes").click()
    visitor.page.locator(".diff .added").first.wait_for()
    visitor.click("button", "Close")
