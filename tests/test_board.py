"""The board of a room: who may do what, what it shows, and what is kept."""

import asyncio
import csv
import http.client
import io
import json
import re
import socket
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import msgspec
import psutil
import pytest
from board_fixtures import PATHS, serve_room
from local_server import serve_pages

from checker.board import board, member, sender
from checker.board.names import clean_name
from checker.board.sender import send_all, try_to_send
from checker.board.store import Store
from checker.board.wire import Refused
from checker.errors import CourseError, UsageError
from checker.judge.results import CheckResult, Outcome, Report
from checker.live import guarded, server
from checker.live.events import MOST_OF_ONE, Hub
from checker.live.files import get_files
from checker.live.limits import Limit
from checker.live.server import open_listener
from checker.live.shield import LONGEST_BODY
from checker.probes.browser.axe import find_serious_faults
from checker.probes.browser.chromium import open_browser
from checker.probes.browser.visitor import Visitor

PATIENCE = 30  # seconds; a busy machine takes long


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    with serve_room(tmp_path_factory.mktemp("board") / "board.sqlite3") as room:
        yield room


def call(room, method, path, body=b"", **headers):
    """Send a request as no program of ours would; return status, headers and text."""
    connection = http.client.HTTPConnection(urlsplit(room.address).netloc, timeout=PATIENCE)
    connection.request(method, path, body, {n.replace("_", "-"): v for n, v in headers.items()})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


def read_table(room):
    _, _, text = call(room, "GET", "/table.csv", Cookie=f"board={room.key}")
    return {row["name"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_learner_writes_their_own_row_and_no_other(room):
    first, second = room.join("Grace"), room.join("Grace")
    room.note(first, 1, app_starts="passed", health_answers_ok="failed")
    table = read_table(room)
    assert (table["Grace"]["passed"], table["Grace"]["open check"]) == ("1", "health_answers_ok")
    assert table["Grace (2)"]["lesson"] == "0"
    room.note(second, 2)
    assert read_table(room)["Grace"]["lesson"] == "1"


@pytest.mark.parametrize(
    ("lesson", "outcomes", "said"),
    [
        (99, {}, "no lesson"),
        (1, {"app_starts": "<b>won</b>"}, "'passed', 'failed'"),
        ("1", {}, "valid integer"),
    ],
)
def test_forged_results_are_refused(room, lesson, outcomes, said):
    with pytest.raises(Refused, match=said) as refused:
        room.note(room.join("Forger"), lesson, **outcomes)
    assert refused.value.status == 422


def test_checks_of_another_clone_are_left_out(room):
    room.note(room.join("Newer"), 1, no_such_check="passed", app_starts="passed")
    assert read_table(room)["Newer"]["passed"] == "1"


@pytest.mark.parametrize(
    "body", [b'{"code": "\\ud800", "name": "\\udfff"}', b"\xff", b"[" * 60000, b"", b'{"code": 1}']
)
def test_a_body_that_is_none_of_ours_is_refused(room, body):
    status, _, text = call(room, "POST", "/api/join", body, Content_Type="application/json")
    assert status in {400, 422}
    assert "detail" in json.loads(text)


def test_who_is_unknown_or_guesses_is_refused(tmp_path):
    with serve_room(tmp_path / "board.sqlite3") as room:
        with pytest.raises(Refused) as refused:
            room.note("made-up", 1)
        assert refused.value.status == 401
        guessing = replace(room, code="WRONG1")
        with pytest.raises(Refused, match="not the code"):
            guessing.join("Eve")
        deque(iter(lambda: guess(guessing), 429))
        assert room.join("Ada")  # behind the same router


def guess(room):
    """Return how a wrong code is refused."""
    with pytest.raises(Refused) as refused:
        room.join("Eve")
    return refused.value.status


def test_a_flood_is_refused_and_hurts_nobody_else(room):
    flooder, other = room.join("Flooder"), room.join("Other")
    with pytest.raises(Refused, match="Too much"):
        deque(room.note(flooder, 1) for _ in range(200))
    room.note(other, 1)
    status, _, _ = call(room, "POST", "/api/standing", b"x" * (LONGEST_BODY + 1))
    assert status == 413


def test_a_full_board_drops_who_never_sent_anything(monkeypatch, tmp_path):
    monkeypatch.setattr(board, "MOST_LEARNERS", 3)
    with serve_room(tmp_path / "board.sqlite3") as room:
        room.note(room.join("Ada"), 1)
        waiting = room.join("Mary")  # her first check does not run: she has raised her hand
        room.raise_hand(waiting)
        room.join("Filler")
        late = room.join("Grace")
        assert read_table(room).keys() == {"Ada", "Mary", "Grace"}
        room.note(late, 1)
        with pytest.raises(Refused, match="full"):
            room.join("Filler")


def test_who_guesses_shuts_nobody_out_at_the_same_address(tmp_path):
    with serve_room(tmp_path / "board.sqlite3") as room:
        token = room.join("Ada")
        for _ in range(20):
            with pytest.raises(Refused, match="does not know you"):
                room.note("made-up", 1)
        room.note(token, 1)
        assert room.join("Grace")
        assert call(room, "GET", f"/enter/{room.key}")[0] == 303


@pytest.mark.parametrize("sent", [b"", b"POST /api/join HTTP/1.1\r\nHost: 127.0.0.1\r\n"])
def test_a_connection_on_which_nothing_comes_is_ended(monkeypatch, room, sent):
    monkeypatch.setattr(guarded, "PERIOD", 0.05)
    with socket.create_connection(split_address(room), PATIENCE) as connection:
        connection.sendall(sent)
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def test_an_address_has_only_so_many_connections(monkeypatch, room):
    monkeypatch.setattr(guarded, "MOST_OF_ONE_ADDRESS", 0)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        call(room, "GET", "/")


def test_there_are_fewer_connections_than_files(monkeypatch, tmp_path):
    monkeypatch.setattr(server, "get_files", lambda: 2 * server.OWN_FILES + 8)
    with serve_room(tmp_path / "board.sqlite3") as room:
        first = http.client.HTTPConnection(*split_address(room), timeout=PATIENCE)
        first.request("GET", "/live/base.css")
        assert first.getresponse().status == 200  # and it stays: one of an address is a quarter
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            call(room, "GET", "/live/base.css")
        first.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
def test_enough_files_are_asked_for():
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        assert get_files() == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def split_address(room):
    parts = urlsplit(room.address)
    return parts.hostname, parts.port


def test_the_oldest_listener_of_an_address_makes_way():
    async def listen():
        hub = Hub()
        first = hub.stream("all", 1, "here").body_iterator
        other = hub.stream("all", 1, "there").body_iterator
        assert "event: all" in await anext(first)
        for _ in range(MOST_OF_ONE):
            hub.stream("all", 1, "here")
        hub.send("change", 2)
        with pytest.raises(StopAsyncIteration):
            await anext(first)
        return [await anext(other), await anext(other)]

    assert [event.split()[1] for event in asyncio.run(listen())] == ["all", "change"]


@pytest.mark.parametrize("path", ["/", "/events", "/table.csv", "/enter/guess"])
def test_screens_open_only_with_the_key(room, path):
    assert call(room, "GET", path)[0] == 403


def test_another_page_changes_nothing(room):
    cookie = f"board={room.key}"
    body = json.dumps({"minutes": 5}).encode()
    kind = "application/json"
    own = {"Origin": room.address, "Cookie": cookie, "Content_Type": kind}
    assert call(room, "POST", "/api/timer", body, **own)[0] == 204
    foreign = own | {"Origin": "http://evil.example"}
    assert call(room, "POST", "/api/timer", body, **foreign)[0] == 403
    assert call(room, "GET", "/api/timer", Cookie=cookie)[0] == 405
    assert call(room, "GET", "/", Host="evil.example")[0] == 421


@pytest.mark.parametrize("host", ["Board.School.Example:8765", "localhost", "127.0.0.1"])
def test_the_name_that_it_listens_at_is_its_own(room, host):
    assert call(room, "GET", "/live/base.css", Host=host)[0] == 200


def test_names_are_one_visible_line():
    assert clean_name("  Ada\n\tLovelace\u202e\x00 ") == "Ada Lovelace"
    assert clean_name("Ada\u3164") == "Ada"
    assert clean_name("\u200b...") == clean_name("\u115f\u1160\u3164\uffa0 .") == ""
    assert len(clean_name("x" * 100)) == 40


def test_a_table_holds_no_formula(room):
    room.join("=1+1")
    assert "'=1+1" in read_table(room)


def test_what_is_known_outlives_a_stop_and_a_wrong_clock(tmp_path):
    file = tmp_path / "board.sqlite3"
    with serve_room(file) as room:
        token = room.join("Ada")
        room.note(token, 1, app_starts="passed")
    store = Store(file)
    (learner,) = store.learners.values()
    learner.moved_at = time.time() + 7200  # the clock was put back meanwhile
    store.raise_hand(learner, is_up=False)
    store.close()
    with serve_room(file) as again:
        assert again.code == room.code
        room.address = again.address
        room.note(token, 1, health_answers_ok="failed")
        row = read_table(again)["Ada"]
    assert (row["passed"], row["minutes without progress"]) == ("1", "0")


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "notes").write_text("no database at all, but long enough to be read as one" * 20)
    with pytest.raises(CourseError, match="cannot be read"):
        Store(tmp_path / "notes")


def test_a_port_that_is_taken_is_told():
    taken = open_listener("127.0.0.1", 0)
    with taken, pytest.raises(CourseError, match="nothing can listen"):
        open_listener("127.0.0.1", taken.getsockname()[1])


def test_a_bucket_fills_by_the_second(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    limit = Limit(burst=2, rate=0.5)
    assert [limit.take("a"), limit.take("a"), limit.take("a")] == [0.0, 0.0, 2.0]
    assert limit.take("b") == 0.0
    clock[0] = 2.0
    assert limit.take("a") == 0.0


# The learner's side


@pytest.fixture
def paths(tmp_path):
    return replace(PATHS, cache=tmp_path)


def make_report(outcome):
    result = CheckResult(
        id="app_starts",
        title="",
        lesson=1,
        task="L1.1",
        points=1,
        needs=(),
        outcome=outcome,
        seconds=0.1,
    )
    return Report(
        checker="", app="", lesson=1, seed=1, started_at="", seconds=1.0, results=(result,)
    )


def test_a_standing_waits_for_the_board_and_arrives(paths, tmp_path, monkeypatch):
    monkeypatch.setattr(member, "start_sender", lambda _paths: None)
    file = tmp_path / "board.sqlite3"
    with serve_room(file) as room:
        joined = member.join(paths, room.code, room.address, "Ada")
    assert joined.name == "Ada"
    member.tell_board(paths, make_report(Outcome.FAILED))  # nobody answers now
    member.tell_board(paths, make_report(Outcome.PASSED))
    with serve_room(file) as room:
        there = member.find_membership(paths)
        moved = msgspec.structs.replace(there, address=room.address)
        member.find_file(paths).write_bytes(msgspec.json.encode(moved))
        assert send_all(paths)
        assert read_table(room)["Ada"]["passed"] == "1"
        member.raise_hand(paths, is_up=True)
        member.leave(paths)
        assert read_table(room) == {}
    assert not member.find_outbox(paths).exists()


def become_member(paths, address):
    """Be somebody whom the board at an address does not know."""
    there = member.Membership(address, "Ada", "a token of another board")
    member.find_file(paths).write_bytes(msgspec.json.encode(there))


@pytest.mark.parametrize("status", [200, 302, 404])
def test_what_a_stranger_answers_is_not_taken_for_the_board(paths, status):
    class Portal(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<html>Accept our terms</html>")

        def log_message(self, *_):
            pass

    with serve_pages(Portal) as port:
        become_member(paths, f"http://127.0.0.1:{port}")
        assert try_to_send(paths, member.Standing(1, {})) == 0.0
        with pytest.raises(CourseError, match=f"no board .status {status}"):
            member.raise_hand(paths, is_up=True)


def test_nobody_lets_the_sender_wait_for_long(paths, monkeypatch):
    monkeypatch.setattr(sender, "try_to_send", lambda *_: 1e9)
    slept = []
    monkeypatch.setattr(time, "sleep", lambda pause: [slept.append(pause), outbox.unlink()])
    outbox = member.find_outbox(paths)
    outbox.write_bytes(msgspec.json.encode(member.Standing(1, {})))
    assert send_all(paths)
    assert slept == [sender.LONGEST_PAUSE]


def test_who_is_forgotten_is_told_once(room, paths, monkeypatch):
    monkeypatch.setattr(member, "start_sender", lambda _paths: None)
    become_member(paths, room.address)
    member.tell_board(paths, make_report(Outcome.PASSED))
    assert send_all(paths)
    assert [member.was_forgotten(paths), member.was_forgotten(paths)] == [True, False]


@pytest.mark.parametrize("text", [b"", b'{"lesson": 1, "outc', b'{"lesson": 1}', b'"\xff"'])
def test_an_outbox_that_cannot_be_read_is_thrown_away(paths, text):
    outbox = member.find_outbox(paths)
    outbox.write_bytes(text)
    assert send_all(paths)
    assert not outbox.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombies")
def test_a_sender_that_has_ended_is_no_zombie_for_long(paths, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(paths.cache))
    before = set(psutil.Process().children())
    member.start_sender(paths)
    (first,) = set(psutil.Process().children()) - before
    deadline = time.monotonic() + PATIENCE
    while first.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    member.start_sender(paths)
    assert not psutil.pid_exists(first.pid)
    (second,) = member.senders
    second.wait(PATIENCE)


def test_nothing_is_left_for_a_board_that_nobody_joined(paths):
    member.tell_board(paths, make_report(Outcome.PASSED))
    assert not list(paths.cache.iterdir())
    with pytest.raises(UsageError, match="on no board"):
        member.raise_hand(paths, is_up=True)


@pytest.mark.parametrize("address", ["nowhere", "ftp://here:1", "http://[", "host:port"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(UsageError, match="not the address"):
        member.read_address(address)


def test_a_learner_can_see_their_hand(room, paths):
    member.join(paths, room.code, room.address, "Ida")
    for is_up in (True, False):
        member.raise_hand(paths, is_up=is_up)
        assert member.is_hand_up(paths) == is_up


def test_a_board_that_is_away_is_told(paths):
    with pytest.raises(CourseError, match="no board answers"):
        member.join(paths, "K7MPQ2", "127.0.0.1:9", "Ada")


def test_a_check_tells_the_board(room, run_course, tmp_path):
    place = room.address.removeprefix("http://")
    cache = {"COURSE_CACHE": str(tmp_path / "cache")}
    joined = run_course("join", room.code, place, "--name", "Radia", **cache)
    assert "Your code is never sent" in joined.stdout
    assert "on the board as Radia" in joined.stdout
    assert run_course("start", **cache).returncode == 0
    deadline = time.monotonic() + PATIENCE
    while read_table(room)["Radia"]["lesson"] != "1":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert run_course("hand", **cache).returncode == 0
    assert run_course("join", "--leave", **cache).returncode == 0
    assert "Radia" not in read_table(room)
    assert run_course("hand", **cache).returncode == 3


# The screen


def test_the_screen_shows_the_room_live(room):
    with open_browser() as browser:
        look_at_screen(room, browser)


def look_at_screen(room, browser):
    visitor = Visitor(browser, room.address, "board: ")
    visitor.look_through(width=375)
    name = "<img src=x onerror=document.title='taken'>"
    token = room.join(name)
    visitor.open(f"/enter/{room.key}")
    visitor.see_text(re.compile(r"onerror=document"))
    visitor.page.locator("#count", has_text=re.compile(r"^\d+$")).wait_for()  # it comes by events
    visitor.see("heading", "Everybody " + visitor.page.locator("#count").inner_text())
    room.note(token, 1, health_answers_ok="failed")
    visitor.see_text(re.compile("L1.1 GET"))
    room.raise_hand(token)
    visitor.click("button", f"Helped {name[:40]}")
    visitor.see_no("button", f"Helped {name[:40]}")
    visitor.click("button", "Start the timer")
    visitor.see_text(re.compile(r"^4[45]:\d\d$"))
    assert visitor.page.title() == "The room"
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.locator("#who").focus()
    visitor.choose("Somebody", name[:40])
    visitor.click("button", "Remove from the board")
    visitor.page.locator(".name", has_text="onerror").first.wait_for(state="detached")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 375
    for scheme in ("light", "dark"):
        visitor.look_through(width=375, scheme=scheme)
        assert not find_serious_faults(visitor.page)
    assert not visitor.seen.console
    assert not visitor.seen.failed
    visitor.close()
