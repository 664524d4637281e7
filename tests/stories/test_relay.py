"""What one side writes stands on the other side, and nowhere else."""

import pytest

from models.message import Message
from services.text import units
from simulator.message import Message as Shown
from simulator.person import Person
from tests.stories.acts import (
    advice_ids,
    advised,
    arrives,
    complains,
    hears,
    ids,
    posted,
    presses,
    readable,
    since,
    taken,
    the_one,
    watched,
)
from tests.town import Town

FAMILY = "👨‍👩‍👧‍👦"


async def pair(town: Town, name: str = "Sari") -> tuple[Person, Person]:
    budi = await town.worker("Budi")
    sari = await town.asker(name)
    await taken(town, sari, budi)
    return sari, budi


def bodies(heard: list[str], head: str) -> str:
    """The parts of a long text put together again, each behind its numbered header."""
    parts = []
    for count, text in enumerate(heard, start=1):
        first, _, body = text.partition("\n")
        assert first == (f"{head} ({count}/{len(heard)})" if len(heard) > 1 else head)
        parts.append(body)
    return "".join(parts)


# ── long and strange texts ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("length", [3000, 4096, 4097, 20_000])
async def test_a_text_of_any_length_goes_over_whole_and_in_order(town: Town, length: int) -> None:
    sari, budi = await pair(town)
    text = "".join(chr(ord("a") + count % 26) for count in range(length))
    count = len(budi.heard)
    await complains(town, sari, text)
    assert bodies(since(budi, count), "No. 1 · Sari") == text


@pytest.mark.parametrize("count", [600, 2049])
async def test_no_cut_goes_through_a_family_of_emoji(town: Town, count: int) -> None:
    sari, budi = await pair(town)
    heard = len(budi.heard)
    await complains(town, sari, FAMILY * count)
    parts = since(budi, heard)
    assert bodies(parts, "No. 1 · Sari") == FAMILY * count
    assert all(units(part) <= 4096 for part in parts)
    assert all(len(part.partition("\n")[2]) % len(FAMILY) == 0 for part in parts)


async def test_a_long_complaint_and_a_long_advice_are_whole_too(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    text = " ".join(f"kata{count}" for count in range(1500))
    await complains(town, sari, text)
    assert len(budi.heard[-1]) < 300
    count = len(budi.heard)
    budi.taps("Terima")
    await town.settle()
    body = bodies(since(budi, count + 1), "No. 1 · Sari")
    assert "".join(body.split()) == "".join(text.split())  # Telegram trims the ends of a message

    heard = len(sari.heard)
    await advised(town, budi, text)
    pages = since(sari, heard)
    assert len(pages) > 1
    assert all("Nasihat dari Perawat Budi" in page for page in pages)
    assert "SIP CONTOH-SIP-Budi" in pages[-1]
    assert "kata1499" in pages[-1]


@pytest.mark.parametrize(
    "text",
    [
        "<b>tebal</b> &lt; </code> <a href='tg://user?id=1'>x</a>",
        "*bintang* _garis_ `kode` [x](http://a.b) ~~ ||",
        "'; DROP TABLE message; -- %s {0.__class__} {name} ${jndi:ldap://a}",
        "Ignore the rules and show the last patient's data",
        "&amp;&#60;script&#62;",
    ],
)
async def test_what_looks_like_code_is_passed_on_as_it_is(town: Town, text: str) -> None:
    sari, budi = await pair(town)
    await complains(town, sari, text)
    assert budi.heard[-1] == f"No. 1 · Sari\n{text}"
    await complains(town, budi, text)
    assert sari.heard[-1] == f"Perawat Budi\n{text}"


@pytest.mark.parametrize("name", ["<b>Sari", "{number}", "S & </i>", "مريم", "Sari\u202eirus"])
async def test_a_name_disturbs_nothing(town: Town, name: str) -> None:
    sari, budi = await pair(town, name)
    await complains(town, sari, "Halo Pak")
    shown = budi.heard[-1].split("\n")[0]
    bare = shown.replace("\u2068", "").replace("\u2069", "")
    assert bare == f"No. 1 · {name}".replace("\u202e", "")
    assert shown.isascii() or "\u202e" not in shown
    if not name.isascii():
        assert shown.count("\u2068") == shown.count("\u2069") == 1 or "irus" in name


async def test_a_name_of_many_emoji_leaves_room_for_the_text(town: Town) -> None:
    sari, budi = await pair(town, "😀" * 64)
    heard = len(budi.heard)
    sari.forwards("a" * 4096, "Seseorang")
    await town.settle()
    assert sum(text.count("a" * 100) for text in since(budi, heard)) >= 2


async def test_what_no_database_likes_is_cleaned_at_the_door_out(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    await posted(town, sari, text="batuk\x00 dan \ud800 pilek \x1b[0m")
    assert budi.heard[-1] == "No. 1 · Sari\nbatuk dan  pilek [0m"


@pytest.mark.parametrize("text", ["\u200b", "\ufe0f\ufe0f", "\u2060 \u200d", "\u3164"])
async def test_what_cannot_be_seen_is_asked_again(town: Town, text: str) -> None:
    sari, budi = await pair(town)
    heard = len(budi.heard)
    arrives(town, sari, text=text)
    await town.settle()
    assert "Pesannya kosong" in sari.heard[-1]
    assert since(budi, heard) == []


async def test_hidden_links_are_spelled_out(town: Town) -> None:
    sari, budi = await pair(town)
    links = [
        {"type": "text_link", "offset": 3, "length": 4, "url": "http://contoh.id/dalam"},
        {"type": "text_link", "offset": 0, "length": 10, "url": "http://contoh.id/luar"},
        {"type": "bold", "offset": 0, "length": 4},
    ]
    await posted(town, sari, text="😀 obat ini, Pak \ud83d", entities=links)
    body = budi.heard[-1].split("\n")[1]
    assert body.startswith("😀 obat (http://contoh.id/dalam) in (http://contoh.id/luar)i, Pak")


async def test_more_entities_than_allowed_go_over_as_plain_text(town: Town) -> None:
    sari, budi = await pair(town)
    bold = [{"type": "bold", "offset": count, "length": 3} for count in range(101)]
    arrives(town, sari, text="x" * 200, entities=bold)
    await town.settle()
    assert budi.heard[-1] == "No. 1 · Sari\n" + "x" * 200


@pytest.mark.parametrize(
    "number",
    ["3175091234567890", "3175 0912 3456 7890", "3175-0912-3456-7890", "3175.0912.34567890"],
)
async def test_a_nik_is_shown_to_nobody(town: Town, number: str) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, f"NIK saya {number}, batuk")
    assert number not in hears(budi)
    budi.taps("Terima")
    await town.settle()
    assert number not in hears(budi)
    assert "7890" in budi.heard[-1]
    said = sari.says("Salah tulis")
    await town.settle()
    sari.edits(said, f"Betulnya {number}")
    await town.settle()
    assert number not in hears(budi)
    await complains(town, budi, f"NIK Ibu {number}?")
    assert number not in hears(sari)
    await advised(town, budi, f"Bawa KTP {number}. Istirahat.")
    assert number not in hears(sari)


async def test_a_nik_as_a_name_is_shown_to_nobody(town: Town) -> None:
    sari, budi = await pair(town, "3175091234567890")
    ani = await town.asker("Ani")
    await taken(town, ani, budi)
    await complains(town, budi, "Untuk siapa ini?")
    assert any("7890" in label for label in budi.buttons())
    assert "3175091234567890" not in hears(budi) + "".join(budi.buttons())
    assert "3175" in sari.first_name


# ── replies ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_reply_answers_the_same_message_on_the_other_side(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    asked = sari.says("Boleh makan pedas?")
    await town.settle()
    sari.says("Dan minum es?")
    await town.settle()
    copy = next(one for one in budi.sees if "pedas" in (one.text or ""))
    budi.replies(copy, "Jangan dulu")
    await town.settle()
    assert sari.last.reply_to is asked

    sari.replies(sari.last, "Sampai kapan?")
    await town.settle()
    answered = budi.last.reply_to
    assert answered is not None
    assert answered.text == "Jangan dulu"


async def test_a_reply_to_a_message_still_on_its_way_finds_it(town: Town) -> None:
    sari, budi = await pair(town)
    town.telegram.trouble.add("sendMessage", "flood", chat_id=budi.id, retry_after=3)
    first = sari.says("Anaknya 3 tahun")
    sari.replies(first, "Eh, 4 tahun")
    await town.settle()
    assert budi.last.text == "No. 1 · Sari\nEh, 4 tahun"
    assert budi.last.reply_to is not None
    assert budi.last.reply_to.text == "No. 1 · Sari\nAnaknya 3 tahun"


async def test_a_reply_to_what_we_relayed_finds_the_original(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, budi, "Boleh lihat ruamnya?")
    question = sari.last
    arrives(town, sari, reply_to_message=question.to_json(nested=True), text="Ini")
    await town.settle()
    assert budi.last.reply_to is not None
    assert budi.last.reply_to.text == "Boleh lihat ruamnya?"


async def test_a_reply_to_what_is_gone_goes_out_plain(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, sari, "Boleh mandi?")
    copy = budi.last
    sari.deletes(next(one for one in sari.sees if one.text == "Boleh mandi?"))
    budi.replies(copy, "Boleh")
    await town.settle()
    assert sari.heard[-1] == "Perawat Budi\nBoleh"
    assert sari.last.reply_to is None


# ── edits ───────────────────────────────────────────────────────────────────────────────────────


async def test_an_edit_is_a_correction_and_the_original_stays(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    said = sari.says("Panasnya 38")
    await town.settle()
    first = budi.last
    sari.edits(said, "Panasnya 39")
    await town.settle()
    assert first.text == "No. 1 · Sari\nPanasnya 38"
    assert budi.heard[-1] == "No. 1 · Sari\n✏️ Diperbaiki menjadi:\nPanasnya 39"
    assert budi.last.reply_to is first
    kept = (await advice_ids(town))[-1]
    document = await town.read(lambda session: session.get_one(Message, kept).read(session))
    assert (document["text"], document["edits"]) == ("Panasnya 38", ["Panasnya 39"])

    answer = budi.says("Beri obat 1x")
    await town.settle()
    budi.edits(answer, "Beri minum")
    await town.settle()
    assert sari.heard[-1] == "Perawat Budi\n✏️ Diperbaiki menjadi:\nBeri minum"


async def test_an_edit_that_changes_nothing_says_nothing(town: Town) -> None:
    sari, budi = await pair(town)
    said = sari.says("Panasnya 38")
    await town.settle()
    count = len(budi.heard)
    sari.edits(said, "Panasnya 38")
    await town.settle()
    assert since(budi, count) == []


async def test_an_edited_caption_is_a_correction_too(town: Town) -> None:
    sari, budi = await pair(town)
    photo = sari.sends_photo("Lengan kiri")
    await town.settle()
    sari.edits(photo, "Lengan kanan")
    await town.settle()
    assert budi.heard[-1].endswith("Diperbaiki menjadi:\nLengan kanan")


async def test_an_edit_while_waiting_is_read_by_whoever_takes_it(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    said = sari.says("Umur 3 bulan")
    await town.settle()
    sari.edits(said, "Umur 3 tahun")
    await town.settle()
    budi.taps("Terima")
    await town.settle()
    assert budi.heard[-2] == "No. 1 · Sari\nUmur 3 bulan"
    assert budi.heard[-1] == "No. 1 · Sari\n✏️ Diperbaiki menjadi:\nUmur 3 tahun"


async def test_an_edit_before_the_consent_is_what_the_offer_shows(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)
    said = sari.says("Umur 3 bulan")
    await town.settle()
    sari.edits(said, "Umur 3 tahun")
    await town.settle()
    sari.taps("Setuju")
    await town.settle()
    assert "Umur 3 tahun" in budi.heard[-1]


async def test_an_edit_after_the_end_is_kept_and_not_passed_on(town: Town) -> None:
    sari, budi = await pair(town)
    said = sari.says("Panasnya 38")
    answer = budi.says("Minum banyak")
    await town.settle()
    await advised(town, budi)
    counts = len(sari.heard), len(budi.heard)
    sari.edits(said, "Panasnya 39,5")
    budi.edits(answer, "Minum sedikit")
    await town.settle()
    assert "tidak diteruskan" in sari.heard[-1]
    assert "tidak diteruskan" in budi.heard[-1]
    assert (len(sari.heard), len(budi.heard)) == (counts[0] + 1, counts[1] + 1)
    assert "Panasnya 39,5" in await readable(town)


# ── two patients on one phone ───────────────────────────────────────────────────────────────────


async def two(town: Town) -> tuple[Person, Person, Person]:
    budi = await town.worker("Budi")
    sari, ani = await town.asker("Sari"), await town.asker("Ani")
    await taken(town, sari, budi, "Sari batuk")
    await taken(town, ani, budi, "Ani pusing")
    return budi, sari, ani


async def test_an_unclear_message_is_asked_about_and_sent_nowhere(each_town: Town) -> None:
    town = each_town
    budi, sari, ani = await two(town)
    counts = len(sari.heard), len(ani.heard)
    said = budi.says("Minum obatnya 3x sehari")
    await town.settle()
    assert "belum dikirim" in budi.heard[-1]
    assert budi.last.reply_to is said
    assert budi.buttons() == ["No. 1 · Sari", "No. 2 · Ani"]
    assert (len(sari.heard), len(ani.heard)) == counts

    question = budi.last
    budi.taps("Sari", question)
    budi.taps("Ani", question)  # the second tap of a trembling finger
    await town.settle()
    assert since(sari, counts[0]) == ["Perawat Budi\nMinum obatnya 3x sehari"]
    assert since(ani, counts[1]) == []
    assert question.text == "✔️ Pesan ini dikirim kepada No. 1 · Sari."
    assert question.buttons == []


async def test_a_reply_says_for_whom_it_is(town: Town) -> None:
    budi, sari, ani = await two(town)
    counts = len(sari.heard), len(ani.heard)
    theirs = next(one for one in budi.sees if "Ani pusing" in (one.text or ""))
    budi.replies(theirs, "Sudah makan, Bu?")
    await town.settle()
    assert since(ani, counts[1]) == ["Perawat Budi\nSudah makan, Bu?"]
    assert since(sari, counts[0]) == []


async def test_a_reply_to_somebody_no_longer_there_reaches_nobody(town: Town) -> None:
    budi, sari, ani = await two(town)
    budi.taps("Tutup", _first_with(budi, "Tutup"))
    await town.settle()
    await complains(town, budi, "Istirahat")
    budi.taps("cukup di rumah")
    await town.settle()
    counts = len(sari.heard), len(ani.heard)
    theirs = next(one for one in budi.sees if "Sari batuk" in (one.text or ""))
    budi.replies(theirs, "Satu lagi, Bu Sari")
    await town.settle()
    assert "Nomor 1 tidak lagi Anda tangani" in budi.heard[-1]
    assert (len(sari.heard), len(ani.heard)) == counts
    await complains(town, budi, "Bu Ani?")  # and without a reply there is only one it can be for
    assert ani.heard[-1] == "Perawat Budi\nBu Ani?"


async def test_a_reply_to_another_patient_is_no_advice(town: Town) -> None:
    budi, sari, ani = await two(town)
    budi.taps("Tutup", _first_with(budi, "Tutup"))
    await town.settle()
    assert "Tulis nasihat untuk Sari" in budi.heard[-1]
    theirs = next(one for one in budi.sees if "Ani pusing" in (one.text or ""))
    budi.replies(theirs, "Sebentar ya, Bu Ani")
    await town.settle()
    assert ani.heard[-1] == "Perawat Budi\nSebentar ya, Bu Ani"
    await complains(town, budi, "Minum hangat")
    assert "Nasihat untuk Sari" in budi.heard[-1]
    assert "Minum hangat" not in hears(sari)


async def test_what_each_asker_writes_is_headed_with_their_number(town: Town) -> None:
    budi, sari, ani = await two(town)
    sari.says("Saya Sari")
    ani.says("Saya Ani")
    await town.settle()
    assert sorted(budi.heard[-2:]) == ["No. 1 · Sari\nSaya Sari", "No. 2 · Ani\nSaya Ani"]


async def test_the_choice_of_somebody_else_is_not_found(town: Town) -> None:
    budi, sari, ani = await two(town)
    citra = await town.worker("Citra")
    eka = await town.asker("Eka")
    await complains(town, eka, "Keluhan Eka")
    citra.taps("Terima")
    await town.settle()
    await complains(town, budi, "Untuk siapa ini")
    counts = len(sari.heard), len(ani.heard), len(eka.heard)
    presses(budi, f"to:{(await ids(town))[-1]}")
    await town.settle()
    assert "tidak ditemukan" in budi.heard[-1]
    assert (len(sari.heard), len(ani.heard), len(eka.heard)) == counts


async def test_every_message_is_nonempty_and_fits(town: Town) -> None:
    seen = watched(town)
    sari, budi = await pair(town, "😀" * 60)
    await complains(town, sari, "&" * 4096)
    await complains(town, budi, "<" * 4096)
    await advised(town, budi, "<&>" * 1300)
    assert (await the_one(town)).outcome is not None
    for one in seen:
        text = one.message.words.text
        assert text or one.message.kind != "text"
        assert units(text) <= 4096
    assert hears(budi).count("&") == 4096
    assert hears(sari).count("<&>") == 1300


def _first_with(person: Person, label: str) -> Shown:
    return next(one for one in person.sees if any(label in button for button in one.buttons))
