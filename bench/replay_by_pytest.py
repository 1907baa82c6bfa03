"""What a plain test suite would do: pytest, uvicorn as a subprocess, and the judge's own requests.

The yardstick of the benchmark. `BENCH_REQUESTS` names the file that record_requests.py wrote,
`BENCH_PYTHON` the interpreter of the app's environment, `BENCH_APP` the app's `backend/`. It judges
nothing, copies nothing, limits nothing and reports nothing: it only makes the same starts and sends
the same requests, one after the other.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

RECORD = json.loads(Path(os.environ["BENCH_REQUESTS"]).read_text(encoding="utf-8"))
LONGEST_START = 30.0  # seconds


class Server:
    """An app that was started with some variables."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [os.environ["BENCH_PYTHON"], "-m", "uvicorn", "app.main:app"]
        self.process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=os.environ["BENCH_APP"],
            env={"PATH": os.environ["PATH"], **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait for the first answer, or for the end of an app that refuses to start."""
        deadline = time.monotonic() + LONGEST_START
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.client.get("/health")
            except httpx.TransportError:
                time.sleep(0.01)
            else:
                return

    def stop(self) -> None:
        """End the app as a container engine does."""
        self.client.close()
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="session")
def servers() -> Iterator[list[Server]]:
    """Every app of the run, with the variables that the judge gave it."""
    started: list[Server] = []
    try:
        started.extend(Server(variables) for variables in RECORD["starts"])
        yield started
    finally:
        for server in started:
            server.stop()


@pytest.mark.parametrize("check", RECORD["checks"], ids=lambda check: check["id"])
def test_check(check: dict[str, Any], servers: list[Server]) -> None:
    """Send the requests of one check."""
    for request in check["requests"]:
        servers[request["start"]].client.request(
            request["method"],
            request["path"],
            headers=request["headers"],
            content=request["body"].encode("latin-1"),
        )
