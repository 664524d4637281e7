"""The contact ledger: with how many different participants a facility was in contact each month.

A contact is individual and goes both ways: the asker wrote, and a worker answered them. What the
clock sends, what nobody answered, and what an officer or a kader said counts for nothing. This is
what «kontak tidak langsung» by Telegram asks for (since the payment of September 2020: Kompas,
Suara, krjogja), counted here for whoever enters it in P-Care; nothing is sent anywhere.
"""

import csv
import io
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, distinct, exists, func, select
from sqlalchemy.orm import Session, aliased

from models.consultation import Consultation
from models.errors import Refusal
from models.facility import Facility
from models.form import Question
from models.message import Message, Part, Words
from models.patient import Patient
from services import audit, consultation, credential, day, facility, form
from services.content import Html, joined, plain, words
from services.mail import Button, Key, attach, say
from services.month import FAR, bounds
from services.person import Caller
from services.text import digits

TARGET = 150
"""Contacts per mille of those registered in a month (BPJS Regulation 7/2019, Permenkes 3/2023)."""
CHANNEL = "Telegram"
MOST = 1_000_000
"""More participants no primary-care facility has."""
COLUMNS = "bulan", "kode_faskes", "faskes", "kanal", "peserta_berbeda", "terdaftar", "per_mil"


class Month(NamedTuple):
    """One month of one facility."""

    first: date
    home: Facility
    patients: int
    """Different participants with a contact both ways."""

    @property
    def per_mille(self) -> float | None:
        """Give how many of a thousand registered that is; None where nobody said how many are."""
        registered = self.home.registered
        return 1000 * self.patients / registered if registered else None


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Send an admin one message: this month and the last of their facility, and a file with the
    months before for all facilities here."""
    credential.must_be_admin(session, caller.person)
    home = facility.home(session, caller.bot_id)
    ours = session.scalars(select(Facility).where(Facility.is_ours).order_by(Facility.code)).all()
    audit.note(session, caller.person, "export", home, at=at)
    lines = [_line(month(session, home, back, at=at)) for back in (0, 1)]
    if not home.registered:
        lines.append(words("ledger.not_registered"))
    text = words("ledger.page", facility=home.name, lines=joined("\n", lines), target=TARGET)
    months = [month(session, one, back, at=at) for one in ours for back in range(FAR + 1)]
    name = f"kontak-{day.of(home.zone, at):%Y-%m}.csv"
    rows = [[Button("button.count_registered", f"registered:{home.id}")]]
    attach(session, caller.bot_id, caller.person, name, table(months), text, at=at, buttons=rows)


def month(session: Session, home: Facility, back: int, *, at: datetime) -> Month:
    """Count one month of a facility, so many months back, by its own clocks."""
    since, until = bounds(home, back, at)
    person = func.coalesce(Patient.same_as_id, Patient.id)
    counted = (
        select(func.count(distinct(person)))
        .select_from(Consultation)
        .join(Patient, Patient.id == Consultation.patient_id)
        .where(
            Consultation.facility_id == home.id,
            Consultation.opened_at < until,
            _wrote(since, until, is_asker=False),
            _wrote(since, until, is_asker=True) | ~_wrote(None, since, is_asker=False),
        )
    )
    return Month(day.of(home.zone, since), home, session.scalar(counted) or 0)


def table(months: list[Month]) -> bytes:
    """Give the months as CSV, a number of participants each and nobody's name."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in months:
        share = "" if one.per_mille is None else f"{one.per_mille:.1f}"
        writer.writerow(
            [f"{one.first:%Y-%m}", _safe(one.home.code), _safe(one.home.name), CHANNEL,
             one.patients, one.home.registered or "", share]
        )  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def ask_registered(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Ask an admin how many participants are registered at the facility."""
    credential.must_be_admin(session, caller.person)
    if consultation.open_ones(session, caller):
        raise Refusal("correction.later")
    form.ask(session, caller, Question.REGISTERED, None, at=at, facility=facility_id)
    keys = [[Key("button.leave")]]
    say(session, caller.bot_id, caller.person, "ledger.ask", at=at, keys=keys)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take that number; False when nothing is asked."""
    if not form.is_open(caller, Question.REGISTERED, at=at) or said.kind != "text":
        return False
    home = session.get(Facility, form.kept(session, caller).get("facility", 0))
    if home is None or said.text.strip() == plain("button.leave"):
        form.forget(session, caller)
        say(session, caller.bot_id, caller.person, "leave.nothing", at=at)
        return True
    credential.must_be_admin(session, caller.person)
    typed = said.text.replace(".", "").replace(" ", "").strip()
    count = int(digits(typed)) if typed.isdecimal() and len(typed) <= len(str(MOST)) else 0
    if not 0 < count <= MOST:
        say(session, caller.bot_id, caller.person, "ledger.wrong", at=at)
        return True
    form.forget(session, caller)
    home.registered = count
    audit.note(session, caller.person, "change", home, at=at)
    say(session, caller.bot_id, caller.person, "ledger.kept", at=at, count=_number(count),
        facility=home.name, buttons=[[Button("button.ledger", "ledger")]])  # fmt: skip
    return True


def _wrote(since: datetime | None, until: datetime, *, is_asker: bool) -> ColumnElement[bool]:
    """Tell whether the asker, or a worker, wrote in a consultation before a moment."""
    one = aliased(Message)
    who = one.author_id == Consultation.asker_id
    parts = (Part.COMPLAINT, Part.TALK) if is_asker else (Part.TALK, Part.ADVICE)
    wanted = [
        one.consultation_id == Consultation.id,
        who if is_asker else ~who,
        one.part.in_(parts),
        one.at < until,
    ]
    if since is not None:
        wanted.append(one.at >= since)
    return exists().where(*wanted)


def _line(one: Month) -> Html:
    if one.per_mille is None:
        return words("ledger.line", month=day.month(one.first), count=_number(one.patients))
    return words(
        "ledger.line_share",
        month=day.month(one.first),
        count=_number(one.patients),
        registered=_number(one.home.registered or 0),
        share=f"{one.per_mille:.1f}".replace(".", ","),
    )


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _safe(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
