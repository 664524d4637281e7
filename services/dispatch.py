"""Who is offered what: rounds of offers to the best free workers, the longest waiting first.

Matched when a worker is free, never bound at arrival. `match` changes nothing where nothing can be
matched, so it may be called after any change.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.mail import Lane
from models.message import Message, Part
from models.offer import ROUND, ROUND_SIZE, End, Offer
from models.person import Person
from models.role import Role
from models.seal import Unreadable
from services import patient, person, pool
from services.content import Html, plain, words
from services.mail import Button, cut, say
from services.text import mask, shorten

COMPLAINT = 160
"""Characters of the complaint in an offer: two lines on a phone."""
LET_GO = (End.PASSED, End.ACCEPTED)
"""Whoever passed an offer, or gave the consultation back, is not asked at once again."""
MISSES = 3
"""After so many missed offers of one consultation a worker is not asked again until «Siap»."""


def match(session: Session, *, at: datetime) -> None:
    """Offer what waits and stands offered to nobody to workers who are free now, and danger to
    everybody who was not called yet."""
    offered = (
        select(Offer.id)
        .where(Offer.consultation_id == Consultation.id, Offer.ended_at.is_(None))
        .exists()
    )
    waiting = session.scalars(
        select(Consultation)
        .where(
            Consultation.status == Status.WAITING,
            or_(Consultation.danger_at.is_not(None), ~offered),
        )
        .order_by(Consultation.rank_at)
    )
    for consultation in waiting:
        if consultation.danger_at:
            asked = _uncalled(session, consultation, at=at)
        else:
            free = _best(session, consultation, at=at)
            asked = _former(session, consultation, free) or free[:ROUND_SIZE]
        offer(session, consultation, asked, at=at)


def everybody(session: Session, consultation: Consultation, *, at: datetime) -> list[Role]:
    """Give all on duty who can be reached, those of the own facility first: danger does not ask
    who is free. Another facility's are among them only where the asker agreed."""
    homes = pool.homes(session, consultation)
    return [role for home in homes for role in pool.crew(session, consultation, home, at=at)]


def offer(
    session: Session, consultation: Consultation, asked: Sequence[Role], *, at: datetime
) -> None:
    """Show a waiting consultation to these workers: who, how old and what, but no name, no number,
    no photo, and of where they live only the kecamatan."""
    complaint = complaint_of(session, consultation)
    brief = patient.brief(patient.answers(session, consultation))
    if district := patient.district(session, consultation.patient):
        brief = plain("offer.from", patient=brief, district=district)
    for role in asked:
        about = brief
        if role.facility_id != consultation.facility_id and consultation.facility is not None:
            about = plain("pool.about", patient=brief, facility=consultation.facility.name)
        row = say(
            session,
            consultation.bot_id,
            role.person,
            "offer.danger" if consultation.danger_at else "offer.text",
            at=at,
            lane=Lane.EMERGENCY if consultation.danger_at else Lane.OFFER,
            consultation=consultation,
            number=consultation.number,
            complaint=complaint,
            patient=about,
            protect=True,
            repeatable=consultation.danger_at is not None,
            buttons=[
                [
                    Button("button.accept", f"accept:{consultation.id}"),
                    Button("button.pass", f"pass:{consultation.id}"),
                ]
            ],
        )
        session.add(
            Offer(
                consultation_id=consultation.id,
                worker_id=role.person_id,
                made_at=at,
                ends_at=at + ROUND,
                outbox_key=row.key,
            )
        )
    session.flush()


def complaint_of(session: Session, consultation: Consultation) -> str:
    """Give the complaint in two lines, numbers masked."""
    parts = session.scalars(
        select(Message)
        .where(Message.consultation_id == consultation.id, Message.part == Part.COMPLAINT)
        .order_by(Message.id)
        .limit(5)
    )
    return shorten(mask(" ".join(_shown(session, part) for part in parts)), COMPLAINT)


def _shown(session: Session, part: Message) -> str:
    """A message that is damaged stops neither its own offer nor everybody else's."""
    try:
        return part.newest(session) or plain("relay.without_words")
    except Unreadable:
        return plain("relay.unreadable")


def end(session: Session, standing: Offer, how: End, line: Html, *, at: datetime) -> None:
    """End one offer and cut its message to one line."""
    standing.ended_at, standing.end = at, how
    if standing.outbox_key is not None:
        bot_id = standing.consultation.bot_id
        cut(session, bot_id, standing.worker, standing.outbox_key, line, at=at)


def end_all(
    session: Session,
    consultation: Consultation,
    how: End,
    line: Html,
    *,
    at: datetime,
) -> None:
    """End every standing offer of a consultation."""
    for standing in _standing(session, Offer.consultation_id == consultation.id):
        end(session, standing, how, line, at=at)


def taken(
    session: Session, consultation: Consultation, by: Person, name: str, *, at: datetime
) -> None:
    """End every offer of a consultation that somebody has taken; the others read who it was."""
    number = consultation.number
    for standing in _standing(session, Offer.consultation_id == consultation.id):
        if standing.worker_id == by.id:
            line = words("offer.accepted", number=number)
            end(session, standing, End.ACCEPTED, line, at=at)
        else:
            line = words("offer.taken", number=number, worker=name)
            end(session, standing, End.TAKEN, line, at=at)


def release(session: Session, worker: Person, *, at: datetime) -> None:
    """End every standing offer to a worker who is no longer there to take it."""
    for standing in _standing(session, Offer.worker_id == worker.id):
        line = words("offer.passed", number=standing.consultation.number)
        end(session, standing, End.PASSED, line, at=at)


def skip(session: Session, worker: Person, consultation: Consultation, *, at: datetime) -> bool:
    """A worker lets an offer go and the round goes on; False when no such offer stood."""
    mine = _standing(
        session, Offer.worker_id == worker.id, Offer.consultation_id == consultation.id
    )
    for standing in mine:
        line = words("offer.passed", number=consultation.number)
        end(session, standing, End.PASSED, line, at=at)
    session.flush()
    match(session, at=at)
    return bool(mine)


def sweep(session: Session, *, at: datetime) -> None:
    """End the offers whose time is over and ask the next; run twice, nobody is asked twice."""
    # An offer that would stand longer than a round was made before the clock was put back.
    for standing in _standing(session, or_(Offer.ends_at <= at, Offer.ends_at > at + ROUND)):
        line = words("offer.expired", number=standing.consultation.number)
        end(session, standing, End.EXPIRED, line, at=at)
    session.flush()
    match(session, at=at)


def _standing(session: Session, *which: object) -> Sequence[Offer]:
    return session.scalars(
        select(Offer).where(Offer.ended_at.is_(None), *which)  # type: ignore[arg-type]  # conditions
    ).all()


def reachable(session: Session, consultation: Consultation, role: Role) -> bool:
    """Tell whether a worker can be written to in the consultation's chat."""
    contact = person.contact_of(session, consultation.bot_id, role.person)
    return contact is not None and contact.unreachable_at is None


def _uncalled(session: Session, consultation: Consultation, *, at: datetime) -> list[Role]:
    """All on duty but those whose call stands, and those who let it go in this round."""
    called = session.scalars(
        select(Offer).where(
            Offer.consultation_id == consultation.id, Offer.made_at >= consultation.danger_at
        )
    ).all()

    def was_called(role: Role) -> bool:
        mine = [one for one in called if one.worker_id == role.person_id]
        let_go = [one for one in mine if one.end in LET_GO and one.made_at > at - ROUND]
        return any(one.ended_at is None for one in mine) or any(
            one.made_at >= (role.ready_at or at) for one in let_go
        )

    return [role for role in everybody(session, consultation, at=at) if not was_called(role)]


def _former(session: Session, consultation: Consultation, free: Sequence[Role]) -> list[Role]:
    """Who answered what this one follows, where they are free: they are asked first, for one round,
    because they know the patient."""
    if consultation.follows_id is None:
        return []
    former = session.get_one(Consultation, consultation.follows_id).worker_id
    offered = select(Offer.id).where(Offer.consultation_id == consultation.id)
    if session.scalar(offered.limit(1)) is not None:
        return []
    return [role for role in free if role.person_id == former]


def _best(session: Session, consultation: Consultation, *, at: datetime) -> list[Role]:
    """The free workers: of the own facility, then of the nearer one; those first who missed it
    least, have least to do and waited longest."""
    active = dict(
        session.execute(
            select(Consultation.worker_id, func.count())
            .where(Consultation.status == Status.ACTIVE)
            .group_by(Consultation.worker_id)
        ).all()
    )
    asked = set(session.scalars(select(Offer.worker_id).where(Offer.ended_at.is_(None))))
    earlier = session.scalars(select(Offer).where(Offer.consultation_id == consultation.id)).all()

    def missed(role: Role) -> int:
        since = role.ready_at or at
        mine = [one for one in earlier if one.worker_id == role.person_id and one.made_at >= since]
        return MISSES if any(one.end in LET_GO for one in mine) else len(mine)

    free = [
        role
        for role in everybody(session, consultation, at=at)
        if active.get(role.person_id, 0) < role.places
        and role.person_id not in asked
        and missed(role) < MISSES
    ]
    homes = [home.id for home in pool.homes(session, consultation)]
    return sorted(
        free,
        key=lambda role: (
            homes.index(role.facility_id or 0),
            missed(role),
            active.get(role.person_id, 0),
            role.ready_at,
        ),
    )
