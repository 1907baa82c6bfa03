"""when users came"""

import sqlalchemy as sa
from alembic import op

revision = "2026_02"
down_revision = "2026_01"


def upgrade():
    op.add_column(
        "user",
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade():
    op.drop_column("user", "created_at")
