"""The bots of this installation, and who has opened which."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Bot(Base):
    """One bot by Telegram's own id; its token stays in the settings."""

    __tablename__ = "bot"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str]
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    owner: Mapped[str | None]
    """The process that works for this bot; checked inside its transactions, so that a process that
    lost the bot without noticing can change nothing."""
    menu: Mapped[str | None]
    """The mark of the commands that Telegram has for everybody: set again only when they change."""


class Contact(Base):
    """One person in one bot's chat: a bot may write only to those who have opened it."""

    __tablename__ = "contact"

    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    opened_at: Mapped[datetime]
    unreachable_at: Mapped[datetime | None]
    """Since when Telegram refuses our messages; the person's next message clears it."""
    menu: Mapped[str | None]
    """The mark of the commands that Telegram has for this chat alone, if it has any."""
