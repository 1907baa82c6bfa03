"""Why the chatbot cannot answer, in words for the user: no key, no address, no internal text."""

from http import HTTPStatus


class ChatError(Exception):
    """The chatbot cannot answer.

    Attributes:
        detail: A sentence for the user.
        retry_after: Seconds after which it makes sense to try again, if anybody knows.
    """

    status: HTTPStatus

    def __init__(self, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class ModelFailedError(ChatError):
    """The model was there and refused, failed, or spoke nonsense."""

    status = HTTPStatus.BAD_GATEWAY


class ModelUnavailableError(ChatError):
    """There is no model now: no key, no connection, no answer, or too many others ask it."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class BudgetSpentError(ChatError):
    """This user has used the tokens of the day."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class ConversationNotFoundError(Exception):
    """This user has no such conversation; whether somebody else has is not said."""
