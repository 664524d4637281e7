"""Facilities that a newer version of a list no longer has: ended, never deleted."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.facility import Facility, Listing
from services import atlas

SUDDEN = 0.2
"""The share of a list that may vanish at once before a person is asked: the file may be cut off."""
_AT_ONCE = 500


def missing(session: Session, source: str, codes: Collection[str]) -> tuple[list[int], bool]:
    """Give the lines of a list that a complete new version does not have, and whether they are so
    many that the file may not be complete."""
    found = session.execute(
        select(Listing.id, Listing.code).where(Listing.source == source, Listing.gone_on.is_(None))
    ).all()
    gone = [id_ for id_, code in found if code not in codes]
    return gone, len(gone) > SUDDEN * len(found)


def end(session: Session, gone: list[int], on: date) -> list[tuple[str, str]]:
    """End lines, and the facilities that no list has any more; gives the codes and names of these.

    Our own facilities, and those that somebody entered here, are nobody's list's to end.
    """
    ended = []
    for begin in range(0, len(gone), _AT_ONCE):
        some = gone[begin : begin + _AT_ONCE]
        session.execute(update(Listing).where(Listing.id.in_(some)).values(gone_on=on))
        facilities = select(Listing.facility_id).where(Listing.id.in_(some))
        alive = select(Listing.facility_id).where(Listing.gone_on.is_(None))
        sources = select(Listing.source).where(Listing.facility_id == Facility.id)
        for one in session.scalars(
            select(Facility).where(
                Facility.id.in_(facilities),
                Facility.id.not_in(alive),
                ~Facility.is_ours,
                Facility.ended_on.is_(None),
                ~Facility.mended.contains("end"),
                Facility.source.in_(sources),
            )
        ):
            one.ended_on = on
            ended.append((one.code, one.name))
    if ended:
        atlas.changed(session)
    return ended
