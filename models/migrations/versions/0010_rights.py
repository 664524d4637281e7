"""Whose data may not be used further, what of a record was opened, and who may answer for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("person", sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_audit_record"), "audit", ["record"])
    op.add_column("consultation", sa.Column("shares", sa.Boolean(), nullable=True))
    op.create_table(
        "pool_agreement",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("facility_id < partner_id", name="ck_pool_agreement_once"),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_pool_agreement_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["facility.id"], name=op.f("fk_pool_agreement_partner_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "partner_id", name=op.f("pk_pool_agreement")),
    )
    op.create_index(op.f("ix_pool_agreement_partner_id"), "pool_agreement", ["partner_id"])

    op.create_table(
        "media",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "loss",
            sa.Enum("too_big", "refused", "unreached", name="loss", native_enum=False, length=20),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_media_message_id")),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_media_bot_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_media")),
    )
    wanted = sa.text("kept_at IS NULL AND loss IS NULL")
    op.create_index(
        "ix_media_wanted",
        "media",
        ["bot_id", "due_at"],
        sqlite_where=wanted,
        postgresql_where=wanted,
    )


def downgrade() -> None:
    op.drop_table("media")
    op.drop_table("pool_agreement")
    op.drop_column("consultation", "shares")
    op.drop_index(op.f("ix_audit_record"), "audit")
    op.drop_column("person", "restricted_at")
