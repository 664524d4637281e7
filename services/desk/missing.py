"""A patient goes back to their asker with the exact question that is missing. The worker's place is
free until the answer comes; then they have the patient again, and nobody else's turn was lost."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.errors import NotAllowed
from models.form import Question
from models.message import Part, Words
from services import consultation, dispatch, form, relay
from services.desk.keys import left
from services.mail import Button, say
from services.person import Caller
from services.text import is_blank


def ask(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Ask the worker for the question; in danger nobody is left waiting for an answer."""
    one = consultation.held(session, caller, consultation_id)
    if one.danger_at is not None:
        raise NotAllowed("missing.danger", number=one.number)
    form.ask(session, caller, Question.MISSING, one, at=at)
    say(session, caller.bot_id, caller.person, "missing.ask", at=at, consultation=one,
        patient=relay.named(session, one),
        buttons=[[Button("button.stay", f"desk:{one.id}")]])  # fmt: skip


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Put the question to the asker, and free the place."""
    assert caller.form is not None  # noqa: S101 - only an open question brings words here
    one = consultation.held(session, caller, caller.form.consultation_id or 0)
    if said.kind != "text" or is_blank(said.text):
        say(session, caller.bot_id, caller.person, "advice.needs_text", at=at)
        return
    message = relay.keep(session, one, caller.person, said, Part.TALK, at=at)
    relay.put_question(session, message, caller.person, one.asker, at=at)
    form.forget(session, caller)
    one.place = None
    say(session, caller.bot_id, caller.person, "missing.asked", at=at, number=one.number)
    left(session, one, caller.person, at=at)
    dispatch.feed(session, caller.person, at=at)
