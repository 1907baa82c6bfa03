from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import time

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.errors import Unauthorized
from app.models.user import User


class TokenService:
    def __init__(
        self, secret: bytes, lifetime: timedelta, clock: Callable[[], float] = time
    ) -> None:
        self._key = OctKey.import_key(secret)
        self._clock = clock
        self.seconds = int(lifetime.total_seconds())

    def issue(self, user: User) -> str:
        now = int(self._clock())
        claims = {
            "iat": now,
            "exp": now + self.seconds,
            "sub": user.email,
            "user_id": str(user.id),
        }
        return jwt.encode({"alg": "HS256"}, claims, self._key)

    def read(self, token: str) -> str:
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            exp={"essential": True},
            sub={"essential": True},
            user_id={"essential": True},
        )
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
            rules.validate(claims)
        except (JoseError, ValueError):
            raise Unauthorized from None
        return str(claims["user_id"])
