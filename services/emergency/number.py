"""The numbers to call near a facility: entered by its people or written down for its district,
never made up, shown after 119. docs/decisions/emergency.md says how the two relate."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.emergency import EmergencyNumber
from models.facility import Facility
from services import facility
from services.content import Html, district_numbers, plain, words

STALE = timedelta(days=31)
"""A number that nobody tried for longer is to be tried again."""
REGENCY = len("53.15")
"""Characters of a regency's code, which begins the code of every village in it."""
_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]*")
_LONGEST_LABEL = 60


class Line(NamedTuple):
    """One number of a district's file."""

    label: str
    number: str
    checked_on: date


def numbers(session: Session, home: Facility) -> Sequence[EmergencyNumber]:
    """Give a facility's numbers in the order in which they were entered."""
    return session.scalars(
        select(EmergencyNumber)
        .where(EmergencyNumber.facility_id == home.id, EmergencyNumber.ended_on.is_(None))
        .order_by(EmergencyNumber.id)
    ).all()


def is_stale(one: EmergencyNumber, today: date) -> bool:
    """Tell whether a number has to be tried again."""
    return today - one.checked_on > STALE


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
    session: Session, home: Facility, label: str, number: str, *, checked_on: date
) -> EmergencyNumber:
    """Enter whom a number reaches, or change the number under that label; raises ValueError."""
    label, number = read(label, number)
    found = _find(session, home, label)
    if found is None:
        found = EmergencyNumber(facility_id=home.id, label=label)
        session.add(found)
    found.number, found.checked_on, found.ended_on = number, checked_on, None
    session.flush()
    return found


def remove(session: Session, home: Facility, label: str, *, on: date) -> bool:
    """Show a number to nobody any more; tell whether there was one."""
    found = _find(session, home, label)
    if found is None or found.ended_on is not None:
        return False
    found.ended_on = on
    session.flush()
    return True


def adopt(session: Session, home: Facility, *, on: date) -> None:
    """Take over what the file of the facility's district says, where nobody here knew it later.

    Run twice, the second changes nothing. Raises ValueError for a file that cannot be read.
    """
    for line in of_district(home.region_code or "", on=on):
        found = _find(session, home, line.label)
        known_on = None if found is None else found.ended_on or found.checked_on
        if known_on is None or known_on < line.checked_on:
            set_number(session, home, line.label, line.number, checked_on=line.checked_on)


def of_district(region_code: str, *, on: date) -> list[Line]:
    """Give the numbers of the file for the regency in which a region lies.

    Raises ValueError, in words for people, where it cannot be read, or a line of it is no number
    that somebody with a name has tried until that day.
    """
    code = region_code[:REGENCY]
    try:
        found = district_numbers(code)
    except ValueError as error:
        raise ValueError(plain("emergency.bad_file", code=code, error=error)) from None
    lines = [_line(one, on) for one in found]
    if None in lines:
        raise ValueError(plain("emergency.bad_line", code=code, place=lines.index(None) + 1))
    return [line for line in lines if line is not None]


def near(session: Session, bot_id: int, region_code: str, *, on: date) -> list[tuple[str, str]]:
    """Give the numbers for a village: those of the facility behind the bot, unless it is known to
    lie in another regency; then another own facility's there; then what the file says, if it can be
    read."""
    regency, home = region_code[:REGENCY], facility.behind(session, bot_id)
    if home is not None and (home.region_code or regency)[:REGENCY] == regency:
        return [(one.label, one.number) for one in numbers(session, home)]
    others = session.execute(
        select(EmergencyNumber.label, EmergencyNumber.number)
        .join(Facility, Facility.id == EmergencyNumber.facility_id)
        .where(
            Facility.is_ours,
            Facility.region_code.startswith(regency, autoescape=True),
            EmergencyNumber.ended_on.is_(None),
        )
        .order_by(EmergencyNumber.id)
    ).all()
    found: dict[str, str] = {}
    for label, number in others:
        found.setdefault(label, number)
    if not found:
        with suppress(ValueError):  # `telekonsul check` names the file
            return [line[:2] for line in of_district(regency, on=on)]
    return [*found.items()]


def lines(session: Session, home: Facility | None) -> Html:
    """Give the lines of the emergency card that name them; nothing where none was entered."""
    found = numbers(session, home) if home is not None else ()
    return spelled([(one.label, one.number) for one in found])


def spelled(found: Sequence[tuple[str, str]]) -> Html:
    """Give a line for each label and number, each with a break before it."""
    return Html(
        "".join(f"\n{words('danger.number', label=label, number=one)}" for label, one in found)
    )


def _line(raw: object, on: date) -> Line | None:
    """Read one number; None where it is none, or not tried by somebody with a name until today."""
    if not isinstance(raw, dict):
        return None
    label, number, by = (raw.get(name) for name in ("label", "number", "checked_by"))
    checked_on = raw.get("checked_on")
    if not (isinstance(label, str) and isinstance(number, str) and isinstance(by, str)):
        return None
    if type(checked_on) is not date or checked_on > on or not by.strip():
        return None
    with suppress(ValueError):
        return Line(*read(label, number), checked_on)
    return None


def _find(session: Session, home: Facility, label: str) -> EmergencyNumber | None:
    return session.scalar(
        select(EmergencyNumber).where(
            EmergencyNumber.facility_id == home.id, EmergencyNumber.label == label
        )
    )
