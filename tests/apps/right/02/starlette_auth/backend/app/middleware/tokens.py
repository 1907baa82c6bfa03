import time
from uuid import UUID

from jose import JWTError, jwt
from starlette.authentication import AuthCredentials, AuthenticationBackend
from starlette.requests import HTTPConnection

from app.config import config
from app.models.accounts import Account, accounts

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="board"'}


def make(account: Account) -> str:
    now = int(time.time())
    claims = {"sub": account.email, "user_id": str(account.id), "iat": now}
    return jwt.encode(claims | {"exp": now + config.minutes * 60}, config.secret, "HS256")


def read(token: str) -> Account | None:
    options = {"require_exp": True, "require_sub": True, "leeway": 0}
    try:
        claims = jwt.decode(token, config.secret, algorithms=["HS256"], options=options)
        return accounts.by_id.get(UUID(str(claims.get("user_id"))))
    except (JWTError, ValueError):
        return None


class Bearer(AuthenticationBackend):
    async def authenticate(self, conn: HTTPConnection):
        """An old token makes nobody a member, and keeps nobody from signing in anew."""
        scheme, _, token = conn.headers.get("Authorization", "").partition(" ")
        account = read(token.strip()) if scheme.lower() == "bearer" else None
        return (AuthCredentials(["member"]), account) if account else None
