"""What several stories begin with, and looks behind the scene that no person has."""

import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.intake import address
from bot.outbox import Letter
from models.base import Base
from models.bot import Bot
from models.consultation import Consultation
from models.facility import Facility
from models.mail import Incoming
from models.message import Message
from models.role import Profession
from models.seal import Sealed, Unreadable
from services import credential, facility
from simulator.person import Person
from simulator.telegram import Delivery
from tests.town import FACILITY, Town

FAR = date(2028, 1, 1)
NEXT_DOOR = "99990002"


TAPS = (
    "Saya sendiri", "2 bulan – 5 tahun", "18 – 55 tahun", "Laki-laki", "Tidak keduanya",
    "Tidak ada",
)  # fmt: skip
"""What somebody answers who is asked everything: who, how old, which sex, and no danger sign."""


async def complains(town: Town, person: Person, text: str) -> None:
    """Somebody writes what ails them, and answers what they are asked then."""
    person.says(text)
    await town.settle()
    await answers(town, person)


async def says(town: Town, person: Person, text: str) -> str:
    """What stands last in somebody's chat when they wrote this, a while after what came before."""
    town.clock.move(10)
    person.says(text)
    await town.settle()
    return person.last.text or ""


async def taps(town: Town, person: Person, label: str) -> str:
    """What stands last in somebody's chat when they tapped this."""
    person.taps(label)
    await town.settle()
    return person.last.text or ""


async def answers(town: Town, person: Person, *labels: str) -> None:
    """Somebody taps the answers to the questions that are open, as long as there are any."""
    wanted = labels or TAPS
    asked = None
    while person.last is not asked and (tap := _tap(person, wanted)) is not None:
        asked = person.last
        person.taps(tap)
        await town.settle()


def _tap(person: Person, wanted: tuple[str, ...]) -> str | None:
    return next((tap for tap in wanted if tap in person.buttons()), None)


async def taken(town: Town, sari: Person, budi: Person, text: str = "Anak batuk 4 hari") -> None:
    """A complaint is written and accepted."""
    await complains(town, sari, text)
    budi.taps("Terima")
    await town.settle()


async def pair(town: Town, name: str = "Sari") -> tuple[Person, Person]:
    """An asker of this name and Budi, who has taken what ails them."""
    budi = await town.worker("Budi")
    sari = await town.asker(name)
    await taken(town, sari, budi)
    return sari, budi


async def advised(town: Town, budi: Person, text: str = "Banyak minum air hangat.") -> None:
    """The worker closes the one consultation they have."""
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    budi.says(text)
    await town.settle()
    budi.taps("cukup di rumah")
    await town.settle()


def hears(person: Person) -> str:
    """Everything on somebody's screen that the service said."""
    return "\n".join(person.heard)


def presses(person: Person, payload: str) -> None:
    """Press a button as a changed client could: with any payload."""
    person.telegram.pressed(person.last, {"callback_data": payload}, person)


def arrives(town: Town, person: Person, kind: str = "message", **parts: Any) -> None:
    """Let an update of any shape come from somebody's private chat."""
    town.bot.updates.add(kind, _shaped(town, person, parts), queue=person.id)


async def posted(town: Town, person: Person, **parts: Any) -> None:
    """Let a message come by webhook, with what no server that we know would write."""
    update = {"update_id": 7, "message": _shaped(town, person, parts)}
    await town.station.intake.keep_one(address(json.loads(json.dumps(update))))
    await town.settle()


def _shaped(town: Town, person: Person, parts: dict[str, Any]) -> dict[str, Any]:
    sender = person.to_json()
    chat = {"id": person.id, "type": "private", "first_name": person.first_name}
    stamp = int(town.clock.now().timestamp())
    number = next(town.bot.next_message)
    return {"message_id": number, "from": sender, "chat": chat, "date": stamp} | parts


def watched(town: Town) -> list[Delivery]:
    """Give the list in which every message lands from now on."""
    seen: list[Delivery] = []
    town.telegram.watchers.append(seen.append)
    return seen


def since(person: Person, count: int) -> list[str]:
    """What somebody heard after the first `count` messages."""
    return person.heard[count:]


async def turns(town: Town, count: int) -> None:
    """Let the service work for a few turns while the clock stands still."""
    for _ in range(count):
        await town.station.intake.poll(town.station.telegram, seconds=0)
        await town.station.handle()
        step = await town.station.outbox.next()
        if isinstance(step, Letter):
            await town.station.outbox.send(step)


async def the_one(town: Town) -> Consultation:
    """The newest consultation, as the database has it."""
    newest = select(Consultation).order_by(Consultation.id.desc()).limit(1)
    return await town.read(lambda session: session.scalars(newest).one())


async def ids(town: Town) -> list[int]:
    """The ids of all consultations, oldest first."""
    every = select(Consultation.id).order_by(Consultation.id)
    return await town.read(lambda session: list(session.scalars(every)))


async def advice_ids(town: Town) -> list[int]:
    """The ids of all kept messages, oldest first."""
    every = select(Message.id).order_by(Message.id)
    return await town.read(lambda session: list(session.scalars(every)))


async def readable(town: Town) -> str:
    """Everything that the keys of the installation can still open, in one text."""

    def look(session: Session) -> str:
        found = []
        for mapper in Base.registry.mappers:
            if not issubclass(mapper.class_, Sealed):
                continue
            for row in session.scalars(select(mapper.class_)):
                try:
                    found.append(repr(row.read(session)))
                except Unreadable:
                    continue
        return "\n".join(found)

    return await town.read(look)


async def unfinished(town: Town) -> int:
    """How many updates are neither done nor refused."""
    left = select(Incoming.seq).where(Incoming.ending.is_(None) | (Incoming.ending == "aside"))
    return await town.read(lambda session: len(session.scalars(left).all()))


async def neighbour(town: Town, name: str = "Dewi") -> Person:
    """A worker on duty at another facility of the same installation."""

    def add(session: Session) -> None:
        home = facility.home(session, town.bot.id)
        session.get_one(Bot, town.bot.id).facility_id = home.id
        facility.add(session, NEXT_DOOR, "Puskesmas Sebelah", "dr. Contoh Sebelah", "080000000001")

    await town.write(add)
    person = town.telegram.add_person(name, bot=town.bot)
    await licensed(town, person, NEXT_DOOR)
    person.starts()
    await town.settle()
    person.says("/siap")
    await town.settle()
    return person


async def licensed(town: Town, person: Person, code: str = FACILITY) -> None:
    """Somebody becomes a worker of a facility."""
    await town.write(
        lambda session: credential.verify(
            session,
            person.id,
            session.scalars(select(Facility).where(Facility.code == code)).one(),
            name=person.first_name,
            profession=Profession.NURSE,
            str_number="CONTOH-STR",
            sip_number="CONTOH-SIP",
            sip_ends_on=FAR,
            at=town.clock.now(),
        )
    )


async def licence_ends(town: Town, person: Person, days: int) -> None:
    """Let a worker's SIP end so many days from today."""

    def end(session: Session) -> None:
        role = credential.worker(
            session,
            credential.person_for(session, person.id, at=town.clock.now()),
            at=town.clock.now(),
        )
        assert role is not None
        role.sip_ends_on = credential.today(town.clock.now()) + timedelta(days=days)

    await town.write(end)
