"""The sex of a worker who says it, and of whom an asker wishes to be answered by."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("role", sa.Column("sex", sa.String(), nullable=True))
    op.add_column("consultation", sa.Column("by_sex", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("consultation", "by_sex")
    op.drop_column("role", "sex")
