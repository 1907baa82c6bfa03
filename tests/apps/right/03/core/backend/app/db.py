import functools

import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from app import settings


class NoAddress(Exception):
    pass


@functools.cache
def engine():
    if not settings.DATABASE_URL:
        raise NoAddress
    url = sa.make_url(settings.DATABASE_URL.replace("postgres://", "postgresql://", 1))
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg2"),
        pool_size=20,
        pool_pre_ping=True,
        pool_timeout=4,
        connect_args={
            "connect_timeout": 2,
            "tcp_user_timeout": 2000,
            "options": "-c timezone=UTC",
        },
    )


def transaction():
    with engine().begin() as connection:
        yield connection


def away(_request: Request, _error: Exception):
    return JSONResponse({"detail": "The database is away."}, 503, {"Retry-After": "2"})


HANDLERS = dict.fromkeys((NoAddress, OperationalError, NoneFree, TimeoutError), away)
