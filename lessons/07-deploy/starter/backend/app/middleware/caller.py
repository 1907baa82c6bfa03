"""Find out who is asking, and hold no connection to the database afterwards.

A session that a request depends on stays open until its answer has left, and only MOST_SESSIONS
may be open at once. That is right for answers that take milliseconds. A chat takes as long as the
model talks.
"""

from typing import Annotated

from fastapi import Depends
from sqlalchemy import Engine
from sqlmodel import Session

from app.database import EngineDep
from app.middleware.auth import bearer_token, get_current_user
from app.models.user import User
from app.services.chat.threads import run_in_thread
from app.services.users import UserStore
from app.settings import Settings, SettingsDep


async def get_caller(
    token: Annotated[str, Depends(bearer_token)], engine: EngineDep, settings: SettingsDep
) -> User:
    """Return the user of the request's bearer token; answer 401 when there is none."""
    return await run_in_thread(find_caller, token, engine, settings)


def find_caller(token: str, engine: Engine, settings: Settings) -> User:
    """Look the user up in a session of its own, which ends here."""
    with Session(engine) as session:
        return get_current_user(token, UserStore(session), settings)


Caller = Annotated[User, Depends(get_caller)]
