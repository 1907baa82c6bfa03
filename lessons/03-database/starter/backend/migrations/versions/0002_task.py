"""Add the tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the index that the list of a user's tasks is read from."""
    # TODO L3.3: make the table task and its index, as app/models/task.py describes them.


def downgrade() -> None:
    """Drop the table; its index goes with it."""
    # TODO L3.3: drop the table again.
