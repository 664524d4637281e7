"""Made-up data: everything that demo and tests invent carries the word «contoh», and a service for
people refuses to start on it. Names that people give themselves on Telegram do not count."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.emergency import EmergencyNumber
from models.facility import Facility
from models.role import Role
from models.seal import Unreadable
from services.content import plain

MARK = "CONTOH"
"""The file that makes a folder one of made-up data."""
_WORD = re.compile(r"(?<![^\W_])contoh(?![^\W_])", re.IGNORECASE)
"""The word by itself, also in «STR-CONTOH-7»; not in «percontohan»."""


class Specimen(NamedTuple):
    """One thing that is made up, and how a person mends that."""

    what: str
    mend: str

    @property
    def refusal(self) -> str:
        """Why a service for people does not go on, and what to do."""
        return plain("specimen.refused", what=self.what, mend=self.mend)


def is_marked(text: str | None) -> bool:
    """Tell whether a text says of itself that it is made up."""
    return bool(text and _WORD.search(text))


def mark(folder: Path) -> None:
    """Make a folder one of made-up data."""
    (folder / MARK).touch()


def allows(home: Facility, *texts: str) -> bool:
    """Tell whether these may be entered for a worker of this facility: what is made up belongs to
    a facility that is made up too, and would keep any other from its next start."""
    return _is_made_up(home) or not any(map(is_marked, texts))


def in_folder(folder: Path) -> Specimen | None:
    """Give a data folder back that is marked, by its own name or by the file in it.

    What stands above it says nothing of the data: somebody's account may be called so.
    """
    if is_marked(folder.resolve().name) or (folder / MARK).exists():
        return Specimen(plain("specimen.folder", folder=folder), plain("specimen.mend_folder"))
    return None


def in_records(session: Session) -> Specimen | None:
    """Give the first record in force that is marked, as a person would look for it."""
    return next(_marked(session), None)


def _is_made_up(home: Facility) -> bool:
    return any(map(is_marked, (home.name, home.responsible, home.contact)))


def _marked(session: Session) -> Iterator[Specimen]:
    texts = (Facility.name, Facility.responsible, Facility.contact)
    marked = or_(*(text.ilike(f"%{MARK}%") for text in texts))  # the list may have 30,000 others
    for home in session.scalars(select(Facility).where(marked).order_by(Facility.id)):
        if _is_made_up(home):
            yield Specimen(
                plain("specimen.facility", code=home.code, name=home.name),
                plain("specimen.mend_facility", code=home.code),
            )
    for one in session.scalars(select(EmergencyNumber).order_by(EmergencyNumber.id)):
        if is_marked(one.label) or is_marked(one.number):
            yield Specimen(
                plain("specimen.number", label=one.label, number=one.number),
                plain("specimen.mend_number"),
            )
    for role in session.scalars(select(Role).where(Role.ended_at.is_(None)).order_by(Role.id)):
        with suppress(Unreadable):  # a lost key is another fault, found elsewhere
            if any(is_marked(str(value)) for value in role.read(session).values()):
                account = role.person.telegram_id
                yield Specimen(
                    plain("specimen.worker", account=account),
                    plain("specimen.mend_worker", account=account),
                )
