"""tasks"""

import sqlalchemy as sa
from alembic import op

revision = "2026_03"
down_revision = "2026_02"


def upgrade():
    op.create_table(
        "task",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("status", sa.Enum("pending", "in_progress", "completed", native_enum=False, length=20), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], ondelete="CASCADE", onupdate="CASCADE"),
    )
    op.create_index("task_of_user", "task", ["user_id", sa.text("created_at DESC")])


def downgrade():
    op.drop_table("task")
