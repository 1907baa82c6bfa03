"""Find out who is asking."""

from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer

from app.models.user import User
from app.services.tokens import InvalidTokenError, read_user_id
from app.services.users import UsersDep
from app.settings import SettingsDep

bearer_token = OAuth2PasswordBearer(tokenUrl="/api/auth/token")


def get_current_user(
    token: Annotated[str, Depends(bearer_token)], users: UsersDep, settings: SettingsDep
) -> User:
    """Return the user of the request's bearer token; answer 401 when there is none."""
    refused = HTTPException(
        status.HTTP_401_UNAUTHORIZED, "Please sign in.", {"WWW-Authenticate": "Bearer"}
    )
    try:
        user = users.find(read_user_id(token, settings))
    except InvalidTokenError as error:
        raise refused from error
    if user is None:
        raise refused
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
