"""How many participants are registered at a facility, as its admin says."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("facility", sa.Column("registered", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("facility", "registered")
