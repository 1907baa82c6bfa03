from collections.abc import Mapping
from typing import Protocol


class Environment(Protocol):
    def read(self, name: str, default: str) -> str: ...


class Probe(Protocol):
    name: str

    async def look(self) -> Mapping[str, str]: ...


class Listener(Protocol):
    def on_event(self, event: str) -> None: ...
