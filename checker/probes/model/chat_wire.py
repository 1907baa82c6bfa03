"""Write an answer as Chat Completions has it."""

import json
from typing import Any

MADE = 1_750_000_000  # any time does


class ChatWire:
    """One answer: each method returns what is sent then, and the whole is there at the end.

    Args:
        model: The name that was asked for.
        tokens: What the answer costs.
        wants_usage: Whether the last chunk shall say so.
    """

    def __init__(self, model: str, tokens: int, *, wants_usage: bool) -> None:
        self._model = model
        self._tokens = tokens
        self._wants_usage = wants_usage
        self._text = ""
        self._calls: list[dict[str, Any]] = []

    def begin(self) -> bytes:
        """Return the chunk that says who speaks."""
        return self._write({"role": "assistant", "content": ""})

    def add_text(self, text: str) -> bytes:
        """Return the chunk of one token."""
        self._text += text
        return self._write({"content": text})

    def add_call(self, call_id: str, name: str, arguments: str) -> bytes:
        """Return the chunks of a call: its name first, then its arguments in two halves."""
        index, half = len(self._calls), len(arguments) // 2
        function = {"name": name, "arguments": ""}
        head = {"index": index, "id": call_id, "type": "function", "function": function}
        self._calls.append({**head, "function": {"name": name, "arguments": arguments}})
        halves = (arguments[:half], arguments[half:])
        rest = [{"index": index, "function": {"arguments": piece}} for piece in halves]
        return b"".join(self._write({"tool_calls": [part]}) for part in [head, *rest])

    def end(self) -> bytes:
        """Return what says that the answer is complete."""
        data = self._write({}, self._finish)
        if self._wants_usage:
            data += encode({**self._head("chat.completion.chunk"), "choices": [], **self._usage})
        return data + b"data: [DONE]\n\n"

    def as_whole(self) -> bytes:
        """Return the answer for those who want it at once."""
        message: dict[str, Any] = {"role": "assistant", "content": self._text or None}
        if self._calls:
            message["tool_calls"] = [
                {key: value for key, value in one.items() if key != "index"} for one in self._calls
            ]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish}
        whole = {**self._head("chat.completion"), "choices": [choice], **self._usage}
        return json.dumps(whole).encode()

    @property
    def _finish(self) -> str:
        return "tool_calls" if self._calls else "stop"

    @property
    def _usage(self) -> dict[str, Any]:
        asked = self._tokens // 2
        counts = {"prompt_tokens": asked, "completion_tokens": self._tokens - asked}
        return {"usage": {**counts, "total_tokens": self._tokens}}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-test", "object": kind, "created": MADE, "model": self._model}

    def _write(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return encode({**self._head("chat.completion.chunk"), "choices": [choice]})


def encode(value: object) -> bytes:
    """Return one event."""
    return f"data: {json.dumps(value)}\n\n".encode()
