"""A worker's places: which of them a patient takes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status


def taken(session: Session, worker_id: int | None) -> set[int]:
    """Give the places that a worker's patients take; who has to answer a question takes none."""
    found = session.scalars(
        select(Consultation.place).where(
            Consultation.worker_id == worker_id,
            Consultation.status == Status.ACTIVE,
            Consultation.place.is_not(None),
        )
    )
    return {place for place in found if place is not None}


def first_free(places: set[int]) -> int:
    """Give the first place that is not taken."""
    return next(place for place in range(1, len(places) + 2) if place not in places)


def take_up(session: Session, one: Consultation) -> None:
    """Give a patient who was sent back with a question a place at their worker's desk again, a
    fourth one where there is no other."""
    one.place = first_free(taken(session, one.worker_id))
    session.flush()
