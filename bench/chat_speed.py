"""Measure what the chatbot of lesson 5 adds to its model, and print two tables.

Run it in the authors' environment: `.venv-authors/bin/python bench/chat_speed.py`. It serves the
solution as the judge does, one worker with a database and a model that follows scripts. README.md
beside this file says what the figures mean.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.checks.steps import register_user
from checker.judge.ground import begin_groundwork
from checker.judge.run import RunRequest, make_scratch
from checker.paths import CoursePaths
from checker.probes.environment import choose_environment
from checker.probes.launch import open_launcher
from checker.probes.model.script import Pause, Text, say
from checker.probes.model.server import ModelServer
from checker.probes.submission import copy_app

LESSON = 5
ALTERNATIONS = 50
STREAMS = (1, 50, 200)
TOKENS, GAP = 20, 0.1  # of each stream: how many, and seconds between two
HELLO, SLOW = "hello-at-once", "slowly-please"
FIRST_TOKEN = {"model": b'"content": "Hello', "app": b"event: token"}


@dataclass(frozen=True)
class Running:
    """An app that runs, with its model.

    Attributes:
        token: Of a user.
        process: The app's one worker.
    """

    port: int
    token: str
    process: psutil.Process
    model: ModelServer


def main() -> int:
    """Measure the first token, then many streams at once."""
    with run_app() as running:
        running.model.play(HELLO, say("Hello", " there"))
        print_first_token(running)
        running.model.play(SLOW, (Text("word "), Pause(GAP)) * TOKENS)
        print("\nstreams at once  complete  seconds  MB before   most")
        for number in STREAMS:
            asyncio.run(print_streams(running, number))
    return 0


@contextmanager
def run_app() -> Iterator[Running]:
    """Run the solution as the judge does."""
    paths = CoursePaths.find()
    solution = next(paths.solutions.glob(f"{LESSON:02}-*"))
    request = RunRequest(paths=paths, app=solution, lesson=LESSON, seed=1)
    with make_scratch() as scratch:
        app = scratch / "app"
        copy_app(solution, app)
        environment = choose_environment(app / "backend" / "requirements.txt", paths)
        with begin_groundwork(request, open_launcher(environment, scratch), app) as work:
            ground, process = work.ground.result(), work.usual.result()
            backend = ground.probe.connect(process)
            token = register_user(backend, ground.inputs).token
            assert ground.model is not None  # noqa: S101 - this lesson has one
            yield Running(process.port, token, psutil.Process(process.pid), ground.model)


def print_first_token(running: Running) -> None:
    """Ask the model itself and the app by turns; print how long the first token took."""
    took: dict[str, list[float]] = {"model": [], "app": []}
    for _ in range(ALTERNATIONS):
        for who, seconds in took.items():
            port, request = write_request(running, who, HELLO)
            answer = asyncio.run(follow(port, request, FIRST_TOKEN[who]))
            seconds.append(answer.first * 1000)
    print(f"{'first token, ms':<16} {'p50':>6} {'p95':>6}")
    for who, seconds in took.items():
        late = sorted(seconds)[len(seconds) * 95 // 100]
        print(f"{who:<16} {statistics.median(seconds):6.1f} {late:6.1f}")
    added = statistics.median(took["app"]) - statistics.median(took["model"])
    print(f"{'added by the app':<16} {added:6.1f}")


async def print_streams(running: Running, number: int) -> None:
    """Follow many streams at once; print how many came to their end, and what memory they took."""
    before, most = read_memory(running), 0.0
    port, request = write_request(running, "app", SLOW)
    started = time.perf_counter()
    pending = {
        asyncio.create_task(follow(port, request, FIRST_TOKEN["app"])) for _ in range(number)
    }
    done: set[asyncio.Task[Answer]] = set()
    while pending:
        ended, pending = await asyncio.wait(pending, timeout=0.1)
        done |= ended
        most = max(most, read_memory(running))
    seconds = time.perf_counter() - started
    whole = sum(is_whole(task.result().text) for task in done)
    print(f"{number:<16} {whole:>8} {seconds:>8.1f} {before:>10.0f} {most:>6.0f}", flush=True)


def is_whole(stream: bytes) -> bool:
    """Tell whether a stream brought all tokens and came to a good end."""
    return stream.count(b"event: token") == TOKENS and b"event: done" in stream


def read_memory(running: Running) -> float:
    """Return the memory that the worker holds, in MB."""
    return float(running.process.memory_info().rss) / 1e6


def write_request(running: Running, who: str, word: str) -> tuple[int, bytes]:
    """Return a port, and a request for a stream to what listens there."""
    body: dict[str, object] = {"message": word}
    path, key, port = "/api/chat/stream", running.token, running.port
    if who == "model":
        path, key, port = "/v1/chat/completions", running.model.key, running.model.port
        asked = [{"role": "user", "content": word}]
        body = {"model": running.model.name, "stream": True, "messages": asked}
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return port, head.encode() + content


@dataclass(frozen=True)
class Answer:
    """What came.

    Attributes:
        first: Seconds until the text was there that was waited for, or the end.
        text: Everything, the head too.
    """

    first: float
    text: bytes


async def follow(port: int, request: bytes, wanted: bytes) -> Answer:
    """Send a request and read its answer to the end; note when `wanted` was there."""
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    text = b""
    while wanted not in text and (piece := await reader.read(1 << 16)):
        text += piece
    first = time.perf_counter() - started
    text += await reader.read()
    writer.close()
    return Answer(first, text)


if __name__ == "__main__":
    sys.exit(main())
