"""What becomes of a closed consultation at the facility: a visit in P-Care, a row of the day.

Nothing is sent anywhere. `copy` gives a worker the text to enter by hand, in the order of the
fields of P-Care's kunjungan (domain facts 1.4); `rows` is what `telekonsul export` prints.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome, Status, Step
from models.errors import NotFound
from models.facility import Facility, Zone
from models.mail import Lane
from models.message import Message, Part
from models.role import Profession
from models.seal import Unreadable
from services import audit, consultation, credential, day, dispatch, followup, patient, scope, sheet
from services.content import Html, escape, words
from services.mail import Button, post, tell, the_id_of
from services.person import Caller
from services.text import shorten

SHOWN = timedelta(minutes=10)
"""So long the text with the card's number stands in the worker's chat."""
LONG = 300
"""Characters of a field that people wrote: all of them fit into one message."""
BLANK = "-"
"""A field that chat cannot fill: who enters it decides."""
OUTPATIENT, REFERRED = "3", "4"
"""kdStatusPulang: berobat jalan, rujuk lanjut."""
NO_TACC = "-1"
NO_ALLERGY = "00"
UNMEASURED = (
    "sistole", "diastole", "beratBadan", "tinggiBadan", "respRate", "heartRate", "lingkarPerut",
)  # fmt: skip
KNOWN = ("name", "sex", "nik", "card")
COLUMNS = (
    "number", "day", "outcome", "reason", "worker", "profession", "sip", "name", "sex", "birth",
    "nik", "card", "complaint", "assessment", "code", "problem", "action", "medicine", "advice",
    "control_on", "refer_to", "poli", "corrected",
)  # fmt: skip
"""What a row of the day holds, in this order."""


def copy(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Give the worker who closed it what P-Care asks for; it leaves the chat after a while."""
    found = consultation.access(session, caller, consultation_id)
    if found.worker_id != caller.person.id or found.status is not Status.CLOSED:
        raise NotFound
    try:
        lines = list(_fields(session, found))
    except Unreadable:
        lines = []
    if not lines:
        raise NotFound("visit.nothing")
    audit.note(session, caller.person, "export", found, at=at)
    block = escape("\n".join(f"{field}: {value}" for field, value in lines))
    minutes = SHOWN // timedelta(minutes=1)
    text = words("visit.text", number=found.number, fields=Html(block), minutes=minutes)
    row = tell(session, caller.bot_id, caller.person, text, at=at, consultation=found,
               buttons=[[Button("button.copied", "copied")]])  # fmt: skip
    _take_away(session, caller, row.key, at=at)


def _take_away(session: Session, caller: Caller, key: str, *, at: datetime) -> None:
    """Delete it when it has stood there long enough. In the last lane: a row that waits for its
    moment holds up those behind it, and nothing for a worker goes there."""
    chat_id = caller.person.telegram_id
    params = {"chat_id": chat_id, "message_id": the_id_of(key)}
    post(session, caller.bot_id, chat_id, "deleteMessage", params, at=at, ref=key,
         lane=Lane.BROADCAST, not_before=at + SHOWN)  # fmt: skip


def hide(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Take the text away at once: it was copied."""
    chat_id = caller.person.telegram_id
    params = {"chat_id": chat_id, "message_id": message_id}
    post(session, caller.bot_id, chat_id, "deleteMessage", params, at=at)


def rows(session: Session, home: Facility, on: date, *, at: datetime) -> list[dict[str, str]]:
    """Give what ended at a facility on a day there, by number, and note that it was taken out."""
    begin = datetime.combine(on, datetime.min.time(), at.tzinfo) - (home.zone or Zone.WIB).ahead
    closed = session.scalars(
        select(Consultation)
        .where(
            Consultation.facility_id == home.id,
            Consultation.status == Status.CLOSED,
            Consultation.ended_at >= begin,
            Consultation.ended_at < begin + timedelta(days=1),
        )
        .order_by(Consultation.number)
    ).all()
    made = []
    for one in closed:
        audit.note(session, None, "export", one, at=at)
        made.append(_row(session, one))
    return made


def current(session: Session, found: Consultation) -> tuple[dict[str, Any], list[Message]]:
    """Give what the record of a consultation says now, later versions before earlier ones; and the
    versions."""
    given = sheet.given(session, found)
    told: dict[str, Any] = {}
    for message in given:
        closing = sheet.closing(session, message)
        if message.part is Part.AMENDMENT:
            # A correction says what is wrong, and of the rest nothing.
            closing = {key: closing[key] for key in ("assessment", "code") if closing.get(key)}
        told |= closing
    return told, given


def _row(session: Session, found: Consultation) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "")
    ended = found.ended_at or found.opened_at
    row |= {
        "number": str(found.number or ""),
        "day": day.of(followup.zone(found), ended).isoformat(),
        "outcome": str(found.outcome or ""),
        "reason": _reason(session, found),
    }
    try:
        told, given = current(session, found)
        row |= _people(session, found, given)
    except Unreadable:  # the patient was erased: that it happened stays
        return row
    row |= {key: str(told[key]) for key in COLUMNS if isinstance(told.get(key), str)}
    row["medicine"] = "; ".join(told.get("named", ()))
    referral = told.get("referral", {})
    row |= {"refer_to": referral.get("to", ""), "poli": referral.get("poli", "")}
    row["advice"] = "\n".join(sheet.text_of(session, one) for one in given)
    row["complaint"] = dispatch.complaint_of(session, found)
    row["corrected"] = str(len(given) - 1) if len(given) > 1 else ""
    return row


def _people(session: Session, found: Consultation, given: list[Message]) -> dict[str, str]:
    known = patient.known(session, found.patient)
    told: dict[str, str] = {key: str(known[key]) for key in KNOWN if key in known}
    told["birth"] = str(known.get("birth_on", ""))
    if given:
        under = sheet.signed(session, given[0])
        return told | {
            "worker": under["title"], "profession": str(under["profession"]), "sip": under["sip"],
        }  # fmt: skip
    by = credential.known_as(session, found.worker) if found.worker is not None else ""
    return told | {"worker": by}


def _reason(session: Session, found: Consultation) -> str:
    last = session.scalars(found.steps.select().order_by(Step.id.desc()).limit(1)).first()
    return (last.why or "") if last is not None and found.outcome is Outcome.NO_CONTACT else ""


def _fields(session: Session, found: Consultation) -> Iterator[tuple[str, str]]:
    """Yield the fields of P-Care's kunjungan in its order; what only a person can say stays «-»."""
    told, given = current(session, found)
    if not given:
        return
    under = sheet.signed(session, given[0])
    known = patient.known(session, found.patient)
    on = date.fromisoformat(under["on"]).strftime("%d-%m-%Y")
    may = scope.of(Profession(under["profession"]))
    yield "noKartu", known.get("card") or BLANK
    yield "tglDaftar", on
    yield "kdPoli", may.poli
    yield "keluhan", dispatch.complaint_of(session, found) or BLANK
    yield "kdSadar", BLANK
    yield from ((field, BLANK) for field in UNMEASURED)
    yield "kdStatusPulang", _status(found)
    yield "tglPulang", on
    yield "kdDokter", under["title"]
    yield "kdDiag1", told.get("code") or BLANK
    yield from ((field, BLANK) for field in ("kdDiag2", "kdDiag3", "kdPoliRujukInternal"))
    referral = told.get("referral")
    yield "rujukLanjut", f"{referral['to']}, {referral['poli']}" if referral else BLANK
    yield "kdTacc", BLANK if referral else NO_TACC
    yield "alasanTacc", BLANK
    yield "anamnesa", told.get("assessment") or told.get("problem") or BLANK
    yield from _allergies(known.get("allergies"))
    yield "kdPrognosa", BLANK
    yield "terapiObat", "; ".join(told.get("named", ())) or BLANK
    advice = " ".join(sheet.text_of(session, one) for one in given)
    yield "terapiNonObat", shorten(advice, LONG)
    yield from ((field, BLANK) for field in ("bmhp", "suhu"))


def _allergies(told: str | None) -> Iterator[tuple[str, str]]:
    """Yield the three kinds: nobody is asked of which kind an allergy is."""
    value = BLANK if told is None else NO_ALLERGY if told == "none" else f"? {shorten(told, 60)}"
    yield from ((f"alergi{kind}", value) for kind in ("Makan", "Udara", "Obat"))


def _status(found: Consultation) -> str:
    if found.outcome is Outcome.EMERGENCY:
        return BLANK
    return REFERRED if found.outcome is Outcome.REFERRED else OUTPATIENT
