"""Closing with advice: written in one message, shown back, then sent and closed in one step."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome, Status
from models.errors import Closed, Later, NotAllowed, NotFound
from models.form import Question
from models.mail import Outgoing
from models.message import Message, Part, Words
from models.person import Person
from services import (
    audit,
    checkin,
    consultation,
    credential,
    dispatch,
    form,
    person,
    privacy,
    relay,
    sheet,
    understood,
)
from services.facility import trip
from services.mail import Answer, Button, say
from services.mail.incoming import waits_for
from services.person import Caller
from services.sheet import ON_THE_WAY
from services.text import is_blank

OUTCOMES = (Outcome.ADVISED, Outcome.VISIT_FKTP, Outcome.REFERRED)
"""How advice can end a consultation."""


def begin(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Ask the worker for the advice; their next text is it."""
    found = _mine(session, caller, consultation_id)
    form.ask(session, caller, Question.ADVICE, found, at=at)
    say(
        session,
        caller.bot_id,
        caller.person,
        "advice.question",
        at=at,
        consultation=found,
        number=found.number,
        name=person.name_of(session, found.asker),
        buttons=[[Button("button.not_yet", f"talk:{found.id}")]],
    )


def leave(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Go back to talking: what the worker writes next is passed on again."""
    found = _mine(session, caller, consultation_id)
    form.forget(session, caller)
    say(session, caller.bot_id, caller.person, "advice.left", at=at, number=found.number)


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Take the worker's text as the advice, and show it back before anything is sent."""
    assert caller.form is not None  # noqa: S101 - only an open question brings words here
    found = _mine(session, caller, caller.form.consultation_id or 0)
    if said.kind != "text" or is_blank(said.text):
        say(session, caller.bot_id, caller.person, "advice.needs_text", at=at)
        return
    message = relay.keep(session, found, caller.person, said, Part.ADVICE, at=at)
    form.forget(session, caller)
    choices = [
        [Button(f"outcome.{outcome}", f"advise:{message.id}:{outcome}")] for outcome in OUTCOMES
    ]
    say(
        session,
        caller.bot_id,
        caller.person,
        "advice.preview",
        at=at,
        consultation=found,
        reply_to=said.message_id,
        number=found.number,
        name=person.name_of(session, found.asker),
        buttons=[*choices, [Button("button.change", f"close:{found.id}")]],
    )


def give(
    session: Session, caller: Caller, message_id: int, outcome: Outcome, *, at: datetime
) -> None:
    """Send the advice and close the consultation.

    Raises Later while words of either side are stored that were said before: they come first.
    """
    message = session.get(Message, message_id)
    if message is None or message.part is not Part.ADVICE:
        raise NotFound
    found = message.consultation
    if found.status is Status.CLOSED and found.worker_id == caller.person.id:
        raise Closed(number=found.number)
    found = _mine(session, caller, found.id)
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    chats = (found.asker.telegram_id, caller.person.telegram_id)
    if waits_for(session, caller.bot_id, chats, seq=caller.seq):
        raise Later
    found.move(Status.CLOSED, by=caller.person, at=at)
    found.outcome = outcome
    audit.note(session, caller.person, "close", found, at=at)
    sheet.sign(session, message, role, at=at)
    sheet.deliver(session, message, understood.buttons(found), at=at)
    understood.ask(session, found, at=at)
    if outcome in ON_THE_WAY and privacy.of(session, found.asker) is None:
        trip.send_after(session, found, at=at)
    checkin.offer(session, caller, found, at=at)
    session.flush()
    dispatch.match(session, at=at)


def delivered(session: Session, row: Outgoing, answer: Answer, *, at: datetime) -> None:
    """Note where advice stands now, or tell the worker when it did not arrive: they may know
    another way to the asker."""
    message = session.get_one(Message, row.message_id)
    found = message.consultation
    if answer.error is None:
        relay.note_place(session, row, message.id, answer.result["message_id"])
    else:
        author = session.get_one(Person, message.author_id)
        say(
            session,
            row.bot_id,
            author,
            "advice.undelivered",
            at=at,
            consultation=found if author is found.worker else None,
            number=found.number,
            name=person.name_of(session, found.asker),
        )


def _mine(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    found = consultation.access(session, caller, consultation_id)
    if found.worker_id != caller.person.id:
        raise NotFound
    if found.status is not Status.ACTIVE:
        raise Closed(number=found.number)
    return found
