"""Make the tokens that an app must accept or refuse."""

import base64
import json
import time
import warnings
from math import isfinite
from typing import Any

import jwt

from checker.checks.expect import expect
from checker.checks.steps import User
from checker.probes.http import Exchange

CLOSE = 300  # seconds between two clocks that are right


def make_claims(user: User, **changes: Any) -> dict[str, Any]:
    """Return the contract's claims for a user, valid for an hour; a change to None drops one.

    They are as old as the user's own token: an app whose clock is late must not see a token of the
    future, and one that ends tokens with a new password none from before there was the user.
    """
    now = int(time.time())
    issued = read_issued(user.token, now - CLOSE)
    claims = {"sub": user.email, "user_id": user.id, "iat": issued, "exp": now + 3600}
    return {k: v for k, v in {**claims, **changes}.items() if v is not None}


def sign(claims: dict[str, Any], secret: str, algorithm: str = "HS256") -> str:
    """Sign claims as anybody could who knows the secret; a forger minds no short key."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
        return jwt.encode(claims, secret, algorithm)


def sign_with_nothing(claims: dict[str, Any], name: str = "none") -> str:
    """Return an unsigned token; `name` stands in its header as the algorithm."""
    return f"{encode_part({'alg': name, 'typ': 'JWT'})}.{encode_part(claims)}."


def tamper_claims(token: str, **changes: Any) -> str:
    """Change claims and keep the old signature."""
    header, payload, signature = token.split(".")
    return ".".join([header, encode_part(decode_part(payload) | changes), signature])


def tamper_signature(token: str, place: float) -> str:
    """Change one character of the signature.

    Args:
        token: Whose last part is the signature.
        place: Where, from 0 at its beginning to 1 at its last character but one, for the bits of
            the very last do not all count.
    """
    head, _, signature = token.rpartition(".")
    at = int(place * (len(signature) - 2))
    other = "A" if signature[at] != "A" else "B"
    return f"{head}.{signature[:at]}{other}{signature[at + 1 :]}"


def encode_part(value: dict[str, Any]) -> str:
    """Encode one part of a token (RFC 7515)."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def decode_part(part: str) -> dict[str, Any]:
    """Decode one part of a token (RFC 7515).

    Raises:
        ValueError: it is not base64url of a JSON object.
    """
    value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one error for all that is no token
    return value


def read_token_parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the claims of a JSON Web Token without verifying them.

    Raises:
        ValueError: it is none.
    """
    header, payload, _ = token.split(".")
    return decode_part(header), decode_part(payload)


def is_token(text: str) -> bool:
    """Tell whether a text is a JSON Web Token, whoever signed it."""
    try:
        read_token_parts(text)
    except ValueError:
        return False
    return True


def read_issued(token: str, otherwise: float) -> float:
    """Return when a token was issued, in seconds since 1970, if it says so."""
    issued = read_token_parts(token)[1].get("iat") if is_token(token) else None
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not isfinite(issued):
        return otherwise
    return issued


def expect_token_parts(token: object, answer: Exchange) -> tuple[dict[str, Any], dict[str, Any]]:
    """Expect a JSON Web Token, and return its header and its claims without verifying them."""
    try:
        return read_token_parts(str(token))
    except ValueError:
        expect(
            False,  # noqa: FBT003 - the parsing above is the comparison
            expected="access_token to be a JSON Web Token: three parts in base64url, two dots",
            got=str(token)[:60],
            next_step="Make the token with jwt.encode(claims, secret, algorithm).",
            answer=answer,
        )
        raise
