"""An answer in events that is read as it comes."""

from collections.abc import Callable

from checker.probes.events import Event, EventReader
from checker.probes.http import Exchange
from checker.probes.http_client import Streaming

MOST_EVENTS = 100_000


class EventStream:
    """What a client sees of a stream.

    Args:
        answer: Whose head has come.
        finish: Waits for all the rest.

    Attributes:
        events: Those that have been read.
    """

    def __init__(self, answer: Streaming, finish: Callable[[], Exchange]) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.events: list[Event] = []
        self.finish = finish
        self._answer = answer
        self._reader = EventReader()
        self._ready: list[Event] = []

    @property
    def text(self) -> str:
        """The tokens that have been read, put together."""
        tokens = (event.read_json() for event in self.events if event.name == "token")
        return "".join(str(token.get("text", "")) for token in tokens)

    def read(self) -> Event | None:
        """Wait for the next event; None is the end of the answer.

        Raises:
            NoAnswerError: it does not come.
        """
        while not self._ready:
            data = self._answer.read()
            if not data:
                return None
            self._ready = self._reader.feed(data)
        event = self._ready.pop(0)
        self.events.append(event)
        return event

    def read_until(self, holds: Callable[[], bool]) -> bool:
        """Read until something holds; tell whether it does.

        Raises:
            NoAnswerError: the answer stops before.
        """
        while not holds():
            if self.read() is None or len(self.events) > MOST_EVENTS:
                return holds()
        return True

    def read_all(self) -> list[Event]:
        """Read to the end, and return every event."""
        self.read_until(lambda: False)
        return self.events
