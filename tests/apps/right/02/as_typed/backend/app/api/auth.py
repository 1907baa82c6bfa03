from dataclasses import asdict
from time import time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Response

from app.domain.passwords import fits, hash_password
from app.domain.people import Person, people
from app.middleware.auth import get_current_user, issue, unauthorized
from app.models.auth import Profile, SignUp
from app.settings import MINUTES

router = APIRouter(prefix="/api/auth")


@router.post("/register", status_code=201)
async def register(new: SignUp, response: Response) -> Profile:
    person = Person(new.email, new.name, await hash_password(new.password))
    if not people.add(person):
        raise HTTPException(409, "Somebody has that address already. Is it you?")
    response.headers["Location"] = "/api/auth/me"
    return Profile(**asdict(person))


@router.post("/token")
async def sign_in(username: Annotated[str, Form()], password: Annotated[str, Form()]):
    person = people.named(username)
    if not await fits(password, person.hashed):
        raise unauthorized("invalid_credentials")
    return {
        "access_token": issue(person, time()),
        "token_type": "Bearer",
        "expires_in": MINUTES * 60,
        "scope": "",
        "user": Profile(**asdict(person)),
    }


@router.get("/me")
async def me(person: Annotated[Person, Depends(get_current_user)]) -> Profile:
    return Profile(**asdict(person))
