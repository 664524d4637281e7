"""What the clock has told people of a consultation, and by when an answer was likely."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WHAT = (
    "called", "unread", "nudged", "silent", "held", "no_contact", "place", "ending", "kept",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "what", sa.Enum(*WHAT, name="what", native_enum=False, length=20), nullable=False
        ),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_notice_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "consultation_id",
            "what",
            "since_at",
            "count",
            name=op.f("uq_notice_consultation_id_what_since_at_count"),
        ),
    )
    op.add_column(
        "consultation", sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("consultation", "expected_at")
    op.drop_table("notice")
