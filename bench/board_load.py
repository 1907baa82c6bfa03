"""Let 300 learners check every ten seconds, and measure how late a board's screen shows it.

Run it with the authors' Python: `.venv-authors/bin/python bench/board_load.py`. README.md beside
this file says what is measured.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from checker.board.store import Store
from checker.judge.plan import list_checks
from checker.probes.browser.chromium import open_browser
from checker.probes.port import find_free_port

PERIOD = 10.0  # seconds between two checks of a learner
LONGEST_START = 60.0
# Notes when each row that a learner sent was painted, by the clock of this machine.
WATCH = """
  window.painted = [];
  const Real = window.EventSource;
  window.EventSource = class extends Real {
    addEventListener(name, listener) {
      super.addEventListener(name, (event) => {
        listener(event);
        if (name !== 'change') return;
        const rows = JSON.parse(event.data).rows;
        requestAnimationFrame(() => setTimeout(() => {
          const at = (performance.timeOrigin + performance.now()) / 1000;
          for (const row of rows) window.painted.push([row.id, row.seen, at]);
        }));
      });
    }
  };
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they go on")
    options = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="bl-") as folder:
        file = Path(folder) / "board.sqlite3"
        tokens = [f"token-{number}" for number in range(options.learners)]
        take_in(file, tokens)
        with serve(file) as (port, key), open_browser() as browser:
            page = browser.new_page()
            page.add_init_script(WATCH)
            page.goto(f"http://127.0.0.1:{port}/enter/{key}")
            page.wait_for_function(f"painted.length >= {options.learners}")
            sent = send_beside(port, tokens, options.seconds)
            page.wait_for_timeout(1000)
            delays = find_delays(page, sent)
        report(sent, delays, count_lost(file, sent))
    return 0


def take_in(file: Path, tokens: list[str]) -> None:
    """Put everybody on the board beforehand: so many may not join from one address at once."""
    store = Store(file)
    for number, token in enumerate(tokens):
        store.add(f"Learner {number}", token)
    store.close()


@contextmanager
def serve(file: Path) -> Iterator[tuple[int, str]]:
    """Run the command, and yield its port and the key of its screens."""
    port = find_free_port()
    command: list[str | Path] = [sys.executable, "-m", "checker", "board", "--data", file]
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", f"{port}"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as server:
        assert server.stdout is not None  # noqa: S101 - started with a pipe
        try:
            said = iter(server.stdout)
            key = next(found[1] for line in said if (found := re.search(r"/enter/(\S+)", line)))
            yield port, key
        finally:
            server.terminate()


class Sent:
    """What one learner has sent.

    Attributes:
        times: When each standing went out.
        outcomes: What the board must know in the end.
        refused: How many answers were not 204.
    """

    def __init__(self) -> None:
        self.times: list[float] = []
        self.outcomes: dict[str, str] = {}
        self.refused = 0


def send_beside(port: int, tokens: list[str], seconds: float) -> list[Sent]:
    """Let everybody check from a thread: this one has the browser's loop already."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, send_all(port, tokens, seconds)).result()


async def send_all(port: int, tokens: list[str], seconds: float) -> list[Sent]:
    """Let everybody check, each in a rhythm of their own."""
    ids = [info.id for info in list_checks() if info.lesson == 3]  # noqa: PLR2004 - any will do
    return await asyncio.gather(*(send_often(port, token, ids, seconds) for token in tokens))


async def send_often(port: int, token: str, ids: list[str], seconds: float) -> Sent:
    """Send the outcomes of all checks of a lesson, one more passed each time."""
    sent = Sent()
    end = time.monotonic() + seconds
    await asyncio.sleep(random.uniform(0, PERIOD))  # noqa: S311 - no secret
    while time.monotonic() < end:
        begun = time.monotonic()
        passed = len(sent.times) + 1
        sent.outcomes = {n: "passed" if at < passed else "failed" for at, n in enumerate(ids)}
        sent.times.append(time.time())
        body = json.dumps({"lesson": 3, "outcomes": sent.outcomes}).encode()
        sent.refused += await post(port, token, body) != b"204"
        await asyncio.sleep(max(0.0, PERIOD - (time.monotonic() - begun)))
    return sent


async def post(port: int, token: str, body: bytes) -> bytes:
    """Send one standing over a connection of its own, as the sender does; return the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /api/standing HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    return answer[9:12]


def find_delays(page: Page, sent: list[Sent]) -> list[float]:
    """Return, for each standing, the seconds until a screen had painted it."""
    painted: dict[int, list[tuple[float, float]]] = {}
    for number, seen, at in page.evaluate("painted"):
        painted.setdefault(number, []).append((seen, at))
    return [
        min((at - began for seen, at in painted[number] if seen >= began), default=float("inf"))
        for number, one in enumerate(sent, 1)
        for began in one.times
    ]


def count_lost(file: Path, sent: list[Sent]) -> int:
    """Return for how many learners the file does not say what they sent last."""
    store = Store(file)
    kept = [learner.outcomes for _, learner in sorted(store.learners.items())]
    store.close()
    return sum(outcomes != one.outcomes for outcomes, one in zip(kept, sent, strict=True))


def report(sent: list[Sent], delays: list[float], lost: int) -> None:
    """Print the table."""
    p95 = statistics.quantiles(delays, n=20)[-1]
    print(f"\n{'learners':>9} {'sent':>6} {'refused':>8} {'lost':>5} {'median s':>9} {'p95 s':>6}")
    numbers = f"{len(sent):>9} {len(delays):>6} {sum(s.refused for s in sent):>8} {lost:>5}"
    print(f"{numbers} {statistics.median(delays):9.2f} {p95:6.2f}")


if __name__ == "__main__":
    sys.exit(main())
