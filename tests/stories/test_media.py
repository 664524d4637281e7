"""Everything a phone can send: passed on, or answered; never dropped."""

import random
from datetime import timedelta
from typing import Any

import pytest

from simulator.message import Message
from simulator.person import Person
from tests.stories.acts import answers, arrives, complains, hears, ids, pair, since, turns
from tests.town import Town


def shown(person: Person) -> list[Message]:
    return [message for message in person.sees if message.from_bot]


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "video"])
async def test_media_with_a_caption_go_over_headed_in_both_directions(
    town: Town, kind: str
) -> None:
    sari, budi = await pair(town)
    getattr(sari, f"sends_{kind}")(caption="NIK 3175091234567890 <b>ruam</b>")
    await town.settle()
    assert budi.last.kind == kind
    assert budi.last.caption == "🔵 No. 1 · Sari\nNIK 3175••••••••7890 <b>ruam</b>"
    assert budi.last.protected

    getattr(budi, f"sends_{kind}")()
    await town.settle()
    assert sari.last.kind == kind
    assert sari.last.caption == "Perawat Budi"
    assert not sari.last.protected


@pytest.mark.parametrize("kind", ["sticker", "video_note", "dice", "contact"])
async def test_media_without_a_caption_follow_their_header(town: Town, kind: str) -> None:
    sari, budi = await pair(town)
    getattr(sari, f"sends_{kind}")()
    await town.settle()
    assert [one.kind for one in shown(budi)[-2:]] == ["text", kind]
    assert shown(budi)[-2].text == "🔵 No. 1 · Sari"


async def test_a_place_goes_over(town: Town) -> None:
    sari, budi = await pair(town)
    sari.sends_location(-10.17, 123.6)
    await town.settle()
    assert budi.last.kind == "location"


async def test_a_forwarded_text_is_marked_as_such(town: Town) -> None:
    sari, budi = await pair(town)
    sari.forwards("Minum air rebusan ini", "Grup Keluarga")
    await town.settle()
    assert budi.heard[-1] == "🔵 No. 1 · Sari\n(pesan terusan)\nMinum air rebusan ini"


@pytest.mark.parametrize("shuffled", [False, True])
async def test_an_album_stays_one_album(town: Town, shuffled: bool) -> None:
    sari, budi = await pair(town)
    if shuffled:
        sari.sends_album(5, "Ruamnya")
        waiting = town.bot.updates.waiting()
        town.bot.updates.clear()
        random.Random(1).shuffle(waiting)
        for update in waiting:
            town.bot.updates.add(update.kind, update.body, queue=update.queue)
    else:
        sari.sends_album(5, "Ruamnya")
    await town.settle()
    photos = [message for message in shown(budi) if message.kind == "photo"]
    assert len(photos) == 5
    assert len({message.media_group_id for message in photos}) == 1
    assert budi.heard[-2:] == ["🔵 No. 1 · Sari", "🔵 No. 1 · Sari\nRuamnya"]
    sources = [message.file_id for message in sari.sees if message.kind == "photo"]
    assert [message.file_id for message in photos] == sources


async def test_an_album_that_trickles_in_is_waited_for(town: Town) -> None:
    sari, budi = await pair(town)
    town.clock.move(5)
    sari.sends_album(5)
    waiting = town.bot.updates.waiting()
    town.bot.updates.clear()
    for update in waiting:
        town.bot.updates.add(update.kind, update.body, queue=update.queue)
        await turns(town, 3)
        town.clock.move(0.7)
    await town.settle()
    photos = [message for message in shown(budi) if message.kind == "photo"]
    assert len(photos) == 5
    assert len({message.media_group_id for message in photos}) == 1


async def test_an_item_that_comes_late_comes_all_the_same(town: Town) -> None:
    sari, budi = await pair(town)
    sari.sends_album(5)
    waiting = town.bot.updates.waiting()
    town.bot.updates.clear()
    for update in waiting[:3]:
        town.bot.updates.add(update.kind, update.body, queue=update.queue)
    await town.settle()
    town.clock.move(30)
    for update in waiting[3:]:
        town.bot.updates.add(update.kind, update.body, queue=update.queue)
    await town.settle()
    assert len([message for message in shown(budi) if message.kind == "photo"]) == 5


async def test_an_album_without_consent_is_one_question(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)
    sari.sends_album(3, "Ruam di lengan")
    await town.settle()
    assert len(sari.heard) == 2
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "Ruam di lengan" in budi.heard[-1]
    budi.taps("Terima")
    await town.settle()
    photos = [message for message in shown(budi) if message.kind == "photo"]
    assert len({message.media_group_id for message in photos}) == 1
    assert len(photos) == 3
    assert len(await ids(town)) == 1


async def test_a_long_caption_follows_the_picture_as_text(town: Town) -> None:
    sari, budi = await pair(town)
    sari.sends_photo("😀" * 1024)
    await town.settle()
    assert shown(budi)[-2].kind == "photo"
    assert budi.heard[-1] == "🔵 No. 1 · Sari\n" + "😀" * 1024


async def test_a_voice_can_be_the_whole_complaint(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    sari.sends_voice(20)
    await town.settle()
    await answers(town, sari)
    assert "«(foto/suara)»" in budi.heard[-1]
    budi.taps("Terima")
    await town.settle()
    assert budi.last.kind == "voice"


@pytest.mark.parametrize("kind", ["sticker", "dice"])
async def test_a_sticker_alone_is_no_complaint(town: Town, kind: str) -> None:
    sari = await town.asker("Sari")
    getattr(sari, f"sends_{kind}")()
    await town.settle()
    assert await ids(town) == []
    assert "belum kami pahami" in sari.heard[-1]


@pytest.mark.parametrize(
    "parts",
    [
        {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0,
                  "is_closed": False, "is_anonymous": True, "type": "regular",
                  "allows_revoting": True, "members_only": False,
                  "allows_multiple_answers": False}},
        {"story": {"chat": {"id": 1, "type": "private"}, "id": 7}},
        {"something_of_next_year": {"a": 1}},
        {},
    ],
)  # fmt: skip
async def test_what_we_cannot_pass_on_is_answered(town: Town, parts: dict[str, Any]) -> None:
    sari, budi = await pair(town)
    count = len(budi.heard)
    arrives(town, sari, **parts)
    await town.settle()
    assert "jenis pesan itu belum bisa kami teruskan" in sari.heard[-1]
    assert since(budi, count) == []


async def test_what_we_cannot_pass_on_is_told_in_words_once_an_hour(each_town: Town) -> None:
    town = each_town
    sari, _ = await pair(town)
    said = "jenis pesan itu belum bisa kami teruskan"

    async def marks(count: int) -> list[Any]:
        """How the bot marks so many messages that it cannot pass on."""
        chat = sari.chat()
        sent = [town.telegram.put(Message(chat, "story", sari)) for _ in range(count)]
        await town.settle()
        return [one.reactions.get(town.bot.id) for one in sent]

    assert await marks(3) == [None, *[[{"type": "emoji", "emoji": "🤷"}]] * 2]
    assert hears(sari).count(said) == 1
    town.clock.move(timedelta(hours=1))
    assert await marks(1) == [None]
    assert hears(sari).count(said) == 2


async def test_a_deleted_photo_is_reported_to_its_writer(town: Town) -> None:
    sari, budi = await pair(town)
    photo = sari.sends_photo("Lihat ini")
    sari.deletes(photo)
    await town.settle()
    assert "belum sampai" in sari.heard[-1]
    assert "Lihat ini" not in hears(budi)


async def test_an_advice_has_to_be_text(town: Town) -> None:
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    count = len(sari.heard)
    budi.sends_voice()
    await town.settle()
    assert "perlu berupa tulisan" in budi.heard[-1]
    await complains(town, budi, "Istirahat")
    assert "Kirim dan tutup sebagai apa?" in budi.heard[-1]
    assert since(sari, count) == []
