"""Breaks, rosters, who is away, what is put off to the next shift, and warnings of a SIP's end."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("role", sa.Column("paused_until", MOMENT, nullable=True))
    op.add_column("role", sa.Column("roster", sa.String(), nullable=True))
    op.add_column(
        "role", sa.Column("on_shift", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("role", sa.Column("warned", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("away_at", MOMENT, nullable=True))
    op.add_column("consultation", sa.Column("resumes_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("consultation", "resumes_at")
    op.drop_column("person", "away_at")
    for name in ("warned", "on_shift", "roster", "paused_until"):
        op.drop_column("role", name)
