"""Talk to PostgreSQL: one engine a process, one session a request."""

from collections.abc import Iterator
from functools import lru_cache
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from typing import Annotated

import psycopg2
from fastapi import Depends
from psycopg2.extensions import POLL_OK, POLL_READ
from sqlalchemy import Engine, create_engine, event, text
from sqlmodel import Session

from app.settings import SettingsDep

LONGEST_SILENCE = 2.0  # seconds that the database may take for one answer
MOST_SESSIONS = 14  # of 20 connections: /ready needs one too, and the chatbot will need five


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


@event.listens_for(Engine, "connect")
def use_utc(connection: psycopg2.extensions.connection, _record: object) -> None:
    """Let PostgreSQL give times in UTC: without a word it takes the time zone of its server."""
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()  # a rollback would take the zone back


async def get_engine(settings: SettingsDep) -> Engine:
    """Return the engine of the address in the settings."""
    if settings.database_url is None:
        raise DatabaseUnsetError
    return make_engine(settings.database_url.get_secret_value())


EngineDep = Annotated[Engine, Depends(get_engine)]


def get_session(engine: EngineDep) -> Iterator[Session]:
    """Open a session for one request; what was not committed is rolled back at its end."""
    with Session(engine) as session:
        yield session


# Who comes when all are in use waits, and keeps no thread from those who are at work.
SessionDep = Annotated[Session, Depends(get_session, max_concurrency=MOST_SESSIONS)]


def wait_for_answer(connection: psycopg2.extensions.connection) -> None:
    """Wait in place of the driver, which would wait for ever for a database that says nothing."""
    with DefaultSelector() as selector:
        while (state := connection.poll()) != POLL_OK:
            selector.register(connection, EVENT_READ if state == POLL_READ else EVENT_WRITE)
            if not selector.select(LONGEST_SILENCE):
                raise psycopg2.OperationalError("the database does not answer")
            selector.unregister(connection)


def ping(engine: Engine) -> None:
    """Ask the database for an answer; raise when there is none."""
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
