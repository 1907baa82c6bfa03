import sqlalchemy as sa
from alembic import op

revision = "a3"
down_revision = "a2"


def upgrade():
    op.add_column("task", sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False))
    op.create_index("tasks_of_a_user", "task", ["user_id", "number"])


def downgrade():
    op.drop_index("tasks_of_a_user", "task")
    op.drop_column("task", "number")
