"""A small town whose service is killed again and again at named points, and what became of it.

People chat through the simulated Telegram in this process; the service runs in another and is
killed with SIGKILL where it stands. `run` gives the account; nothing in it may be lost or doubled.
"""

import asyncio
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import config
from bot.database import Database
from models.bot import Bot
from models.consultation import Consultation, Status, Step
from models.mail import Ending, Fate, Incoming, Lane, Outgoing
from models.message import Message as Kept
from models.role import Profession
from models.seal import KeyRing
from services import credential, facility
from services.content import plain
from simulator.clock import ScaledClock
from simulator.message import Message
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import Delivery, Telegram
from tests.engine.process import PATIENCE, POINTS, Service
from tests.town import foreign

FACTOR = 20.0
"""How much faster than life the town lives, so that the pace of one message a second is quick."""
PAIRS = 3
TALK = 4
"""How much each side says in one consultation."""
IMPATIENT = 3.0
"""Real seconds after which a process that has not come to its point is killed where it is."""
ELSEWHERE = "anywhere"
MORNING = datetime(2026, 11, 24, 1, tzinfo=UTC)
MARK = plain("mail.repeated")
COPY = re.compile(rf"(?:{re.escape(MARK)}\n)?(?:\S+ )?No\. \d+ · .*\nKeluhan (\S+)\.")
OFFER = re.compile("🔔")
LIFE = [(Status.DRAFT, Status.WAITING), (Status.WAITING, Status.ACTIVE),
        (Status.ACTIVE, Status.CLOSED)]  # fmt: skip


@dataclass
class Report:
    """What happened, and what must be nothing."""

    kills: Counter[str] = field(default_factory=Counter)
    """By the point at which it died."""
    said: int = 0
    consultations: int = 0
    repeats: int = 0
    """Marked repeats that people saw."""
    in_doubt: int = 0
    """Outcomes that a kill made unknown, each worth one marked repeat."""
    slowest_answer: float = 0.0
    """Real seconds from a kill to the first thing that anybody heard afterwards, at most."""
    faults: list[str] = field(default_factory=list)
    """Everything lost, doubled, out of order, unmarked or left over."""


async def run(kills: int, seed: int, url: str, folder: Path) -> Report:
    """Let the town live until its service was killed so often, then end in peace and look."""
    async with asyncio.timeout(PATIENCE + 5.0 * kills):
        town = _Town(url, folder)
        await town.open()
        try:
            await town.live(kills, random.Random(seed))
            await town.look()
        finally:
            await town.close()
    return town.report


class _Town:
    """The people, the process that is killed, and the account."""

    def __init__(self, url: str, folder: Path) -> None:
        self.report = Report()
        self.clock = ScaledClock(FACTOR, MORNING)
        self.telegram = Telegram(self.clock)
        self.bot = self.telegram.add_bot("telekonsul_contoh_bot")
        self.server = Server(self.telegram)
        self.askers = [self.telegram.add_person(f"Sari{n}", bot=self.bot) for n in range(PAIRS)]
        self.workers = [self.telegram.add_person(f"Budi{n}", bot=self.bot) for n in range(PAIRS)]
        self.said: list[tuple[Person, str]] = []
        self.answered: set[str] = set()
        self.enough = False
        self.doubts = Counter[int]()
        self._url, self._folder = url, folder
        self._heard = asyncio.Event()
        self._marked: set[tuple[int, int]] = set()
        """Chat and id of each repeat that was marked; a later edit may have taken the mark away."""
        self._killed_at: float | None = None
        self.telegram.watchers.append(self._delivered)

    async def open(self) -> None:
        settings = {
            "TELEGRAM_BOT_TOKEN": self.bot.token,
            "TELEGRAM_API_URL": await self.server.start(),
            "DATABASE_URL": self._url,
            "DATA_DIR": str(self._folder),
            "DATA_KEY": KeyRing.fresh_key(),
            "HTTP_PORT": "0",
        }
        self.database = Database(self._url, config.read(settings).data_key)
        self.database.migrate()
        await self.database.write(self._license)
        self.service = Service(settings, self._folder / "service.log", factor=FACTOR, ticks=10.0)

    async def close(self) -> None:
        await self.service.close()
        await self.server.stop()
        self.database.close()

    async def live(self, kills: int, chance: random.Random) -> None:
        async with asyncio.TaskGroup() as town:
            workers = [town.create_task(self._works(one)) for one in self.workers]
            async with asyncio.TaskGroup() as askers:
                askers.create_task(self._kill(kills, chance))
                for one in self.askers:
                    askers.create_task(self._asks(one))
            for worker in workers:
                worker.cancel()
        while await self.database.read(_owed):
            await self.clock.sleep(1.0)
        self.service.kill(signal.SIGTERM)
        if code := await self.service.ended():
            self.report.faults.append(f"the last process ended with {code}")

    def _license(self, session: Session) -> None:
        session.add(Bot(id=self.bot.id, username=self.bot.username))
        home = facility.add(
            session, "99990001", "Puskesmas Contoh", "dr. Contoh Penanggungjawab", "080000000000"
        )
        for one in self.workers:
            role = credential.verify(
                session,
                one.id,
                home,
                name=one.first_name,
                profession=Profession.NURSE,
                str_number=f"CONTOH-STR-{one.first_name}",
                sip_number=f"CONTOH-SIP-{one.first_name}",
                sip_ends_on=date(2028, 1, 1),
                at=self.clock.now(),
            )
            role.places = 1

    # ── the kills ───────────────────────────────────────────────────────────────────────────────

    async def _kill(self, kills: int, chance: random.Random) -> None:
        points = _points(chance)
        for _ in range(kills):
            point = next(points)
            await self._kill_at(point, chance.randint(1, 3))
        await self.service.start(now=self.clock.now())
        self.enough = True

    async def _kill_at(self, point: str, times: int) -> None:
        # Elsewhere it must first get somewhere, or one update would be in hand at every kill and
        # rightly be set aside.
        at_once = point in ("inbox.counted", "app.stopping")
        times = 1 if at_once else times
        await self.service.start(point, times, now=self.clock.now(), after_commit=not at_once)
        try:
            async with asyncio.timeout(IMPATIENT):
                if point == "app.stopping":
                    await self.hears(3)
                    self.service.kill(signal.SIGTERM)
                code = await self.service.ended()
        except TimeoutError:
            point = ELSEWHERE
            self.service.kill()
            code = await self.service.ended()
        self._killed_at = time.monotonic()
        self.doubts += await self.database.read(_in_doubt)
        self.report.kills[point] += 1
        if code != -signal.SIGKILL:
            self.report.faults.append(f"it ended with {code} instead of at {point}")

    # ── the people ──────────────────────────────────────────────────────────────────────────────

    async def _asks(self, me: Person) -> None:
        """Agree once; then complain, talk and hear the advice until it is enough."""
        me.starts()
        await self.until(lambda: _count(me, "Apakah Ibu/Bapak setuju?"))
        me.taps("✅ Setuju")
        await self.until(lambda: _count(me, "ceritakan keluhannya"))
        for consultation in count(1):
            tag = f"{me.first_name}-{consultation}"
            complaint = self.says(me, f"Keluhan {tag}. Saya laki-laki, umur 30 tahun.")
            if consultation > 1:
                await self.until(partial(_heard, me, "keluhan baru", complaint))
                me.taps("Ya, keluhan baru")
            await self.until(partial(_heard, me, "Adakah satu saja", complaint))
            me.taps("Tidak ada")
            await self.until(partial(_heard, me, "sudah menerima keluhan", complaint))
            for n in range(TALK):
                self.says(me, f"Tanya {tag} {n}.")
                await self.until(partial(_answered, me, tag, n - 2))
            await self.until(partial(_count, me, f"Nasihat {tag}."))
            if self.enough:
                return

    async def _works(self, me: Person) -> None:
        """Take whatever is offered, and answer and close whatever is one's own."""
        me.starts()
        me.says("/siap")
        tapped: set[int] = set()
        while True:
            await self.until(lambda: self._mine(me) or _offers(me) - tapped)
            if tag := self._mine(me):
                await self._answers(me, tag)
            for offer in _offers(me) - tapped:
                me.taps("Terima", me.chat().messages[offer])
                tapped.add(offer)

    async def _answers(self, me: Person, tag: str) -> None:
        for n in range(TALK):
            await self.until(partial(_count, me, f"Tanya {tag} {n}."))
            answer = self.says(me, f"Jawab {tag} {n}.")
        self.answered.add(tag)
        me.taps("Tutup dengan nasihat")
        await self.until(lambda: _heard(me, "Tulis nasihat untuk", answer))
        advice = self.says(me, f"Nasihat {tag}.")
        await self.until(lambda: _heard(me, "Kirim dan tutup", advice))
        me.taps("cukup di rumah")

    def _mine(self, me: Person) -> str | None:
        """The complaint that this worker has and has not closed yet."""
        tags = (found[1] for text in me.heard if (found := COPY.match(text)))
        return next((tag for tag in tags if tag not in self.answered), None)

    def says(self, me: Person, text: str) -> Message:
        self.said.append((me, text))
        return me.says(text)

    # ── waiting ─────────────────────────────────────────────────────────────────────────────────

    async def until(self, true: Callable[[], object]) -> None:
        """Return when this is so; it is looked at whenever somebody hears something."""
        while not true():
            await self.hears()

    async def hears(self, times: int = 1) -> None:
        for _ in range(times):
            await self._heard.wait()

    def _delivered(self, delivery: Delivery) -> None:
        self.report.faults += foreign(self.database.reader, delivery, at_once=False)
        if self._killed_at is not None:
            took = time.monotonic() - self._killed_at
            self.report.slowest_answer = max(self.report.slowest_answer, took)
            self._killed_at = None
        self._marked |= {
            (delivery.chat_id, one.id)
            for one in delivery.messages
            if one.words.text.startswith(MARK)
        }
        heard, self._heard = self._heard, asyncio.Event()
        heard.set()

    # ── the account ─────────────────────────────────────────────────────────────────────────────

    async def look(self) -> None:
        """Hold what people said, what people heard and what is recorded against each other."""
        self.report.said = len(self.said)
        self._look_at_screens()
        await self.database.read(self._look_at_mail)
        await self.database.read(self._look_at_records)

    def _look_at_screens(self) -> None:
        for side, others in ((self.askers, self.workers), (self.workers, self.askers)):
            for author in side:
                mine = [text for who, text in self.said if who is author]
                for other in others:
                    self._order(author, other, mine)
                for text in mine:
                    if not any(_count(other, f"\n{text}") for other in others):
                        self.report.faults.append(f"lost: {text}")

    def _order(self, author: Person, other: Person, said: list[str]) -> None:
        """Nothing overtakes: only a repeat may come once more, and right behind itself."""
        lines = [
            (line.startswith(MARK), [text for text in said if f"\n{text}" in line])
            for line in other.heard
            if not OFFER.match(line)
        ]
        once = [
            texts
            for before, (is_repeat, texts) in zip([(False, []), *lines], lines, strict=False)
            if not (is_repeat and texts == before[1])
        ]
        heard = [text for texts in once for text in texts]
        places = [said.index(text) for text in heard]
        if places != sorted(places):
            self.report.faults.append(f"{author.first_name} → {other.first_name}: {heard}")

    def _look_at_mail(self, session: Session) -> None:
        fault = self.report.faults.append
        for one in session.scalars(select(Incoming)):
            if one.ending not in (Ending.DONE, Ending.REFUSED):
                fault(f"update {one.seq}: {one.ending}, {one.error}")
        rows = session.scalars(select(Outgoing)).all()
        for row in rows:
            # An offer may be over before it leaves; everything else is owed until it arrives.
            if row.fate is not Fate.SENT and row.lane != Lane.OFFER:
                fault(f"outgoing {row.seq}: {row.method} {row.fate}, {row.error}")
        self.report.in_doubt = self.doubts.total()
        for person in (*self.askers, *self.workers):
            sends = [
                row for row in rows if row.chat_id == person.id and row.method == "sendMessage"
            ]
            sent = [row for row in sends if row.fate is Fate.SENT]
            heard = [seen for seen in person.sees if seen.from_bot]
            marked = [seen for seen in heard if (person.id, seen.id) in self._marked]
            self.report.repeats += len(marked)
            if len(marked) > self.doubts[person.id]:
                fault(f"{person.first_name}: {len(marked)} repeats, {self.doubts} in doubt")
            if len(heard) - len(marked) > len(sends) or len(heard) < len(sent):
                fault(f"{person.first_name} heard {len(heard)} of {len(sends)}")

    def _look_at_records(self, session: Session) -> None:
        fault = self.report.faults.append
        said = Counter(text for _, text in self.said)
        kept = Counter(row.read(session)["text"] for row in session.scalars(select(Kept)))
        if kept != said:
            fault(f"kept and not said: {kept - said}; said and not kept: {said - kept}")
        consultations = session.scalars(select(Consultation)).all()
        self.report.consultations = len(consultations)
        if len(consultations) != sum(text.startswith("Keluhan") for text in said):
            fault(f"{len(consultations)} consultations")
        for one in consultations:
            steps = select(Step).where(Step.consultation_id == one.id).order_by(Step.id)
            life = [(step.before, step.after) for step in session.scalars(steps)]
            if life != LIFE:
                fault(f"consultation {one.number}: {life}")


def _points(chance: random.Random) -> Iterator[str]:
    """Every point in turn, each round in another order; what only a recovery reaches comes right
    after a kill that leaves an update in hand."""
    while True:
        others = [point for point in POINTS if point != "inbox.counted"]
        chance.shuffle(others)
        for point in others:
            yield point
            if point == "inbox.handled":
                yield "inbox.counted"


def _count(person: Person, text: str) -> int:
    return sum(text in line and not OFFER.match(line) for line in person.heard)


def _heard(person: Person, text: str, after: Message) -> bool:
    """A repeat of something older must not be taken for the answer to this."""
    return any(one.from_bot and one.id > after.id and text in one.words.text for one in person.sees)


def _answered(person: Person, tag: str, n: int) -> bool:
    return n < 0 or _count(person, f"Jawab {tag} {n}.") > 0


def _offers(person: Person) -> set[int]:
    return {one.id for one in person.sees if "Terima" in one.buttons}


def _owed(session: Session) -> int:
    unsettled = select(func.count()).select_from(Outgoing).where(Outgoing.settled_at.is_(None))
    return session.scalar(unsettled) or 0


def _in_doubt(session: Session) -> Counter[int]:
    return Counter(
        session.scalars(
            select(Outgoing.chat_id).where(
                Outgoing.attempted_at.is_not(None),
                Outgoing.settled_at.is_(None),
                Outgoing.repeatable,
            )
        )
    )
