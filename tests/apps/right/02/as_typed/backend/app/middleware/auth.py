import secrets
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.domain.people import Person, people
from app.settings import MINUTES, SECRET

AUDIENCE = "taskboard"
bearer = HTTPBearer(auto_error=False)


def unauthorized(problem):
    challenge = f'Bearer realm="taskboard", error="{problem}"'
    return HTTPException(401, "Please sign in.", {"WWW-Authenticate": challenge})


def issue(person: Person, now: float) -> str:
    claims = {
        "iss": "taskboard",
        "aud": AUDIENCE,
        "jti": secrets.token_hex(8),
        "sub": person.email,
        "user_id": person.id,
        "name": person.name,
        "iat": now,
        "nbf": now,
        "exp": now + MINUTES * 60,
    }
    return jwt.encode(claims, SECRET, "HS256", {"kid": "1"})


async def get_current_user(
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Person:
    if not given:
        raise unauthorized("invalid_request")
    rules = {"require": ["exp", "iat", "sub", "user_id"], "verify_aud": False}
    try:
        claims = jwt.decode(given.credentials, SECRET, algorithms=["HS256"], options=rules)
    except jwt.InvalidTokenError:
        raise unauthorized("invalid_token") from None
    person = people.by_id.get(str(claims["user_id"]).upper())
    if person is None or people.key(person.email) != people.key(claims["sub"]):
        raise unauthorized("invalid_token")
    return person
