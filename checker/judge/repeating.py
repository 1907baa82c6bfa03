"""Say what a learner must set up to repeat a request of a check."""

import re

from checker.judge.variables import DATABASE
from checker.probes.http import Request, Settings

# It begins where a word does: else a long word without a dot is searched from each of its letters.
TOKEN = re.compile(r"(?<![\w-])[\w-]{20,}\.[\w-]{20,}\.[\w-]*")
OURS = "COURSE_"
NO_DATABASE = "postgresql://nobody:secret@localhost:1/none"


def describe_setup(request: Request, settings: Settings) -> str:
    """Return what the request takes besides `./course run`, empty when it takes nothing.

    Users live no longer than their process, and the key of a check is not the learner's.
    """
    parts = [describe_setting(n, v) for n, v in settings.items() if not n.startswith(OURS)]
    if TOKEN.search(request.headers.get("Authorization", "")):
        parts.append("YOUR_TOKEN: sign in as a user of your own, and copy the access_token")
    elif request.path == "/api/auth/token":
        parts.append("a user of your own")
    return ", ".join(parts)


def describe_setting(name: str, value: str | None) -> str:
    """Say how a variable has to be set; the run's own database is gone when the run has ended."""
    if name == DATABASE and value is not None:
        value = NO_DATABASE
    return f"without {name}" if value is None else f"{name}={value} in backend/.env"


def write_curl(request: Request) -> str:
    """Return the command that repeats the request, with a place for a token that works."""
    return TOKEN.sub("YOUR_TOKEN", request.as_curl())
