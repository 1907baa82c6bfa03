"""Measure how fast an app lists 100 tasks, and print a table.

`python bench/list_speed.py ADDRESS` asks an app that runs at ADDRESS, such as the solution of
lesson 3 or any other app that keeps the contract. README.md beside this file says how to start it.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import time
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

TASKS = 100
WARM_UP = 50  # requests that do not count
AT_ONCE = (1, 10, 50)


def main() -> int:
    """Register a user with 100 tasks, list them again and again, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="such as http://127.0.0.1:8000")
    parser.add_argument("--requests", type=int, default=1000, help="how many count in each row")
    options = parser.parse_args()
    token = make_user(options.address)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"load at the start {load:.1f}, {options.requests} requests a row")
    print(f"\n{'list of 100 tasks':<34} {'req/s':>7} {'p50 ms':>7} {'p95 ms':>7}")
    for at_once in AT_ONCE:
        asyncio.run(measure(options.address, token, WARM_UP, at_once))
        started = time.perf_counter()
        took = sorted(asyncio.run(measure(options.address, token, options.requests, at_once)))
        rate = options.requests / (time.perf_counter() - started)
        middle, late = took[len(took) // 2] * 1000, took[len(took) * 95 // 100] * 1000
        print(f"{f'{at_once} at a time':<34} {rate:7.0f} {middle:7.1f} {late:7.1f}", flush=True)
    return 0


def make_user(address: str) -> str:
    """Register somebody, add 100 tasks, and return the token."""
    email, password = f"{secrets.token_hex(8)}@example.com", secrets.token_hex(8)
    send(address, "/api/auth/register", {"email": email, "password": password})
    form = urlencode({"username": email, "password": password}).encode()
    token = str(send(address, "/api/auth/token", form)["access_token"])
    for number in range(TASKS):
        send(address, "/api/tasks", {"title": f"Task {number}"}, token)
    return token


def send(address: str, path: str, body: Any, token: str = "") -> dict[str, Any]:
    """Send a form or JSON, and return the answer."""
    is_form = isinstance(body, bytes)
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    request = urllib.request.Request(  # noqa: S310 - the address that the user gave
        address + path,
        body if is_form else json.dumps(body).encode(),
        {"Content-Type": kind, "Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - see above
        parsed: dict[str, Any] = json.load(answer)
        return parsed


async def measure(address: str, token: str, number: int, at_once: int) -> list[float]:
    """Send so many requests over so many connections that stay open; return the seconds of each."""
    left = iter(range(number))
    took: list[float] = []
    await asyncio.gather(*(ask(address, token, left, took) for _ in range(at_once)))
    return took


async def ask(address: str, token: str, left: Any, took: list[float]) -> None:
    """Send one request after the other over one connection, while there are any left."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    message = f"GET /api/tasks?limit={TASKS} HTTP/1.1\r\nHost: localhost\r\n"
    message += f"Authorization: Bearer {token}\r\n\r\n"
    for _ in left:
        started = time.perf_counter()
        writer.write(message.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
        took.append(time.perf_counter() - started)
        if not head.startswith("http/1.1 200"):
            raise SystemExit(f"error: {head.splitlines()[0]}")
    writer.close()


if __name__ == "__main__":
    sys.exit(main())
