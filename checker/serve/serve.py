"""Serve the lessons to whoever sits at this machine."""

import asyncio
import threading
import webbrowser
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from checker.console import say
from checker.live.events import Hub
from checker.live.server import Server, open_listener
from checker.live.shield import Shield
from checker.paths import CoursePaths
from checker.serve.room import StudyRoom
from checker.serve.routes import make_app
from checker.serve.site import Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

HOST = "127.0.0.1"
NAMES = frozenset({HOST, "localhost"})


def make_server(paths: CoursePaths) -> Server:
    """Return what serves the lessons of a clone; the workspace is watched while it runs."""
    hub = Hub()
    loops: list[asyncio.AbstractEventLoop] = []

    def publish(name: str, data: dict[str, Any]) -> None:
        for loop in loops:  # none before the server runs
            loop.call_soon_threadsafe(hub.send, name, dict(data))

    room = StudyRoom(paths, publish)
    site = Site(paths, room.note_site)

    @asynccontextmanager
    async def watching(_: "FastAPI") -> "AsyncIterator[None]":
        loops.append(asyncio.get_running_loop())
        threading.Thread(target=site.prepare, daemon=True).start()
        await asyncio.to_thread(room.open)
        try:
            yield
        finally:
            loops.clear()
            await asyncio.to_thread(room.close)

    app = make_app(room, hub, site)
    app.router.lifespan_context = watching
    shield = Shield(app, is_host=NAMES.__contains__, takes_programs=False)
    return Server(shield, hub.close)


def serve_lessons(paths: CoursePaths, port: int, *, opens: bool) -> None:
    """Serve until Ctrl-C.

    Raises:
        CourseError: the port is taken.
    """
    listener = open_listener(HOST, port)
    address = f"http://{HOST}:{port}/"
    say(f"The lessons are at {address}\nPress Ctrl-C to stop; nothing is lost by that.")
    if opens:
        webbrowser.open(address)
    with listener:
        make_server(paths).serve_until_stopped(listener)
