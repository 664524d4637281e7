"""Notes about a patient: for the record and for whoever has them next. No way leads from here to an
asker: a note is kept under a part of its own, and what is no longer surely one is asked about."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.form import Question
from models.message import Words
from services import consultation, form, relay
from services.desk import focus
from services.desk.panel import notes
from services.mail import Button, say
from services.person import Caller


def ask(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show the notes about a patient, and take the worker's next message for one more."""
    found = consultation.held(session, caller, consultation_id)
    form.ask(session, caller, Question.NOTE, found, at=at)
    say(
        session,
        caller.bot_id,
        caller.person,
        "note.ask",
        at=at,
        consultation=found,
        protect=True,
        patient=relay.named(session, found),
        notes=notes(session, found, at=at),
        buttons=[[Button("button.stay", f"desk:{found.id}")]],
    )


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Keep the note, and turn back to the patient."""
    assert caller.form is not None  # noqa: S101 - only an open question brings words here
    found = consultation.held(session, caller, caller.form.consultation_id or 0)
    relay.note(session, found, caller.person, said, at=at)
    focus.begin(session, caller, found, at=at)
    say(session, caller.bot_id, caller.person, "note.kept", at=at, consultation=found,
        reply_to=said.message_id, patient=relay.named(session, found))  # fmt: skip
