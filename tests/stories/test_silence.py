"""One side of a talk falls silent: the other is told, and a worker's silence has an end."""

from datetime import timedelta

import pytest

from models.consultation import Outcome, Status
from scheduler.timetable import TIMETABLE
from simulator.person import Person
from tests.stories.acts import complains, hears, pair, presses, since, taken, taps, the_one
from tests.town import Town

NUDGE = "menunggu jawaban Anda"
BACK = "kembali ke antrean setelah"


async def in_danger(town: Town) -> tuple[Person, Person]:
    """Sari's child is in danger, and Budi has taken her."""
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await taken(town, sari, budi, "Anak saya kejang")
    return sari, budi


async def minutes_pass(town: Town, count: int) -> None:
    for _ in range(count):
        await town.wait(minutes=1)


async def status(town: Town) -> Status:
    return (await the_one(town)).status


async def test_a_silent_worker_is_nudged_then_the_asker_told_then_somebody_else_found(
    each_town: Town,
) -> None:
    town = each_town
    sari, budi = await pair(town)
    citra = await town.worker("Citra")
    count = len(sari.heard)
    await town.wait(minutes=9, seconds=50)
    assert NUDGE not in hears(budi)
    await town.wait(seconds=10)
    assert "Nomor 1 sudah 10 menit menunggu jawaban Anda" in budi.heard[-1]
    assert since(sari, count) == []
    await town.wait(minutes=5)
    assert "Petugas belum sempat menjawab" in sari.heard[-1]
    await town.wait(minutes=14)
    assert await status(town) is Status.ACTIVE
    await town.wait(minutes=1)
    for job in TIMETABLE:  # a second keeper of time in the same moment
        await town.app.timekeeper.tick(job)
    await town.settle()
    assert await status(town) is Status.WAITING
    assert hears(budi).count(NUDGE) == hears(budi).count(BACK) == 1
    assert len(since(sari, count)) == 2
    assert "kembali ke urutan semula" in sari.heard[-1]
    assert "Anak batuk 4 hari" in citra.heard[-1]

    said = len(sari.heard)
    await complains(town, budi, "Maaf, baru sempat")
    assert "tidak dikirim kepada pasien" in budi.heard[-1]
    assert since(sari, said) == []
    citra.taps("Terima")
    await town.settle()
    assert "Perawat Citra" in sari.heard[-1]
    assert "Catatan untuk petugas, tidak dikirim kepada pasien:\nMaaf, baru sempat" in hears(citra)
    assert "baru sempat" not in hears(sari)


async def test_in_danger_it_is_two_three_and_five_minutes(town: Town) -> None:
    wayan = await town.admin("Wayan")
    sari, budi = await in_danger(town)
    citra = await town.worker("Citra")
    ani = await town.asker("Ani")
    await complains(town, ani, "Batuk")
    count = len(sari.heard)
    await minutes_pass(town, 2)
    assert NUDGE in hears(budi)
    assert since(sari, count) == []
    await minutes_pass(town, 1)
    assert "Petugas belum menjawab. Jangan menunggu" in sari.heard[-1]
    await minutes_pass(town, 2)
    assert "memanggil petugas lain. Jangan menunggu" in sari.heard[-1]
    assert "119" in sari.heard[-1]
    assert BACK in hears(budi)
    assert "Anak saya kejang" in citra.heard[-1]
    assert wayan.heard[-1].startswith("🚨 Nomor 1: ada tanda bahaya, dan petugas")
    await minutes_pass(town, 2)
    assert "sudah 2 menit belum ada petugas yang mengambil" in wayan.heard[-1]


async def test_an_answer_ends_the_silence_and_then_it_is_the_askers(town: Town) -> None:
    sari, budi = await pair(town)
    await town.wait(minutes=12)
    await complains(town, budi, "Ada demam, Bu?")
    await minutes_pass(town, 60)
    assert await status(town) is Status.ACTIVE
    assert hears(budi).count(NUDGE) == 1
    await complains(town, sari, "Ada, Pak")
    await town.wait(minutes=10)
    assert hears(budi).count(NUDGE) == 2


async def test_words_that_pile_up_do_not_begin_the_wait_anew(town: Town) -> None:
    """Who is in need writes again and again: that must not keep help away."""
    sari, budi = await pair(town)
    await complains(town, budi, "Ada demam, Bu?")
    for _ in range(10):
        await complains(town, sari, "Tolong, Pak")
        await town.wait(minutes=1)
    assert hears(budi).count(NUDGE) == 1


async def test_still_with_a_patient_buys_twenty_minutes_and_the_asker_is_told(town: Town) -> None:
    sari, budi = await pair(town)
    await town.wait(minutes=10)
    budi.taps("Masih dengan pasien")
    await town.settle()
    assert "kami tahan 20 menit" in budi.heard[-1]
    assert "masih bersama pasien" in sari.heard[-1]
    await minutes_pass(town, 19)
    assert hears(budi).count(NUDGE) == 1
    await minutes_pass(town, 1)
    assert hears(budi).count(NUDGE) == 2
    assert await status(town) is Status.ACTIVE
    await minutes_pass(town, 20)
    assert await status(town) is Status.WAITING


async def test_in_danger_a_tap_buys_five_minutes(town: Town) -> None:
    _, budi = await in_danger(town)
    await minutes_pass(town, 2)
    budi.taps("Masih dengan pasien")
    await town.settle()
    assert "kami tahan 5 menit" in budi.heard[-1]
    await minutes_pass(town, 4)
    assert hears(budi).count(NUDGE) == 1
    await minutes_pass(town, 1)
    assert hears(budi).count(NUDGE) == 2
    await minutes_pass(town, 3)
    assert await status(town) is Status.WAITING


async def test_danger_said_in_the_middle_counts_from_there(town: Town) -> None:
    sari, budi = await pair(town)
    await town.wait(minutes=9)
    await complains(town, sari, "Sekarang kejang")
    await minutes_pass(town, 1)
    assert NUDGE not in hears(budi)
    await minutes_pass(town, 1)
    assert NUDGE in hears(budi)
    await minutes_pass(town, 3)
    assert await status(town) is Status.WAITING


async def test_words_that_are_stored_and_not_yet_handled_were_spoken(town: Town) -> None:
    sari, budi = await pair(town)
    await minutes_pass(town, 20)
    budi.says("Ada demam, Bu?")
    await town.station.intake.poll(town.station.telegram, seconds=0)
    town.clock.move(timedelta(minutes=10))
    for job in TIMETABLE:
        await town.app.timekeeper.tick(job)
    await town.settle()
    assert await status(town) is Status.ACTIVE
    assert sari.heard[-1].endswith("Ada demam, Bu?")


async def test_who_was_not_reached_by_the_nudge_is_not_sent_back(town: Town) -> None:
    """A dead line at our own end is no silence of theirs; nor is a pause of the service."""
    _, budi = await pair(town)
    town.clock.move(timedelta(minutes=40))
    for job in TIMETABLE:
        await town.app.timekeeper.tick(job)
    town.clock.move(timedelta(minutes=40))  # and nothing has been sent meanwhile
    for job in TIMETABLE:
        await town.app.timekeeper.tick(job)
    assert await status(town) is Status.ACTIVE
    await town.settle()
    assert NUDGE in hears(budi)
    await town.wait(minutes=1)
    assert await status(town) is Status.WAITING


async def test_who_lost_one_of_two_is_asked_for_whom_the_next_words_are(town: Town) -> None:
    sari, budi = await pair(town)
    await minutes_pass(town, 25)
    ani = await town.asker("Ani")
    await taken(town, ani, budi, "Pusing")
    await minutes_pass(town, 5)
    assert BACK in budi.heard[-2]
    assert budi.heard[-1] == "👤 Pasien Anda sekarang: 🟢 No. 2 · Ani"
    count = len(ani.heard), len(sari.heard)
    await complains(town, budi, "Beri sirup batuknya")
    assert "belum dikirim. Untuk siapa?" in budi.heard[-1]
    assert (len(ani.heard), len(sari.heard)) == count
    budi.taps("Catatan untuk no. 1")
    await town.settle()
    assert "simpan sebagai catatan" in (budi.last.text or "")
    assert (len(ani.heard), len(sari.heard)) == count
    await complains(town, budi, "Sudah minum?")
    assert ani.heard[-1].endswith("Sudah minum?")


async def test_a_tap_on_a_consultation_that_is_gone_holds_nothing(town: Town) -> None:
    sari, budi = await pair(town)
    one = await the_one(town)
    await town.wait(minutes=10)
    await town.wait(minutes=20)
    count = len(sari.heard)
    presses(budi, f"hold:{one.id}")
    await town.settle()
    assert "tidak ditemukan" in budi.heard[-1]
    presses(sari, f"hold:{one.id}")
    await town.settle()
    assert "tidak ditemukan" in since(sari, count)[-1]
    assert await status(town) is Status.WAITING


async def test_after_a_day_without_the_asker_the_worker_may_close(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    await complains(town, budi, "Ada demam, Bu?")
    await town.wait(hours=23)
    assert "belum membalas" not in hears(budi)
    await town.wait(hours=1)
    await town.wait(hours=1)
    assert hears(budi).count("belum membalas sejak 24 jam lalu") == 1
    assert await status(town) is Status.ACTIVE, "nothing closes by itself"
    await taps(town, budi, "Tutup dengan nasihat")
    await taps(town, budi, "Kontak tidak terjadi")
    await taps(town, budi, "Tutup: sudah berobat di tempat lain")
    assert (await the_one(town)).outcome is Outcome.NO_CONTACT
    assert "kami tutup karena belum ada balasan" in sari.heard[-1]
    assert "kontak tidak terjadi (sudah berobat di tempat lain)" in budi.heard[-1]


async def test_who_has_answered_meanwhile_is_not_closed(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, budi, "Ada demam, Bu?")
    one = await the_one(town)
    presses(budi, f"no_contact:{one.id}")
    await town.settle()
    assert "tidak berlaku" in budi.heard[-1]
    await town.wait(hours=24)
    sari.says("Ada, Pak")
    budi.taps("Tutup: tidak membalas")
    await town.settle()
    assert "sudah membalas" in budi.heard[-1]
    assert await status(town) is Status.ACTIVE


@pytest.mark.parametrize("who", ["asker", "stranger"])
async def test_nobody_else_closes_it(town: Town, who: str) -> None:
    sari, budi = await pair(town)
    citra = await town.worker("Citra")
    await complains(town, budi, "Ada demam, Bu?")
    await town.wait(hours=24)
    one = await the_one(town)
    person = sari if who == "asker" else citra
    presses(person, f"no_contact:{one.id}")
    await town.settle()
    assert "tidak ditemukan" in person.heard[-1]
    assert await status(town) is Status.ACTIVE
