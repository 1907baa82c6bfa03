"""Register, sign in, and tell users who they are.

The routes are plain `def`: FastAPI runs them in worker threads, so that slow hashing holds up
nobody else.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.security import OAuth2PasswordRequestForm

from app.api.answers import describe_problems
from app.middleware.auth import CurrentUser
from app.models.account import UserCreate, UserPublic, read_email
from app.models.token import Token
from app.models.user import User
from app.services.passwords import TURN, hash_password, make_decoy_hash, verify_password
from app.services.tokens import count_seconds_left, create_token
from app.services.users import EmailTakenError, UsersDep
from app.settings import SettingsDep

router = APIRouter(
    prefix="/api/auth", tags=["auth"], responses=describe_problems(400, 401, 409, 422)
)


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    response_model=UserPublic,
    dependencies=[TURN],
)
def register(new_user: UserCreate, users: UsersDep, settings: SettingsDep) -> User:
    """Create an account."""
    hashed_password = hash_password(new_user.password, settings.bcrypt_rounds)
    try:
        return users.add(new_user.email, new_user.name, hashed_password)
    except EmailTakenError as error:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "This e-mail address is already registered."
        ) from error


@router.post("/token", dependencies=[TURN])
def sign_in(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    users: UsersDep,
    settings: SettingsDep,
) -> Token:
    """Exchange an e-mail address and a password for a token."""
    user = users.find_by_email(read_email(form.username))
    hashed_password = user.hashed_password if user else make_decoy_hash(settings.bcrypt_rounds)
    is_right = verify_password(form.password, hashed_password)
    if user is None or not is_right:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "The e-mail address or the password is wrong.",
            {"WWW-Authenticate": "Bearer"},
        )
    token = create_token(user, settings)
    return Token(access_token=token, expires_in=count_seconds_left(token))


@router.get("/me", response_model=UserPublic)
def read_me(user: CurrentUser) -> User:
    """Tell who the token belongs to."""
    return user
