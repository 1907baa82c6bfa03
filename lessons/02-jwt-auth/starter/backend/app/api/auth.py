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
from app.services.tokens import create_token
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
    # TODO L2.3: hash the password, add the user, and answer 409 when the e-mail is taken.
    raise NotImplementedError("L2.3")


@router.post("/token", dependencies=[TURN])
def sign_in(
    form: Annotated[OAuth2PasswordRequestForm, Depends()], users: UsersDep, settings: SettingsDep
) -> Token:
    """Exchange an e-mail address and a password for a token."""
    # TODO L2.5: find the user and check the password. An unknown e-mail gets the same answer
    # as a wrong password, and takes as long: check the password against a decoy.
    raise NotImplementedError("L2.5")


@router.get("/me", response_model=UserPublic)
def read_me(user: CurrentUser) -> User:
    """Tell who the token belongs to."""
    return user
