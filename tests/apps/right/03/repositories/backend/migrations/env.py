from alembic import context
from app.configuration import Configuration
from app.models.entities import Entity
from app.storage.database import Database

database = Database(Configuration.read().database_url)
with database.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Entity.metadata)
    with context.begin_transaction():
        context.run_migrations()
