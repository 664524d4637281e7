"""Telling: one file with everything that is kept of a person and their patients, who read it and
when, and how long it is kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.consent import Consent, ConsentText
from models.consultation import Consultation
from models.correction import Correction
from models.emergency import EmergencyCard
from models.facility import Facility, Zone
from models.followup import Followup
from models.lesson import Lesson
from models.message import Message, Part
from models.offer import Offer
from models.patient import Patient
from models.person import Person
from models.region import Region
from models.role import Role
from models.seal import Unreadable
from models.task import Task
from services import credential, day, facility, patient, person, privacy, sheet, task
from services.content import Html, catalogue, plain, words
from services.correction.reporting import words_of
from services.facility.times import clock_of
from services.person import Caller
from services.text import clean, mask

PAGE = """<!doctype html><html lang="id"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Telekonsul</title>
<style>body{{font:16px/1.5 sans-serif;max-width:44em;margin:1em auto;padding:0 1em;
white-space:pre-wrap;overflow-wrap:anywhere}}</style></head><body>{}</body></html>
"""


def document(session: Session, caller: Caller, *, at: datetime) -> bytes:
    """Give the file: plain words, numbers masked, readable on any phone without a network."""
    home = facility.home(session, caller.bot_id)
    file = _File(session, caller.person, home, at)
    return PAGE.format("\n\n".join(file.parts())).encode()


class _File:
    """One person's file in the making."""

    def __init__(self, session: Session, owner: Person, home: Facility, at: datetime) -> None:
        self._session, self._owner, self._home, self._at = session, owner, home, at
        self._seen = [f"person:{owner.id}"]
        """Records whose openings the owner is told of."""

    def parts(self) -> Iterator[Html]:
        """Give the parts in order; who read what comes after what there is to read."""
        yield words(
            "data_file.title",
            name=person.name_of(self._session, self._owner),
            now=self._when(self._at),
            since=self._when(self._owner.since_at),
            restricted=self._when(self._owner.restricted_at),
            facility=self._home.name,
            contact=self._home.contact,
        )
        yield from self._section("data_file.account", self._account())
        yield from self._section("data_file.consents", self._consents())
        yield from self._section("data_file.patients", self._patients())
        yield from self._section("data_file.consultations", self._consultations())
        yield from self._section("data_file.requests", self._requests())
        yield from self._section("data_file.readers", self._readers())
        yield words("data_file.kept", facility=self._home.name, contact=self._home.contact)

    def _section(self, title: str, lines: Iterator[Html]) -> Iterator[Html]:
        found = list(lines)
        yield Html("\n".join([words(title), *(found or [words("data_file.nothing")])]))

    def _when(self, at: datetime | None) -> str:
        if at is None:
            return "-"
        local = clock_of(self._home.zone, at)
        return f"{day.text(local.date())} {local:%H.%M} {self._home.zone or Zone.WIB}"

    def _account(self) -> Iterator[Html]:
        """Give what is remembered of the account itself, and the roles it has here."""
        for key, value in person.document(self._session, self._owner).items():
            if key in FIELDS:
                shown = _value(self._session, key, value)
                yield words("data_file.field", label=_label(key), value=shown)
        language = plain(f"language_name.{self._owner.reads}")
        yield words("data_file.field", label=_label("language"), value=language)
        kept = privacy.of(self._session, self._owner)
        if kept is not None:
            yield words("data_file.privacy", wrong=kept.wrong)
        learnt = select(Lesson).where(Lesson.person_id == self._owner.id).order_by(Lesson.bot_id)
        for one in self._session.scalars(learnt):
            yield words(
                "data_file.lesson",
                at=self._when(one.at),
                step=one.step + 1,
                number=self._queue_number(one),
                on=day.text(one.turn_on) if one.turn_on is not None else "-",
            )
        cards = select(Region.name).join(EmergencyCard, EmergencyCard.region_code == Region.code)
        for village in self._session.scalars(
            cards.where(EmergencyCard.person_id == self._owner.id)
        ):
            yield words("data_file.card", village=village)
        mine = select(Role).where(Role.person_id == self._owner.id).order_by(Role.id)
        for role in self._session.scalars(mine):
            self._seen.append(f"role:{role.id}")
            yield words(
                "data_file.role",
                kind=plain(f"kind.{role.kind}"),
                facility=role.facility.name if role.facility else "-",
                sip=self._licence(role),
                sex=plain(f"sex.{role.sex}") if role.sex else "-",
                ended=self._when(role.ended_at),
            )

    def _queue_number(self, one: Lesson) -> str:
        try:
            told = one.read(self._session) if one.sealed is not None else {}
        except Unreadable:
            return plain("relay.unreadable")
        return mask(clean(str(told.get("number") or "-")))

    def _licence(self, role: Role) -> str:
        try:
            return str(role.read(self._session).get("sip", "-"))
        except Unreadable:
            return plain("relay.unreadable")

    def _consents(self) -> Iterator[Html]:
        wanted = (
            select(Consent, ConsentText)
            .join(ConsentText, ConsentText.version == Consent.version)
            .where(Consent.person_id == self._owner.id)
            .order_by(Consent.id)
        )
        for given, text in self._session.execute(wanted):
            yield words(
                "data_file.consent",
                given=self._when(given.given_at),
                withdrawn=self._when(given.withdrawn_at),
                text=Html(text.text),
            )

    def _patients(self) -> Iterator[Html]:
        for one in self._session.scalars(self._mine(select(Patient)).order_by(Patient.id)):
            if one.wrapped_key is None:
                continue
            self._seen.append(f"patient:{one.id}")
            said = patient.known(self._session, one)
            lines = [
                words("data_file.field", label=_label(key), value=_value(self._session, key, told))
                for key, told in said.items()
            ]
            if lines:
                yield Html("• " + "\n  ".join(lines))

    def _consultations(self) -> Iterator[Html]:
        wanted = self._mine(select(Consultation).join(Consultation.patient))
        for one in self._session.scalars(wanted.order_by(Consultation.id)).unique().all():
            self._seen.append(f"consultation:{one.id}")
            yield words(
                "data_file.consultation",
                number=one.number or "-",
                opened=self._when(one.opened_at),
                status=plain(f"data_status.{one.status}"),
                ended=self._when(one.ended_at),
                about=patient.brief(patient.answers(self._session, one)),
            )
            yield from self._messages(one)
            yield from self._offers(one)
            yield from self._followups(one)

    def _messages(self, one: Consultation) -> Iterator[Html]:
        wanted = select(Message).where(Message.consultation_id == one.id).order_by(Message.id)
        for message in self._session.scalars(wanted):
            if message.sealed is None:
                continue
            self._seen.append(f"message:{message.id}")
            yield words(
                "data_file.advice" if message.part in GIVEN else "data_file.message",
                at=self._when(message.at),
                who=self._who(message.author_id),
                text=self._text(message),
            )

    def _text(self, message: Message) -> str:
        try:
            said = message.read(self._session)
        except Unreadable:
            return plain("relay.unreadable")
        kind = "" if said["kind"] == "text" else f"[{said['kind']}] "
        text = kind + " → ".join([said["text"], *said.get("edits", [])])
        kept = sheet.coded(sheet.closing(self._session, message))
        return mask(clean("\n".join([text, *sheet.beside(self._session, message), *kept])))

    def _offers(self, one: Consultation) -> Iterator[Html]:
        wanted = select(Offer).where(Offer.consultation_id == one.id).order_by(Offer.id)
        for each in self._session.scalars(wanted):
            who, at = self._who(each.worker_id), self._when(each.made_at)
            yield words("data_file.offer", at=at, who=who)

    def _followups(self, one: Consultation) -> Iterator[Html]:
        wanted = select(Followup).where(Followup.consultation_id == one.id).order_by(Followup.id)
        for row in self._session.scalars(wanted):
            self._seen.append(f"followup:{row.id}")
            yield words(
                "data_file.followup",
                asked=self._when(row.asked_at),
                what=plain(f"data_ask.{row.ask}"),
                answer=plain(f"data_answer.{row.answer}")
                if row.answer in ANSWERS
                else row.answer or "-",
                at=self._when(row.answered_at),
                words=self._comment(row),
            )

    def _comment(self, row: Followup) -> str:
        try:
            said = row.read(self._session).get("words", "") if row.sealed is not None else ""
        except Unreadable:
            said = plain("relay.unreadable")
        return mask(clean(str(said)))

    def _requests(self) -> Iterator[Html]:
        mine = select(Task).where(Task.asked_by_id == self._owner.id).order_by(Task.id)
        for one in self._session.scalars(mine):
            self._seen.append(f"task:{one.id}")
            yield words(
                "data_file.request",
                number=one.number,
                what=plain(f"task_what.{one.what}"),
                made=self._when(one.made_at),
                due=self._when(one.due_at),
                done=self._when(one.done_at),
                note=mask(task.noted(self._session, one)),
            )
        sent = select(Correction).where(Correction.by_id == self._owner.id)
        for report in self._session.scalars(sent.order_by(Correction.id)):
            self._seen.append(f"correction:{report.id}")
            yield words(
                "data_file.report",
                at=self._when(report.reported_at),
                text=self._report(report),
            )

    def _report(self, report: Correction) -> str:
        try:
            return words_of(self._session, report)
        except Unreadable:
            return plain("relay.unreadable")

    def _readers(self) -> Iterator[Html]:
        """Give every time somebody else opened or changed one of these records."""
        for begin in range(0, len(self._seen), 500):
            wanted = select(Audit).where(Audit.record.in_(self._seen[begin : begin + 500]))
            for one in self._session.scalars(wanted.order_by(Audit.seq)):
                if one.by_id == self._owner.id:
                    continue
                noun, _, _ = one.record.partition(":")
                yield words(
                    "data_file.opened" if one.act == "open" else "data_file.changed",
                    at=self._when(one.at),
                    who=self._who(one.by_id),
                    what=plain(f"data_noun.{noun}"),
                )

    def _who(self, person_id: int | None) -> str:
        if person_id is None:
            return plain("data_file.server")
        if person_id == self._owner.id:
            return plain("data_file.you")
        somebody = self._session.get_one(Person, person_id)
        return credential.known_as(self._session, somebody) or plain("data_file.admin")

    def _mine(self, wanted: Any) -> Any:
        return wanted.where(
            or_(Patient.asker_id == self._owner.id, Patient.person_id == self._owner.id)
        )


GIVEN = (Part.ADVICE, Part.AMENDMENT)
ANSWERS = ("yes", "unclear", "explain", "0", "1")
"""Answers that are no mark from 1 to 5."""
NOUNS = ("person", "patient", "consultation", "message", "task", "correction", "role", "followup")
"""Records whose readers are told."""
FIELDS = (
    "relation", "name", "sex", "age", "said_on", "birth_on", "nik", "card", "registered", "village",
    "language", "pregnancy", "pregnancy_on", "allergies", "illness", "adult",
)  # fmt: skip
"""What is kept of a patient and has a name for people."""


def _label(key: str) -> str:
    return plain(f"data_field.{key}") if key in FIELDS else key


def _value(session: Session, key: str, value: object) -> str:
    """Give a value as people read it: codes by their words, numbers covered."""
    if key == "age" and isinstance(value, float | int | str):
        return patient.age_text(value)
    if key == "relation":
        return plain(f"relation_short.{value}")
    if key == "registered" and isinstance(value, int):
        found = session.get(Facility, value)
        return found.name if found is not None else "-"
    if isinstance(value, list):
        return ", ".join(_value(session, key, one) for one in value)
    return mask(catalogue().get(f"{key}.{value}", str(value)))
