"""A message knows where it was written, a pair is a copy that arrived, a row names its message."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NOWHERE = 0
"""The place of a message whose source nobody wrote down: no chat has this id."""


def upgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        for name in ("chat_id", "telegram_message_id"):
            batch_op.add_column(
                sa.Column(name, sa.BigInteger(), nullable=False, server_default=str(NOWHERE))
            )
    op.execute("""
        UPDATE message SET
            chat_id = source.chat_id,
            telegram_message_id = COALESCE(source.telegram_message_id, 0)
        FROM pair AS source
        WHERE source.message_id = message.id AND source.outbox_key IS NULL
    """)
    with op.batch_alter_table("message") as batch_op:
        for name in ("chat_id", "telegram_message_id"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_index("ix_message_place", ["chat_id", "telegram_message_id"])

    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
    # An album's row names its first message.
    op.execute("""
        UPDATE outbox SET message_id = (
            SELECT min(pair.message_id) FROM pair WHERE pair.outbox_key = outbox.key
        )
        WHERE settled_at IS NULL AND consultation_id IS NOT NULL
    """)
    op.execute("DELETE FROM pair WHERE outbox_key IS NULL OR telegram_message_id IS NULL")
    with op.batch_alter_table("pair") as batch_op:
        batch_op.drop_index("ix_pair_outbox_key")
        batch_op.drop_column("outbox_key")
        batch_op.alter_column("telegram_message_id", nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("pair") as batch_op:
        batch_op.alter_column("telegram_message_id", nullable=True)
        batch_op.add_column(sa.Column("outbox_key", sa.String(), nullable=True))
        batch_op.create_index("ix_pair_outbox_key", ["outbox_key"])
    # Which row carried a copy that arrived is forgotten; only that some row did still counts.
    op.execute("UPDATE pair SET outbox_key = ''")
    # Ids of other tables are free here: all are from the same rising row, numbers are small.
    op.execute("""
        INSERT INTO pair (id, message_id, bot_id, chat_id, telegram_message_id)
        SELECT message.id, message.id, consultation.bot_id, message.chat_id,
               message.telegram_message_id
        FROM message JOIN consultation ON consultation.id = message.consultation_id
    """)
    op.execute("""
        INSERT INTO pair (id, message_id, bot_id, chat_id, outbox_key)
        SELECT seq, message_id, bot_id, chat_id, key
        FROM outbox WHERE settled_at IS NULL AND message_id IS NOT NULL
    """)
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("message_id")
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_index("ix_message_place")
        batch_op.drop_column("telegram_message_id")
        batch_op.drop_column("chat_id")
