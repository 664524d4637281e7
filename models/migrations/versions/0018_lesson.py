"""How far somebody has come in learning the online queue, and when to remind them of a number."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "lesson",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_lesson_bot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lesson_person_id")),
        sa.PrimaryKeyConstraint("bot_id", "person_id", name=op.f("pk_lesson")),
    )
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_lesson_due_at", "lesson", ["due_at"], sqlite_where=is_due, postgresql_where=is_due
    )


def downgrade() -> None:
    op.drop_table("lesson")
