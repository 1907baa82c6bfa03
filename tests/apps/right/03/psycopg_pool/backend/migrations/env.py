import sqlalchemy as sa
from alembic import context

from app.settings import DATABASE_URL

url = sa.make_url("postgresql" + DATABASE_URL[DATABASE_URL.index(":") :])
engine = sa.create_engine(url.set(drivername="postgresql+psycopg"))
with engine.begin() as connection:
    known = sa.MetaData()
    known.reflect(connection)
    context.configure(connection=connection, target_metadata=known)
    with context.begin_transaction():
        context.run_migrations()
