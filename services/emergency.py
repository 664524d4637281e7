"""The numbers to call near a facility: entered by its people, never made up, shown after 119."""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.emergency import EmergencyNumber
from models.facility import Facility
from services.content import Html, words

_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]*")
_LONGEST_LABEL = 60


def numbers(session: Session, facility: Facility) -> Sequence[EmergencyNumber]:
    """Give a facility's numbers in the order in which they were entered."""
    return session.scalars(
        select(EmergencyNumber)
        .where(EmergencyNumber.facility_id == facility.id)
        .order_by(EmergencyNumber.id)
    ).all()


def read(label: str, number: str) -> tuple[str, str]:
    """Give whom a number reaches and the number, tidied.

    Raises ValueError for a number that no telephone can dial, and for a label nobody can read.
    """
    label, number = " ".join(label.split()), " ".join(number.split())
    if not 1 <= len(label) <= _LONGEST_LABEL:
        raise ValueError(f"a label has 1 to {_LONGEST_LABEL} characters")
    if not _NUMBER.fullmatch(number) or not 3 <= len(re.sub(r"\D", "", number)) <= 15:
        raise ValueError(f"«{number}» is not a telephone number of 3 to 15 digits")
    return label, number


def set_number(
    session: Session, facility: Facility, label: str, number: str, *, checked_on: date
) -> EmergencyNumber:
    """Enter whom a number reaches, or change the number under that label; raises ValueError."""
    label, number = read(label, number)
    found = _find(session, facility, label)
    if found is None:
        found = EmergencyNumber(facility_id=facility.id, label=label)
        session.add(found)
    found.number, found.checked_on = number, checked_on
    session.flush()
    return found


def remove(session: Session, facility: Facility, label: str) -> bool:
    """Forget a number; tell whether there was one."""
    found = _find(session, facility, label)
    if found is not None:
        session.delete(found)
        session.flush()
    return found is not None


def lines(session: Session, facility: Facility | None) -> Html:
    """Give the lines of the emergency card that name them; nothing where none was entered."""
    found = numbers(session, facility) if facility is not None else ()
    return Html(
        "".join(f"\n{words('danger.number', label=one.label, number=one.number)}" for one in found)
    )


def _find(session: Session, facility: Facility, label: str) -> EmergencyNumber | None:
    return session.scalar(
        select(EmergencyNumber).where(
            EmergencyNumber.facility_id == facility.id, EmergencyNumber.label == label
        )
    )
