"""What happens when a message does not simply arrive."""

import pytest

from simulator.message import Message
from simulator.person import Person
from tests.stories.acts import advised, answers, complains, hears, pair, since, taken, watched
from tests.town import Town

REPEATED = "(dikirim ulang)"


def sends_to(town: Town, person: Person, method: str = "sendMessage") -> list[int | None]:
    return [
        call.error_code
        for call in town.telegram.calls
        if call.method == method and call.params.get("chat_id") == person.id
    ]


# ── nobody there ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["blocks", "deactivates"])
async def test_the_worker_is_told_that_the_asker_cannot_be_reached(town: Town, how: str) -> None:
    sari, budi = await pair(town)
    getattr(sari, how)()
    await town.settle()
    said = budi.says("Bagaimana sekarang?")
    await town.settle()
    assert "belum sampai" in budi.heard[-1]
    assert budi.last.reply_to is said
    tries = len(sends_to(town, sari))
    await town.wait(minutes=5)
    assert len(sends_to(town, sari)) == tries
    assert sends_to(town, sari)[-1] == 403


async def test_the_asker_is_told_that_the_worker_cannot_be_reached(town: Town) -> None:
    sari, budi = await pair(town)
    budi.blocks()
    await town.settle()
    said = sari.says("Masih panas, Pak")
    await town.settle()
    assert "belum sampai" in sari.heard[-1]
    assert sari.last.reply_to is said


async def test_who_comes_back_is_reached_again(town: Town) -> None:
    sari, budi = await pair(town)
    sari.blocks()
    await town.settle()
    await complains(town, budi, "Bagaimana sekarang?")
    sari.unblocks()
    sari.says("Maaf Pak, tadi salah tekan")
    await town.settle()
    assert "salah tekan" in budi.heard[-1]
    await complains(town, budi, "Tidak apa-apa")
    assert sari.heard[-1] == "Perawat Budi\nTidak apa-apa"


async def test_a_block_that_overtakes_the_last_words_ends_the_same(town: Town) -> None:
    sari, budi = await pair(town)
    sari.says("Saya ke kebun dulu")
    sari.blocks()  # Telegram hands out the block first
    await town.settle()
    assert "ke kebun" in budi.heard[-1]
    budi.says("Baik, Bu")
    await town.settle()
    assert "belum sampai" in budi.heard[-1]
    assert sends_to(town, sari)[-1] == 403
    tries = len(sends_to(town, sari))
    await town.wait(minutes=5)
    assert len(sends_to(town, sari)) == tries


async def test_the_worker_is_told_that_the_advice_did_not_arrive(town: Town) -> None:
    sari, budi = await pair(town)
    sari.blocks()
    await town.settle()
    await advised(town, budi)
    assert "Nasihat nomor 1 belum pasti sampai kepada Sari" in budi.heard[-1]


async def test_a_worker_who_blocked_us_gets_no_offers(town: Town) -> None:
    budi = await town.worker("Budi")
    budi.blocks()
    await town.settle()
    tries = len(sends_to(town, budi))
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert "belum ada petugas" in sari.heard[-1]
    await complains(town, sari, "Anak saya kejang")
    await town.wait(minutes=10)
    assert len(sends_to(town, budi)) == tries

    budi.starts()  # and who comes back is on duty as before
    await town.settle()
    await town.wait(seconds=10)
    assert "kejang" in hears(budi)


async def test_a_refused_offer_marks_the_worker(town: Town) -> None:
    budi = await town.worker("Budi")
    budi.private(town.bot).blocked = True  # we have not heard of it yet
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert sends_to(town, budi)[-1] == 403
    tries = len(sends_to(town, budi))
    await town.wait(minutes=4)
    assert len(sends_to(town, budi)) == tries


async def test_a_phone_without_signal_says_everything_later_and_in_order(town: Town) -> None:
    sari, budi = await pair(town)
    sari.loses_signal()
    sari.says("Satu")
    sari.sends_photo("Dua")
    sari.says("Tiga")
    await complains(town, budi, "Ibu masih di sana?")
    assert "Ibu masih" not in hears(sari)
    await town.wait(hours=2)
    sari.finds_signal()
    await town.settle()
    assert [text.split("\n")[1] for text in budi.heard[-3:]] == ["Satu", "Dua", "Tiga"]
    assert "Ibu masih di sana?" in hears(sari)


# ── Telegram in trouble ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("trouble", ["error_after", "cut_after"])
async def test_an_unknown_outcome_is_repeated_once_and_marked(town: Town, trouble: str) -> None:
    sari, budi = await pair(town)
    town.telegram.trouble.add("sendMessage", trouble, chat_id=sari.id)  # type: ignore[arg-type]  # one of its kinds
    count = len(sari.heard)
    budi.says("Minum hangat")
    budi.says("Lalu istirahat")
    await town.settle()
    assert since(sari, count) == [
        "Perawat Budi\nMinum hangat",
        f"{REPEATED}\nPerawat Budi\nMinum hangat",
        "Perawat Budi\nLalu istirahat",
    ]


@pytest.mark.parametrize("trouble", ["error", "cut_before"])
async def test_what_did_not_arrive_is_sent_again_in_order(town: Town, trouble: str) -> None:
    sari, budi = await pair(town)
    town.telegram.trouble.add("sendMessage", trouble, chat_id=sari.id)  # type: ignore[arg-type]  # one of its kinds
    count = len(sari.heard)
    budi.says("Minum hangat")
    budi.says("Lalu istirahat")
    await town.settle()
    bodies = [text.split("\n")[-1] for text in since(sari, count)]
    assert bodies == ["Minum hangat", "Lalu istirahat"]


async def test_there_is_never_a_second_repeat(town: Town) -> None:
    sari, budi = await pair(town)
    town.telegram.trouble.add("sendMessage", "cut_after", chat_id=sari.id, times=2)
    count = len(sari.heard)
    said = budi.says("Minum hangat")
    await town.settle()
    assert len(since(sari, count)) == 2
    assert "belum pasti sampai" in budi.heard[-1]
    assert budi.last.reply_to is said


async def test_an_emergency_card_is_repeated_marked(town: Town) -> None:
    await town.worker("Budi")
    sari = await town.asker("Sari")
    count = len(sari.heard)
    town.telegram.trouble.add("sendMessage", "cut_after", chat_id=sari.id)
    await complains(town, sari, "Anak saya kejang")
    cards = [text for text in since(sari, count) if "INI TANDA BAHAYA" in text]
    assert len(cards) == 2
    assert cards[1].startswith(REPEATED)


async def test_a_menu_is_repeated_marked_and_both_copies_count_once(town: Town) -> None:
    """Whoever misses a menu is stuck."""
    sari = await town.asker("Sari", agreed=False)
    town.telegram.trouble.add("sendMessage", "cut_after", chat_id=sari.id, times=3)
    await complains(town, sari, "Batuk")
    town.telegram.trouble.clear()
    menus = [one for one in sari.sees if one.from_bot and one.buttons]
    assert [(menu.text or "").startswith(REPEATED) for menu in menus] == [False, True]
    for menu in menus:
        sari.taps("Setuju", menu)
    await town.settle()
    await answers(town, sari)
    assert hears(sari).count("Nomor Ibu/Bapak: 1") == 1


async def test_an_offer_is_not_repeated(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    town.telegram.trouble.add("sendMessage", "cut_after", chat_id=budi.id)
    count = len(budi.heard)
    await complains(town, sari, "Batuk")
    assert len(since(budi, count)) == 1
    budi.taps("Terima")
    await town.settle()
    assert "Perawat Budi sudah menerima" in sari.heard[-1]


async def test_a_repeated_album_and_photo_are_not_lost(town: Town) -> None:
    sari, budi = await pair(town)
    town.telegram.trouble.add("copyMessage", "cut_after", chat_id=budi.id)
    sari.sends_photo("Ruam")
    await town.settle()
    assert budi.heard[-1].startswith(REPEATED)
    assert budi.heard[-1].endswith("Ruam")


async def test_a_short_429_holds_only_its_chat(town: Town) -> None:
    sari, budi = await pair(town)
    ani = await town.asker("Ani")
    await taken(town, ani, budi, "Ani pusing")
    seen = watched(town)
    town.telegram.trouble.add("sendMessage", "flood", chat_id=sari.id, retry_after=5)
    start = town.clock.now()
    sari.says("/tidakada")
    ani.says("/tidakada")
    await town.settle()
    after = {one.chat_id: (one.at - start).total_seconds() for one in seen}
    assert after[ani.id] < 2
    assert 5 <= after[sari.id] < 7


async def test_a_long_429_holds_everybody(town: Town) -> None:
    sari, budi = await pair(town)
    ani = await town.asker("Ani")
    await taken(town, ani, budi, "Ani pusing")
    seen = watched(town)
    town.telegram.trouble.add("sendMessage", "flood", chat_id=sari.id, retry_after=35)
    start = town.clock.now()
    sari.says("/tidakada")
    ani.says("/tidakada")
    await town.settle()
    waits = [(one.at - start).total_seconds() for one in seen]
    assert len(waits) == 2
    assert min(waits) >= 35
    calls = [call for call in town.telegram.calls if call.method == "sendMessage"]
    assert sum(call.error_code == 429 for call in calls) == 1


async def test_two_chats_with_429_hold_everybody(town: Town) -> None:
    sari, _ = await pair(town)
    ani, eka = await town.asker("Ani"), await town.asker("Eka")
    seen = watched(town)
    for one in (sari, ani):
        town.telegram.trouble.add("sendMessage", "flood", chat_id=one.id, retry_after=4)
    start = town.clock.now()
    sari.says("/tidakada")
    ani.says("/tidakada")
    eka.says("/tidakada")
    await town.settle()
    assert all((one.at - start).total_seconds() >= 4 for one in seen)
    assert len(seen) == 3


async def test_whatever_happens_each_chat_stays_in_order(town: Town) -> None:
    sari, budi = await pair(town)
    town.telegram.limits.on = True
    trouble = town.telegram.trouble
    trouble.add("sendMessage", "flood", times=None, chance=0.1, retry_after=2)
    trouble.add("sendMessage", "cut_before", times=None, chance=0.1)
    trouble.add("sendMessage", "error_after", times=None, chance=0.1)
    said = [f"Kalimat {count}" for count in range(30)]
    for count, text in enumerate(said):
        (sari if count % 2 else budi).says(text)
    await town.settle()
    trouble.clear()
    for reader, offset in ((sari, 0), (budi, 1)):
        lines = "\n".join(reader.heard).split("\n")  # what came fast stands in one message
        bodies = [line for line in lines if line.startswith("Kalimat")]
        once = list(dict.fromkeys(bodies))
        assert once == said[offset::2]
        assert bodies == sorted(bodies, key=once.index)
    assert town.telegram.limits.breaches == 0


# ── receipts ────────────────────────────────────────────────────────────────────────────────────


def mark(town: Town, message: Message) -> str:
    """The emoji that the bot put on somebody's message."""
    given = message.reactions.get(town.bot.id, [])
    return "".join(str(one["emoji"]) for one in given)


async def test_a_mark_says_stored_while_waiting_and_arrived_in_the_talk(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await complains(town, sari, "Batuk")
    added = sari.says("Sejak kemarin")
    await town.settle()
    assert mark(town, added) == "✍"
    budi.taps("Terima")
    await town.settle()
    said = sari.says("Pak?")
    await town.settle()
    assert mark(town, said) == "👀"
    photo = sari.sends_photo("Begini")
    await town.settle()
    assert mark(town, photo) == "👀"


async def test_a_burst_gets_its_mark_on_the_last(town: Town) -> None:
    sari, budi = await pair(town)
    said = [sari.says(f"Kata {n}") for n in range(4)]
    await town.settle()
    assert mark(town, said[-1]) == "👀"
    assert mark(town, said[-2]) == ""
    assert budi.heard[-1].endswith("Kata 3")


async def test_what_did_not_arrive_or_was_answered_gets_no_mark(town: Town) -> None:
    sari, budi = await pair(town)
    said = sari.says("Pak?")
    budi.says("Ya, Bu?")
    await town.settle()
    assert mark(town, said) == "", "the answer is the receipt"
    budi.blocks()
    await town.settle()
    said = sari.says("Halo?")
    await town.settle()
    assert mark(town, said) == ""
    assert "belum sampai" in sari.heard[-1]
