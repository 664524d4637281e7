"""An edit is a correction: told to whoever read the first wording, which is kept."""

from models.message import Message
from tests.stories.acts import advice_ids, advised, answers, pair, readable, since
from tests.town import Town


async def test_an_edit_is_a_correction_and_the_original_stays(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    said = sari.says("Panasnya 38")
    await town.settle()
    first = budi.last
    sari.edits(said, "Panasnya 39")
    await town.settle()
    assert first.text == "🔵 No. 1 · Sari\nPanasnya 38"
    assert budi.heard[-1] == "🔵 No. 1 · Sari\n✏️ Diperbaiki menjadi:\nPanasnya 39"
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
    said = sari.says("Anak saya umur 3 bulan, batuk")
    await town.settle()
    sari.edits(said, "Anak saya umur 3 tahun, batuk")
    await town.settle()
    await answers(town, sari)
    budi.taps("Terima")
    await town.settle()
    assert budi.heard[-2] == "🔵 No. 1 · Sari\nAnak saya umur 3 bulan, batuk"
    assert budi.heard[-1] == "🔵 No. 1 · Sari\n✏️ Diperbaiki menjadi:\nAnak saya umur 3 tahun, batuk"


async def test_an_edit_before_the_consent_is_what_the_offer_shows(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)
    said = sari.says("Anak saya umur 3 bulan")
    await town.settle()
    sari.edits(said, "Anak saya umur 3 tahun")
    await town.settle()
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "Anak saya umur 3 tahun" in budi.heard[-1]


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


async def test_an_edit_puts_right_what_the_message_had_answered(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    said = sari.says("Anak saya umur 3 minggu, gatal")
    await town.settle()
    assert "Tentang: Anak penanya, 21 hari" in sari.heard[-1]
    sari.edits(said, "Anak saya umur 3 tahun, gatal")
    await town.settle()
    assert "Tentang: Anak penanya, 3 tahun" in sari.heard[-1], "other signs are asked about"
    await answers(town, sari)
    assert "Anak penanya, 3 tahun" in budi.heard[-1]
    sari.edits(said, "Anak saya umur 3 minggu, gatal")
    await town.settle()
    assert "Tentang: Anak penanya, 21 hari" in sari.heard[-1], "while it waits, too"
    assert "Anak penanya, 21 hari" in budi.heard[-1]
    assert "umur 3 minggu" in budi.heard[-1], "the offer that stands says it, too"
    question = sari.last
    budi.taps("Terima")
    await town.settle()
    card = next(text for text in budi.heard if "Pasien:" in text)
    assert "Anak penanya, 21 hari" in card
    assert "Tanda bahaya: belum dijawab" in card, "those of an infant were not asked about"
    sari.taps("Ada", question)
    await town.settle()
    assert any("INI TANDA BAHAYA" in text for text in sari.heard)
    sari.edits(said, "Anak saya umur 4 tahun, gatal")
    await town.settle()
    assert budi.heard[-1].endswith("Diperbaiki menjadi:\nAnak saya umur 4 tahun, gatal")


async def test_a_no_to_the_danger_signs_that_becomes_a_yes_calls_at_once(town: Town) -> None:
    await town.worker("Budi")
    sari = await town.asker("Sari")
    sari.says("Saya batuk 4 hari")
    await town.settle()
    town.clock.move(10)
    said = sari.says("tidak ada")
    await town.settle()
    assert "Nomor Ibu/Bapak: 1" in sari.heard[-1]
    sari.edits(said, "ada")
    await town.settle()
    assert any("INI TANDA BAHAYA" in text for text in sari.heard)
