"""Which question a person's next words answer. Forgetting it loses a question, never an answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.form import Form, Question
from models.seal import Unreadable
from services.content import Html
from services.mail import cut
from services.person import Caller

FRESH = timedelta(hours=1)
"""So long words are taken for the answer to a question, where nothing else says what they are."""


def ask(
    session: Session,
    caller: Caller,
    question: Question,
    about: Consultation | None,
    *,
    at: datetime,
    **kept: object,
) -> None:
    """Leave one question open in this chat, in place of any other; what it is about is sealed."""
    if caller.form is None:
        caller.form = Form(bot_id=caller.bot_id, person_id=caller.person.id)
        session.add(caller.form)
    caller.form.question = question
    caller.form.consultation_id = about.id if about else None
    caller.form.asked_at = at
    caller.form.sealed = None
    if kept:
        caller.form.write(session, **kept)


def kept(session: Session, caller: Caller) -> dict[str, Any]:
    """Give what the open question is about; nothing where there is none, or it is unreadable."""
    try:
        return caller.form.read(session) if caller.form is not None else {}
    except Unreadable:
        return {}


def is_of(caller: Caller, question: Question) -> bool:
    """Tell whether this question stands open, whenever it was put."""
    return caller.form is not None and caller.form.question is question


def is_open(caller: Caller, question: Question, *, at: datetime) -> bool:
    """Tell whether this question is open and was put a short while ago: what a person writes much
    later is no answer to it."""
    asked = caller.form
    return asked is not None and asked.question is question and at - asked.asked_at < FRESH


def missing(fields: Sequence[str], entered: Mapping[str, object]) -> str | None:
    """Give the first field without an answer: the question that is open."""
    return next((field for field in fields if field not in entered), None)


def cut_question(session: Session, caller: Caller, line: Html, *, at: datetime) -> None:
    """Cut the message that carries the open question (kept as `row`) to one line, once; it loses
    its buttons."""
    row_key = kept(session, caller).get("row")
    if caller.form is not None and row_key is not None:
        cut(session, caller.bot_id, caller.person, row_key, line, at=at)
        caller.form.sealed = None


def forget(session: Session, caller: Caller, only: Question | None = None) -> None:
    """Close whatever question was open in this chat, or only this one."""
    if caller.form is not None and only in (None, caller.form.question):
        session.delete(caller.form)
        caller.form = None
