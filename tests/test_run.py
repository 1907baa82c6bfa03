"""`./course run` serves the learner's app, and ends with whoever started it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "solutions" / "01-setup"
PATIENCE = 30  # seconds


@pytest.fixture
def port():
    """A port below those that systems give out by themselves: nobody takes it by chance."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return 18000 + worker


@pytest.fixture
def start_server(port):
    """Start the app, in a process group of its own as a terminal does."""
    started = []

    def start(app: Path = APP) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "checker", "run", "--dir", str(app), "--port", str(port)]
        started.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | {"COURSE_CACHE": str(ROOT / ".cache")},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
        )
        return started[-1]

    yield start
    for server in started:
        server.kill()
        server.wait()
        server.stdout.close()


def wait_for_answer(port: int) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
                return answer.read()
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "the app did not answer"
            time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent to processes on POSIX only")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_the_app_and_ends_it_when_it_is_asked_to_end(start_server, port, number):
    server = start_server()
    assert wait_for_answer(port) == b'{"status":"ok"}'
    family = psutil.Process(server.pid).children(recursive=True)
    server.send_signal(number)
    assert server.wait(PATIENCE) == 0, server.stdout.read()
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []


def test_run_names_another_port_when_its_own_is_taken(start_server, port):
    with socket.create_server(("127.0.0.1", port)):
        server = start_server()
        assert server.wait(PATIENCE) == 2
    assert server.stdout.read() == (
        f"error: port {port} is taken: another program listens there\n"
        f"next:  End that program, or choose another port: ./course run --port {port + 1}\n"
    )


def test_run_without_a_backend_names_the_command_that_makes_one(start_server, tmp_path):
    server = start_server(tmp_path)
    assert server.wait(PATIENCE) == 3
    assert "Run ./course start to get a workspace" in server.stdout.read()
