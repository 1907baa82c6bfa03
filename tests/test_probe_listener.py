"""Whoever listens for a check leaves no connection behind, whatever its clients do."""

import gc
import os
import socket
import threading

import pytest

from checker.probes.listener import Listener
from checker.probes.model.server import ModelServer
from checker.probes.postgres.proxy import DatabaseProxy

UNFINISHED = b"POST /v1/chat/completions HTTP/1.1\r\nHost: model\r\nContent-Length: 99\r\n\r\n{"

TLS = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
LATIN = b"GET /\xe9 HTTP/1.1\r\nHost: model\r\nX-Name: \xe9\r\n\r\n"


@pytest.fixture
def backlog():
    """A database that takes nobody: connections wait at its door."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def call(port, said=b""):
    """Connect three times, and say this."""
    clients = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(3)]
    for client in clients:
        client.sendall(said)
    return clients


def has_ended(client):
    """Tell whether the other side has closed the connection; fail when that does not come."""
    with client:
        try:
            while client.recv(4096):
                pass
        except ConnectionResetError:
            pass
        return True


@pytest.mark.parametrize("said", [b"", UNFINISHED])
def test_model_ends_whoever_has_not_finished_asking(said):
    with ModelServer() as model:
        clients = call(model.port, said)
    assert all(has_ended(client) for client in clients)
    gc.collect()  # what was not closed is told here, and warnings are errors


@pytest.mark.parametrize("said", [TLS, LATIN])
def test_model_hangs_up_on_what_it_does_not_understand(said, caplog):
    with ModelServer() as model:
        assert all(has_ended(client) for client in call(model.port, said))
    gc.collect()
    assert not caplog.records


@pytest.mark.parametrize("said", [b"", b"\0\0\0\x08\x04\xd2\x16\x2f"])
def test_proxy_ends_whoever_waits_for_the_database(backlog, said):
    with DatabaseProxy(f"postgresql://ada@127.0.0.1:{backlog}/tasks") as proxy:
        clients = call(proxy.port, said)
    assert all(has_ended(client) for client in clients)
    gc.collect()


def test_proxy_ends_a_client_whose_database_is_gone():
    with DatabaseProxy("postgresql://ada@127.0.0.1:1/tasks") as proxy:
        assert all(has_ended(client) for client in call(proxy.port))


def test_listener_ends_a_client_that_reads_nothing():
    is_full = threading.Event()

    async def flood(_, writer):
        writer.write(bytes(50_000_000))
        is_full.set()

    listener = Listener(flood)
    listener.start()
    clients = call(listener.port)
    assert is_full.wait(10)
    listener.stop()
    for client in clients:
        client.close()
    gc.collect()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit to lower")
def test_listener_rests_while_there_is_no_room_for_one_more():
    import resource

    served = threading.Event()

    async def serve(*_):
        served.set()

    listener = Listener(serve)
    listener.start()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    client = socket.socket()
    full = [os.dup(0) for _ in range(3)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (full[-1] + 1, limits[1]))
    client.connect(("127.0.0.1", listener.port))
    assert not served.wait(0.1)
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert served.wait(10)
    listener.stop()
    client.close()
    for number in full:
        os.close(number)
