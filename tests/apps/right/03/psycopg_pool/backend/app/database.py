import contextlib

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app import settings


class Away(Exception):
    pass


pool = None
if settings.DATABASE_URL:
    pool = AsyncConnectionPool(
        settings.DATABASE_URL,
        min_size=0,
        max_size=20,
        timeout=3,
        open=False,
        check=AsyncConnectionPool.check_connection,
        kwargs={
            "row_factory": dict_row,
            "connect_timeout": 2,
            "options": "-c timezone=UTC -c statement_timeout=4000",
            "tcp_user_timeout": 2000,
        },
    )


@contextlib.asynccontextmanager
async def connected():
    if pool is None:
        raise Away
    try:
        async with pool.connection() as connection:
            yield connection
    except (PoolTimeout, psycopg.OperationalError) as error:
        raise Away from error


async def fetch(sql, **values):
    async with connected() as connection:
        return await (await connection.execute(sql, values)).fetchall()
