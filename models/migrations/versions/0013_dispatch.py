"""What a consultation needs somebody for, and when a worker last took one."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

SKILLS = ("gigi", "kia", "dokter", "umum")


def upgrade() -> None:
    skill = sa.Enum(*SKILLS, name="skill", native_enum=False, length=20)
    op.add_column("consultation", sa.Column("skill", skill, nullable=True))
    endangered = sa.text("status = 'waiting' AND danger_at IS NOT NULL")
    op.create_index(
        "ix_consultation_endangered",
        "consultation",
        ["facility_id"],
        sqlite_where=endangered,
        postgresql_where=endangered,
    )
    op.add_column("role", sa.Column("took_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("role", "took_at")
    op.drop_index("ix_consultation_endangered", "consultation")
    op.drop_column("consultation", "skill")
