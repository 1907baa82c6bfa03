"""What an app asked the model, read alike from both protocols."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHAT, RESPONSES = "/chat/completions", "/responses"
CALL_ID = re.compile(r"call_(\d+)_")
SYSTEM = frozenset({"system", "developer"})


@dataclass(frozen=True)
class Said:
    """One part of a conversation.

    Attributes:
        role: `system`, `user`, `assistant`, or `tool` for the result of one.
        call_id: Of a result, the call that it answers.
        calls: Of what the model said, the ids of the tools that it called.
    """

    role: str
    text: str
    call_id: str = ""
    calls: tuple[str, ...] = ()


@dataclass
class Question:
    """One request.

    Attributes:
        path: Behind the base address.
        headers: With names in lower case.
        body: As it was sent.
        said: The whole conversation, the prompt first.
        tools: The schemas of the arguments, by the tool's name.
        has_hung_up: Whether the app left before the answer was complete.
    """

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    said: tuple[Said, ...]
    tools: Mapping[str, Mapping[str, Any]]
    is_over: bool = False
    has_hung_up: bool = False

    @property
    def is_streamed(self) -> bool:
        """Whether the answer is wanted piece by piece."""
        return self.body.get("stream") is True

    @property
    def asked(self) -> str:
        """What the user said last."""
        return next((said.text for said in reversed(self.said) if said.role == "user"), "")

    @property
    def turn(self) -> tuple[Said, ...]:
        """What the user said last, and all that came since."""
        users = [at for at, said in enumerate(self.said) if said.role == "user"]
        return self.said[users[-1] if users else 0 :]

    @property
    def results(self) -> list[Said]:
        """The results of tools in this turn."""
        return [said for said in self.turn if said.role == "tool"]

    @property
    def calls(self) -> list[str]:
        """The ids of the calls that the model is reminded of."""
        return [call for said in self.said for call in said.calls]

    @property
    def orphans(self) -> list[str]:
        """The ids of results that no call stands before; OpenAI answers 400 to these."""
        known: set[str] = set()
        found = []
        for said in self.said:
            known.update(said.calls)
            if said.role == "tool" and said.call_id not in known:
                found.append(said.call_id)
        return found

    @property
    def has_odd_tools(self) -> bool:
        """Whether something among its tools has another form; OpenAI answers 400 to most."""
        given = self.body.get("tools") or []
        return not isinstance(given, list) or len(given) > len(self.tools)

    @property
    def round(self) -> int:
        """How many rounds of tools there have been: it stands in the ids of their calls."""
        told = [name for said in self.turn for name in (said.call_id, *said.calls)]
        found = [CALL_ID.match(name) for name in told]
        return max((int(match[1]) + 1 for match in found if match), default=0)

    @property
    def prompt(self) -> str:
        """What the app told the model beforehand."""
        return "\n".join(said.text for said in self.said if said.role == "system")

    @property
    def history(self) -> list[Said]:
        """What user and assistant said before the last question."""
        spoken = [said for said in self.said if said.role in {"user", "assistant"} and said.text]
        users = [at for at, said in enumerate(spoken) if said.role == "user"]
        return spoken[: users[-1]] if users else []

    @property
    def most_tokens(self) -> object:
        """How long the answer may be, by whatever name."""
        names = ("max_completion_tokens", "max_tokens", "max_output_tokens")
        return next((self.body[name] for name in names if self.body.get(name) is not None), None)


def read_question(path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Question:
    """Read a request of either protocol."""
    said = read_items(body) if path == RESPONSES else read_messages(body)
    return Question(path, headers, body, tuple(said), read_tools(path, body))


def read_messages(body: Mapping[str, Any]) -> list[Said]:
    """Return the conversation of a Chat Completions request."""
    return [
        Said(
            name_role(message.get("role")),
            read_text(message.get("content")),
            str(message.get("tool_call_id", "")),
            read_calls(message.get("tool_calls")),
        )
        for message in list_objects(body.get("messages"))
    ]


def read_calls(calls: object) -> tuple[str, ...]:
    """Return the ids of calls that a message holds, of those with all that OpenAI asks for."""
    functions = [call for call in list_objects(calls) if call.get("type") == "function"]
    return tuple(str(call.get("id")) for call in functions if is_whole(call.get("function")))


def is_whole(function: object) -> bool:
    """Tell whether it is told which function was called, and with what, as text."""
    return isinstance(function, dict) and all(
        isinstance(function.get(name), str) for name in ("name", "arguments")
    )


def read_items(body: Mapping[str, Any]) -> list[Said]:
    """Return the conversation of a Responses request."""
    said = [Said("system", str(body["instructions"]))] if body.get("instructions") else []
    given = body.get("input") or []
    if isinstance(given, str):
        return [*said, Said("user", given)]
    for item in list_objects(given):
        if item.get("type") == "function_call_output":
            said.append(Said("tool", read_text(item.get("output")), str(item.get("call_id"))))
        elif item.get("type") == "function_call" and is_whole(item):
            said.append(Said("assistant", "", calls=(str(item.get("call_id")),)))
        elif item.get("type", "message") == "message":
            said.append(Said(name_role(item.get("role")), read_text(item.get("content"))))
    return said


def name_role(role: object) -> str:
    """Return `system` for a developer too."""
    return "system" if role in SYSTEM else str(role)


def read_text(content: object) -> str:
    """Return a text that may come in parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def read_tools(path: str, body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the tools that the model was offered in the form of this protocol."""
    tools = [tool for tool in list_objects(body.get("tools")) if tool.get("type") == "function"]
    flat = tools if path == RESPONSES else list_objects([tool.get("function") for tool in tools])
    schemas = {str(tool.get("name")): read_object(tool.get("parameters")) for tool in flat}
    return {name: schema for name, schema in schemas.items() if schema.get("type") == "object"}


def list_objects(value: object) -> list[dict[str, Any]]:
    """Return the JSON objects of a list; an app may send anything."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def read_object(value: object) -> dict[str, Any]:
    """Return a JSON object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def parse_body(data: bytes) -> dict[str, Any]:
    """Return the JSON object of a request, empty for anything else."""
    try:
        return read_object(json.loads(data))
    except ValueError:
        return {}
