"""Write an answer as Responses has it."""

import json
from typing import Any

from checker.probes.model.chat_wire import MADE

ANNOTATIONS: dict[str, Any] = {"annotations": [], "logprobs": []}


class ResponsesWire:
    """One answer: each method returns what is sent then, and the whole is there at the end.

    Args:
        model: The name that was asked for.
        tokens: What the answer costs.
    """

    def __init__(self, model: str, tokens: int) -> None:
        self._model = model
        self._tokens = tokens
        self._sequence = 0
        self._text = ""
        self._is_message_open = False
        self._items: list[dict[str, Any]] = []

    def begin(self) -> bytes:
        """Return the events that say that there will be an answer."""
        body = self._as_response("in_progress")
        return b"".join(
            self._write(f"response.{name}", response=body) for name in ("created", "in_progress")
        )

    def add_text(self, text: str) -> bytes:
        """Return the event of one token, and before the first those that open a message."""
        data = b"" if self._is_message_open else self._open_message()
        self._text += text
        return data + self._write(
            "response.output_text.delta", **self._place(), delta=text, logprobs=[]
        )

    def add_call(self, call_id: str, name: str, arguments: str) -> bytes:
        """Return the events of a call: its name first, then its arguments in two halves."""
        data = self._close_message()
        item = {"type": "function_call", "id": f"fc_{call_id}", "call_id": call_id, "name": name}
        index, half = len(self._items), len(arguments) // 2
        place = {"output_index": index, "item_id": item["id"]}
        begun = {**item, "arguments": "", "status": "in_progress"}
        done = {**item, "arguments": arguments, "status": "completed"}
        self._items.append(done)
        data += self._write("response.output_item.added", output_index=index, item=begun)
        for piece in (arguments[:half], arguments[half:]):
            data += self._write("response.function_call_arguments.delta", **place, delta=piece)
        data += self._write(
            "response.function_call_arguments.done", **place, name=name, arguments=arguments
        )
        return data + self._write("response.output_item.done", output_index=index, item=done)

    def end(self) -> bytes:
        """Return what says that the answer is complete."""
        data = self._close_message()
        return data + self._write("response.completed", response=self._as_response("completed"))

    def as_whole(self) -> bytes:
        """Return the answer for those who want it at once."""
        self._close_message()
        return json.dumps(self._as_response("completed")).encode()

    def _open_message(self) -> bytes:
        self._is_message_open = True
        item = self._as_message("in_progress", [])
        data = self._write("response.output_item.added", output_index=len(self._items), item=item)
        return data + self._write(
            "response.content_part.added", **self._place(), part=self._as_part("")
        )

    def _close_message(self) -> bytes:
        if not self._is_message_open:
            return b""
        place, text, part = self._place(), self._text, self._as_part(self._text)
        item = self._as_message("completed", [part])
        data = self._write("response.output_text.done", **place, text=text, logprobs=[])
        data += self._write("response.content_part.done", **place, part=part)
        data += self._write("response.output_item.done", output_index=len(self._items), item=item)
        self._items.append(item)
        self._is_message_open, self._text = False, ""
        return data

    def _place(self) -> dict[str, Any]:
        return {"output_index": len(self._items), "item_id": self._message_id, "content_index": 0}

    @property
    def _message_id(self) -> str:
        return f"msg_test_{len(self._items)}"

    def _as_message(self, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
        head = {"type": "message", "id": self._message_id, "role": "assistant"}
        return {**head, "status": status, "content": content}

    def _as_part(self, text: str) -> dict[str, Any]:
        return {"type": "output_text", "text": text, **ANNOTATIONS}

    def _as_response(self, status: str) -> dict[str, Any]:
        asked = self._tokens // 2
        usage = {
            "input_tokens": asked,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": self._tokens - asked,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": self._tokens,
        }
        return {
            "id": "resp_test",
            "object": "response",
            "created_at": MADE,
            "status": status,
            "model": self._model,
            "output": list(self._items),
            "tools": [],
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "temperature": 1.0,
            "top_p": 1.0,
            "usage": usage if status == "completed" else None,
        }

    def _write(self, kind: str, **fields: object) -> bytes:
        event = {"type": kind, "sequence_number": self._sequence, **fields}
        self._sequence += 1
        return f"event: {kind}\ndata: {json.dumps(event)}\n\n".encode()
