"""What all tables share: how constraints are named, and what time it is."""

from datetime import UTC, datetime

from sqlmodel import SQLModel

# Alembic can only change or drop what has a name (https://alembic.sqlalchemy.org, "naming").
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """Return the time in UTC, with its offset: two clocks can only be compared with it."""
    return datetime.now(UTC)
