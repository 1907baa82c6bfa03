"""Server-sent events are read as the standard has them, however the network cuts them."""

import pytest

from checker.probes.events import Event, EventReader

TOKEN, DONE = Event("token", '{"text": "é"}'), Event("done", "{}")


def read(*pieces):
    reader = EventReader()
    return [event for piece in pieces for event in reader.feed(piece)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_legal(end):
    text = 'event: token\ndata: {"text": "é"}\n\nevent: done\ndata: {}\n\n:\n'
    assert read(text.replace("\n", end).encode()) == [TOKEN, DONE]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_events_may_be_cut_anywhere(end):
    data = 'event: token\ndata: {"text": "é"}\n\nevent: done\ndata: {}\n\n'.replace(
        "\n", end
    ).encode()
    assert read(*(bytes([byte]) for byte in data)) == [TOKEN, DONE]


def test_comments_ids_and_retries_are_passed_over():
    data = b": ping\n\nid: 7\nretry: 10\nevent: done\ndata: {}\n\n"
    assert read(data) == [DONE]


def test_lines_of_data_are_put_together():
    assert read(b"data: one\ndata:two\ndata\n\n") == [Event("message", "one\ntwo\n")]


def test_event_without_data_is_none():
    assert read(b"event: token\n\ndata: x\n\n") == [Event("message", "x")]


def test_incomplete_event_waits():
    assert read(b"event: done\ndata: {}\n") == []


def test_data_that_is_no_object_is_empty():
    assert Event("token", "[1]").read_json() == {}
    assert Event("token", "{").read_json() == {}
