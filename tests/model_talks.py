"""Talk to a model by the real client of OpenAI, which lives in a process of its own."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, Self

CLIENT = Path(__file__).resolve().parent / "fixtures" / "model_client.py"
LONGEST = 20.0  # seconds until something is said


class Talk:
    """One conversation: what comes is a list of kind and value.

    Args:
        client: Where it is had.
        number: Its name there.
    """

    def __init__(self, client: "TalkingClient", number: int) -> None:
        self._client = client
        self.number = number

    def hear(self) -> list[Any]:
        """Return what comes next."""
        return self._client.said[self.number].get(timeout=LONGEST)

    def hear_all(self) -> list[list[Any]]:
        """Return all that comes."""
        return list(iter(self.hear, ["end", None]))

    def leave(self) -> None:
        """Hang up."""
        self._client.order(leave=self.number)


class TalkingClient:
    """The client, imported once: that takes longer than most conversations.

    Args:
        python: The interpreter of an environment that has it.
    """

    def __init__(self, python: Path) -> None:
        self.said: defaultdict[int, Queue[list[Any]]] = defaultdict(Queue)
        self._begun = 0
        self._process = subprocess.Popen(
            [python, CLIENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = Thread(target=self._read)

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._reader.join()
        self._process.communicate()

    def begin(self, **order: object) -> Talk:
        """Begin a conversation."""
        self._begun += 1
        self.order(talk=self._begun, **order)
        return Talk(self, self._begun)

    def order(self, **order: object) -> None:
        """Send an order."""
        assert self._process.stdin is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)

    def _read(self) -> None:
        for line in self._process.stdout or ():
            number, kind, value = json.loads(line)
            self.said[number].put([kind, value])
