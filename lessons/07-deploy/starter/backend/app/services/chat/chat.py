"""Answer a question, from the budget to the database."""

from contextlib import aclosing, suppress
from typing import Annotated
from uuid import UUID, uuid4

from anyio import CancelScope
from fastapi import Depends
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.database import EngineDep
from app.middleware.caller import Caller
from app.models.chat import ChatRequest
from app.models.conversation import Message, Role
from app.models.user import User
from app.services.chat.budget import Budget
from app.services.chat.conversations import NEWEST_MESSAGES, ConversationStore
from app.services.chat.errors import ConversationNotFoundError
from app.services.chat.events import Events, Start
from app.services.chat.history import make_messages
from app.services.chat.loop import ToolLoop
from app.services.chat.model import Model
from app.services.chat.threads import run_in_thread
from app.services.chat.toolbox import Toolbox
from app.settings import Settings, SettingsDep


class Chat:
    """The chatbot of one user.

    Each method that needs the database borrows a connection for a moment, in a thread. While the
    model talks, which may take minutes, this holds none.
    """

    def __init__(self, engine: Engine, user: User, settings: Settings) -> None:
        self._engine = engine
        self._user = user
        self._settings = settings

    async def answer(self, question: ChatRequest) -> Events:
        """Yield what happens until the answer is complete, and keep what was said.

        Nothing is kept of a question that the model did not begin to answer. Once it has begun,
        question and answer are kept, however it ends: with an error, or because the user left.

        Raises:
            ChatError: the budget is spent, or the model cannot answer.
            ConversationNotFoundError: this user has no such conversation.
        """
        history = await run_in_thread(self._prepare, question)
        messages = make_messages(history, question.message)
        toolbox = Toolbox(self._engine, self._user)
        loop = ToolLoop(Model(self._settings), toolbox, messages, self._settings.chat_max_steps)
        kept_in: UUID | None = None
        try:
            async with aclosing(loop.run()) as events:
                async for event in events:
                    if kept_in is None:
                        kept_in = await run_in_thread(self._keep_question, question)
                        yield Start(kept_in)
                    yield event
        finally:
            with CancelScope(shield=True):  # also when the request is being cancelled
                await run_in_thread(self._close, kept_in, loop.text, loop.tokens)

    def _prepare(self, question: ChatRequest) -> list[Message]:
        """Check the budget, and read what was said before."""
        with Session(self._engine) as session:
            Budget(session, self._user, self._settings.chat_daily_tokens).require()
            if question.conversation_id is None:
                return []
            store = ConversationStore(session, self._user)
            return store.read(question.conversation_id, NEWEST_MESSAGES)

    def _keep_question(self, question: ChatRequest) -> UUID:
        """Store the question and return its conversation, which may be a new one."""
        with Session(self._engine) as session:
            store = ConversationStore(session, self._user)
            conversation_id = question.conversation_id or uuid4()
            if question.conversation_id is None:
                store.begin(conversation_id, question.message)
            store.add(conversation_id, Role.USER, question.message)
            return conversation_id

    def _close(self, conversation_id: UUID | None, answer: str, tokens: int) -> None:
        """Store the answer as far as it came, and what it cost."""
        # Whoever deleted the account or the conversation meanwhile wants nothing kept.
        with suppress(IntegrityError, ConversationNotFoundError), Session(self._engine) as session:
            if tokens:
                Budget(session, self._user, self._settings.chat_daily_tokens).spend(tokens)
            if conversation_id and answer:
                store = ConversationStore(session, self._user)
                store.add(conversation_id, Role.ASSISTANT, answer)


async def get_chat(engine: EngineDep, user: Caller, settings: SettingsDep) -> Chat:
    """Return the chatbot of whoever is asking."""
    return Chat(engine, user, settings)


ChatDep = Annotated[Chat, Depends(get_chat)]
