"""Run the migrations against the database of DATABASE_URL."""

from logging.config import fileConfig

from alembic import context
from sqlmodel import SQLModel

from app.database import make_engine
from app.models import task, user  # importing them makes their tables known
from app.settings import DatabaseSettings

if context.config.config_file_name is not None:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

url = DatabaseSettings().database_url
if url is None:
    raise SystemExit("DATABASE_URL is not set: there is no database to migrate.")

with make_engine(url.get_secret_value()).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        version_table="taskboard_version",
    )
    with context.begin_transaction():
        # A table that somebody has locked must not hold up a deployment for ever.
        context.execute("SET LOCAL lock_timeout = '10s'")
        context.run_migrations()
