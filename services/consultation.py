"""The life of a consultation, as verbs: open, request, accept, hand back, withdraw, end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from models.consultation import OPEN, Consultation, Status, Step
from models.errors import Closed, MovedOn, NotAllowed, NotFound, Refusal
from models.facility import Facility
from models.form import Form, Question
from models.mail import Lane, Outgoing
from models.message import Message, Part
from models.offer import End, Offer, Reason
from models.opinion import Opinion
from models.patient import Patient
from models.person import Person
from models.role import Role, Skill
from services import (
    ahead,
    audit,
    consent,
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

DRAFT_KEPT = timedelta(hours=24)
"""How long words wait, sealed and shown to nobody, for a consent or a decision."""

ANSWERS_KEPT = timedelta(hours=72)
"""How long a request that was agreed to waits for the answer to our last question."""


def access(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    """Give a consultation to its asker or its worker, in the bot where it lives; NotFound to
    everybody else and elsewhere."""
    found = session.get(Consultation, consultation_id)
    if (
        found is None
        or found.bot_id != caller.bot_id
        or caller.person.id not in (found.asker_id, found.worker_id)
    ):
        raise NotFound
    return found


_PEOPLE: BindParameter[Sequence[int]] = bindparam("people", expanding=True)


def held(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    """Give an active consultation to the worker who has it; NotFound to everybody else, Closed
    once it has moved on."""
    found = access(session, caller, consultation_id)
    if found.worker_id != caller.person.id:
        raise NotFound
    if found.status is not Status.ACTIVE:
        raise Closed(number=found.number)
    return found


# Asked for every text, so it is built once and brings everybody whom the relay needs.
# Each side has its own index; only a literal lets SQLite use the partial one of the workers.
_OPEN_ONES = (
    select(Consultation)
    .options(
        joinedload(Consultation.patient),
        joinedload(Consultation.asker),
        joinedload(Consultation.worker),
    )
    .where(
        Consultation.bot_id == bindparam("bot"),
        or_(
            and_(Consultation.asker_id.in_(_PEOPLE), Consultation.status.in_(OPEN)),
            and_(
                Consultation.worker_id.in_(_PEOPLE),
                Consultation.status == literal_column(f"'{Status.ACTIVE}'"),
            ),
        ),
    )
    .order_by(Consultation.id)
)


def open_ones(session: Session, caller: Caller) -> list[Consultation]:
    """Give what is open for a person in this chat, as asker or as worker, oldest first."""
    bot_id = caller.bot_id
    return list(
        ahead.answer(
            session, "open", caller.person.id, lambda people: _open_for(session, bot_id, people)
        )
    )


def must_be_free(session: Session, caller: Caller) -> None:
    """Raise Refusal for who talks with somebody: words typed for us must not go to a patient, nor
    words for a patient be taken for ours."""
    if open_ones(session, caller):
        raise Refusal("correction.later")


def look_ahead(session: Session, bot_id: int, people: Sequence[Person]) -> list[Consultation]:
    """Look up at once what `open_ones` will be asked about these people, and give it."""
    found = _open_for(session, bot_id, [person.id for person in people])
    ahead.keep(session, "open", found)
    return [one for each in found.values() for one in each]


def _open_for(
    session: Session, bot_id: int, people: Sequence[int]
) -> dict[int, list[Consultation]]:
    found: dict[int, list[Consultation]] = {one: [] for one in people}
    for one in session.scalars(_OPEN_ONES, {"bot": bot_id, "people": people}):
        # A consultation that still waits is nothing to the worker who gave it back.
        for person_id in {one.asker_id, one.worker_id if one.status is Status.ACTIVE else None}:
            if person_id in found:
                found[person_id].append(one)
    return found


def draft(
    session: Session, caller: Caller, *, at: datetime, of: Patient | None = None
) -> Consultation:
    """Open a draft in which the words of an asker are kept until it is clear what they are; where
    it is not known yet of whom they are, they get a record of their own."""
    opened = Consultation(
        bot_id=caller.bot_id, asker_id=caller.person.id, status=Status.DRAFT, opened_at=at
    )
    opened.patient = of or patient.new(session, caller.person)
    opened.asker = caller.person
    session.add(opened)
    session.flush()
    return opened


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
    found = access(session, caller, consultation_id)
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
    found = access(session, caller, consultation_id)
    if found.worker_id != caller.person.id:
        raise NotFound
    found.move(Status.WAITING, by=caller.person, at=at)
    if not consent.was_taken_back(session, found.asker):
        key = "consultation.handed_back"
        say(session, found.bot_id, found.asker, key, at=at, consultation=found)
    say(session, found.bot_id, caller.person, "consultation.returned", at=at, number=found.number)
    desk.left(session, found, caller.person, at=at)
    if not any(one.status is Status.ACTIVE for one in open_ones(session, caller)):
        form.ask(session, caller, Question.WHOSE, found, at=at, gave_back=True)
    dispatch.place(session, found, at=at)
    dispatch.feed(session, caller.person, at=at)


def lost(session: Session, caller: Caller, consultation_id: int | None) -> Consultation | None:
    """Give a consultation that a worker had and no longer has, while it needs somebody still."""
    found = session.get(Consultation, consultation_id) if consultation_id is not None else None
    if found is None or found.bot_id != caller.bot_id or caller.person.id == found.asker_id:
        return None
    if found.status not in (Status.WAITING, Status.ACTIVE) or found.worker_id == caller.person.id:
        return None
    had = found.steps.select().where(Step.by_id == caller.person.id, Step.after == Status.ACTIVE)
    return found if session.scalars(had.limit(1)).first() is not None else None


def withdraw(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The asker no longer needs it; whoever was offered it is told."""
    found = access(session, caller, consultation_id)
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


def drop_draft(session: Session, drafted: Consultation, by: Person | None, *, at: datetime) -> None:
    """End a draft and destroy its words, and the patient's key where it opens nothing else."""
    drafted.move(Status.WITHDRAWN if by else Status.EXPIRED, by=by, at=at)
    for message in session.scalars(select(Message).where(Message.consultation_id == drafted.id)):
        message.sealed = None
    others = select(Consultation.id).where(
        Consultation.patient_id == drafted.patient_id, Consultation.id != drafted.id
    )
    if session.scalar(others.limit(1)) is None:
        drafted.patient.erase()


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
        drop_draft(session, drafted, None, at=at)
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


def last_closed(session: Session, caller: Caller, *, since: datetime) -> Consultation | None:
    """Give the asker's newest consultation in this chat that ended after `since`."""
    return session.scalar(
        select(Consultation)
        .where(
            Consultation.asker_id == caller.person.id,
            Consultation.bot_id == caller.bot_id,
            Consultation.status == Status.CLOSED,
            Consultation.ended_at > since,
        )
        .order_by(Consultation.ended_at.desc())
        .limit(1)
    )


def has_complaint(session: Session, consultation: Consultation) -> bool:
    """Tell whether anything was said yet."""
    said = select(Message.id).where(
        Message.consultation_id == consultation.id, Message.part == Part.COMPLAINT
    )
    return session.scalar(said.limit(1)) is not None


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
