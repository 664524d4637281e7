"""«@bot reok» in any chat: facilities to pass on, from a bot that gets to know nobody by it."""

import pytest
from sqlalchemy import func, select

from models.facility import Has
from models.mail import Outgoing
from models.person import Person as Account
from simulator.person import Person
from simulator.question import Question
from tests.stories.acts import complains
from tests.stories.map import changed, drawn, has
from tests.town import Town


async def asks(town: Town, somebody: Person, text: str) -> Question:
    """Somebody writes the bot's name and this, in the chat with the bot."""
    town.bot.inline = True
    asked = somebody.asks_inline(text, via=town.bot)
    await town.settle()
    return asked


def titles(asked: Question) -> list[str]:
    assert asked.results is not None, "the question was not answered"
    return [one.title for one in asked.results]


async def count(town: Town, kind: type[Account | Outgoing]) -> int:
    counted = select(func.count()).select_from(kind)
    return await town.read(lambda session: session.scalar(counted) or 0)


async def test_a_volunteer_finds_a_facility_and_passes_it_on(town: Town) -> None:
    ids = await drawn(town)
    await changed(town, ids["RSUD Contoh"], lambda one: one.facts.append(has(Has.IGD)))
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    asked = await asks(town, wayan, "rsud conto")
    assert "RSUD Contoh (rumah sakit)" in titles(asked)
    passed = wayan.chooses(asked, "RSUD Contoh (rumah sakit)")
    assert "✔️ IGD: ada (dipastikan 12 Mei 2026)" in (passed.text or "")
    assert passed.inline_buttons[0]["url"].endswith(f"?start=f_{ids['RSUD Contoh']}")


async def test_a_village_brings_what_is_near_it(town: Town) -> None:
    await drawn(town)
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    assert "Puskesmas Timur Contoh" in titles(await asks(town, wayan, "mekar contoh"))


async def test_no_words_bring_help_and_the_way_to_the_bot(town: Town) -> None:
    await drawn(town)
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    asked = await asks(town, wayan, "")
    assert titles(asked) == []
    assert asked.button is not None
    wayan.starts(asked.button["start_parameter"])
    await town.settle()
    assert "di dekat mana?" in wayan.heard[-1]


@pytest.mark.parametrize("text", ["xyzzy qqq", "😀", "<b>", "x" * 256, "%_'\"\\", "\u202eabc"])
async def test_what_finds_nothing_says_so_and_shows_the_way(town: Town, text: str) -> None:
    await drawn(town)
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    asked = await asks(town, wayan, text)
    assert titles(asked) == []
    assert asked.button is not None
    assert "Belum ketemu" in asked.button["text"]


async def test_who_only_asks_inline_becomes_nobody_here_and_is_written_nothing(
    town: Town,
) -> None:
    await drawn(town)
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    people, owed = await count(town, Account), await count(town, Outgoing)
    await asks(town, wayan, "puskesmas")
    await asks(town, wayan, "anak kejang")
    assert await count(town, Account) == people
    assert await count(town, Outgoing) == owed


async def test_results_show_nothing_of_anybody(town: Town) -> None:
    """What an admin may see of reports, and whose facility it is, stays where it is."""
    ids = await drawn(town)
    sari = await town.asker("Sari")
    await complains(town, sari, "/faskes golo contoh")
    sari.taps("1")
    await town.settle()
    sari.taps("Laporkan data salah")
    await town.settle()
    sari.taps("Sudah tutup")
    await town.settle()
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    asked = await asks(town, wayan, "puskesmas golo contoh")
    found = next(one for one in asked.results or [] if one.id == str(ids["Puskesmas Golo Contoh"]))
    assert "Sari" not in found.words.text
    assert "lapor" not in found.words.text.lower()


async def test_what_has_ended_is_not_offered(town: Town) -> None:
    ids = await drawn(town)
    await changed(town, ids["RSUD Contoh"],
                  lambda one: setattr(one, "ended_on", one.day(town.clock.now())))  # fmt: skip
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    assert "RSUD Contoh (rumah sakit)" not in titles(await asks(town, wayan, "rsud contoh"))


async def test_an_answer_that_comes_too_late_harms_nobody(town: Town) -> None:
    await drawn(town)
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    town.bot.inline = True
    asked = wayan.asks_inline("puskesmas", via=town.bot)
    town.clock.move(60)
    await town.settle()
    assert asked.results is None
    assert town.station.inbox.counts["failed"] == 0
