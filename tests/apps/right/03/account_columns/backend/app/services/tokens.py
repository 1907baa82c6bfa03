"""Make the tokens that prove who is asking, and read them back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
from jwt.types import Options

from app.models.account import show_id
from app.models.user import User
from app.settings import Settings

ALGORITHM = "HS256"


class InvalidTokenError(Exception):
    """The token proves nothing: forged, expired, or not ours."""


def create_token(user: User, settings: Settings) -> str:
    """Sign who the user is and until when that holds."""
    now = datetime.now(UTC)
    claims = {
        "sub": user.email,
        "user_id": show_id(user.id),
        "iat": now,
        "exp": now + timedelta(minutes=settings.access_token_minutes),
    }
    return jwt.encode(claims, settings.better_auth_secret.get_secret_value(), ALGORITHM)


def count_seconds_left(token: str) -> int:
    """Return how long a token of ours is still good."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return int(claims["exp"] - datetime.now(UTC).timestamp())


def read_user_id(token: str, settings: Settings) -> tuple[UUID, datetime]:
    """Return the id of the user that the token was made for, and when it was.

    Raises:
        InvalidTokenError: whatever is wrong with it; a caller learns nothing more.
    """
    secret = settings.better_auth_secret.get_secret_value()
    required: Options = {"require": ["sub", "user_id", "iat", "exp"]}
    try:
        claims = jwt.decode(token, secret, algorithms=[ALGORITHM], options=required)
        return UUID(str(claims["user_id"])), datetime.fromtimestamp(claims["iat"], UTC)
    except (jwt.InvalidTokenError, ValueError) as error:
        raise InvalidTokenError from error
