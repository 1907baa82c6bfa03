"""${message}."""

import sqlalchemy as sa
import sqlmodel  # columns of SQLModel tables are written as sqlmodel.sql.sqltypes.AutoString
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Apply this change."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undo this change."""
    ${downgrades if downgrades else "pass"}
