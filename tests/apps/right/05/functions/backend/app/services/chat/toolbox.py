"""Call a tool for one user, in a thread."""

import json
from typing import NamedTuple

from sqlalchemy import Engine
from sqlmodel import Session

from app.models.user import User
from app.services.chat.chunks import ToolCall
from app.services.chat.threads import run_in_thread
from app.services.chat.tools import TOOLS, BadCallError
from app.services.tasks import TaskStore


class ToolResult(NamedTuple):
    content: str
    is_failed: bool = False


class Toolbox:
    def __init__(self, engine: Engine, user: User) -> None:
        self._engine = engine
        self._user = user

    async def use(self, call: ToolCall) -> ToolResult:
        return await run_in_thread(self._use, call)

    def _use(self, call: ToolCall) -> ToolResult:
        if call.name not in TOOLS:
            return ToolResult(f"unknown tool; known: {', '.join(TOOLS)}", is_failed=True)
        with Session(self._engine) as session:
            try:
                return ToolResult(TOOLS[call.name](TaskStore(session, self._user), call.arguments))
            except BadCallError as error:
                return ToolResult(json.dumps({"refused": str(error)}), is_failed=True)
