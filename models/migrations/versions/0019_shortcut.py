"""Quick replies of a facility, and until when somebody may not ask."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "shortcut",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_shortcut_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortcut")),
    )
    op.create_index(op.f("ix_shortcut_facility_id"), "shortcut", ["facility_id"])
    op.add_column("person", sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "blocked_until")
    op.drop_table("shortcut")
