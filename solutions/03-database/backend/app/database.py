"""Talk to PostgreSQL: one engine a process, one session a request."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from app.settings import SettingsDep


class DatabaseUnsetError(Exception):
    """DATABASE_URL is not set: the app runs, and what needs the database cannot."""


def normalise_url(url: str) -> str:
    """Name the driver: hosts hand out `postgres://` and `postgresql://`, SQLAlchemy wants more."""
    _, _, address = url.partition("://")
    return f"postgresql+psycopg2://{address}"


@lru_cache
def make_engine(url: str) -> Engine:
    """Make the one engine of this process.

    The pool is bounded, so that many requests wait instead of exhausting the server; each
    connection is tried before it is used, so that a restart of the database is not noticed.
    """
    return create_engine(
        normalise_url(url),
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=4,
        connect_args={"connect_timeout": 2, "tcp_user_timeout": 3000},
    )


def get_engine(settings: SettingsDep) -> Engine:
    """Return the engine of the address in the settings."""
    if settings.database_url is None:
        raise DatabaseUnsetError
    return make_engine(settings.database_url.get_secret_value())


EngineDep = Annotated[Engine, Depends(get_engine)]


def get_session(engine: EngineDep) -> Iterator[Session]:
    """Open a session for one request; what was not committed is rolled back at its end."""
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def ping(engine: Engine) -> None:
    """Ask the database for an answer; raise when there is none."""
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
