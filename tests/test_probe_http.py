"""The HTTP client: every answer ends, whatever a server does, and every request can be repeated."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from checker.probes import http_client
from checker.probes.app import AppLimits
from checker.probes.http import Exchange, Headers, Request, make_request
from checker.probes.http_client import HttpProbe, NoAnswerError

LIMITS = AppLimits(silence=1.0, answer=2.0)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def serve():
    """Serve each connection with a function of the test."""
    server = socket.create_server(("127.0.0.1", 0))
    threads = []

    def start(act):
        def accept():
            with suppress(OSError):
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    connection.recv(1 << 16)
                    act(connection)

        threads.append(threading.Thread(target=accept))
        threads[-1].start()
        return HttpProbe(server.getsockname()[1], LIMITS)

    yield start
    server.close()
    for thread in threads:
        thread.join(10)


def drip(prefix, piece):
    """Make a server that sends something, then a little now and then, for longer than any limit."""

    def act(connection):
        connection.sendall(prefix)
        for _ in range(60):
            connection.sendall(piece)
            time.sleep(0.05)

    return act


def flood(piece):
    """Make a server that sends something without a pause, as long as anybody listens."""

    def act(connection):
        while True:
            connection.sendall(piece * 1000)

    return act


def say(answer):
    """Make a server that sends this and hangs up."""
    return lambda connection: connection.sendall(answer)


def test_answer_is_returned_whole(serve):
    exchange = serve(say(HEAD + b"X-A: 1\r\nx-a: 2\r\nContent-Length: 4\r\n\r\ntrue")).send(
        make_request("GET", "/")
    )
    assert (exchange.status, exchange.read_json(), exchange.headers["X-a"]) == (200, True, "1, 2")


def test_answer_without_length_ends_with_the_connection(serve):
    exchange = serve(say(HEAD + b"\r\nall of it")).send(make_request("GET", "/"))
    assert exchange.text == "all of it"


def test_what_is_withheld_of_a_request_goes_out_when_it_is_released():
    with socket.create_server(("127.0.0.1", 0)) as server:
        probe = HttpProbe(server.getsockname()[1], LIMITS)
        with probe.begin(make_request("POST", "/", json_body={"a": 1}), withheld=1) as pending:
            connection, _ = server.accept()
            with connection:
                assert connection.recv(1 << 16).endswith(b'{"a": 1')
                pending.release()
                assert connection.recv(1 << 16) == b"}"
                connection.sendall(OK)
                assert pending.finish().text == "ok"


def test_answer_before_the_request_was_read_is_taken(serve):
    exchange = serve(say(OK)).send(make_request("POST", "/", json_body="x" * (8 << 20)))
    assert exchange.status == 200


@pytest.mark.parametrize(
    ("act", "seen"),
    [
        (lambda _: time.sleep(2), "no answer within 1 s"),
        (say(b""), "closed without an answer"),
        (say(b"SSH-2.0-OpenSSH\r\n\r\n"), "breaks HTTP"),
        (say(HEAD + b"Content-Length: 9\r\n\r\nhalf"), "breaks HTTP"),
        (say(HEAD + b"X: " + b"x" * 100_000), "breaks HTTP"),
        (
            say(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            "breaks HTTP",
        ),
        (drip(b"", b"H"), "not complete after 2 s"),
        (drip(HEAD, b"x-a: 1\r\n"), "not complete after 2 s"),
        (drip(HEAD + b"\r\n", b"x"), "not complete after 2 s"),
        (drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), "not complete after 2 s"),
        (flood(b"HTTP/1.1 103 Early Hints\r\n\r\n"), "not complete after 2 s"),
        (
            lambda c: (c.sendall(HEAD + b"\r\nx"), time.sleep(2)),
            "stopped half-way",
        ),
        (
            lambda c: [c.sendall(HEAD + b"\r\n"), *(c.sendall(b"x" * 65536) for _ in range(99))],
            "more than 4 MiB",
        ),
    ],
)
def test_answer_that_is_none_is_described(act, seen, serve):
    with pytest.raises(NoAnswerError, match=seen):
        serve(act).send(make_request("GET", "/"))


def test_port_without_a_server_is_described():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NoAnswerError, match="refused"):
        HttpProbe(port, LIMITS).send(make_request("GET", "/"))


def test_description_of_nonsense_is_short(serve):
    with pytest.raises(NoAnswerError) as caught:
        serve(say(b"\x00" * http_client.LONGEST_HEAD * 2)).send(make_request("GET", "/"))
    assert len(str(caught.value)) < 200


def test_request_stays_one_request_whatever_an_app_made_up():
    request = make_request(
        "GET",
        "/tasks/1\r\nHost: evil/\u00e9 x",
        token="a\r\nX-Evil: 1\x00",
        headers={"X": "\u00e9\n"},
    )
    assert request.path == "/tasks/1%0D%0AHost:%20evil/%C3%A9%20x"
    assert request.headers == {"X": "\u00e9", "Authorization": "Bearer a  X-Evil: 1"}


def test_half_a_character_can_be_sent():
    assert make_request("POST", "/", json_body="\ud800").body == b'"?"'
    assert make_request("POST", "/", form={"a": "\ud800"}).body == b"a=%3F"


def test_curl_repeats_the_request():
    request = make_request("POST", "/x", json_body={"a": "it's"}, token="t")
    assert request.as_curl() == (
        "curl -i -X POST http://localhost:8000/x -H 'Authorization: Bearer t' "
        "-H 'Content-Type: application/json' --data-raw '{\"a\": \"it'\"'\"'s\"}'"
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"9" * 10_000, b"\xff"])
def test_body_that_is_no_json_is_none(body):
    assert Exchange(Request("GET", "/"), 200, Headers([]), body, 0.0).read_json() is None
