"""What is asked after the end of a consultation, and phones that several people hold."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "followup",
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "ask",
            sa.Enum("understood", "state", "rating", name="ask", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_followup_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followup")),
        sa.UniqueConstraint("consultation_id", "ask", name=op.f("uq_followup_consultation_id_ask")),
    )
    op.create_index(
        "ix_followup_due_at",
        "followup",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "privacy",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.BigInteger(), nullable=False),
        sa.Column("wrong_on", sa.Date(), nullable=True),
        sa.Column("hide_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("temporary_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_index", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_privacy_bot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_privacy_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_privacy")),
    )
    op.create_index(op.f("ix_privacy_code_index"), "privacy", ["code_index"])
    op.create_index(
        "ix_privacy_hide_at",
        "privacy",
        ["hide_at"],
        sqlite_where=sa.text("hide_at IS NOT NULL"),
        postgresql_where=sa.text("hide_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("privacy")
    op.drop_table("followup")
