"""The answer to a sign-in, in the words of OAuth 2 (RFC 6749, section 5.1)."""

from pydantic import BaseModel


class Token(BaseModel):
    """A bearer token and its lifetime in seconds."""

    access_token: str
    token_type: str = "bearer"
    expires_in: int
