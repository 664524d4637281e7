"""The first days of a facility: invitations, emergency numbers, opening hours."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "emergency_number",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_emergency_number_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_number")),
        sa.UniqueConstraint(
            "facility_id", "label", name=op.f("uq_emergency_number_facility_id_label")
        ),
    )
    op.create_table(
        "invitation",
        sa.Column(
            "kind",
            sa.Enum("admin", "worker", "volunteer", name="kind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_invitation_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_invitation_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_invitation_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_opened_by_id"), "invitation", ["opened_by_id"])
    with op.batch_alter_table("facility") as batch_op:
        batch_op.add_column(sa.Column("hours", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "zone",
                sa.Enum("WIB", "WITA", "WIT", name="zone", native_enum=False, length=20),
                nullable=True,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("facility") as batch_op:
        batch_op.drop_column("zone")
        batch_op.drop_column("hours")
    op.drop_index(op.f("ix_invitation_opened_by_id"), "invitation")
    op.drop_table("invitation")
    op.drop_table("emergency_number")
