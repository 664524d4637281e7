"""Why a worker let an offer go."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    reasons = ("skill", "busy", "known", "other")
    why = sa.Enum(*reasons, name="reason", native_enum=False, length=20)
    op.add_column("offer", sa.Column("why", why, nullable=True))


def downgrade() -> None:
    op.drop_column("offer", "why")
