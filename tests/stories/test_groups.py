"""In groups and channels we say nothing, remember nothing and pass nothing on."""

import pytest
from sqlalchemy import func, select

from models.base import Base
from models.mail import Outgoing
from simulator.group import Group, Type
from simulator.person import Person
from tests.stories.acts import arrives, complains, hears, ids, readable, since, taken, unfinished
from tests.town import Town

KINDS: tuple[Type, ...] = ("group", "supergroup", "channel")
SECRET = "Ibu Made di Banjar Contoh kejang"


async def among_people(town: Town, kind: Type, *members: Person) -> Group:
    """A group in which the bot hears every word: nothing but our own rule keeps it silent."""
    town.bot.privacy = False
    group = town.telegram.add_group("Warga Banjar Contoh", *members, bot=town.bot, kind=kind)
    members[0].adds_bot(group, admin=True)
    await town.settle()
    return group


async def rows(town: Town) -> dict[str, int]:
    """How much each table holds, but for the updates themselves."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "inbox"]
    counts = {table.name: select(func.count()).select_from(table) for table in tables}
    return await town.read(
        lambda session: {name: session.scalar(count) or 0 for name, count in counts.items()}
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_is_said_in_a_group_nobody_hears_us(town: Town, kind: Type) -> None:
    budi = await town.worker("Budi", ready=False)
    sari = await town.asker("Sari")
    wayan = town.telegram.add_person("Wayan", bot=town.bot)
    group = await among_people(town, kind, wayan, sari, budi)
    heard, calls, before = len(sari.heard), len(town.telegram.calls), await rows(town)
    for text in ("/start", "/siap@telekonsul_contoh_bot", SECRET, "@telekonsul_contoh_bot tolong"):
        wayan.says(text, to=group)
    said = sari.says("Batuk", to=group)
    sari.edits(said, "Anak saya kejang, tidak bernapas")
    sari.sends_album(2, "luka", to=group)
    sari.sends_voice(to=group)
    sari.sends_location(-8.3, 115.5, to=group)
    budi.says("/siap", to=group)
    budi.passes_on(said, to=group)
    wayan.removes_bot(group)
    wayan.adds_bot(group)
    await town.settle()
    methods = {call.method for call in list(town.telegram.calls)[calls:]}
    assert methods == {"getUpdates"}
    assert await rows(town) == before
    assert await ids(town) == []
    assert await unfinished(town) == 0
    assert since(sari, heard) == []
    assert [message.sender for message in group.messages.values() if message.from_bot] == []
    assert wayan.heard == []
    assert SECRET not in await readable(town)


@pytest.mark.parametrize("kind", KINDS)
async def test_two_in_a_consultation_keep_it_out_of_their_group(town: Town, kind: Type) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    group = await among_people(town, kind, sari, budi)
    count, other = len(budi.heard), len(sari.heard)
    sari.says("Ini hanya untuk warga", to=group)
    budi.says("Jawaban di depan umum", to=group)
    sari.passes_on(budi.says("Obatnya apa?", to=group), to=group)
    await town.settle()
    assert since(budi, count) == since(sari, other) == []
    sari.says("Ini untuk perawat")
    await town.settle()
    assert "Ini untuk perawat" in hears(budi)
    assert all(message.sender is not town.bot for message in group.messages.values())


async def test_a_group_that_becomes_a_supergroup_stays_silent(town: Town) -> None:
    sari = await town.asker("Sari")
    group = await among_people(town, "group", sari)
    calls = len(town.telegram.calls)
    new = sari.upgrades(group)
    sari.says("Anak saya kejang", to=new)
    await town.settle()
    assert {call.method for call in list(town.telegram.calls)[calls:]} == {"getUpdates"}
    assert await unfinished(town) == 0


async def test_who_puts_us_out_of_a_group_is_still_reached(town: Town) -> None:
    sari = await town.asker("Sari")
    group = await among_people(town, "supergroup", sari)
    sari.removes_bot(group)
    await town.settle()
    count = len(sari.heard)
    sari.says("Anak batuk 4 hari")
    await town.settle()
    assert len(since(sari, count)) > 0
    owed = select(Outgoing.chat_id).where(Outgoing.chat_id < 0)
    assert await town.read(lambda session: list(session.scalars(owed))) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_button_pressed_in_a_group_does_nothing(town: Town, kind: Type) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    one = (await ids(town))[0]
    group = await among_people(town, kind, budi, sari)
    message = sari.says("Terima?", to=group)
    calls = len(town.telegram.calls)
    town.telegram.pressed(message, {"callback_data": f"accept:{one}"}, budi)
    town.telegram.pressed(message, {"callback_data": f"withdraw:{one}"}, sari)
    await town.settle()
    spoken = {call.method for call in list(town.telegram.calls)[calls:]}
    assert spoken <= {"getUpdates", "answerCallbackQuery"}
    assert all(call.params.get("text", "") == "" for call in list(town.telegram.calls)[calls:])
    budi.taps("Terima")
    await town.settle()
    assert "Perawat Budi" in hears(sari)


async def test_an_anonymous_administrator_is_nobody(town: Town) -> None:
    sari = await town.asker("Sari")
    count = len(sari.heard)
    chat = {"id": -1001500000001, "type": "supergroup", "title": "Warga"}
    arrives(town, sari, chat=chat, sender_chat=chat, text=SECRET)
    arrives(town, sari, "channel_post", chat=chat | {"type": "channel"}, text=SECRET)
    arrives(town, sari, chat=chat | {"type": "new_type_of_2027"}, text=SECRET)
    await town.settle()
    assert since(sari, count) == []
    assert await ids(town) == []
    assert await unfinished(town) == 0
