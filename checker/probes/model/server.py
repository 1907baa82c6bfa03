"""Serve the model: an address and a key for apps, scripts for whoever checks them.

Both protocols of OpenAI are spoken, Chat Completions and Responses, each with and without a
stream. Which script answers is told by a word in the last question, so that many conversations can
go on at once.
"""

import asyncio
import contextlib
import json
import socket
from types import TracebackType
from typing import Self

from checker.probes.listener import HOST, MANY, Listener
from checker.probes.model.caller import Caller, CallerGoneError
from checker.probes.model.question import CHAT, RESPONSES, Question, parse_body, read_question
from checker.probes.model.script import Script, Turn, say
from checker.probes.model.speaker import Speaker

PREFIX = "/v1"
KEY = "test-only-key-of-no-model"
NAME = "test-only-model"
UNSCRIPTED = say("Nobody has told me what to say to that.")


class ModelServer:
    """A model; use it as a context manager.

    Args:
        key: Whoever sends another one is refused.
    """

    def __init__(self, key: str = KEY) -> None:
        self.key = key
        self.name = NAME
        self._listener = Listener(self._serve)
        self._scripts: dict[str, Script] = {}
        self._nobody = socket.socket()  # bound, and never listening: who calls is refused

    def __enter__(self) -> Self:
        self._nobody.bind((HOST, 0))
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.stop()
        self._nobody.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._listener.port

    @property
    def url(self) -> str:
        """The base address to give to an app."""
        return f"http://{HOST}:{self.port}{PREFIX}"

    @property
    def refusing_url(self) -> str:
        """A base address at which nobody listens."""
        return f"http://{HOST}:{self._nobody.getsockname()[1]}{PREFIX}"

    def play(self, word: str, *turns: Turn, tokens: int = 15) -> Script:
        """Follow this script whenever a question holds the word; see `Script`."""
        script = Script(word, turns or (say("I see."),), tokens, self._listener.loop)
        self._scripts[word] = script
        return script

    def choose_script(self, question: Question) -> Script:
        """Return the script of a conversation; one that nobody wrote has an answer too."""
        found = (script for word, script in self._scripts.items() if word in question.asked)
        return next(found, None) or Script("", (UNSCRIPTED,), 15, self._listener.loop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one request of a connection; an answer that is not complete breaks off."""
        caller = Caller(reader, writer)
        with contextlib.suppress(CallerGoneError):
            head, body = await caller.read()
            headers = {
                name.decode().lower(): value.decode("latin-1") for name, value in head.headers
            }
            path = head.target.decode("latin-1").partition("?")[0].removeprefix(PREFIX).rstrip("/")
            if headers.get("authorization") != f"Bearer {self.key}":
                await caller.refuse(401, "invalid_api_key", "Incorrect API key provided")
            elif path in {CHAT, RESPONSES}:
                await self._take_question(caller, read_question(path, headers, parse_body(body)))
            elif path == "/models":
                models = [{"id": self.name, "object": "model", "created": 0, "owned_by": "test"}]
                await caller.answer(json.dumps({"object": "list", "data": models}).encode())
            else:
                await caller.refuse(404, "not_found", f"Unknown request URL: {path}")

    async def _take_question(self, caller: Caller, question: Question) -> None:
        """Answer, and stop at once when whoever asked hangs up."""
        script = self.choose_script(question)
        script.note(question)
        answer = asyncio.create_task(Speaker(caller, question, script).play())
        gone = asyncio.create_task(caller.wait_for_hang_up())
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            has_hung_up = not answer.done() or isinstance(answer.exception(), CallerGoneError)
            script.note_end(question, has_hung_up=has_hung_up)
        finally:
            for task in (answer, gone):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, CallerGoneError, OSError):
                    await task


class Stage:
    """The scripts of one check; at its end whatever still waits goes on, and blocks no app.

    Args:
        server: Follows them.
    """

    def __init__(self, server: ModelServer) -> None:
        self.key = server.key
        self.port = server.port
        self._server = server
        self._scripts: list[Script] = []

    def play(self, word: str, *turns: Turn, tokens: int = 15) -> Script:
        """Follow this script whenever a question holds the word; see `Script`."""
        script = self._server.play(word, *turns, tokens=tokens)
        self._scripts.append(script)
        return script

    def close(self) -> None:
        """Release everything."""
        for script in self._scripts:
            script.release(MANY)
