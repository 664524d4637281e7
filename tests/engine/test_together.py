"""A batch handled in one session ends as if each of its updates had had one of its own."""

import random
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.inbox import TOGETHER_LIMIT, Inbox
from models.consultation import Consultation
from models.mail import Ending, Incoming
from simulator.person import Person
from tests import schema
from tests.engine.conftest import handled_by
from tests.stories.acts import ids, presses, taken
from tests.town import Town, open_town

WORDS = ("Anak batuk 4 hari", "halo", "sejak kapan?", "Sudah minum obat", "terima kasih", "🙂")
COMMANDS = ("/start", "/siap", "/selesai", "/batalsetuju", "/apa")


def act(person: Person, dice: random.Random) -> None:
    """Let somebody do any one thing that their phone offers."""
    heard = [one for one in person.sees if one.from_bot]
    said = [one for one in person.sees if not one.from_bot and one.words.text]
    buttons = [(one, label) for one in heard for label in one.buttons]
    what = dice.choices(
        ("words", "button", "reply", "edit", "photo", "album", "command", "nothing"),
        (6, 6, 2, 1, 1, 1, 1, 2),
    )[0]
    if what == "words":
        person.says(dice.choice(WORDS))
    elif what == "button" and buttons:
        message, label = dice.choice(buttons[-6:])
        person.taps(label, message)
    elif what == "reply" and heard:
        person.replies(dice.choice(heard[-6:]), dice.choice(WORDS))
    elif what == "edit" and said:
        person.edits(said[-1], dice.choice(WORDS))
    elif what == "photo":
        person.sends_photo("fotonya")
    elif what == "album":
        person.sends_album(2, "dua foto")
    elif what == "command":
        person.says(dice.choice(COMMANDS))


async def a_day(folder: Path, seed: int, *, together: bool) -> dict[str, list[str]]:
    """Give what everybody hears on a day of chance; whoever acts in a round is in one batch."""
    dice = random.Random(seed)
    with ExitStack() as stack:
        if not together:
            stack.enter_context(mock.patch.object(Inbox, "_together", return_value=None))
        async with open_town(schema.sqlite(folder / "town.db"), folder) as town:
            people = [await town.asker("Sari"), await town.asker("Wati", agreed=False)]
            people += [await town.worker("Budi"), await town.worker("Citra")]
            for _ in range(8):
                for person in people:
                    act(person, dice)
                await town.settle()
            return {person.first_name: person.heard for person in people}


@pytest.mark.parametrize("seed", range(4))
async def test_together_or_apart_everybody_hears_the_same(tmp_path: Path, seed: int) -> None:
    heard = []
    for together in (True, False):
        folder = tmp_path / str(together)
        folder.mkdir()
        heard.append(await a_day(folder, seed, together=together))
    assert heard[0] == heard[1]


async def test_words_of_a_full_batch_are_handled_with_a_handful_of_questions(town: Town) -> None:
    pairs = []
    for number in range(4):
        sari, budi = await town.asker(f"Sari{number}"), await town.worker(f"Budi{number}")
        await taken(town, sari, budi)
        pairs += [sari, budi]
    asked: list[str] = []

    @event.listens_for(town.app.database.writer, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    for person in pairs:
        person.says("Sudah minum obat")
    await town.station.intake.poll(town.station.telegram, seconds=0)
    asked.clear()
    await town.station.handle()
    for noun in ("person", "consultation", "role"):
        assert sum(statement.startswith(f"SELECT {noun}.") for statement in asked) == 1, noun
    event.remove(town.app.database.writer, "before_cursor_execute", note)
    await town.settle()
    assert all("Sudah minum obat" in person.heard[-1] for person in pairs)


async def test_what_was_looked_up_is_forgotten_when_it_changes_within_the_batch(town: Town) -> None:
    sari, budi = await town.asker("Sari"), await town.worker("Budi")
    await taken(town, sari, budi)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    budi.says("Banyak minum air hangat.")
    await town.settle()
    budi.taps("cukup di rumah")
    await town.station.intake.poll(town.station.telegram, seconds=0)
    town.clock.move(1)
    sari.says("Sekarang adiknya demam")
    await town.station.intake.poll(town.station.telegram, seconds=0)
    assert await town.station.handle()
    assert not await town.station.handle(), "both were in one batch"
    await town.settle()
    assert "keluhan baru" in sari.last.buttons[0]


async def test_one_refused_spoils_nothing_of_the_batch_and_says_nothing_twice(town: Town) -> None:
    sari, budi = await town.asker("Sari"), await town.worker("Budi")
    wati = await town.asker("Wati")
    await taken(town, sari, budi)
    sari.says("Sudah minum obat")
    wati.says("/apa")
    budi.says("Sejak kapan?")
    tries: list[int] = []

    def note(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        tries.append(seq)
        real(session, bot_id, update, seq, **at)

    with handled_by(note):
        await town.settle()
    assert len(tries) > len(set(tries)), "they were tried together first"
    newest = select(Incoming.ending).order_by(Incoming.seq.desc()).limit(3)
    endings = Counter(await town.read(lambda session: session.scalars(newest).all()))
    assert endings == {Ending.DONE: 2, Ending.REFUSED: 1}
    assert sum("Sudah minum obat" in text for text in budi.heard) == 1
    assert sum("Sejak kapan?" in text for text in sari.heard) == 1


async def test_a_slow_batch_is_handled_apart_before_it_counts_as_hung(town: Town) -> None:
    people = [await town.asker(name) for name in ("Sari", "Wati", "Ani")]
    handled: list[tuple[int, float]] = []

    def slow(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        town.clock.move(TOGETHER_LIMIT * 0.6)
        handled.append((seq, town.clock.time()))
        real(session, bot_id, update, seq, **at)

    for person in people:
        person.says("Anak batuk 4 hari")
    with handled_by(slow):
        await town.settle()
    together, apart = handled[:2], handled[2:]
    assert [seq for seq, _ in together] == [seq for seq, _ in apart[:2]]
    assert len(apart) == len(people)
    assert all("Umurnya berapa?" in person.heard[-1] for person in people)


async def test_words_find_the_worker_of_this_moment_within_one_batch(town: Town) -> None:
    """Given back, accepted by another, written to: whoever holds the record sees who has it."""
    sari, budi = await town.asker("Sari"), await town.worker("Budi")
    await taken(town, sari, budi)
    citra = await town.worker("Citra")
    (number,) = await ids(town)
    for act in (
        lambda: budi.taps("Kembalikan"),
        lambda: presses(citra, f"accept:{number}"),
        lambda: sari.says("Sekarang demam juga"),
    ):
        act()
        await town.station.intake.poll(town.station.telegram, seconds=0)
        town.clock.move(1)
    held: list[Any] = []

    def hold(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        found = session.scalars(select(Consultation)).all()
        held.extend((one, one.worker) for one in found)
        real(session, bot_id, update, seq, **at)

    with handled_by(hold):
        assert await town.station.handle()
        assert not await town.station.handle(), "all were in one batch"
    await town.settle()
    assert sum(text.endswith("Sekarang demam juga") for text in citra.heard) == 1, citra.heard
