"""The lessons in a browser: what the panel shows, does and refuses."""

import http.client
import shutil
from dataclasses import replace

import pytest
from board_fixtures import serve_room

from checker.board import member
from checker.cli.app import main
from checker.errors import CourseError, ProbeError
from checker.judge.results import CheckResult, Finding, Outcome
from checker.live.server import serving
from checker.paths import CoursePaths
from checker.probes.browser.axe import find_serious_faults
from checker.probes.browser.chromium import open_browser
from checker.probes.browser.visitor import Visitor
from checker.serve import site as serve_site
from checker.serve.frame import add_panel, allow_scripts
from checker.serve.room import StudyRoom
from checker.serve.routes import describe_hand
from checker.serve.serve import make_server
from checker.serve.site import READY, Site, find_version
from checker.watch.engine import Begun

PATHS = CoursePaths.find()
PATIENCE = 60  # seconds; a busy machine takes long
LESSON = "/learn/01-setup.html"


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
        ("POST", "/api/hand", {}, 403),
        ("GET", "/learn/%00.html", {}, 404),
        ("GET", "/learn/..", {}, 404),
        ("GET", "/learn/../../lock", {}, 404),
        ("GET", "/%2e%2e/%2e%2e/pyproject.toml", {}, 404),
        ("GET", "/api/picture/..%2f..%2fREADME.md", {}, 404),
        ("GET", "/api/hint/L9.9/1", {}, 409),
        ("GET", "/api/solution/1", {}, 409),
    ],
)
def test_what_no_page_of_ours_asks_for_is_refused(port, method, path, headers, status):
    assert call(port, method, path, **headers)[0] == status


def test_without_pages_a_lesson_is_bare_text_and_says_why(tmp_path, monkeypatch):
    def fail(*_):
        raise ProbeError("there is no network", "Connect.")

    monkeypatch.setattr(serve_site, "build_for_reader", fail)
    told = []
    site = Site(replace(PATHS, cache=tmp_path), told.append)
    site.prepare()
    assert told == ["The pages of the course could not be made: there is no network."]
    assert site.find_file("index.html") is None


def test_a_site_is_built_once_for_each_state_of_its_sources(tmp_path, monkeypatch):
    paths = replace(PATHS, root=tmp_path, cache=tmp_path / "cache")
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "page.md"
    built = []

    def build(_, folder):
        built.append(page.read_text(encoding="utf-8"))
        folder.mkdir()

    monkeypatch.setattr(serve_site, "build_for_reader", build)
    for text in ("one", "one", "two"):
        page.write_text(text, encoding="utf-8")
        told = []
        Site(paths, told.append).prepare()
        assert told == [READY]
    assert built == ["one", "two"]
    kept = {path.name for path in (paths.cache / "serve").iterdir()}
    assert kept == {"lock", find_version(tmp_path)}


def test_a_page_may_run_its_own_scripts_and_no_others():
    page = "<head></head><main>text</main><script>start()</script>"
    policy = allow_scripts(page)
    assert "script-src 'self' 'sha256-DIm7WJS6" in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    assert add_panel(page, "PANEL").index("text") < add_panel(page, "PANEL").index("PANEL")


def make_result(outcome, finding=None):
    return CheckResult(
        id="login_has_its_form",
        title="",
        lesson=4,
        task="L4.5",
        points=1,
        needs=(),
        outcome=outcome,
        seconds=0.1,
        finding=finding,
    )


def test_what_is_known_of_another_lesson_is_forgotten():
    told = {}
    room = StudyRoom(PATHS, told.__setitem__)
    room.take(Begun(4, (), 1))
    room.take(make_result(Outcome.PASSED))
    assert room.describe()["results"]
    room.take(Begun(3, (), 1))
    room.close()
    assert told["all"]["results"] == []


def test_a_failure_is_told_with_its_picture_and_nothing_hidden(tmp_path):
    told = {}
    room = StudyRoom(PATHS, told.__setitem__)
    picture = tmp_path / "page.png"
    picture.touch()
    finding = Finding(got="\x1b[2J<b>", next_step="Mend it.", picture=f"{picture}")
    room.take(make_result(Outcome.FAILED, finding))
    room.close()
    assert told["result"]["finding"] == {"got": "\\x1b[2J<b>", "next": "Mend it."}
    assert told["result"]["picture"]
    assert room.find_picture("login_has_its_form") == picture
    picture.unlink()
    assert room.find_picture("login_has_its_form") is None


def test_a_hint_that_begins_with_indented_code_keeps_it(capsys):
    room = StudyRoom(PATHS, lambda *_: None)
    assert room.find_hint("L6.5", 3).startswith("    volumes:\n")
    room.close()
    assert main(["hint", "L6.5", "--level", "3"]) == 0
    assert "\n\n    volumes:\n" in capsys.readouterr().out


@pytest.fixture
def cache(tmp_path):
    """A cache of one's own, with the pages that were built before."""
    built = PATHS.cache / "serve"
    built.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "serve").symlink_to(built, target_is_directory=True)
    return tmp_path / "cache"


def test_a_hand_goes_up_and_down_from_the_panel(tmp_path, cache):
    paths = replace(PATHS, workspace=tmp_path / "workspace", cache=cache)
    with serve_room(tmp_path / "board.sqlite3") as board, open_browser() as browser:
        member.join(paths, board.code, board.address, "Ada")
        with serving(make_server(paths)) as port:
            visitor = Visitor(browser, f"http://127.0.0.1:{port}", "hand: ")
            visitor.page.set_default_timeout(1000 * PATIENCE)
            visitor.open(LESSON)
            visitor.page.locator(".md-content").wait_for()
            visitor.click("button", "Put your hand up")
            see_in_panel(visitor, "Your hand is up, Ada.")
            assert member.is_hand_up(paths)
            visitor.click("button", "Put your hand down")
            see_in_panel(visitor, "On the board as Ada.")
            visitor.close()
    with pytest.raises(CourseError, match="no board answers"):
        describe_hand(paths)


def test_nobody_has_a_hand_without_a_board(tmp_path):
    assert not describe_hand(replace(PATHS, cache=tmp_path))["name"]


def test_the_panel_shows_and_does_what_it_says(tmp_path):
    workspace = tmp_path / "workspace"
    with serve(workspace) as port, open_browser() as browser:
        visitor = Visitor(browser, f"http://127.0.0.1:{port}", "serve: ")
        visitor.look_through(width=375)
        visitor.page.set_default_timeout(1000 * PATIENCE)
        visitor.open("/")
        visitor.page.locator(".md-content").wait_for()  # the site takes the place of bare text
        look_at_start(visitor, workspace)
        look_at_failure(visitor)
        shutil.copytree(PATHS.solutions / "01-setup", workspace, dirs_exist_ok=True)
        visitor.page.locator(".task.done").first.wait_for()
        assert not visitor.seen.console
        visitor.close()


def see_in_panel(visitor, text):
    """Wait for a text of the panel, as the lesson beside it may say the same."""
    visitor.page.locator("#panel").get_by_text(text).first.wait_for()


def look_at_start(visitor, workspace):
    """Nothing happens before the question is answered; then the lesson is there."""
    visitor.click("button", "Start lesson 1")
    see_in_panel(visitor, "committed first")
    assert not workspace.exists()
    visitor.page.locator("[data-part=yes]").click()
    see_in_panel(visitor, "for lesson 1: Set up the service")
    visitor.click("button", "Close")
    assert (workspace / "backend").is_dir()


def look_at_failure(visitor):
    """What failed says what was expected, and help comes one step at a time."""
    visitor.page.locator(".check.failed").first.wait_for()
    see_in_panel(visitor, "to answer 200 OK")
    visitor.click("button", "Hint for L1.1")
    see_in_panel(visitor, "Hint 1 of 3")
    visitor.page.reload()
    see_in_panel(visitor, "Hint 1 of 3")
    assert visitor.page.locator("#panel").get_by_text("Hint 2 of 3").count() == 0
    for scheme in ("light", "dark"):
        visitor.look_through(width=375, scheme=scheme)
        assert not find_serious_faults(visitor.page)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 375
    visitor.click("button", "Show the solution")
    see_in_panel(visitor, "Have you asked for all the hints?")
    visitor.page.locator("[data-part=yes]").click()
    visitor.page.locator(".diff .added").first.wait_for()
    visitor.click("button", "Close")
