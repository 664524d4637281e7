"""When one side of a talk falls silent: who is told, and when it goes back to the queue.

The worker's silence begins with the first words they have not answered, or with the acceptance. An
asker's silence never costs them the consultation: after a day the worker may end it, by a tap.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from models.consultation import Consultation, Outcome, Status
from models.errors import Later, NotAllowed, NotFound
from models.form import Form, Question
from models.mail import Lane
from models.message import Message, Part
from models.notice import What
from models.person import Person
from services import (
    audit,
    consultation,
    credential,
    day,
    desk,
    dispatch,
    form,
    notice,
    person,
    step,
)
from services.content import plain
from services.danger import alert
from services.mail import Button, say
from services.mail.incoming import is_behind, waits_for
from services.mail.queue import owed_since
from services.person import Caller


class Times(NamedTuple):
    """How long a worker may be silent until what happens."""

    nudge: timedelta
    """until they are asked themselves"""
    tell: timedelta
    """until the asker is told"""
    back: timedelta
    """until somebody else is found"""
    hold: timedelta
    """what a tap on «masih dengan pasien» buys"""


def _minutes(*counts: int) -> Times:
    return Times(*(timedelta(minutes=count) for count in counts))


ORDINARY, DANGER = _minutes(10, 15, 30, 20), _minutes(2, 3, 5, 5)
REASONS = ("no_reply", "unreached", "elsewhere", "other_person")
"""Why no contact came about, as the worker knows it."""
AGAIN = timedelta(hours=3)
"""After so long an asker is asked once more for the answer to the question that comes first."""
NO_ANSWER = timedelta(hours=24)
"""An asker shares the phone, and has signal once a day: so long a silence means nothing."""

KEPT = (Question.ADVICE, Question.AMENDMENT, Question.LICENCE, *desk.ANSWERS)
"""Open questions whose answers go to nobody unseen, so that they may stay open."""

_answer, _draft, _question = aliased(Message), aliased(Message), aliased(Message)
_BY_WORKER = (
    _answer.consultation_id == Consultation.id,
    _answer.author_id == Consultation.worker_id,
    _answer.part == Part.TALK,
    _answer.at >= Consultation.accepted_at,
)
_TALKS: Select[Consultation, datetime | None, datetime | None, datetime | None] = select(
    Consultation,
    select(func.max(_answer.at)).where(*_BY_WORKER).scalar_subquery(),
    # Ids rise also within one batch, whose messages share their moment.
    select(func.min(_question.at))
    .where(
        _question.consultation_id == Consultation.id,
        _question.author_id == Consultation.asker_id,
        _question.id > select(func.max(_answer.id)).where(*_BY_WORKER).scalar_subquery(),
    )
    .scalar_subquery(),
    select(func.max(_draft.at))
    .where(_draft.consultation_id == Consultation.id, _draft.part == Part.ADVICE)
    .scalar_subquery(),
).where(Consultation.status == Status.ACTIVE)


def sweep(session: Session, *, at: datetime) -> None:
    """Do what is due about every silence; run twice, nobody hears it twice."""
    for one, answered, asked, drafted in session.execute(_TALKS).all():
        if answered is None or asked is not None:
            begun = [asked or one.accepted_at, one.danger_at, drafted]
            since = max(moment for moment in begun if moment is not None)
            _watch_worker(session, one, since, at=at)
        elif at - answered >= NO_ANSWER and notice.first(
            session, one, What.NO_CONTACT, since=answered, at=at
        ):
            _offer_end(session, one, at - answered, at=at)
        elif one.place is None:
            _remind_asker(session, one, answered, at=at)


def hold(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The worker is still with a patient: both sides know, and the clock begins anew."""
    found = consultation.held(session, caller, consultation_id)
    minutes = _times(found).hold // timedelta(minutes=1)
    notice.first(session, found, What.HELD, since=at, at=at)
    number = found.number
    say(session, found.bot_id, caller.person, "silence.held", at=at, number=number, minutes=minutes)
    key = "silence.asker_danger" if found.danger_at else "silence.asker_held"
    say(session, found.bot_id, found.asker, key, at=at, consultation=found)


def ask_reason(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Ask why no contact came about; refused as closing is."""
    found = _silent(session, caller, consultation_id, at=at)
    say(session, found.bot_id, caller.person, "silence.why", at=at, consultation=found,
        number=found.number, buttons=_reasons(found))  # fmt: skip


def close(
    session: Session, caller: Caller, consultation_id: int, reason: str, *, at: datetime
) -> None:
    """Close a consultation whose asker has not answered for a day, with the worker's reason.

    Raises Later while words of either side are stored that were said before.
    """
    found = _silent(session, caller, consultation_id, at=at)
    found.move(Status.CLOSED, by=caller.person, at=at, why=reason)
    found.outcome = Outcome.NO_CONTACT
    form.forget(session, caller, Question.ADVICE)
    audit.note(session, caller.person, "close", found, at=at)
    number = found.number
    say(session, found.bot_id, found.asker, "silence.over", at=at, number=number)
    why = plain(f"no_contact.{reason}")
    say(session, found.bot_id, caller.person, "silence.closed", at=at, number=number, why=why)
    desk.left(session, found, caller.person, at=at)
    dispatch.feed(session, caller.person, at=at)


def may_end(session: Session, found: Consultation, *, at: datetime) -> bool:
    """Tell whether its asker has been silent so long that it may end without advice."""
    session.flush()
    talk = session.execute(_TALKS.where(Consultation.id == found.id)).one()
    return talk[2] is None and talk[1] is not None and at - talk[1] >= NO_ANSWER


def _silent(
    session: Session, caller: Caller, consultation_id: int, *, at: datetime
) -> Consultation:
    """Give a consultation that may end without advice, or refuse."""
    found = consultation.held(session, caller, consultation_id)
    if credential.worker(session, caller.person, at=at) is None:
        raise NotAllowed("refusal.no_licence")
    chats = (found.asker.telegram_id, caller.person.telegram_id)
    if waits_for(session, caller.bot_id, chats, seq=caller.seq):
        raise Later
    if may_end(session, found, at=at):
        return found
    if session.execute(_TALKS.where(Consultation.id == found.id)).one()[2] is not None:
        raise NotAllowed("silence.has_spoken", number=found.number)
    raise NotFound("refusal.expired_button")


def _reasons(found: Consultation) -> list[list[Button]]:
    return [
        [Button(f"no_contact_button.{cause}", f"no_contact:{found.id}:{cause}")]
        for cause in REASONS
    ]


def _times(one: Consultation) -> Times:
    return DANGER if one.danger_at else ORDINARY


def _watch_worker(session: Session, one: Consultation, since: datetime, *, at: datetime) -> None:
    worker, times = one.worker, _times(one)
    assert worker is not None  # noqa: S101 - active, so somebody has it
    if one.resumes_at is not None and not one.danger_at:
        since = max(since, one.resumes_at)
    if at - since < times.nudge:
        return
    held = notice.last(session, one, What.HELD)
    if held is not None and held >= since:
        since = held + times.hold - times.nudge
    silent = at - since
    # Words that are stored and not yet handled were spoken: a slow line is no silence.
    if silent < times.nudge or is_behind(session, one.bot_id, worker.telegram_id):
        return
    if notice.first(session, one, What.NUDGED, since=since, at=at):
        _nudge(session, one, worker, silent, at=at)
    if silent >= times.tell and notice.first(session, one, What.SILENT, since=since, at=at):
        key = "silence.asker_danger" if one.danger_at else "silence.asker"
        say(session, one.bot_id, one.asker, key, at=at, lane=_lane(one), consultation=one)
    nudged = notice.last(session, one, What.NUDGED, since=since) or at
    if silent < times.back or at - nudged < times.back - times.nudge:
        return
    if not owed_since(session, one.bot_id, worker.telegram_id, nudged):
        _take_back(session, one, worker, silent, at=at)


def _nudge(
    session: Session, one: Consultation, worker: Person, silent: timedelta, *, at: datetime
) -> None:
    times = _times(one)
    desk.focus.lapse_of(session, one.bot_id, worker)
    say(
        session,
        one.bot_id,
        worker,
        "silence.nudge",
        at=at,
        lane=_lane(one),
        consultation=one,
        protect=True,
        number=one.number,
        span=day.span(silent),
        minutes=(times.back - times.nudge) // timedelta(minutes=1),
        buttons=[
            [Button("button.desk_open", f"desk:{one.id}")],
            [Button("button.hold", f"hold:{one.id}")],
            [Button("button.return", f"return:{one.id}")],
        ],
    )


def _take_back(
    session: Session, one: Consultation, worker: Person, silent: timedelta, *, at: datetime
) -> None:
    """Give it back to the queue in the worker's place; their next words have no addressee."""
    span = day.span(silent)
    say(session, one.bot_id, worker, "silence.taken", at=at, number=one.number, span=span)
    _lose_addressee(session, one, worker, at=at)
    key = "silence.asker_back_danger" if one.danger_at else "consultation.handed_back"
    step.fall_back(session, one, at=at, why="silence", key=key, lane=_lane(one))
    if one.danger_at:
        alert.call_admins(session, one, "alert.silent", at=at)
        alert.note_call(session, one, at=at)


def _lose_addressee(session: Session, one: Consultation, worker: Person, *, at: datetime) -> None:
    """Let the worker be asked for whom their next words are: they may still mean who is gone, and
    would reach the one patient who is left."""
    open_form = session.get(Form, (one.bot_id, worker.id))
    if open_form is None or open_form.question not in KEPT or open_form.consultation_id == one.id:
        caller = Caller(one.bot_id, worker, open_form, is_new=False)
        form.ask(session, caller, Question.WHOSE, one, at=at)


def _remind_asker(session: Session, one: Consultation, asked: datetime, *, at: datetime) -> None:
    """Ask once more, by day, for the answer to the question that comes first."""
    zone = one.facility.zone if one.facility else None
    if at - asked < AGAIN or day.is_night(zone, at):
        return
    if notice.first(session, one, What.MISSING, since=asked, at=at):
        say(session, one.bot_id, one.asker, "missing.remind", at=at, lane=Lane.REMINDER,
            consultation=one, number=one.number)  # fmt: skip


def _offer_end(session: Session, one: Consultation, silent: timedelta, *, at: datetime) -> None:
    assert one.worker is not None  # noqa: S101 - active, so somebody has it
    say(
        session,
        one.bot_id,
        one.worker,
        "silence.no_contact",
        at=at,
        lane=Lane.REMINDER,
        consultation=one,
        protect=True,
        number=one.number,
        name=person.name_of(session, one.asker),
        span=day.span(silent),
        buttons=_reasons(one),
    )


def _lane(one: Consultation) -> Lane:
    return Lane.EMERGENCY if one.danger_at else Lane.ANSWER
