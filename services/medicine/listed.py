"""Which medicines of a facility may be named: entered as text, signed by somebody with a licence.

Nothing here knows a dose: what somebody shall take is a worker's word, never the service's.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.facility import Facility
from models.medicine import Medicine, Signer
from services.text import clean

LONGEST = 60
"""Characters of a name, and of strength and form."""
MOST = 400
"""Medicines of one facility; a puskesmas keeps about a hundred."""


class Signature(NamedTuple):
    """Who signs, and under which licence."""

    name: str
    profession: Signer
    licence: str


def allowed(session: Session, home: Facility) -> Sequence[Medicine]:
    """Give what a facility's workers may name in advice now, by name; nothing where nobody has
    signed."""
    return _standing(session, home, Medicine.signed_at.is_not(None))


def unsigned(session: Session, home: Facility) -> Sequence[Medicine]:
    """Give what was entered and nobody has signed yet, by name."""
    return _standing(session, home, Medicine.signed_at.is_(None))


def listed(session: Session, home: Facility) -> Sequence[Medicine]:
    """Give all that stands on the list: what still has to be signed comes first, each by name."""
    return [*unsigned(session, home), *allowed(session, home)]


def add(session: Session, home: Facility, typed: str, *, at: datetime) -> tuple[int, list[str]]:
    """Enter a medicine for each line «name, strength and form»; tell how many were new, and give
    the lines that could not be read. What stands on the list already stays as it is."""
    known = {one.label.casefold() for one in listed(session, home)}
    added, left = 0, []
    for line in clean(typed).splitlines():
        if not line.strip():
            continue
        found = _read(line)
        if found is None or len(known) >= MOST:
            left.append(line.strip())
        elif ", ".join(found).casefold() not in known:
            name, form = found
            session.add(Medicine(facility_id=home.id, name=name, form=form, added_at=at))
            known.add(", ".join(found).casefold())
            added += 1
    session.flush()
    return added, left


def sign_all(session: Session, home: Facility, by: Signature, *, at: datetime) -> list[Medicine]:
    """Let everything that waits for it be named from now on, under one signature."""
    signed = list(unsigned(session, home))
    for one in signed:
        one.signed_at, one.signed_by = at, by.name
        one.signed_as, one.licence = by.profession, by.licence
    session.flush()
    return signed


def digest(waiting: Sequence[Medicine]) -> str:
    """Give a mark of what waits to be signed: nobody signs another list than they have read."""
    told = "\n".join(f"{one.id} {one.label}" for one in waiting)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def _read(line: str) -> tuple[str, str] | None:
    """Read one line; None where no name, or nothing of strength and form, can be told apart."""
    name, _, form = (" ".join(part.split()) for part in line.lstrip("-•* \t").partition(","))
    is_name = sum(one.isalpha() for one in name) >= 3 and len(name) <= LONGEST
    return (name, form) if is_name and 0 < len(form) <= LONGEST else None


def _standing(session: Session, home: Facility, which: object) -> Sequence[Medicine]:
    return session.scalars(
        select(Medicine)
        .where(Medicine.facility_id == home.id, Medicine.ended_at.is_(None), which)  # type: ignore[arg-type]  # a condition
        .order_by(func.lower(Medicine.name), Medicine.form, Medicine.id)
    ).all()
