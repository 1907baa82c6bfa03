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
        status.HTTP_401_UNAUTHORIZED,
        "Invalid header: send Authorization: Bearer <token>",
        {"WWW-Authenticate": "Bearer"},
    )
    try:
        user_id, issued = read_user_id(token, settings)
        user = users.find(user_id)
    except InvalidTokenError as error:
        raise refused from error
    if user is None or issued < user.password_changed_at.replace(microsecond=0):
        raise refused
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
