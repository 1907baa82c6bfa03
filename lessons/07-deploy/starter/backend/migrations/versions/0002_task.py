"""Add the tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the index that the list of a user's tasks is read from."""
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_task_user_id_user", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'in_progress', 'completed')",
            name=op.f("ck_task_status_known"),
        ),
    )
    op.create_index("ix_task_user_id_created_at", "task", ["user_id", "created_at"])


def downgrade() -> None:
    """Drop the table; its index goes with it."""
    op.drop_table("task")
