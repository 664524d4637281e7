"""Whoever is in danger and says it in words that the net does not hear is caught by a tap."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from services.content import danger_questions
from services.danger import net
from simulator.person import Person
from tests.town import Town

DATA = Path(__file__).parent.parent / "data" / "dev_danger.jsonl"
DANGERS = [one for one in map(json.loads, DATA.read_text().splitlines()) if one["danger"]]
PRIVATE = {"bunuh_diri": "Hati terasa berat", "kekerasan": "Merasa tidak aman"}
TRUTH = {
    "bayi": ("Anak saya", "Bayi di bawah 2 bulan"),
    "anak": ("Anak saya", "2 bulan – 5 tahun"),
    "hamil": ("Saya sendiri", "18 – 55 tahun", "Perempuan", "Hamil"),
    "nifas": ("Saya sendiri", "18 – 55 tahun", "Perempuan", "melahirkan"),
}
"""What the asker answers on the way to the question, by what the sentence is about."""
OTHERS = ("Saya sendiri", "18 – 55 tahun", "Laki-laki", "Tidak keduanya")
QUESTION = "Tidak tahu"


def label(person: Person, group: str) -> str | None:
    """What this person taps now; nothing when no question is open any more."""
    shown = person.buttons()
    if QUESTION in shown:
        return next((one for one in shown if one == PRIVATE.get(group)), "Ada")
    wanted = (*TRUTH.get(group, ()), *OTHERS)
    return next((one for want in wanted for one in shown if want in one), None)


@pytest.mark.parametrize("quarter", range(4))
async def test_of_every_danger_the_closed_question_knows_a_sign(
    town: Town, monkeypatch: pytest.MonkeyPatch, quarter: int
) -> None:
    monkeypatch.setattr(net, "found", lambda _text: [])
    budi = await town.worker("Budi")
    told = [
        (town.telegram.add_person(f"Sari{n}", bot=town.bot), one)
        for n, one in enumerate(DANGERS[quarter::4])
    ]
    for person, _ in told:
        person.starts()
    await town.settle()
    for person, _ in told:
        person.taps("Setuju")
    await town.settle()
    for person, one in told:
        person.says(one["text"])
    await town.settle()
    asked: set[int] = set()
    for _ in range(6):
        for person, one in told:
            if person.id in asked:
                continue
            if QUESTION in person.buttons():
                asked.add(person.id)
                assert any(_lists(person.heard[-1], one["group"], sign) for sign in _signs()), one
            tap = label(person, one["group"])
            assert tap is not None, (one, person.heard[-1], person.buttons())
            person.taps(tap)
        await town.settle()
    assert len(asked) == len(told), "everybody was asked"
    in_danger = await town.read(_in_danger)
    assert in_danger == {person.id for person, _ in told}
    assert "🚨" in " ".join(budi.heard)


def _signs() -> list[dict[str, Any]]:
    return [sign for question in danger_questions().values() for sign in question["sign"]]


def _lists(text: str, group: str, sign: dict[str, Any]) -> bool:
    return group in sign["covers"] and sign["text"] in text


def _in_danger(session: Session) -> set[int | None]:
    waiting = select(Consultation).where(
        Consultation.danger_at.is_not(None), Consultation.status == Status.WAITING
    )
    return {one.asker.telegram_id for one in session.scalars(waiting)}
