"""Two workers press «Terima» in the same instant, again and again: one has it, the other reads who.

What is raced for is made and looked at in the database; what leaves for the phones stays owed.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.intake import address
from models.consultation import Consultation, Status, Step
from models.mail import Outgoing
from models.message import Part, Words
from models.role import Profession
from services import consultation, person, relay, step
from services.mail import Arrived
from simulator.person import Person
from tests.town import Town, open_town


@dataclass
class Report:
    """What became of the races: how often each won, and what should not have been."""

    won: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    faults: list[str] = field(default_factory=list)


async def run(races: int, seed: int, url: str, folder: Path) -> Report:
    """Let two workers race so many times on a database with the schema."""
    chance, report = random.Random(seed), Report()
    async with open_town(url, folder) as town:
        both = [await town.worker("Budi"), await town.worker("Citra", Profession.DOCTOR)]
        for number in range(races):
            wanted = await town.write(partial(_waiting, town=town, number=number))
            chance.shuffle(both)
            presses = [
                _press(town, worker, wanted, 2 * number + at) for at, worker in enumerate(both)
            ]
            # Now in one batch, now in two: the second comes while the first is being handled.
            together = chance.random() < 0.5
            for group in [presses] if together else [[one] for one in presses]:
                await town.station.intake.keep(group)
                await town.station.handle()
            while await town.station.handle():
                pass
            await town.station.spinners()
            town.clock.move(timedelta(milliseconds=1))
            await town.write(partial(_judge, both=both, report=report))
        report.answered = sum(one.method == "answerCallbackQuery" for one in town.telegram.calls)
    return report


def _press(town: Town, worker: Person, wanted: int, number: int) -> Arrived:
    chat = {"id": worker.id, "type": "private"}
    query = {
        "id": str(number),
        "from": worker.to_json(),
        "chat_instance": "1",
        "data": f"accept:{wanted}",
        "message": {"message_id": 1, "chat": chat, "date": int(town.clock.now().timestamp())},
    }
    return address({"update_id": 1_000_000 + number, "callback_query": query})


def _waiting(session: Session, town: Town, number: int) -> int:
    """A complaint that both are offered."""
    at, account = town.clock.now(), 9_000_000_000 + number
    who = person.whoever(session, town.bot.id, account, "Sari", at=at)
    drafted = consultation.draft(session, who, at=at)
    said = Words(chat_id=account, message_id=1, kind="text", text="Demam tiga hari")
    relay.keep(session, drafted, who.person, said, Part.COMPLAINT, at=at)
    session.flush()
    step.request(session, who, drafted, at=at)
    session.execute(delete(Outgoing))  # of the race only what it says itself is looked at
    return drafted.id


def _judge(session: Session, both: list[Person], report: Report) -> None:
    """Look who has it and what each of them reads; close it, so that both have room again."""
    one = session.scalars(select(Consultation).order_by(Consultation.id.desc())).first()
    assert one is not None
    winner = str(one.read(session).get("worker"))
    report.won[winner] += 1
    steps = select(Step).where(Step.consultation_id == one.id, Step.after == Status.ACTIVE)
    if (taken := len(session.scalars(steps).all())) != 1:
        report.faults.append(f"No. {one.number} was taken {taken} times")
    for worker in both:
        rows = session.scalars(select(Outgoing).where(Outgoing.chat_id == worker.id)).all()
        heard = " | ".join(str(row.read(session)["params"].get("text")) for row in rows)
        has_it = worker.first_name in winner
        expected = "sekarang Anda tangani" if has_it else f"lebih dulu diambil <b>{winner}</b>"
        if expected not in heard:
            report.faults.append(f"No. {one.number}: {worker.first_name} reads «{heard}»")
    if one.status is Status.ACTIVE:
        one.move(Status.CLOSED, by=one.worker, at=one.opened_at)
