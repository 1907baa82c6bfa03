import sqlalchemy as sa

metadata = sa.MetaData()
AT = sa.DateTime(timezone=True)

user = sa.Table(
    "user",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("hashed_password", sa.LargeBinary, nullable=False),
    sa.Column("created_at", AT, nullable=False),
)
sa.Index("one_address_once", sa.func.lower(user.c.email), unique=True)

task = sa.Table(
    "task",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", AT, nullable=False),
    sa.Column("updated_at", AT, nullable=False),
    sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False),
    sa.Index("tasks_of_a_user", "user_id", "number"),
)
