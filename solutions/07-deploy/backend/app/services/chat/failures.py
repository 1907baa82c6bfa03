"""Turn what goes wrong with the model into words for the user, and a line in the log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from openai import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AuthenticationError,
    NotFoundError,
    OpenAIError,
    PermissionDeniedError,
    RateLimitError,
)

from app.services.chat.errors import ModelFailedError, ModelUnavailableError

LONGEST_PAUSE = 7 * 24 * 3600  # seconds; beyond, it is no advice

logger = logging.getLogger("taskboard")


@contextmanager
def explain_failures() -> Iterator[None]:
    """Raise a ChatError in place of what the SDK raises; its own text goes to nobody."""
    try:
        yield
    except (APITimeoutError, TimeoutError) as error:
        raise unavailable("The model does not answer.", error) from error
    except APIConnectionError as error:
        raise unavailable("The model cannot be reached.", error) from error
    except RateLimitError as error:
        problem = "The model is too busy, or its allowance is used up."
        raise unavailable(problem, error, read_retry_after(error)) from error
    except (AuthenticationError, PermissionDeniedError, NotFoundError) as error:
        raise failed("The model does not work for this app, as it is set up.", error) from error
    except (OpenAIError, ValueError) as error:  # ValueError: what came is no JSON, or no chunk
        raise failed("The model could not answer. Please try again.", error) from error


def unavailable(
    problem: str, error: Exception, retry_after: int | None = None
) -> ModelUnavailableError:
    """Note what happened, for those who run the app, and say that it may pass."""
    note(error)
    return ModelUnavailableError(f"{problem} Please try again in a moment.", retry_after)


def failed(problem: str, error: Exception) -> ModelFailedError:
    """Note what happened, for those who run the app, and say that it did not work."""
    note(error)
    return ModelFailedError(problem)


def note(error: Exception) -> None:
    """Log kind and code. The message may quote the key or what the user wrote: it stays out."""
    status = getattr(error, "status_code", None)
    code = error.code if isinstance(error, APIError) else None
    logger.warning("the model: %s, status %s, code %s", type(error).__name__, status, code)


def read_retry_after(error: RateLimitError) -> int | None:
    """Return the seconds that the model asks us to wait, if it says so and means it."""
    try:
        seconds = count_seconds(error.response.headers.get("retry-after", ""))
    except (ValueError, OverflowError):
        return None
    return max(1, round(seconds)) if 0 <= seconds <= LONGEST_PAUSE else None


def count_seconds(wait: str) -> float:
    """Return the seconds of a `Retry-After`: a number, or a date in GMT (RFC 9110, 10.2.3)."""
    try:
        return float(wait)
    except ValueError:
        date = parsedate_to_datetime(wait).replace(tzinfo=UTC)
        return (date - datetime.now(UTC)).total_seconds()
