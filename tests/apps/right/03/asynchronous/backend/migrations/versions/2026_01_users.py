"""users"""

import sqlalchemy as sa
from alembic import op

revision = "2026_01"
down_revision = None


def upgrade():
    op.create_table(
        "user",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, sa.Computed("lower(email)", persisted=True)),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("hashed_password", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_key"),
    )


def downgrade():
    op.drop_table("user")
