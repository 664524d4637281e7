"""The steps of a consultation, as verbs: into the queue, to a worker, back, away."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import Closed, MovedOn, NotAllowed, NotFound
from models.facility import Facility
from models.form import Form, Question
from models.mail import Lane, Outgoing
from models.offer import End, Offer, Reason
from models.opinion import Opinion
from models.person import Person
from models.role import Role, Skill
from services import (
    audit,
    consent,
    consultation,
    credential,
    desk,
    dispatch,
    facility,
    form,
    history,
    hours,
    letter,
    opinion,
    patient,
    person,
    pool,
    relay,
    skill,
    waiting,
)
from services.content import Html, plain, words
from services.danger import alert
from services.intake import several
from services.mail import Button, change, say, tell
from services.patient import twin
from services.person import Caller

ANSWERS_KEPT = timedelta(hours=72)
"""How long a request that was agreed to waits for the answer to our last question."""


DRAFT_KEPT = timedelta(hours=24)
"""How long words wait, sealed and shown to nobody, for a consent or a decision."""


def request(session: Session, caller: Caller, drafted: Consultation, *, at: datetime) -> None:
    """Put a draft into the queue: a number for the asker, a round of offers to the workers; and go
    on with the next of whom the asker told."""
    if caller.form is not None and caller.form.question is Question.INTAKE:
        form.cut_question(session, caller, words("question.over"), at=at)
        form.forget(session, caller)
    patient.learn(session, drafted, at=at)
    home = facility.home(session, caller.bot_id)
    patient.locate(session, drafted, home)
    drafted.facility_id, drafted.number = home.id, facility.next_number(session, home)
    drafted.skill = _skill(session, drafted, home, at=at)
    drafted.move(Status.WAITING, by=caller.person, at=at)
    session.flush()
    if not waiting.tell(session, caller, drafted, at=at) and drafted.danger_at:
        call_admins(session, drafted, at=at)
    dispatch.place(session, drafted, at=at)
    if not drafted.danger_at and letter.is_named(dispatch.complaint_of(session, drafted)):
        letter.explain(session, caller, at=at)
    several.offer_next(session, caller, drafted, at=at)


def call_admins(session: Session, endangered: Consultation, *, at: datetime) -> None:
    """Nobody can take a consultation with danger signs: let the admins find somebody."""
    alert.call_admins(session, endangered, "danger.admin", at=at)
    alert.note_call(session, endangered, at=at)


def accept(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Give a waiting consultation to the first worker who asks for it."""
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    found = session.get(Consultation, consultation_id)
    if found is None or found.bot_id != caller.bot_id:
        raise NotFound
    if role.facility_id not in pool.home_ids(session, found):
        raise NotFound
    if found.status is Status.ACTIVE and found.worker_id == caller.person.id:
        return
    if found.status is Status.ACTIVE:
        raise MovedOn(number=found.number, worker=found.read(session)["worker"])
    if found.status is not Status.WAITING:
        raise Closed(number=found.number)
    if found.asker_id == caller.person.id:
        raise NotAllowed("refusal.own_complaint")
    _take(session, found, role, at=at)
    desk.focus.lapse(session, caller)
    desk.gained(session, found.bot_id, caller.person, at=at)
    name = found.read(session)["worker"]
    others = dispatch.taken(session, found, caller.person, name, at=at)
    alert.taken(session, found, name, at=at)
    say(
        session,
        found.bot_id,
        found.asker,
        "consultation.accepted",
        at=at,
        consultation=found,
        worker=name,
        licence=credential.licence(session, role),
        buttons=[[Button("button.who", f"who:{found.id}")]],
    )
    say(
        session,
        found.bot_id,
        caller.person,
        "consultation.yours",
        at=at,
        consultation=found,
        protect=True,
        number=found.number,
        name=person.name_of(session, found.asker),
        patient=Html(patient.card(session, found) + patient.details(session, found, at=at)),
        buttons=[*desk.ways(found), *twin.ways(session, found.patient, found)],
    )
    history.show_before(session, caller, found, at=at)
    relay.catch_up(session, found, caller.person, at=at)
    session.flush()
    for worker in (*others, caller.person):
        dispatch.feed(session, worker, at=at)


def who(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show an asker again who answers, or who did: name, profession, licence, facility."""
    found = consultation.access(session, caller, consultation_id)
    if found.asker_id != caller.person.id:
        raise NotFound
    if found.worker is None:
        raise NotFound("consultation.nobody_yet")
    role = credential.last_role(session, found.worker)
    assert role is not None  # noqa: S101 - who answered had a role, which is ended, never removed
    text = credential.signature(session, role)
    tell(session, caller.bot_id, caller.person, text, at=at, consultation=found)


def skip(
    session: Session, caller: Caller, consultation_id: int, message_id: int, *, at: datetime
) -> None:
    """A worker lets an offer go, and may say why; only their own offer can end that way."""
    found = session.get(Consultation, consultation_id)
    if found is None or not dispatch.skip(session, caller.person, found, at=at):
        raise NotFound("refusal.expired_button")
    pairs = [list(Reason)[at_ : at_ + 2] for at_ in range(0, len(Reason), 2)]
    rows = [[Button(f"why.{why}", f"why:{found.id}:{why}") for why in pair] for pair in pairs]
    text = words("offer.why", number=found.number)
    change(session, caller.bot_id, caller.person, message_id, text, at=at, lane=Lane.OFFER,
           buttons=rows)  # fmt: skip


def say_why(
    session: Session,
    caller: Caller,
    consultation_id: int,
    why: Reason,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Keep why a worker let their newest offer of a consultation go."""
    passed = session.scalar(
        select(Offer)
        .where(
            Offer.consultation_id == consultation_id,
            Offer.worker_id == caller.person.id,
            Offer.end == End.PASSED,
        )
        .order_by(Offer.id.desc())
        .limit(1)
    )
    if passed is None:
        raise NotFound("refusal.expired_button")
    passed.why = why
    number = passed.consultation.number
    text = words("offer.passed_why", number=number, why=plain(f"why.{why}"))
    change(session, caller.bot_id, caller.person, message_id, text, at=at, lane=Lane.OFFER)


def hand_back(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """A worker gives an active consultation back to the queue, with its original place."""
    found = consultation.access(session, caller, consultation_id)
    if found.worker_id != caller.person.id:
        raise NotFound
    say(session, found.bot_id, caller.person, "consultation.returned", at=at, number=found.number)
    fall_back(session, found, by=caller.person, at=at)
    if not any(one.status is Status.ACTIVE for one in consultation.open_ones(session, caller)):
        form.ask(session, caller, Question.WHOSE, found, at=at, gave_back=True)
    dispatch.feed(session, caller.person, at=at)


def fall_back(
    session: Session,
    found: Consultation,
    *,
    at: datetime,
    by: Person | None = None,
    why: str | None = None,
    key: str = "consultation.handed_back",
    lane: Lane = Lane.ANSWER,
) -> None:
    """Let an active consultation wait again at its original place: its asker is told, its worker's
    desk has one less, and somebody else is asked. Who took the consent back hears of it elsewhere.
    """
    worker = found.worker
    found.move(Status.WAITING, by=by, at=at, why=why)
    found.resumes_at = None
    if found.danger_at or not consent.was_taken_back(session, found.asker):
        say(session, found.bot_id, found.asker, key, at=at, lane=lane, consultation=found,
            number=found.number)  # fmt: skip
    if worker is not None:
        desk.left(session, found, worker, at=at)
    session.flush()
    dispatch.place(session, found, at=at)


def withdraw(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The asker no longer needs it; whoever was offered it is told."""
    found = consultation.access(session, caller, consultation_id)
    if found.asker_id != caller.person.id:
        raise NotFound
    if found.status is Status.WITHDRAWN:
        return
    if found.status is Status.ACTIVE:
        raise NotAllowed("refusal.being_answered")
    if not found.is_open:
        raise Closed(number=found.number)
    found.move(Status.WITHDRAWN, by=caller.person, at=at)
    line = words("offer.withdrawn", number=found.number)
    dispatch.end_all(session, found, End.WITHDRAWN, line, at=at)
    alert.withdrawn(session, found, at=at)
    home = found.facility or facility.home(session, caller.bot_id)
    say(
        session,
        caller.bot_id,
        caller.person,
        "consultation.withdrawn",
        at=at,
        number=found.number,
        facility=home.name,
        hours=hours.line(home),
    )


def call_off(session: Session, waiting: Consultation, *, at: datetime) -> None:
    """End what came back into the queue after its asker took the consent back or restricted the
    use of the data: nobody else may read it. They are told how to ask again."""
    waiting.move(Status.WITHDRAWN, by=None, at=at, why="consent")
    line = words("offer.withdrawn", number=waiting.number)
    dispatch.end_all(session, waiting, End.WITHDRAWN, line, at=at)
    is_restricted = waiting.asker.restricted_at is not None
    say(
        session,
        waiting.bot_id,
        waiting.asker,
        "consultation.called_off",
        at=at,
        number=waiting.number,
        buttons=[[Button("button.lift", "lift")]] if is_restricted else [],
    )


def expire_drafts(session: Session, *, at: datetime) -> None:
    """Destroy the words that waited a day for a yes that never came, or three for the answers to
    our questions, and say so to their writer."""
    asked = select(Form.consultation_id).where(
        Form.question == Question.INTAKE, Form.asked_at > at - ANSWERS_KEPT
    )
    stale = session.scalars(
        select(Consultation).where(
            Consultation.status == Status.DRAFT,
            Consultation.opened_at <= at - DRAFT_KEPT,
            Consultation.id.not_in(asked),
        )
    )
    for drafted in stale.all():
        consultation.drop_draft(session, drafted, None, at=at)
        say(
            session,
            drafted.bot_id,
            drafted.asker,
            "consultation.expired",
            at=at,
            lane=Lane.REMINDER,
            repeatable=False,
        )


def may_hear(session: Session, row: Outgoing) -> bool:
    """Tell whether a row may still go out: to the asker, to the worker of this moment, as an
    offer that still stands, or to whom that worker has asked. What was owed to somebody who has
    left the consultation is not."""
    found = session.get(Consultation, row.consultation_id)
    if found is None or row.chat_id == found.asker.telegram_id:
        return True
    if found.worker is not None and row.chat_id == found.worker.telegram_id:
        return True
    standing = select(Offer.id).where(Offer.outbox_key == row.key, Offer.ended_at.is_(None))
    if session.scalar(standing) is not None:
        return True
    asked = opinion.standing(session, Opinion.consultation_id == found.id)
    return row.chat_id in [each.worker.telegram_id for each in asked]


def _skill(
    session: Session, drafted: Consultation, home: Facility, *, at: datetime
) -> Skill | None:
    """Give the skill that it needs and that somebody on duty has; danger needs whoever comes."""
    if drafted.danger_at is not None:
        return None
    return skill.needed(
        dispatch.complaint_of(session, drafted),
        is_pregnant=patient.answers(session, drafted).get("pregnancy") in ("pregnant", "birth"),
        had=dispatch.professions(session, [home.id], at=at),
    )


def _take(session: Session, found: Consultation, role: Role, *, at: datetime) -> None:
    places = desk.place.taken(session, role.person_id)
    if len(places) >= role.places and not found.danger_at:
        raise NotAllowed("refusal.full", count=len(places))
    role.ready_at, role.took_at = role.ready_at or at, at
    found.move(Status.ACTIVE, by=role.person, at=at)
    found.worker, found.worker_id, found.accepted_at = role.person, role.person_id, at
    found.place = desk.place.first_free(places)
    found.write(session, **found.read(session) | {"worker": credential.title(session, role)})
    audit.note(session, role.person, "open", found, at=at)
    session.flush()
