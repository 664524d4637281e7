"""The list of diagnoses that a facility imports."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "diagnosis",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("other_name", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_diagnosis")),
    )


def downgrade() -> None:
    op.drop_table("diagnosis")
