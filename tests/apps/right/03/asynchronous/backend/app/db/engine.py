from functools import lru_cache

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.config import get_config


class NoDatabase(Exception):
    pass


def read_url() -> URL | None:
    url = get_config().database_url
    if not url:
        return None
    url = url.replace("postgres://", "postgresql://", 1)
    return make_url(url).set(drivername="postgresql+asyncpg")


@lru_cache
def open_engine() -> AsyncEngine | None:
    if (url := read_url()) is None:
        return None
    return create_async_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=4,
        connect_args={"timeout": 4, "command_timeout": 4},
    )


async def get_db():
    engine = open_engine()
    if engine is None:
        raise NoDatabase
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session
