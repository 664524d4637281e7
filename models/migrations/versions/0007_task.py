"""What somebody of a facility has to do, and by when."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

IS_OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column(
            "what", sa.Enum("explain", name="what", native_enum=False, length=20), nullable=False
        ),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "whose",
            sa.Enum("admin", "worker", "volunteer", name="kind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_task_facility_id")),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_task_bot_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_task_asked_by_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_task_done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_asked_by_id"), "task", ["asked_by_id"])
    op.create_index(
        "ux_task_open",
        "task",
        ["what", "about"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index(
        "ix_task_due", "task", ["due_at"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )


def downgrade() -> None:
    op.drop_table("task")
