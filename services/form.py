"""Which question a person's next words answer. Forgetting it loses a question, never an answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.form import Form, Question
from services.person import Caller


def ask(
    session: Session,
    caller: Caller,
    question: Question,
    about: Consultation | None,
    *,
    at: datetime,
) -> None:
    """Leave one question open in this chat, in place of any other."""
    if caller.form is None:
        caller.form = Form(bot_id=caller.bot_id, person_id=caller.person.id)
        session.add(caller.form)
    caller.form.question = question
    caller.form.consultation_id = about.id if about else None
    caller.form.asked_at = at


def forget(session: Session, caller: Caller, only: Question | None = None) -> None:
    """Close whatever question was open in this chat, or only this one."""
    if caller.form is not None and only in (None, caller.form.question):
        session.delete(caller.form)
        caller.form = None
