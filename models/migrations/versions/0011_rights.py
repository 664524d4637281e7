"""Whose data may not be used further, and what of a record was opened, found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("person", sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_audit_record"), "audit", ["record"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_record"), "audit")
    op.drop_column("person", "restricted_at")
