"""A form: which question is open in a chat. Forgetting it loses a question, never an answer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Question(StrEnum):
    """What can be open in a chat."""

    COMPLAINT = "complaint"
    """Of a greeting: what is the complaint?"""
    ADVICE = "advice"
    """Of a worker who closes: what is the advice?"""
    LICENCE = "applicant"
    """Of an applicant; which one it is, the first missing answer says."""


class Form(Base):
    """The one question that a person's next words would answer."""

    __tablename__ = "form"

    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question: Mapped[Question]
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    asked_at: Mapped[datetime]
