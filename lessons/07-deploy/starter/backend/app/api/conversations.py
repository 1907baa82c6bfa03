"""List, read and delete the conversations of whoever is asking."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.api.answers import describe_problems
from app.models.conversation import ConversationDetail, ConversationList
from app.services.chat.conversations import ConversationsDep

router = APIRouter(
    prefix="/api/conversations",
    tags=["chat"],
    responses=describe_problems(400, 401, 404, 422),
)

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("")
def list_conversations(
    conversations: ConversationsDep, limit: Limit = 100, offset: Offset = 0
) -> ConversationList:
    """List one page of conversations, last used first."""
    items, total = conversations.list(limit, offset)
    return ConversationList.model_validate({"items": items, "total": total}, from_attributes=True)


@router.get("/{conversation_id}")
def read_conversation(conversation_id: UUID, conversations: ConversationsDep) -> ConversationDetail:
    """Read a conversation with all its messages, oldest first."""
    found = conversations.find(conversation_id)
    return ConversationDetail.model_validate(
        {
            "id": found.id,
            "title": found.title,
            "created_at": found.created_at,
            "messages": conversations.read(conversation_id),
        },
        from_attributes=True,
    )


@router.delete("/{conversation_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_conversation(conversation_id: UUID, conversations: ConversationsDep) -> None:
    """Delete a conversation."""
    conversations.remove(conversation_id)
