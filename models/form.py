"""A form: which question is open in a chat. Forgetting it loses a question, never an answer."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Form(Base):
    """The one question that a person's next words would answer."""

    __tablename__ = "form"

    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question: Mapped[str]
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    asked_at: Mapped[datetime]
