"""How a consultation ends, is given back, or goes on."""

from sqlalchemy import select

from models.consultation import Consultation, Outcome, Status
from models.role import Profession
from tests.stories.acts import (
    advice_ids,
    advised,
    answers,
    complains,
    hears,
    licence_ends,
    licensed,
    pair,
    presses,
    readable,
    since,
    taken,
    the_one,
    turns,
)
from tests.town import Town

# ── advice ──────────────────────────────────────────────────────────────────────────────────────


async def test_closing_waits_for_words_that_were_said_before(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "Minum hangat")
    for count in range(3):
        sari.says(f"Tambahan {count}")
    budi.taps("cukup di rumah")
    await town.settle()
    heard = budi.heard[-4:]
    assert [text.split("\n")[-1] for text in heard[:3]] == [f"Tambahan {n}" for n in range(3)]
    assert "dikirim" in heard[3]
    assert "Nasihat dari Perawat Budi" in sari.heard[-1]
    assert "keluhan baru" not in hears(sari)


async def test_a_press_that_overtakes_the_last_sentence_closes_after_it(town: Town) -> None:
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "Minum hangat")
    budi.taps("cukup di rumah")  # Telegram hands out the press first
    sari.says("Oh ya, dia alergi")
    await town.settle()
    assert "Oh ya, dia alergi" in budi.heard[-2]
    assert "dikirim" in budi.heard[-1]
    assert "keluhan baru" not in hears(sari)


async def test_an_advice_is_sent_as_last_edited(town: Town) -> None:
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    said = budi.says("Minum obat 3x2")
    await town.settle()
    budi.edits(said, "Minum obat 3x1")
    await town.settle()
    assert "Minum obat" not in hears(sari)
    budi.taps("cukup di rumah")
    await town.settle()
    assert "Minum obat 3x1" in sari.heard[-1]
    assert "3x2" not in hears(sari)
    budi.edits(said, "Minum obat 3x5")
    await town.settle()
    assert "tidak diteruskan" in budi.heard[-1]
    assert "3x5" not in hears(sari)


async def test_an_advice_can_be_left_and_written_again(town: Town) -> None:
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    budi.taps("Belum, lanjut bercakap")
    await town.settle()
    await complains(town, budi, "Masih demam?")
    assert sari.heard[-1] == "Perawat Budi\nMasih demam?"

    await complains(town, budi, "Sebentar")
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "Nasihat pertama")
    budi.taps("Tulis ulang")
    await town.settle()
    await complains(town, budi, "Nasihat kedua")
    budi.taps("perlu rujukan")
    await town.settle()
    assert "Nasihat kedua" in sari.heard[-2]
    assert "Nasihat pertama" not in hears(sari)
    assert (await the_one(town)).outcome is Outcome.REFERRED


async def test_an_advice_sent_twice_arrives_once(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "Istirahat")
    budi.taps("cukup di rumah")
    budi.taps("datang ke puskesmas")
    await town.settle()
    assert hears(sari).count("Nasihat dari") == 1
    assert "sudah berakhir" in budi.heard[-1]
    assert (await the_one(town)).outcome is Outcome.ADVISED


async def test_two_who_close_each_others_consultation_do_not_wait_for_ever(town: Town) -> None:
    """Each is the asker of the consultation that the other answers."""
    budi, citra = await town.asker("Budi"), await town.asker("Citra")
    await complains(town, budi, "Batuk")
    await complains(town, citra, "Pusing")
    for one in (budi, citra):
        await licensed(town, one)
        one.says("/siap")
        await town.settle()
    budi.taps("Terima")
    citra.taps("Terima")
    await town.settle()
    for one in (budi, citra):
        one.taps("Tutup dengan nasihat")
        await town.settle()
        await complains(town, one, f"Nasihat {one.first_name}")
    budi.taps("cukup di rumah")
    citra.taps("cukup di rumah")
    await town.settle()
    assert "Nasihat Citra" in hears(budi)
    assert "Nasihat Budi" in hears(citra)


async def test_the_advice_of_somebody_else_is_not_found(town: Town) -> None:
    sari, budi = await pair(town)
    citra = await town.worker("Citra")
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "Istirahat")
    advice = (await advice_ids(town))[-1]
    presses(citra, f"advise:{advice}:advised")
    await town.settle()
    known = citra.heard[-1]
    presses(citra, "advise:12345:advised")
    await town.settle()
    assert citra.heard[-1] == known
    presses(budi, f"advise:{advice}:no_contact")
    await town.settle()
    assert "tidak berlaku" in budi.heard[-1]
    presses(sari, f"advise:{advice}:advised")
    await town.settle()
    assert "tidak ditemukan" in sari.heard[-1]
    assert (await the_one(town)).status is Status.ACTIVE


async def test_nobody_advises_after_the_licence_ended(town: Town) -> None:
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "Istirahat")
    await licence_ends(town, budi, -1)
    budi.taps("cukup di rumah")
    await town.settle()
    assert "masih berlaku" in budi.heard[-1]
    assert "Istirahat" not in hears(sari)


# ── after the end ───────────────────────────────────────────────────────────────────────────────


async def test_a_thank_you_after_the_end_calls_nobody(town: Town) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    count = len(budi.heard)
    await complains(town, sari, "Terima kasih banyak Pak")
    assert "sudah selesai. Apakah ini keluhan baru?" in sari.heard[-1]
    sari.taps("Tidak, terima kasih")
    await town.settle()
    assert "Sama-sama" in sari.heard[-1]
    assert since(budi, count) == []
    assert "Terima kasih banyak Pak" not in await readable(town)
    assert "Anak batuk 4 hari" in await readable(town)


async def test_a_new_complaint_after_the_end_is_a_consultation_of_its_own(
    each_town: Town,
) -> None:
    town = each_town
    sari, budi = await pair(town)
    await advised(town, budi)
    before = await the_one(town)
    await complains(town, sari, "Sekarang muntah")
    await complains(town, sari, "Sejak pagi")
    sari.taps("Ya, keluhan baru")
    sari.taps("Ya, keluhan baru")
    await town.settle()
    await answers(town, sari)
    assert hears(sari).count("Nomor Ibu/Bapak: 2") == 1
    assert "Sekarang muntah Sejak pagi" in budi.heard[-1]
    assert (await the_one(town)).follows_id == before.id

    sari.taps("Batalkan")
    await town.settle()
    presses(sari, f"new:{(await the_one(town)).id}")
    await town.settle()
    assert "tidak berlaku" in sari.heard[-1]


async def test_a_day_later_it_is_a_new_complaint_without_a_question(town: Town) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    await town.wait(hours=25)
    await complains(town, sari, "Gatal di kaki")
    assert "Nomor Ibu/Bapak: 2" in sari.heard[-1]
    assert "Gatal di kaki" in budi.heard[-1]


async def test_what_a_worker_writes_to_nobody_reaches_nobody(town: Town) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    count = len(sari.heard)
    await complains(town, budi, "Bu Sari, satu lagi")
    assert "tidak dikirim ke siapa pun" in budi.heard[-1]
    assert since(sari, count) == []


# ── given back ──────────────────────────────────────────────────────────────────────────────────


async def test_given_back_it_keeps_its_place_and_the_next_reads_everything(
    each_town: Town,
) -> None:
    town = each_town
    sari, budi = await pair(town)
    await complains(town, budi, "Ada demam?")
    sari.sends_photo("Ini ruamnya")
    await town.settle()
    place = (await the_one(town)).rank_at
    later = await town.asker("Ani")
    await complains(town, later, "Keluhan Ani")
    budi.says("/selesai")
    await town.settle()
    assert "Masih ada 1 konsultasi" in budi.heard[-1]
    budi.taps("Kembalikan ke antrean")
    await town.settle()
    assert "kembali ke urutan semula" in sari.heard[-1]
    assert "sudah kembali ke antrean" in budi.heard[-1]
    await complains(town, sari, "Masih ada yang di sana?")
    assert "Masih ada" not in budi.heard[-1]

    citra = await town.worker("Citra", Profession.DOCTOR)
    assert "Nomor 1" in citra.heard[-1]
    count = len(citra.heard)
    citra.taps("Terima")
    await town.settle()
    *before, offered = since(citra, count + 1)
    assert before == [
        "🔵 No. 1 · Sari\nAnak batuk 4 hari",
        "Perawat Budi\nAda demam?",
        "🔵 No. 1 · Sari\nIni ruamnya",
        "🔵 No. 1 · Sari\nMasih ada yang di sana?",
    ]
    assert "Nomor 2 menunggu" in offered, "there is room for the next"
    one = await the_one_of(town, 1)
    assert one == (Status.ACTIVE, place)
    assert "dr. Citra sudah menerima" in sari.heard[-1]
    await complains(town, sari, "Terima kasih Dok")
    assert "Terima kasih Dok" not in hears(budi)
    theirs = next(one for one in budi.sees if (one.text or "").endswith("\nAnak batuk 4 hari"))
    said, heard = budi.replies(theirs, "Kemarin belum ada"), len(sari.heard)
    await town.settle()
    assert "simpan sebagai catatan" in budi.heard[-1]
    assert citra.heard[-1].startswith("Perawat Budi\n📝 Catatan untuk petugas")
    budi.edits(said, "Kemarin ada")
    await town.settle()
    assert since(sari, heard) == [], "the asker reads neither"


async def test_who_gave_it_back_is_not_asked_at_once_again(town: Town) -> None:
    _, budi = await pair(town)
    count = len(budi.heard)
    budi.taps("Kembalikan ke antrean")
    await town.settle()
    assert len(since(budi, count)) == 1
    await town.wait(minutes=4)
    assert len(since(budi, count)) == 1
    budi.says("/siap")
    await town.settle()
    assert "Anak batuk 4 hari" in budi.heard[-1]


async def test_what_is_on_its_way_to_the_former_worker_no_longer_reaches_them(
    town: Town,
) -> None:
    sari, budi = await pair(town)
    town.telegram.trouble.add("sendMessage", "flood", chat_id=budi.id, retry_after=4)
    sari.says("Rahasia sesudah dikembalikan")
    await turns(town, 3)
    budi.taps("Kembalikan ke antrean")
    citra = await town.worker("Citra", Profession.DOCTOR)
    await town.settle()
    assert "Rahasia" not in hears(budi)
    citra.taps("Terima")
    await town.settle()
    assert "Rahasia sesudah dikembalikan" in citra.heard[-1]
    assert "belum sampai" not in hears(sari)


async def test_an_open_question_about_what_was_given_back_catches_nothing(town: Town) -> None:
    sari, budi = await pair(town)
    ani = await town.asker("Ani")
    await taken(town, ani, budi, "Ani pusing")
    first = next(one for one in budi.sees if "Tutup dengan nasihat" in " ".join(one.buttons))
    budi.taps("Tutup dengan nasihat", first)
    await town.settle()
    assert "Tulis nasihat untuk Sari" in budi.heard[-1]
    budi.taps("Kembalikan ke antrean", first)
    await town.settle()
    await complains(town, budi, "Sudah makan, Bu Ani?")
    assert ani.heard[-1] == "Perawat Budi\nSudah makan, Bu Ani?"
    assert "Sudah makan" not in hears(sari)


async def test_a_former_worker_corrects_nothing(town: Town) -> None:
    sari, budi = await pair(town)
    said = budi.says("Ada demam?")
    await town.settle()
    citra = await town.worker("Citra", Profession.DOCTOR)
    budi.taps("Kembalikan ke antrean")
    await town.settle()
    citra.taps("Terima")
    await town.settle()
    counts = len(sari.heard), len(citra.heard)
    budi.edits(said, "Ada demam? Minum obat ini")
    await town.settle()
    assert "tidak diteruskan" in budi.heard[-1]
    assert (len(sari.heard), len(citra.heard)) == counts


async def test_an_asker_cannot_withdraw_what_is_being_answered(town: Town) -> None:
    sari, _ = await pair(town)
    presses(sari, f"withdraw:{(await the_one(town)).id}")
    await town.settle()
    assert "Petugas sudah menjawab" in sari.heard[-1]
    assert (await the_one(town)).status is Status.ACTIVE


async def the_one_of(town: Town, number: int) -> tuple[Status, object]:
    found = await town.read(
        lambda session: session.scalars(
            select(Consultation).where(Consultation.number == number)
        ).one()
    )
    return found.status, found.rank_at


async def test_a_menu_that_has_done_its_work_loses_its_buttons(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    sari.says("Batuk sudah 4 hari")
    await town.settle()
    question = sari.last
    assert question is not None
    assert len(question.buttons) == 3
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert question.buttons == []
