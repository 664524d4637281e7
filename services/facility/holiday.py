"""Days on which facilities are closed although their week says otherwise."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.facility import Facility, Holiday
from services import atlas

SOON = timedelta(days=183)
"""The months for which the holidays that move should be known: each half year has some."""


def enter(session: Session, on: date, name: str, facility: Facility | None = None) -> None:
    """Enter a holiday, or its new name: of one facility, or of all."""
    of = None if facility is None else facility.id
    found = session.scalar(select(Holiday).where(Holiday.facility_id == of, Holiday.on == on))
    if found is None:
        found = Holiday(facility_id=of, on=on)
        session.add(found)
    found.name = name
    session.flush()
    atlas.changed(session)


def remove(session: Session, on: date, facility: Facility | None = None) -> bool:
    """Take back a holiday that was entered; tell whether there was one."""
    of = None if facility is None else facility.id
    found = session.scalar(select(Holiday).where(Holiday.facility_id == of, Holiday.on == on))
    if found is None:
        return False
    session.delete(found)
    session.flush()
    atlas.changed(session)
    return True


def entered_soon(session: Session, today: date) -> int:
    """Give how many of everybody's holidays were entered for the coming months."""
    coming = Holiday.on.between(today, today + SOON)
    found = select(func.count()).where(Holiday.facility_id.is_(None), coming)
    return session.scalar(found) or 0
