"""In which language people read us, and which menu of commands Telegram was given for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

LANGUAGES = ("id", "jv", "en")


def upgrade() -> None:
    op.add_column(
        "person",
        sa.Column(
            "language",
            sa.Enum(*LANGUAGES, name="language", native_enum=False, length=20),
            nullable=True,
        ),
    )
    # Who was here before has read Indonesian all the time.
    op.execute("UPDATE person SET language = 'id'")
    op.add_column("bot", sa.Column("menu", sa.String(), nullable=True))
    op.add_column("contact", sa.Column("menu", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("contact", "menu")
    op.drop_column("bot", "menu")
    op.drop_column("person", "language")
