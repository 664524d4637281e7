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
from services.paper.setting import BESIDE, LARGE, ROOM, SQUARE, Line, wrap, write
from services.patient import field
from services.person import Caller
from services.referral.check import payload
from services.text import mask

TOLD = ("birth", "nik", "card", "allergies", "illness")
"""What the receiving facility reads of the patient; numbers are covered but for their end."""
NUMBERS = ("nik", "card")


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
    on = date.fromisoformat(under["on"])
    username = session.get_one(Bot, found.bot_id).username
    link = invitation.link(username, payload(message, referral["secret"]))
    yield _code(link)
    about = plain("referral.about", number=found.number, to=referral["to"], poli=referral["poli"])
    yield from wrap(plain("referral.title"), LARGE, is_bold=True, room=BESIDE)
    yield from wrap(about, room=BESIDE)
    yield from wrap(day.text(on), room=BESIDE)
    yield from _part("referral.patient", _patient(session, found, on))
    yield from _part("referral.complaint", [dispatch.complaint_of(session, found)])
    code = f" ({told['code']})" if told.get("code") else ""
    yield from _part("referral.assessment", [f"{told['assessment']}{code}"])
    named = "; ".join(told.get("named", ()))
    medicine = [plain("referral.medicine", names=named)] if named else []
    yield from _part("referral.advised", [sheet.text_of(session, message), *medicine])
    for later in sheet.given(session, found)[1:]:
        yield from _part("referral.amended_part", [sheet.text_of(session, later)])
    yield Line(b"")
    yield from wrap(sheet.signature_in_print(session, message))
    yield Line(b"")
    yield from wrap(plain("referral.check", link=link))
    yield from wrap(plain("referral.foot", day=day.text(day.of(followup.zone(found), at))))


def _code(link: str) -> Line:
    rows = segno.make_qr(link, error="m").matrix
    return Line(b"", SQUARE, squares=tuple(tuple(map(bool, row)) for row in rows))


def _part(key: str, texts: list[str]) -> Iterator[Line]:
    kept = [text for text in texts if text]
    if kept:
        yield Line(b"")
        yield from wrap(plain(key), is_bold=True)
        for text in kept:
            yield from wrap(mask(text), room=BESIDE if key == "referral.patient" else ROOM)


def _patient(session: Session, found: Consultation, on: date) -> list[str]:
    said = patient.answers(session, found)
    told = dict(said) | patient.known(session, found.patient)
    lines = [told["name"]] if told.get("name") else []
    lines.append(patient.brief(said))
    for name in TOLD:
        if name == "birth" and "birth_on" not in told:
            continue
        text = str(field.shown(session, name, told, on))
        if name in NUMBERS and text:
            text = plain("referral.covered", end=text[-4:])
        if text:
            lines.append(plain("referral.told", field=plain(f"field.{name}"), value=text))
    return lines
