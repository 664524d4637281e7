"""What stands on the page: who refers whom to where and why, and what was advised."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import segno
from sqlalchemy.orm import Session

from models.bot import Bot
from models.consultation import Consultation
from models.errors import NotFound
from models.message import Message
from models.person import Person
from services import audit, day, dispatch, followup, invitation, patient, privacy, sheet
from services.content import plain, words
from services.mail import attach
from services.paper.setting import LARGE, Line, wrap, write
from services.patient import field
from services.person import Caller
from services.referral.check import payload
from services.text import mask

TOLD = ("name", "sex", "birth", "nik", "card", "allergies", "illness", "pregnancy")
"""What the receiving facility reads of the patient; numbers are covered but for their end."""
NUMBERS = ("nik", "card")
SQUARE = 90
"""Points of the side of the code that a phone can read."""


def send(session: Session, found: Consultation, to: Person, *, at: datetime) -> None:
    """Send somebody of a consultation its summary as a PDF."""
    message = sheet.referred(session, found)
    if message is None:
        raise NotFound("referral.nothing")
    made = write(list(_lines(session, message, at=at)))
    name, caption = f"rujukan-{found.number}.pdf", words("referral.paper", number=found.number)
    row = attach(session, found.bot_id, to, name, made, caption, at=at, consultation=found)
    privacy.note_shown(session, to, row)


def keep(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Send the asker the summary again, behind the PIN where there is one."""
    found = followup.of_asker(session, caller, consultation_id)
    if privacy.keeps(session, caller, f"referral:{found.id}", at=at):
        return
    send(session, found, caller.person, at=at)
    audit.note(session, caller.person, "export", found, at=at)


def _lines(session: Session, message: Message, *, at: datetime) -> Iterator[Line]:
    found, under = message.consultation, sheet.signed(session, message)
    told = sheet.closing(session, message)
    referral: Mapping[str, Any] = told["referral"]
    yield from wrap(plain("referral.title"), LARGE, is_bold=True)
    yield from wrap(plain("referral.about", number=found.number, to=referral["to"],
                          poli=referral["poli"]))  # fmt: skip
    yield from _part("referral.patient", _patient(session, found, date.fromisoformat(under["on"])))
    yield from _part("referral.complaint", [dispatch.complaint_of(session, found)])
    code = f" ({told['code']})" if told.get("code") else ""
    yield from _part("referral.assessment", [f"{told['assessment']}{code}"])
    yield from _part(
        "referral.advised", [sheet.text_of(session, message), *sheet.beside_words(told)]
    )
    for later in sheet.given(session, found)[1:]:
        yield from _part("referral.amended_part", [sheet.text_of(session, later)])
    yield Line(b"")
    yield from wrap(plain("paper.signed", title=under["title"], sip=under["sip"],
                          profession=plain(f"profession_name.{under['profession']}"),
                          facility=under["facility"]))  # fmt: skip
    yield from wrap(day.text(date.fromisoformat(under["on"])))
    yield Line(b"")
    username = session.get_one(Bot, found.bot_id).username
    link = invitation.link(username, payload(message, referral["secret"]))
    rows = segno.make_qr(link, error="m").matrix
    yield Line(b"", SQUARE, squares=tuple(tuple(map(bool, row)) for row in rows))
    yield from wrap(plain("referral.check", link=link))
    yield from wrap(plain("referral.foot", day=day.text(day.of(followup.zone(found), at))))


def _part(key: str, texts: list[str]) -> Iterator[Line]:
    kept = [text for text in texts if text]
    if kept:
        yield Line(b"")
        yield from wrap(plain(key), is_bold=True)
        for text in kept:
            yield from wrap(mask(text))


def _patient(session: Session, found: Consultation, on: date) -> list[str]:
    told = dict(patient.answers(session, found)) | patient.known(session, found.patient)
    lines = []
    for name in TOLD:
        text = str(field.shown(session, name, told, on))
        if name in NUMBERS and text:
            text = plain("referral.covered", end=text[-4:])
        if text:
            lines.append(plain("referral.told", field=plain(f"field.{name}"), value=text))
    return lines or [plain("patient.unknown")]
