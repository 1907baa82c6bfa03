"""Keep the SDK from waiting long in the place of the user."""

from httpx2 import Response

LONGEST_WAIT = 1.0  # seconds


async def hand_on_long_waits(response: Response) -> None:
    """Forbid another try when the model asks for a long wait first.

    The SDK would sleep as long as `Retry-After` says, up to two minutes, while the user looks at
    nothing. We say 503 and pass the header on, so that they know.
    """
    wait = response.headers.get("retry-after", "0")
    if response.status_code >= 400 and not is_short(wait):  # noqa: PLR2004
        response.headers["x-should-retry"] = "false"


def is_short(wait: str) -> bool:
    """Tell whether this is a number of seconds that nobody minds."""
    try:
        return float(wait) <= LONGEST_WAIT
    except ValueError:
        return False
