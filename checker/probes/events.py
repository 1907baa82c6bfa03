"""Read server-sent events as the HTML standard has them, however they arrive."""

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Event:
    """One event.

    Attributes:
        name: `message` when the stream gives none.
    """

    name: str
    data: str

    def read_json(self) -> dict[str, Any]:
        """Return the data as an object, empty when it is none."""
        try:
            value = json.loads(self.data)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


class EventReader:
    """Takes bytes, gives events; comments, ids and pauses for a retry are passed over."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._name = ""
        self._data: list[str] = []

    def feed(self, data: bytes) -> list[Event]:
        """Return the events that are complete now."""
        text = self._rest + self._decoder.decode(data)
        held = "\r" if text.endswith("\r") else ""  # it may be the half of a CRLF
        *lines, rest = LINE_END.split(text.removesuffix(held))
        self._rest = rest + held
        return [event for line in lines if (event := self._take(line))]

    def _take(self, line: str) -> Event | None:
        """Take one line; an empty one ends an event."""
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                self._name = value
            elif name == "data":
                self._data.append(value)
            return None
        event = Event(self._name or "message", "\n".join(self._data)) if self._data else None
        self._name, self._data = "", []
        return event
