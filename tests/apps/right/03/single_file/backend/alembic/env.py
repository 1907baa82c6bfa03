from alembic import context
from app.main import TABLES, connect_to, settings
from sqlmodel import SQLModel

engine = connect_to(settings["database"])
with engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_name=lambda name, kind, _: kind != "table" or name in TABLES,
    )
    with context.begin_transaction():
        context.run_migrations()
