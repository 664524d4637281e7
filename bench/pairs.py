"""A service full of people: pairs of an asker and a worker in the middle of a consultation.

And, where wanted, what years of service leave behind: closed consultations with their words.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.consultation import Consultation, Outcome, Status, Step
from models.facility import Facility
from models.message import Message, Pair, Part
from models.patient import Patient
from models.person import Person
from models.role import Profession, Role
from models.seal import ring_of
from services import consent, consultation, credential, facility, person

LICENCE_ENDS = date(2099, 12, 31)
OLD = datetime(2024, 1, 1, tzinfo=UTC)

TALK = 4
"""Messages of an old consultation, each with the place where its copy stands."""
TOGETHER = 1_000
"""Old consultations that are written in one insert."""


def seed(session: Session, bot_id: int, chats: Sequence[int], *, at: datetime) -> None:
    """Let every two neighbours among the chats talk: the first asks, the second is a worker."""
    home = facility.add(session, "99990001", "Puskesmas Contoh", "dr. Contoh", "nomor contoh")
    session.flush()
    for asker_id, worker_id in zip(chats[::2], chats[1::2], strict=True):
        asker = _caller(session, bot_id, asker_id, at)
        consent.give(session, asker, consent.version_of(consent.question(home)), at=at)
        _caller(session, bot_id, worker_id, at)
        role = _worker(session, worker_id, home, at)
        opened = consultation.draft(session, asker, at=at)
        opened.facility_id, opened.number = home.id, facility.next_number(session, home)
        opened.move(Status.WAITING, by=asker.person, at=at)
        opened.move(Status.ACTIVE, by=role.person, at=at)
        opened.worker, opened.place, opened.accepted_at = role.person, 1, at
        opened.write(session, worker=credential.title(session, role))
        session.flush()


def leave_behind(session: Session, bot_id: int, chats: Sequence[int], count: int) -> None:
    """Write so many closed consultations: each of another asker, answered by one of the workers."""
    home = facility.home(session, bot_id)
    workers = [credential.person_for(session, chat, at=OLD).id for chat in chats[1::2]]
    for first in range(0, count, TOGETHER):
        rows: dict[type[Any], list[dict[str, Any]]] = {}
        for number in range(first, min(first + TOGETHER, count)):
            _old(session, rows, bot_id, home.id, number, workers[number % len(workers)])
        for model, values in rows.items():
            session.execute(insert(model), values)


def _caller(session: Session, bot_id: int, chat_id: int, at: datetime) -> person.Caller:
    # As the fake names them, so that no first message has to change a name.
    return person.whoever(session, bot_id, chat_id, f"Warga {chat_id % 1000}", at=at)


def _worker(session: Session, chat_id: int, home: Facility, at: datetime) -> Role:
    role = credential.verify(
        session,
        chat_id,
        home,
        name=f"Contoh {chat_id % 1000}",
        profession=Profession.NURSE,
        str_number="CONTOH-STR",
        sip_number="CONTOH-SIP",
        sip_ends_on=LICENCE_ENDS,
        at=at,
    )
    role.ready_at = at
    session.flush()
    return role


def _old(
    session: Session,
    rows: dict[type[Any], list[dict[str, Any]]],
    bot_id: int,
    facility_id: int,
    number: int,
    worker_id: int,
) -> None:
    ring = ring_of(session)
    at = OLD + timedelta(minutes=number)
    asker = Person(telegram_id=800_000_000 + number, since_at=at)
    asker.write(session, name=f"Warga lama {number}")
    patient = Patient(asker_id=asker.id, person_id=asker.id)
    patient.make_key(ring)
    lock = patient.key(ring)
    closed = Consultation(
        bot_id=bot_id,
        facility_id=facility_id,
        number=1_000_000 + number,
        asker_id=asker.id,
        patient_id=patient.id,
        worker_id=worker_id,
        place=1,
        opened_at=at,
        arrived_at=at,
        rank_at=at,
        accepted_at=at,
        ended_at=at,
        status=Status.CLOSED,
        outcome=Outcome.ADVISED,
        version=1,
    )
    closed.sealed = lock.seal(b'{"id":"","worker":"Perawat Contoh"}', "consultation.sealed")
    records: list[Any] = [asker, patient, closed]
    moves = (Status.DRAFT, Status.WAITING, Status.ACTIVE, Status.CLOSED)
    for before, after in pairwise(moves):
        records.append(
            Step(consultation_id=closed.id, before=before, after=after, by_id=worker_id, at=at)
        )
    helper = 700_000_000 + number % 300
    for turn in range(TALK):
        message = Message(
            consultation_id=closed.id,
            author_id=(asker.id, worker_id)[turn % 2],
            part=Part.TALK,
            at=at,
            chat_id=(asker.telegram_id, helper)[turn % 2],
            telegram_message_id=new_id() % 2**31,
        )
        message.sealed = lock.seal(b'{"id":"","kind":"text","text":"Batuk"}', "message.sealed")
        records.append(message)
        pair = Pair(message_id=message.id, bot_id=bot_id)
        pair.chat_id = (helper, asker.telegram_id)[turn % 2]
        pair.telegram_message_id = new_id() % 2**31
        records.append(pair)
    for record in records:
        values = {
            column.key: getattr(record, column.key)
            for column in type(record).__mapper__.column_attrs
        }
        rows.setdefault(type(record), []).append(values)
