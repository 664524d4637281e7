"""The whole service around an empty database, a simulated Telegram, and the people of the cast.

What a test does with a person happens at Telegram; `settle` lets the service receive, handle and
send until nothing is left to do, over real HTTP. Only the clock is moved by hand. Every message
that the service sends is held against the people of its consultation at that moment.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, bindparam, func, select
from sqlalchemy.orm import Session, aliased

import models.person
from bot import config
from bot.app import App
from bot.outbox import Letter
from models.bot import Bot
from models.consultation import Consultation
from models.mail import Outgoing
from models.offer import Offer
from models.opinion import Opinion
from models.role import Profession
from models.seal import KeyRing
from scheduler.timetable import TIMETABLE
from services import credential, facility, patient
from simulator.clock import MovedClock
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import Delivery, Telegram

T = TypeVar("T")

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # nine o'clock in Kupang
FACILITY = "99990001"
NIK = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")

ASKER, WORKER, INVITED = (aliased(models.person.Person) for _ in range(3))
OFFERED = (
    select(Offer.id)
    .join(INVITED, INVITED.id == Offer.worker_id)
    .where(Offer.outbox_key == Outgoing.key, INVITED.telegram_id == Outgoing.chat_id)
)
ASKED = (
    select(Opinion.id)
    .join(INVITED, INVITED.id == Opinion.worker_id)
    .where(
        Opinion.consultation_id == Outgoing.consultation_id,
        INVITED.telegram_id == Outgoing.chat_id,
    )
)
READERS = (
    select(
        Outgoing.consultation_id,
        ASKER.telegram_id.label("asker"),
        WORKER.telegram_id.label("worker"),
        (
            OFFERED.where(Offer.ended_at.is_(None)).exists()
            | ASKED.where(Opinion.ended_at.is_(None)).exists()
        ).label("offered"),
        (OFFERED.exists() | ASKED.exists()).label("was_offered"),
    )
    .outerjoin(Consultation, Consultation.id == Outgoing.consultation_id)
    .outerjoin(ASKER, ASKER.id == Consultation.asker_id)
    .outerjoin(WORKER, WORKER.id == Consultation.worker_id)
    .where(
        Outgoing.chat_id == bindparam("chat"),
        Outgoing.attempted_at.is_not(None),
        Outgoing.settled_at.is_(None),
    )
)
"""Who may read what is on its way to a chat; one query, for it is asked at every message."""

OWED = select(func.count()).select_from(Outgoing).where(Outgoing.settled_at.is_(None))


class Town:
    """The service, its Telegram and its people."""

    def __init__(
        self, telegram: Telegram, server: Server, clock: MovedClock, app: App, key: str
    ) -> None:
        self.telegram, self.server, self.clock, self.app = telegram, server, clock, app
        self.key = key
        self.bot = next(iter(telegram.bots.values()))
        self.foreign: list[str] = []
        self.expects_faults = False
        telegram.watchers.append(self._check)

    @property
    def station(self) -> Any:
        """The one bot's intake, inbox and outbox."""
        return self.app.stations[self.bot.id]

    # ── people ──────────────────────────────────────────────────────────────────────────────────

    async def asker(self, name: str, *, agreed: bool = True) -> Person:
        """Somebody from the village who has been here before, so that age and sex are known;
        unless the test is about the consent."""
        person = self.telegram.add_person(name, bot=self.bot)
        if agreed:
            person.starts()
            await self.settle()
            person.taps("Setuju")
            await self.settle()
            await self.write(lambda session: self._know(session, person.id))
        return person

    def _know(self, session: Session, telegram_id: int) -> None:
        at = self.clock.now()
        asker = credential.person_for(session, telegram_id, at=at)
        own = patient.new(session, asker)
        own.person_id = asker.id
        said_on = credential.today(at).isoformat()
        own.write(session, relation="me", sex="L", age=34.0, said_on=said_on)

    async def worker(
        self, name: str, profession: Profession = Profession.NURSE, *, ready: bool = True
    ) -> Person:
        """A licensed worker of the facility who has opened the bot; on duty unless not wanted."""
        person = self.telegram.add_person(name, bot=self.bot)
        await self.write(
            lambda session: credential.verify(
                session,
                person.id,
                facility.home(session, self.bot.id),
                name=name,
                profession=profession,
                str_number=f"CONTOH-STR-{name}",
                sip_number=f"CONTOH-SIP-{name}",
                sip_ends_on=date(2028, 1, 1),
                at=self.clock.now(),
            )
        )
        person.starts()
        if ready:
            await self.settle()
            person.says("/siap")
        await self.settle()
        return person

    async def admin(self, name: str) -> Person:
        """An admin of the installation."""
        person = self.telegram.add_person(name, bot=self.bot)
        person.starts()
        await self.settle()
        await self.write(
            lambda session: credential.grant_admin(session, person.id, at=self.clock.now())
        )
        return person

    # ── time ────────────────────────────────────────────────────────────────────────────────────

    async def settle(self) -> None:
        """Let the service work until nothing is left to receive, handle or send."""
        looks = True  # once, and as long as something comes of it
        for _ in range(2000):
            waits = looks or self.telegram.updates_waiting(self.bot)
            came = waits and await self.station.intake.poll(self.station.telegram, seconds=0)
            handled = (looks or came) and await self.station.handle()
            looks = bool(came or handled)
            if handled:
                await self.station.spinners()
            await self._send(at_most=1 if looks else None)
            if looks or self.telegram.updates_waiting(self.bot):
                continue
            wait = await self.station.inbox.wait()
            if wait is None:
                break
            self.clock.move(max(wait, 0.001))
            looks = True
        else:
            raise AssertionError("the service never comes to rest")
        assert not self.foreign, self.foreign
        assert self.expects_faults or not self.station.inbox.counts["failed"]

    async def _send(self, at_most: int | None) -> int:
        """Let out what is owed, each as soon as the pace allows; tell how much that was.

        While there is something to handle, one goes out between two updates, as in the service.
        """
        sent = 0
        while sent != at_most:
            step = await self.station.outbox.next()
            if isinstance(step, Letter):
                await self.station.outbox.send(step)
                sent += 1
            elif at_most is None and step < 3600 and self.owes():
                self.clock.move(max(step, 0.001))
            else:
                break
        return sent

    def owes(self) -> int:
        """How many messages wait to go out."""
        with self.app.database.reader.connect() as connection:
            return connection.scalar(OWED) or 0

    async def wait(self, **span: float) -> None:
        """Let time pass: every job of the timetable ticks once, then the service settles."""
        self.clock.move(timedelta(**span))
        for job in TIMETABLE:
            await self.app.timekeeper.tick(job)
        await self.settle()

    # ── the database ────────────────────────────────────────────────────────────────────────────

    async def write(self, work: Callable[[Session], T]) -> T:
        """Change something behind the service's back."""
        return await self.app.database.write(work)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Look something up."""
        return await self.app.database.read(work)

    def _check(self, delivery: Delivery) -> None:
        self.foreign += foreign(self.app.database.reader, delivery)


def foreign(database: Engine, delivery: Delivery, *, at_once: bool = True) -> list[str]:
    """Hold one message against the people of its consultation at this moment: nothing is well.

    They are the asker, the worker who has it, whom that one asked for an opinion, and whoever it
    is offered to with this very row.
    Beside a process that goes on working (not `at_once`) an offer may end while it is on its way.
    """
    name = f"{delivery.method} to {delivery.chat_id}"
    # What is taken away is seen no more, and a mark shows what its writer wrote.
    is_shown = delivery.method not in ("deleteMessage", "setMessageReaction")
    if is_shown and any(NIK.search(message.words.text) for message in delivery.messages):
        return [f"{name} shows a NIK"]
    with database.connect() as connection:
        rows = connection.execute(READERS, {"chat": delivery.chat_id}).all()
    if not rows:
        return [f"{name} without a row"]
    return [
        f"{name} of {row.consultation_id}"
        for row in rows
        if row.consultation_id is not None
        and delivery.chat_id not in (row.asker, row.worker)
        and not (row.offered if at_once else row.was_offered)
    ]


@asynccontextmanager
async def open_town(url: str, folder: Path) -> AsyncIterator[Town]:
    """Build a town on a database with the schema, and take it down again."""
    clock = MovedClock(MORNING)
    telegram = Telegram(clock)
    bot = telegram.add_bot("telekonsul_contoh_bot")
    server = Server(telegram)
    settings = config.read(
        {
            "TELEGRAM_BOT_TOKEN": bot.token,
            "TELEGRAM_API_URL": await server.start(),
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "DATA_KEY": (key := KeyRing.fresh_key()),
        }
    )
    app = App(settings, clock=clock, is_specimen=True)
    town = Town(telegram, server, clock, app, key)
    await town.station.own()
    await town.write(
        lambda session: setattr(session.get_one(Bot, bot.id), "username", bot.username)
    )
    await town.write(
        lambda session: facility.add(
            session, FACILITY, "Puskesmas Contoh", "dr. Contoh Penanggungjawab", "080000000000"
        )
    )
    try:
        yield town
    finally:
        await town.station.telegram.close()
        town.app.database.close()
        await server.stop()
