"""In which language people read us."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

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


def downgrade() -> None:
    op.drop_column("person", "language")
