"""Whom a worker with several patients has opened. Their words go there while that is beyond doubt:
nobody else was heard of since, and the last word is minutes old. Else they are asked about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import new_id
from models.consultation import Consultation
from models.form import Form, Question
from models.mail import Lane, Outgoing
from models.message import Message, Pair
from models.person import Person
from services import form
from services.person import Caller

HOLDS = timedelta(minutes=10)
"""After so long without a word nobody can be sure whom a worker has in mind."""


def begin(session: Session, caller: Caller, one: Consultation, *, at: datetime) -> None:
    """What the worker writes from now on is for this patient."""
    form.ask(session, caller, Question.TALK, one, at=at, since=new_id())


def of(
    session: Session, caller: Caller, active: Sequence[Consultation], *, at: datetime
) -> Consultation | None:
    """Give the patient for whom a worker's words are, where they opened one and it is beyond doubt;
    each word keeps it so."""
    opened = caller.form
    if opened is None or opened.question is not Question.TALK:
        return None
    found = next((one for one in active if one.id == opened.consultation_id), None)
    if found is None or at - opened.asked_at >= HOLDS or _was_interrupted(session, caller, active):
        form.forget(session, caller)
        return None
    opened.asked_at = at
    return found


def lapse(session: Session, caller: Caller) -> None:
    """The worker turned to somebody else: what comes next is asked about."""
    form.forget(session, caller, Question.TALK)


def lapse_of(session: Session, bot_id: int, worker: Person) -> None:
    """The same where the clock turned them to somebody else."""
    opened = session.get(Form, (bot_id, worker.id))
    if opened is not None and opened.question is Question.TALK:
        session.delete(opened)


def _was_interrupted(session: Session, caller: Caller, active: Sequence[Consultation]) -> bool:
    """Tell whether words of somebody else came to stand in the worker's chat since, or are on their
    way there and may be seen already."""
    assert caller.form is not None  # noqa: S101 - else there is nothing to interrupt
    others = [one.id for one in active if one.id != caller.form.consultation_id]
    chat_id, since = caller.person.telegram_id, form.kept(session, caller).get("since", 0)
    came = (
        select(Pair.id)
        .join(Message, Message.id == Pair.message_id)
        .where(
            Message.consultation_id.in_(others),
            Pair.bot_id == caller.bot_id,
            Pair.chat_id == chat_id,
            Pair.id > since,
        )
    )
    leaving = select(Outgoing.seq).where(
        Outgoing.bot_id == caller.bot_id,
        Outgoing.lane.in_((Lane.EMERGENCY, Lane.ANSWER)),
        Outgoing.chat_id == chat_id,
        Outgoing.settled_at.is_(None),
        Outgoing.attempted_at.is_not(None),
        Outgoing.consultation_id.in_(others),
    )
    return any(session.scalar(one.limit(1)) is not None for one in (came, leaving))
