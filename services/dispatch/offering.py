"""Offers: one waiting consultation shown to some workers, until it is taken or its time is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.mail import Lane
from models.message import Message, Part
from models.offer import ROUND, End, Offer
from models.person import Person
from models.role import Role
from models.seal import Unreadable
from services import credential, patient
from services.content import Html, plain, words
from services.mail import Button, change, cut, tell, the_id_of
from services.text import mask, shorten

COMPLAINT = 160
"""Characters of the complaint in an offer: two lines on a phone."""


def offer(
    session: Session, consultation: Consultation, asked: Sequence[Role], *, at: datetime
) -> None:
    """Show a waiting consultation to these workers: who, how old and what, but no name, no number,
    no photo, and of where they live only the kecamatan."""
    texts = {role.facility_id: _text(session, consultation, role.facility_id) for role in asked}
    for role in asked:
        row = tell(
            session,
            consultation.bot_id,
            role.person,
            texts[role.facility_id],
            at=at,
            lane=Lane.EMERGENCY if consultation.danger_at else Lane.OFFER,
            consultation=consultation,
            protect=True,
            repeatable=consultation.danger_at is not None,
            buttons=_buttons(consultation),
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


def redraw(session: Session, consultation: Consultation, *, at: datetime) -> None:
    """Show in the offers that stand what a waiting consultation says now."""
    for each in standing(session, Offer.consultation_id == consultation.id):
        role = credential.last_role(session, each.worker)
        if each.outbox_key is not None and role is not None:
            change(
                session,
                consultation.bot_id,
                each.worker,
                the_id_of(each.outbox_key),
                _text(session, consultation, role.facility_id),
                at=at,
                buttons=_buttons(consultation),
                lane=Lane.OFFER,
                ref=each.outbox_key,
            )


def _text(session: Session, consultation: Consultation, facility_id: int | None) -> Html:
    """Give an offer as a worker of a facility reads it."""
    about = patient.brief(patient.answers(session, consultation))
    if district := patient.district(session, consultation.patient):
        about = plain("offer.from", patient=about, district=district)
    if facility_id != consultation.facility_id and consultation.facility is not None:
        about = plain("pool.about", patient=about, facility=consultation.facility.name)
    return words(
        "offer.danger" if consultation.danger_at else "offer.text",
        number=consultation.number,
        complaint=complaint_of(session, consultation),
        patient=about,
    )


def _buttons(consultation: Consultation) -> list[list[Button]]:
    return [
        [
            Button("button.accept", f"accept:{consultation.id}"),
            Button("button.pass", f"pass:{consultation.id}"),
        ]
    ]


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


def standing(session: Session, *which: ColumnElement[bool]) -> Sequence[Offer]:
    """Give the offers that stand, of one worker, of one consultation or of all."""
    return session.scalars(select(Offer).where(Offer.ended_at.is_(None), *which)).all()


def end(session: Session, offered: Offer, how: End, line: Html, *, at: datetime) -> None:
    """End one offer and cut its message to one line."""
    offered.ended_at, offered.end = at, how
    if offered.outbox_key is not None:
        bot_id = offered.consultation.bot_id
        cut(session, bot_id, offered.worker, offered.outbox_key, line, at=at)


def end_all(
    session: Session,
    consultation: Consultation,
    how: End,
    line: Html,
    *,
    at: datetime,
) -> None:
    """End every standing offer of a consultation."""
    for each in standing(session, Offer.consultation_id == consultation.id):
        end(session, each, how, line, at=at)


def taken(
    session: Session, consultation: Consultation, by: Person, name: str, *, at: datetime
) -> list[Person]:
    """End every offer of a consultation that somebody has taken; the others read who it was, and
    are given: they may be free now."""
    number, others = consultation.number, []
    for each in standing(session, Offer.consultation_id == consultation.id):
        if each.worker_id == by.id:
            line = words("offer.accepted", number=number)
            end(session, each, End.ACCEPTED, line, at=at)
        else:
            line = words("offer.taken", number=number, worker=name)
            end(session, each, End.TAKEN, line, at=at)
            others.append(each.worker)
    return others


def release(session: Session, worker: Person, *, at: datetime) -> list[Consultation]:
    """End every standing offer to a worker who is no longer there to take it; give what was
    offered."""
    mine = standing(session, Offer.worker_id == worker.id)
    for each in mine:
        line = words("offer.passed", number=each.consultation.number)
        end(session, each, End.PASSED, line, at=at)
    return [each.consultation for each in mine]
