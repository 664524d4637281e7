"""Commands, buttons and updates that nobody foresaw."""

import pytest

from simulator.person import Person
from tests.stories.acts import (
    arrives,
    complains,
    hears,
    pair,
    presses,
    since,
    taken,
    the_one,
    unfinished,
)
from tests.town import Town


async def test_an_unknown_command_is_answered_and_goes_nowhere(town: Town) -> None:
    sari, budi = await pair(town)
    count = len(budi.heard)
    for text in ("/batuk", "/SIAP", "/start@bot_lain_saja x", "/"):
        await complains(town, sari, text)
    assert "belum kami kenal" in hears(sari)
    assert all("/batuk" not in text for text in since(budi, count))


@pytest.mark.parametrize("payload", ["x", "undangan_12345", "A" * 64, "-_-"])
async def test_a_deep_link_that_means_nothing_is_a_normal_start(town: Town, payload: str) -> None:
    sari = town.telegram.add_person("Sari", bot=town.bot)
    sari.starts(payload)
    await town.settle()
    assert "bukan layanan darurat" in sari.heard[0]
    assert len(sari.heard) == 2


async def test_a_hundred_starts_in_a_minute_are_one_greeting(town: Town) -> None:
    sari = town.telegram.add_person("Sari", bot=town.bot)
    for _ in range(100):
        sari.says("/start")
        town.clock.move(0.5)
    await town.settle()
    assert hears(sari).count("bukan layanan darurat") == 1
    await town.wait(minutes=2)
    sari.says("/start")
    await town.settle()
    assert hears(sari).count("bukan layanan darurat") == 2


async def test_hello_after_the_greeting_is_answered_shortly(town: Town) -> None:
    sari = await town.asker("Sari")
    count = len(sari.heard)
    await complains(town, sari, "Halo")
    assert since(sari, count) == [sari.heard[-1]]
    assert sari.heard[-1].startswith("Silakan ceritakan keluhannya")


async def test_a_start_in_the_middle_leaves_the_open_question(town: Town) -> None:
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "/start")
    await complains(town, budi, "Istirahat")
    assert "Kirim dan tutup sebagai apa?" in budi.heard[-1]
    assert "Istirahat" not in hears(sari)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "x",
        "accept:",
        "accept:abc",
        "accept:-1",
        "accept:" + "9" * 50,
        "accept:9223372036854775808",
        "accept:١٢",
        "advise:1:nonsense",
        "agree:",
        "to:1; DROP TABLE person",
        "ganti\nbaris",
        "x" * 64,
    ],
)
async def test_a_button_that_we_never_made_is_expired(town: Town, payload: str) -> None:
    sari, _ = await pair(town)
    presses(sari, payload)
    await town.settle()
    assert sari.heard[-1] == "Tombol itu sudah tidak berlaku. Silakan tulis keperluannya."
    assert await unfinished(town) == 0


async def test_a_button_of_long_ago_is_answered(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    waiting = sari.last
    sari.taps("Batalkan", waiting)
    await town.settle()
    await town.wait(days=40)
    count = len(sari.heard)
    sari.taps("Batalkan", waiting)
    await town.settle()
    assert since(sari, count) == []  # it is done, as it was 40 days ago
    presses(budi, f"accept:{(await the_one(town)).id}")
    await town.settle()
    assert "sudah berakhir" in budi.heard[-1]


async def test_a_choice_of_long_ago_is_written_again(town: Town) -> None:
    sari, budi = await pair(town)
    await taken(town, await town.asker("Ani"), budi, "Ani pusing")
    await complains(town, budi, "Untuk siapa?")
    question = budi.last
    count = len(sari.heard)
    await town.wait(days=3)
    budi.taps("Sari", question)
    await town.settle()
    assert "Silakan tulis sekali lagi" in budi.heard[-1]
    assert not any("Untuk siapa?" in text for text in since(sari, count))


async def test_every_foreign_button_sounds_like_one_that_does_not_exist(town: Town) -> None:
    await pair(town)
    ani = await town.asker("Ani")
    one = await the_one(town)
    for verb in (
        "withdraw", "return", "new", "thanks", "close", "talk", "to", "hold", "no_contact", "add",
        "keep", "who",
    ):  # fmt: skip
        count = len(ani.heard)
        presses(ani, f"{verb}:{one.id}")
        await town.settle()
        presses(ani, f"{verb}:{one.id + 1}")
        await town.settle()
        known, unknown = since(ani, count)
        assert known == unknown, verb
        assert "tidak ditemukan" in known


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("new_kind_of_2027", {"from": {"id": 1}, "what": "ever"}),
        ("inline_query", {"id": "1", "query": "x", "offset": ""}),
        ("poll", {"id": "1"}),
        ("edited_message", {}),
    ],
)
async def test_an_unknown_update_survives(town: Town, kind: str, body: dict[str, object]) -> None:
    sari, _ = await pair(town)
    town.bot.updates.allow([])
    town.expects_faults = True
    if kind == "edited_message":
        arrives(town, sari, kind, **body)
    else:
        town.bot.updates.add(kind, body, queue=1)
    await town.settle()
    budi_hears = await _still_works(town, sari)
    assert "Masih jalan" in budi_hears


async def test_what_happens_to_a_pinned_message_or_a_title_is_no_word_of_a_patient(
    town: Town,
) -> None:
    sari, budi = await pair(town)
    count = len(budi.heard)
    arrives(town, sari, pinned_message=sari.last.to_json())
    arrives(town, sari, new_chat_title="Sari")
    await town.settle()
    assert since(budi, count) == []
    assert await unfinished(town) == 0


async def test_an_update_delivered_again_has_one_effect(town: Town) -> None:
    sari, budi = await pair(town)
    sari.says("Sekali saja")
    again = town.bot.updates.waiting()
    await town.settle()
    for update in again:
        town.bot.updates._waiting[update.update_id] = update
    town.station.intake._offset = None
    await town.settle()
    assert hears(budi).count("Sekali saja") == 1


async def _still_works(town: Town, sari: Person) -> str:
    sari.says("Masih jalan")
    await town.settle()
    budi = next(one for one in town.telegram.people.values() if one.first_name == "Budi")
    return hears(budi)
