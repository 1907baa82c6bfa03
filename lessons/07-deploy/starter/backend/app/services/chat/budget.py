"""Count what each user spends a day, and stop at the limit."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from app.models.usage import Usage
from app.models.user import User
from app.services.chat.errors import BudgetSpentError


class Budget:
    """The tokens of one user, a day in UTC."""

    def __init__(self, session: Session, user: User, most_tokens: int) -> None:
        self._session = session
        self._user_id = user.id
        self._most_tokens = most_tokens

    def require(self) -> None:
        """Let the user ask, if today's tokens are not used up.

        What an answer costs is known afterwards only, so the last ones of a day, those that run at
        the same time, may go over.

        Raises:
            BudgetSpentError: they are; it says how long the day still takes.
        """
        today = datetime.now(UTC)
        usage = self._session.get(Usage, (self._user_id, today.date()))
        if (usage.tokens if usage else 0) >= self._most_tokens:
            tomorrow = datetime.combine(today.date() + timedelta(days=1), time(), UTC)
            raise BudgetSpentError(
                "You have used what the chatbot may cost you today. It is back tomorrow (UTC).",
                retry_after=int((tomorrow - today).total_seconds()) + 1,
            )

    def spend(self, tokens: int) -> None:
        """Add to today's tokens, in one statement: two answers at once both count."""
        today = datetime.now(UTC).date()
        row = insert(Usage).values(user_id=self._user_id, day=today, tokens=tokens)
        total = col(Usage.tokens) + row.excluded.tokens
        self._session.execute(
            row.on_conflict_do_update(index_elements=["user_id", "day"], set_={"tokens": total})
        )
        self._session.commit()
