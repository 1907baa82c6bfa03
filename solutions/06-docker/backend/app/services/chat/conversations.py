"""Keep the conversations of one user: every query names the user, as with tasks."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select

from app.database import SessionDep
from app.middleware.auth import CurrentUser
from app.models.base import now
from app.models.conversation import Conversation, Message, Role
from app.models.user import User
from app.services.chat.errors import ConversationNotFoundError

LONGEST_TITLE = 60
NEWEST_MESSAGES = 100  # that the model is told


class ConversationStore:
    """The conversations of one user."""

    def __init__(self, session: Session, user: User) -> None:
        self._session = session
        self._user_id = user.id

    def find(self, conversation_id: UUID) -> Conversation:
        """Return one conversation.

        Raises:
            ConversationNotFoundError: this user has no such conversation.
        """
        mine = select(Conversation).where(
            Conversation.id == conversation_id, Conversation.user_id == self._user_id
        )
        conversation = self._session.exec(mine).first()
        if conversation is None:
            raise ConversationNotFoundError
        return conversation

    def read(self, conversation_id: UUID, limit: int | None = None) -> list[Message]:
        """Return what was said, oldest first; with a limit, the newest of it."""
        newest_first = (col(Message.created_at).desc(), col(Message.id).desc())
        messages = (
            select(Message)
            .where(Message.conversation_id == self.find(conversation_id).id)
            .order_by(*newest_first)
            .limit(limit)
        )
        return list(self._session.exec(messages))[::-1]

    def list(self, limit: int, offset: int) -> tuple[list[Conversation], int]:
        """Return one page, last used first, and the number of conversations."""
        mine = Conversation.user_id == self._user_id
        total = self._session.exec(select(func.count()).select_from(Conversation).where(mine)).one()
        last_used_first = (col(Conversation.updated_at).desc(), col(Conversation.id).desc())
        page = select(Conversation).where(mine).order_by(*last_used_first)
        return list(self._session.exec(page.limit(limit).offset(offset))), total

    def begin(self, conversation_id: UUID, question: str) -> None:
        """Add a conversation that is named after its first question; to add that commits both."""
        title = " ".join(question.split())
        if len(title) > LONGEST_TITLE:
            title = f"{title[: LONGEST_TITLE - 1]}…"
        self._session.add(Conversation(id=conversation_id, user_id=self._user_id, title=title))

    def add(self, conversation_id: UUID, role: Role, content: str) -> None:
        """Add what one side said, and note that the conversation was used."""
        conversation = self.find(conversation_id)
        conversation.updated_at = now()
        self._session.add(Message(conversation_id=conversation.id, role=role, content=content))
        try:
            self._session.commit()
        except (StaleDataError, IntegrityError) as error:  # somebody deleted it meanwhile
            raise ConversationNotFoundError from error

    def remove(self, conversation_id: UUID) -> None:
        """Delete a conversation; its messages go with it."""
        self._session.delete(self.find(conversation_id))
        self._session.commit()


def get_conversations(session: SessionDep, user: CurrentUser) -> ConversationStore:
    """Return the conversations of whoever is asking."""
    return ConversationStore(session, user)


ConversationsDep = Annotated[ConversationStore, Depends(get_conversations)]
