from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.storage.repositories import Accounts, Tasks


class StorageAway(Exception):
    pass


class SchemaMissing(SystemExit):
    pass


def is_away(sqlstate: str | None) -> bool:
    """A refused connection has no code; class 57 is of servers that stop, start or give up."""
    return sqlstate is None or sqlstate.startswith("57")


class UnitOfWork:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.accounts = Accounts(session)
        self.tasks = Tasks(session)

    def commit(self) -> None:
        self.session.commit()


class Database:
    def __init__(self, url: str | None) -> None:
        self.engine = None
        if url:
            address = make_url("postgresql" + url[url.index("://") :])
            self.engine = create_engine(
                address.set(drivername="postgresql+psycopg"),
                pool_size=6,
                max_overflow=10,
                pool_timeout=4,
                pool_pre_ping=True,
                connect_args={
                    "connect_timeout": 2,
                    "tcp_user_timeout": 2000,
                    "options": "-c statement_timeout=4000",
                },
            )

    def demand_tables(self) -> None:
        """End the process when the migration was forgotten; a database that is away may come back."""
        if self.engine is None:
            return
        try:
            tables = inspect(self.engine).get_table_names()
        except DBAPIError:
            return
        if not {"user", "task"} <= set(tables):
            raise SchemaMissing("Run alembic upgrade head first.")

    def ping(self) -> None:
        for _ in self.open():
            pass

    def open(self):
        if self.engine is None:
            raise StorageAway
        try:
            with Session(self.engine) as session:
                session.connection()
                yield UnitOfWork(session)
        except DBAPIError as error:
            if error.connection_invalidated or is_away(error.orig.sqlstate):
                raise StorageAway from error
            raise
        except PoolTimeout as error:
            raise StorageAway from error
