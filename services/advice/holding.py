"""What a closing holds: the advice, and what the profession writes beside it.

All of it stands in the document of the one message that is the advice. What the worker wrote there
is read anew each time, so that an edit counts; what they tapped or wrote apart stands beside it
under `closing`, and goes first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.message import Message, Part
from models.person import Person
from services import diagnosis
from services.content import catalogue
from services.scope import Scope
from services.text import is_blank, shorten

LONGEST = 200
"""Characters of a field: a line of the record, no essay."""
FIRST_LINE = 80
"""Characters of a first line that may be an assessment without being called so."""
FIELDS = ("assessment", "problem", "action")
UNDECIDED = "-"
"""In place of a hospital."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The fields of one closing; what is empty was not written."""

    advice: str = ""
    assessment: str = ""
    code: str = ""
    """ICD-10."""
    problem: str = ""
    action: str = ""
    medicine: tuple[str, ...] = ()
    """Ids of the facility's list, or `sheet.PRESCRIPTION`."""
    named: tuple[str, ...] = ()
    """The same as people read it."""
    poli: str = ""
    """Of a referral: to which specialist."""
    refer_to: str = ""
    """The hospital, as people read it; `UNDECIDED` where the facility names it with the letter."""
    control_on: date | None = None
    """When the asker shall come, or be asked, again."""

    def missing(self, scope: Scope) -> str | None:
        """Give the first field without which it is only half filled."""
        wanted = (*scope.writes, "advice")
        return next((field for field in wanted if is_blank(getattr(self, field))), None)

    def to_document(self) -> dict[str, Any]:
        """Give it as the sealed document keeps it: what is empty is left out."""
        pairs = ((one.name, getattr(self, one.name)) for one in fields(self))
        kept = {name: value for name, value in pairs if value}
        kept |= {"control_on": self.control_on.isoformat()} if self.control_on else {}
        return {"advice": self.advice} | kept

    @classmethod
    def from_document(cls, kept: Mapping[str, Any]) -> Self:
        """Read it back."""
        on = kept.get("control_on")
        names = {one.name for one in fields(cls)}
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in kept.items()
            if name in names
        }
        return cls(**known | ({"control_on": date.fromisoformat(on)} if on else {}))


def drafted(session: Session, found: Consultation, author: Person) -> Message | None:
    """Give the closing that this worker began and has not sent."""
    newest = session.scalar(
        select(Message)
        .where(
            Message.consultation_id == found.id,
            Message.author_id == author.id,
            Message.part == Part.ADVICE,
            Message.sealed.is_not(None),
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return newest if newest is not None and "sent" not in newest.read(session) else None


def held(session: Session, message: Message, scope: Scope) -> Closing:
    """Give what a closing that is not sent yet holds now."""
    kept = dict(message.read(session).get("closing", {}))
    said = understood(session, message.newest(session), scope)
    if "assessment" in said and "assessment" not in kept:
        said = {"code": ""} | said
    return Closing.from_document({**said, **kept})


def keep(session: Session, message: Message, **values: str | date | tuple[str, ...] | None) -> None:
    """Keep what the worker tapped, or wrote apart from the advice; None takes it back."""
    document = message.read(session)
    told = {
        field: value.isoformat() if isinstance(value, date) else value
        for field, value in values.items()
    }
    kept = {**document.get("closing", {}), **told}
    closing = {field: value for field, value in kept.items() if value is not None}
    message.write(session, **document | {"closing": closing})


def understood(session: Session, text: str, scope: Scope) -> dict[str, str]:
    """Tell apart what a worker wrote in one message: fields called by their name, or a first line
    that names a diagnosis letter by letter; the rest is the advice."""
    said: dict[str, str] = {}
    left = []
    for line in text.splitlines():
        label = _LABEL.match(line) if len(line) <= LONGEST else None
        field = _labels().get(" ".join(label[1].casefold().split())) if label else None
        if label and field in scope.writes and field not in said and not is_blank(label[2]):
            said[field] = label[2].strip()
        else:
            left.append(line)
    if scope.assesses and "assessment" not in said:
        first = next((line for line in left if not is_blank(line)), "")
        if first and len(first) <= FIRST_LINE and diagnosis.sure(session, first):
            said["assessment"] = first.strip()
            left.remove(first)
    if "assessment" in said:
        said |= assessed(session, said["assessment"])
    return said | {"advice": "\n".join(left).strip()}


def assessed(session: Session, text: str) -> dict[str, str]:
    """Give an assessment in words, and its code where it was written or is beyond doubt."""
    code, rest = diagnosis.leading(text)
    sure = diagnosis.sure(session, text)
    code = code or (sure.code if sure else "")
    named = rest or diagnosis.name(session, code) or code
    return {"assessment": shorten(named, LONGEST), "code": code}


_LABEL = re.compile(r"\s*([\w ]{1,20}?)\s*[:=]\s*(.*)")


@cache
def _labels() -> dict[str, str]:
    """The names by which workers call a field, each with the field."""
    named = {field: catalogue()[f"closing_label.{field}"] for field in FIELDS}
    return {one: field for field, names in named.items() for one in names.split(" · ")}
