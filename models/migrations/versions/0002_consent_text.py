"""The texts that people agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_consent_text")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER consent_text_no_{act.lower()} BEFORE {act} ON consent_text "
                "BEGIN SELECT RAISE(ABORT, 'consent_text is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION consent_text_only_add() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'consent_text is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER consent_text_only_add BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_text "
        "FOR EACH STATEMENT EXECUTE FUNCTION consent_text_only_add()"
    )


def downgrade() -> None:
    op.drop_table("consent_text")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION consent_text_only_add()")
