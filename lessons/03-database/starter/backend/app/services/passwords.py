"""Hash passwords slowly and check them in constant time."""

from collections.abc import AsyncIterator

import bcrypt
from fastapi import Depends

from app.models.account import LONGEST_PASSWORD

MOST_AT_ONCE = 4  # more would only share the processor's cores


async def take_turn() -> AsyncIterator[None]:
    """Wait until few others hash: before a thread or a connection is taken, which others need."""
    yield


TURN = Depends(take_turn, max_concurrency=MOST_AT_ONCE)


def hash_password(password: str, rounds: int) -> str:
    """Return the bcrypt hash; it carries its own salt and its own number of rounds."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds)).decode()


def verify_password(password: str, hashed_password: str) -> bool:
    """Tell whether the password is the one that was hashed."""
    given = password.encode()
    if len(given) > LONGEST_PASSWORD:
        return False
    return bcrypt.checkpw(given, hashed_password.encode())


def make_decoy_hash(rounds: int) -> str:
    """Return a well-formed hash that belongs to nobody and takes as long to check as a real one."""
    salt = "decoydecoydecoydecoydu"
    return f"$2b${rounds:02}${salt}{'.' * 31}"
