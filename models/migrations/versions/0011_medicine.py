"""The medicines that workers of a facility may name."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "medicine",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column(
            "signed_as",
            sa.Enum(
                "dokter", "dokter_gigi", "apoteker", name="signer", native_enum=False, length=20
            ),
            nullable=True,
        ),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_medicine_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicine")),
    )
    op.create_index(
        "ux_medicine_listed",
        "medicine",
        ["facility_id", "name", "form"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    op.drop_table("medicine")
