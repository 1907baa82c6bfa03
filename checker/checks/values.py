"""Recognise the kinds of values that the contract names."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

MOMENT = 2  # seconds


def is_uuid(value: object) -> bool:
    """Tell whether a JSON value is a UUID."""
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def is_utc_time(value: object) -> bool:
    """Tell whether a JSON value is an ISO 8601 time with the offset of UTC."""
    try:
        offset = datetime.fromisoformat(str(value)).utcoffset()
    except ValueError:
        return False
    return offset is not None and not offset


def is_lifetime(value: object, seconds: int) -> bool:
    """Tell whether a JSON value is so many seconds, of which a moment may have passed."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= seconds - value <= MOMENT


def is_now(value: object) -> bool:
    """Tell whether a JSON value is such a time, at most five minutes from now."""
    if not is_utc_time(value):
        return False
    return abs(datetime.fromisoformat(str(value)) - datetime.now(UTC)) < timedelta(minutes=5)
