"""Random people take random steps, and whatever they do, nobody is lost and nobody hears too much.

`WALKS=200 pytest tests/stories/test_walk.py` walks longer, each time elsewhere.
"""

import asyncio
import os
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as walk
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import MOVES, Consultation, Status, Step
from models.role import Profession
from simulator.message import Message
from simulator.person import Person
from tests import schema
from tests.town import Town, open_town

ASKERS, WORKERS, ADMINS = ("Sari", "Wati", "Made"), ("Budi", "Citra"), ("Ayu",)
COMPLAINTS = (
    "Anak batuk 4 hari",
    "saya pusing sejak kemarin",
    "ibu saya 60 th gatal-gatal",
    "anak saya demam, ibu saya juga batuk",
    "obatnya habis",
)
DANGERS = ("anak saya kejang", "sesak napas berat bibir biru", "saya ingin mati saja")
TALK = (
    "halo", "ya", "sudah minum obat", "terima kasih", "🙂", "12", "besok", "?", "9" * 16,
    "Dx: ISPA\nMinum hangat",
)  # fmt: skip
COMMANDS = (
    "/start",
    "/siap",
    "/jeda",
    "/selesai",
    "/batalsetuju",
    "/faskes",
    "/darurat",
    "/admin",
    "/apa",
)
SCREENS = (
    "bantuan",
    "sakit",
    "antri",
    "batal",
    "bahasa",
    "🩺 Konsultasi",
    "❓ Bantuan",
    "/panduan",
)
WALKS = int(os.environ.get("WALKS", "0"))
LONGEST = 60
"""How often the last worker may accept and close before somebody counts as never reached."""
people = st.sampled_from((*ASKERS, *WORKERS, *ADMINS))


class Walk(RuleBasedStateMachine):
    """Three askers, two workers and an admin, who do whatever their phones offer."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.people: dict[str, Person] = {}
        self.known: set[int] = set()
        self.town: Town = self.run(self._open())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run this to its end on the walk's own event loop."""
        return self.runner.run(work)

    async def _open(self) -> Town:
        url = schema.sqlite(Path(self.folder, "town.db"))
        return await self.stack.enter_async_context(open_town(url, Path(self.folder)))

    def teardown(self) -> None:
        """Nobody who waits at the end is out of reach of a worker who comes then."""
        try:
            if self.people:
                self.run(self._reach_all())
        finally:
            self.run(self.stack.aclose())
            self.runner.close()

    # ── steps ───────────────────────────────────────────────────────────────────────────────────

    @initialize(agreed=st.lists(st.booleans(), min_size=3, max_size=3))
    def arrive(self, agreed: list[bool]) -> None:
        for name, has_agreed in zip(ASKERS, agreed, strict=True):
            self.people[name] = self.run(self.town.asker(name, agreed=has_agreed))
        for name, profession in zip(WORKERS, Profession, strict=False):
            self.people[name] = self.run(self.town.worker(name, profession))
        for name in ADMINS:
            self.people[name] = self.run(self.town.admin(name))
        self._hold()

    @rule(name=st.sampled_from(ASKERS), text=st.sampled_from(COMPLAINTS + COMPLAINTS + DANGERS))
    def complain(self, name: str, text: str) -> None:
        self._act(name, lambda one: one.says(text))

    @rule(name=people, text=st.sampled_from(TALK + COMMANDS + SCREENS))
    def say(self, name: str, text: str) -> None:
        self._act(name, lambda one: one.says(text))

    @rule(name=people, back=st.integers(0, 5), which=st.integers(0, 40))
    def tap(self, name: str, back: int, which: int) -> None:
        self._act(name, lambda one: _tap(one, back, which))

    @rule(name=people, which=st.integers(0, 40))
    def tap_newest(self, name: str, which: int) -> None:
        """What people do most."""
        self._act(name, lambda one: _tap(one, 0, which))

    @rule(first=people, second=people, which=st.integers(0, 40))
    def tap_at_once(self, first: str, second: str, which: int) -> None:
        """Two who meet in one batch."""
        self._do(first, lambda one: _tap(one, 0, which))
        self._act(second, lambda one: _tap(one, 0, which))

    @rule(name=people, back=st.integers(0, 5), text=st.sampled_from(TALK))
    def reply(self, name: str, back: int, text: str) -> None:
        self._act(name, lambda one: (told := _told(one)) and one.replies(told[-1 - back], text))

    @rule(name=people, text=st.sampled_from(COMPLAINTS + DANGERS + TALK))
    def edit(self, name: str, text: str) -> None:
        self._act(name, lambda one: (said := _said(one)) and one.edits(said[-1], text))

    @rule(name=people, kind=st.sampled_from(("photo", "album", "voice", "sticker", "place")))
    def send(self, name: str, kind: str) -> None:
        sent = {
            "photo": lambda one: one.sends_photo("fotonya"),
            "album": lambda one: one.sends_album(2),
            "voice": lambda one: one.sends_voice(),
            "sticker": lambda one: one.sends_sticker(),
            "place": lambda one: one.sends_location(-8.6, 120.4),
        }
        self._act(name, sent[kind])

    @rule(name=people, has_signal=st.booleans())
    def signal(self, name: str, has_signal: bool) -> None:
        self._act(name, lambda one: one.finds_signal() if has_signal else one.loses_signal())

    @rule(name=people, blocks=st.booleans())
    def block(self, name: str, blocks: bool) -> None:
        self._act(name, lambda one: one.blocks() if blocks else one.unblocks())

    @precondition(lambda self: self.people)
    @rule(minutes=st.sampled_from((1, 3, 15, 60, 600, 1500)))
    def wait(self, minutes: int) -> None:
        self.run(self.town.wait(minutes=minutes))
        self._hold()

    def _act(self, name: str, act: Any) -> None:
        self._do(name, act)
        self.run(self.town.settle())
        self._hold()

    def _do(self, name: str, act: Any) -> None:
        with suppress(ValueError, IndexError):  # blocked, or nothing there yet
            act(self.people[name])

    # ── what always holds ───────────────────────────────────────────────────────────────────────

    def _hold(self) -> None:
        self.run(self.town.read(self._whole))

    def _whole(self, session: Session) -> None:
        every = session.scalars(select(Consultation)).all()
        gone = self.known - {one.id for one in every}
        assert not gone, f"consultations are lost: {gone}"
        self.known |= {one.id for one in every}
        for one in every:
            _stands(session, one)

    async def _reach_all(self) -> None:
        """Everybody comes back into reach; a doctor who has time takes whoever waits."""
        for one in self.people.values():
            one.finds_signal()
            one.unblocks()
        await self.town.settle()
        ratna = await self.town.worker("Ratna", Profession.DOCTOR)
        for _ in range(LONGEST):
            waiting = await self.town.read(_waiting)
            if not waiting:
                break
            await self._treat(ratna)
        assert not await self.town.read(_waiting), "somebody waits whom no worker reaches"

    async def _treat(self, doctor: Person) -> None:
        await self.town.wait(minutes=10)
        for label in ("Terima", "Tutup dengan nasihat"):
            message = next((one for one in reversed(_told(doctor)) if _has(one, label)), None)
            if message is not None:
                doctor.taps(label, message)
                await self.town.settle()
        doctor.says("Banyak minum air hangat.")
        await self.town.settle()
        if any("cukup di rumah" in label for label in doctor.buttons()):
            doctor.taps("cukup di rumah")
            await self.town.settle()


def _has(message: Message, label: str) -> bool:
    return any(label in one for one in message.buttons)


def _stands(session: Session, one: Consultation) -> None:
    """Hold one consultation against `MOVES` and against what its state promises."""
    at = Status.DRAFT
    for step in session.scalars(one.steps.select().order_by(Step.id)):
        assert step.before is at, f"{one.id} left {step.before} without having been there"
        assert step.after in MOVES[step.before], f"{one.id}: {step.before} to {step.after}"
        at = step.after
    assert one.status is at
    is_taken = one.status in (Status.ACTIVE, Status.CLOSED)
    assert (one.worker_id is not None) == is_taken, f"{one.id} is {one.status}"
    assert (one.status is Status.DRAFT) <= (one.arrived_at is None)
    assert one.worker_id != one.asker_id


def _waiting(session: Session) -> list[int]:
    return list(
        session.scalars(select(Consultation.id).where(Consultation.status == Status.WAITING))
    )


def _told(one: Person) -> list[Message]:
    return [message for message in one.sees if message.from_bot]


def _said(one: Person) -> list[Message]:
    return [message for message in one.sees if not message.from_bot and message.words.text]


def _tap(one: Person, back: int, which: int) -> None:
    """Tap one of the buttons of one of the newest messages that have any."""
    shown = [message for message in _told(one) if message.buttons]
    message = shown[-1 - back]
    one.taps(message.buttons[which % len(message.buttons)], message)


@pytest.mark.parametrize("number", range(4))
def test_nobody_is_lost_on_a_walk_of_chance(number: int) -> None:
    walker = type("Walk", (Walk,), {})
    if not WALKS:
        seed(number)(walker)
    walk(
        walker,
        settings=settings(
            max_examples=WALKS or 3,
            stateful_step_count=40,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if WALKS else [Phase.generate],
        ),
    )
