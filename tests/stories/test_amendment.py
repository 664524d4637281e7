"""Advice that was sent is corrected by a new message, never changed."""

from models.role import Profession
from tests.stories.acts import (
    advised,
    complains,
    hears,
    licence_ends,
    neighbour,
    pair,
    presses,
    since,
    the_one,
)
from tests.town import Town


async def test_a_correction_is_marked_and_linked_and_asks_anew(town: Town) -> None:
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    said = budi.says("Sirup 3 sendok")
    await town.settle()
    budi.taps("cukup di rumah")
    await town.settle()
    advice = sari.last
    sari.taps("Sudah paham")
    await town.settle()
    budi.edits(said, "Sirup 1 sendok")
    await town.settle()
    assert "tidak diteruskan" in budi.heard[-1]
    count = len(sari.heard)
    budi.taps("Koreksi nasihat")
    await town.settle()
    await complains(town, budi, "Sirupnya 1 sendok saja")
    assert since(sari, count) == []
    budi.taps("Kirim koreksi")
    await town.settle()
    correction = sari.last
    assert correction is not None
    assert correction.reply_to is advice
    text = str(correction.text)
    assert "KOREKSI nasihat nomor 1 dari Perawat Budi" in text
    assert "Sirupnya 1 sendok saja" in text
    assert "CONTOH-SIP-Budi" in text
    assert "Sudah paham" in str(correction.buttons)
    assert since(sari, count) == [text]
    await town.wait(hours=5)
    assert "sudah terbaca?" in sari.heard[-1]


async def test_a_colleague_on_duty_corrects_and_who_gave_it_is_told(town: Town) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    citra = await town.worker("Citra", Profession.DOCTOR, ready=False)
    await complains(town, citra, "/koreksi 1")
    assert "hanya bisa dikirim saat bertugas" in citra.heard[-1]
    await complains(town, citra, "/siap")
    for typed in ("/koreksi", "/koreksi satu", "/koreksi 99999999999999999999"):
        await complains(town, citra, typed)
        assert "Tulis nomor konsultasinya" in citra.heard[-1]
    await complains(town, citra, "/koreksi 7")
    assert "Tidak ada nasihat" in citra.heard[-1]
    await complains(town, citra, "/koreksi 1")
    assert "Banyak minum air hangat." in citra.heard[-2]
    await complains(town, citra, "Jangan terlalu panas airnya")
    citra.taps("Batal")
    await town.settle()
    await complains(town, citra, "Halo")
    assert "KOREKSI" not in hears(sari)

    await complains(town, citra, "/koreksi 1")
    await complains(town, citra, "Air biasa saja")
    send = citra.last
    citra.taps("Kirim koreksi")
    await town.settle()
    assert "KOREKSI nasihat nomor 1 dari dr. Citra" in sari.heard[-1]
    assert "dikoreksi oleh dr. Citra" in budi.heard[-1]
    count = len(sari.heard)
    assert send is not None
    assert send.buttons == []

    dewi = await neighbour(town)
    one = await the_one(town)
    known = len(dewi.heard)
    await complains(town, dewi, "/koreksi 1")
    presses(dewi, f"amend:{one.id}")
    presses(sari, f"amend:{one.id}")
    await town.settle()
    assert "Tidak ada nasihat" in since(dewi, known)[0]
    assert "tidak ditemukan" in since(dewi, known)[1]
    assert len(since(sari, count)) == 1
    assert "tidak ditemukan" in sari.heard[-1]


async def test_who_may_no_longer_advise_corrects_nothing(town: Town) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    count = len(sari.heard)
    budi.taps("Koreksi nasihat")
    await town.settle()
    await complains(town, budi, "Air biasa saja")
    await complains(town, budi, "/selesai")
    budi.taps("Kirim koreksi")
    await town.settle()
    assert "saat bertugas" in budi.heard[-1]
    await complains(town, budi, "/siap")
    await licence_ends(town, budi, -1)
    budi.taps("Koreksi nasihat")
    await town.settle()
    assert "masih berlaku" in budi.heard[-1]
    assert since(sari, count) == []


async def test_words_for_a_patient_are_no_correction(town: Town) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    ani = await town.asker("Ani")
    await complains(town, ani, "Pusing")
    budi.taps("Terima")
    await town.settle()
    budi.taps("Koreksi nasihat")
    await town.settle()
    theirs = next(one for one in budi.sees if "Ani\nPusing" in (one.text or ""))
    budi.replies(theirs, "Sudah makan?")
    await town.settle()
    assert ani.heard[-1] == "Perawat Budi\nSudah makan?"
    await complains(town, budi, "Air biasa saja")
    assert "Koreksi nasihat nomor 1 untuk Sari" in budi.heard[-1]
    assert "Air biasa" not in hears(ani)
    budi.taps("Koreksi nasihat")
    await town.settle()
    await town.wait(hours=2)
    await complains(town, budi, "Bu Ani?")
    assert "Bu Ani?" in ani.heard[-1]
    assert "Bu Ani?" not in hears(sari)
