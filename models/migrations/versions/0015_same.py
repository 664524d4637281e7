"""Two records that a worker found to be of the same person."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("patient") as table:
        table.add_column(sa.Column("same_as_id", sa.BigInteger(), nullable=True))
        table.create_foreign_key(op.f("fk_patient_same_as_id"), "patient", ["same_as_id"], ["id"])
    op.create_index("ix_patient_same_as_id", "patient", ["same_as_id"])


def downgrade() -> None:
    op.drop_index("ix_patient_same_as_id", "patient")
    with op.batch_alter_table("patient") as table:
        table.drop_constraint(op.f("fk_patient_same_as_id"), type_="foreignkey")
        table.drop_column("same_as_id")
