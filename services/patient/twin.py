"""Another record of perhaps the same person, as the numbers say it; only workers are told."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.patient import Patient
from services.mail import Button
from services.patient import record


def ways(session: Session, one: Patient, about: Consultation) -> list[list[Button]]:
    """Give the way to compare a record with another of the same number, where there is one."""
    return [[Button("button.same", f"same:{about.id}")]] if find(session, one) else []


def find(session: Session, one: Patient) -> Patient | None:
    """Give the oldest other record with the same NIK or card of which no worker has said yet
    whether it is the same person."""
    same = [
        column == value
        for column, value in (
            (Patient.nik_index, one.nik_index),
            (Patient.card_index, one.card_index),
        )
        if value is not None
    ]
    if not same:
        return None
    judged = {*together(session, one), *record.known(session, one).get("apart", [])}
    found = select(Patient).where(
        Patient.id.not_in(judged), Patient.wrapped_key.is_not(None), or_(*same)
    )
    return session.scalar(found.order_by(Patient.id).limit(1))


def together(session: Session, one: Patient) -> Sequence[int]:
    """Give the ids of all records of this person, as far as workers have joined them."""
    root = one.same_as_id or one.id
    found = select(Patient.id).where(or_(Patient.id == root, Patient.same_as_id == root))
    return session.scalars(found.order_by(Patient.id)).all()
