"""After advice: was it understood, who explains it, how it is some days later, and how it was."""

from sqlalchemy import select

from models.consultation import Consultation, Status
from models.followup import Ask, Followup
from models.role import Profession
from models.task import Task
from scheduler.timetable import TIMETABLE
from simulator.person import Person
from tests.stories.acts import (
    advised,
    answers,
    complains,
    hears,
    ids,
    pair,
    presses,
    readable,
    since,
    taps,
    the_one,
)
from tests.town import Town

REPEAT = "sudah terbaca?"


async def followups(town: Town) -> dict[str, str | None]:
    """What was asked about the first consultation, and what was answered."""
    first = (await ids(town))[0]
    wanted = select(Followup).where(Followup.consultation_id == first)
    return await town.read(lambda session: {one.ask: one.answer for one in session.scalars(wanted)})


async def closed(town: Town) -> tuple[Person, Person]:
    """Budi has advised Sari; it is nine in the morning."""
    sari, budi = await pair(town)
    await advised(town, budi)
    return sari, budi


async def test_who_has_understood_is_thanked_and_asked_once_how_it_was(town: Town) -> None:
    sari, budi = await closed(town)
    advice = sari.last
    assert advice is not None
    assert "Nomor 1 · Anak · 24 November 2026" in (advice.text or "")
    assert advice.buttons == [
        "✅ Sudah paham", "🤔 Belum paham", "🗣 Minta dijelaskan", "📄 Simpan PDF",
        "🧭 Kartu perjalanan",
    ]  # fmt: skip
    count = len(sari.heard)
    sari.taps("Sudah paham")
    sari.taps("Sudah paham", advice)
    await town.settle()
    assert advice.buttons == ["📄 Simpan PDF", "🧭 Kartu perjalanan"]
    assert len(since(sari, count)) == 1
    assert "Seberapa terbantu" in sari.heard[-1]
    sari.taps("5 😊")
    await town.settle()
    sari.taps("Tulis kesan")
    await town.settle()
    await complains(town, sari, "Ramah sekali")
    assert "Kesannya kami simpan" in sari.heard[-1]
    assert await followups(town) == {Ask.UNDERSTOOD: "yes", Ask.RATING: "5"}
    assert "Ramah sekali" in await readable(town)
    assert "Ramah sekali" not in hears(budi)
    ayu = await town.admin("Ayu")
    await complains(town, ayu, "/admin")
    await taps(town, ayu, "Bulan ini")
    assert "November 2026" in ayu.heard[-1]
    assert "1 sudah paham" in ayu.heard[-1]
    assert "Nilai: 1 kali, rata-rata 5,0 dari 5\n5 · «Ramah sekali»" in ayu.heard[-1]
    assert "Sari" not in ayu.heard[-1]
    await taps(town, ayu, "Bulan sebelumnya")
    assert "Oktober 2026" in ayu.heard[-1]
    assert "Ramah" not in ayu.heard[-1]
    presses(budi, "month:0")
    await town.settle()
    assert "Ramah sekali" not in hears(budi)
    await town.wait(hours=30)
    assert REPEAT not in hears(sari)

    await complains(town, sari, "Ramah sekali petugasnya")  # nobody asked for more words
    assert "Nomor Ibu/Bapak: 2" in sari.heard[-1]


async def test_words_about_how_it_was_may_be_a_complaint_all_the_same(town: Town) -> None:
    sari, budi = await closed(town)
    sari.taps("Sudah paham")
    await town.settle()
    sari.taps("4")
    await town.settle()
    sari.taps("Tulis kesan")
    await town.settle()
    sari.says("Tapi sekarang perutnya mulas")
    await town.settle()
    sari.taps("Ini keluhan")
    await town.settle()
    await answers(town, sari, "Ya, keluhan baru", "Saya sendiri", "Tidak ada")
    assert "Tapi sekarang perutnya mulas" in budi.heard[-1]

    sari.taps("Batalkan")
    await town.settle()
    presses(sari, f"comment:{(await ids(town))[0]}")
    await town.settle()
    await complains(town, sari, "Anak saya kejang")  # the net reads before any question of ours
    assert "INI TANDA BAHAYA" in hears(sari)
    assert "kejang" in budi.heard[-1]


async def test_no_answer_is_repeated_once_by_day_and_not_while_they_talk(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, budi, "Sebentar, Bu")
    await town.wait(hours=9)  # five in the afternoon
    await advised(town, budi)
    await town.wait(hours=4)
    assert REPEAT not in hears(sari), "nine in the evening"
    await town.wait(hours=9)
    assert REPEAT not in hears(sari), "six in the morning"
    sari.says("Sekarang gatal")
    await town.settle()
    await answers(town, sari, "Ya, keluhan baru", "Saya sendiri", "Tidak ada")
    await town.wait(hours=1)
    assert REPEAT not in hears(sari), "they talk to somebody"
    sari.taps("Batalkan")
    await town.settle()
    await town.wait(hours=1)
    for job in TIMETABLE:  # a second keeper of time
        await town.app.timekeeper.tick(job)
    await town.settle()
    assert hears(sari).count(REPEAT) == 1
    repeat = sari.last
    assert repeat is not None
    assert repeat.reply_to is not None
    assert "Nasihat dari Perawat Budi" in str(repeat.reply_to.text)
    await town.wait(hours=24)
    await town.wait(hours=24)
    assert hears(sari).count(REPEAT) == 1
    assert "Belum ada jawaban apakah nasihat Perawat Budi dipahami" in hears(budi)
    sari.taps("Sudah paham")
    await town.settle()
    assert "Syukurlah" in sari.heard[-1]
    open_ones = select(Task).where(Task.done_at.is_(None))
    assert await town.read(lambda session: session.scalars(open_ones).all()) == []


async def test_what_is_unclear_goes_to_who_gave_it_first(each_town: Town) -> None:
    town = each_town
    sari, budi = await closed(town)
    citra = await town.worker("Citra", Profession.DOCTOR)
    count = len(citra.heard)
    sari.taps("Belum paham")
    await town.settle()
    assert "bagian mana yang belum jelas" in sari.heard[-1]
    assert "belum paham nasihat nomor 1" in budi.heard[-1]
    assert since(citra, count) == []
    first, second = await ids(town)
    await complains(town, sari, "Berapa kali minumnya?")
    budi.taps("Terima")
    await town.settle()
    assert "Banyak minum air hangat" in hears(budi)
    assert "Berapa kali minumnya?" in budi.heard[-1]
    one = await the_one(town)
    assert (one.follows_id, one.patient_id) == (first, (await town.read(
        lambda session: session.get_one(Consultation, first).patient_id
    )))  # fmt: skip
    await complains(town, sari, "Satu lagi")
    presses(sari, f"explain:{first}")
    await town.settle()
    assert "masih terbuka di sini" in sari.heard[-1]
    assert len(await ids(town)) == 2
    await advised(town, budi, "Tiga kali sehari.")
    sari.taps("Sudah paham")
    await town.settle()
    assert (await the_one(town)).id == second

    presses(citra, f"unclear:{first}")
    presses(citra, f"understood:{first}")
    await town.settle()
    assert since(citra, count) == [since(citra, count)[0]] * 2
    assert "tidak ditemukan" in citra.heard[-1]


async def test_who_gave_it_is_off_duty_so_somebody_else_explains_it(town: Town) -> None:
    sari, budi = await closed(town)
    budi.says("/selesai")
    await town.settle()
    sari.taps("Minta dijelaskan")
    await town.settle()
    assert "belum ada petugas Puskesmas Contoh yang siap" in sari.heard[-1]
    await town.wait(hours=23)
    await town.wait(hours=2)
    assert (await the_one(town)).status is Status.EXPIRED
    await town.wait(hours=24)
    citra = await town.worker("Citra", Profession.DOCTOR)
    citra.taps("Tugas (1)")
    await town.settle()
    assert "Penanya belum paham nasihat Perawat Budi" in citra.heard[-1]
    assert "Sari" not in citra.heard[-1]

    sari.taps("Masih perlu")
    await town.settle()
    assert "Mohon nasihat nomor 1 dijelaskan lagi" in citra.heard[-1]
    citra.taps("Terima")
    await town.settle()
    assert "Banyak minum air hangat" in hears(citra)
    assert "Tanda bahaya: belum dijawab" in hears(citra)


async def test_after_the_first_round_everybody_is_asked(town: Town) -> None:
    sari, budi = await closed(town)
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari.taps("Minta dijelaskan")
    await town.settle()
    assert "nasihat nomor 1" not in hears(citra)
    budi.taps("Lewati")
    await town.settle()
    assert "nasihat nomor 1" in hears(citra)
    assert (await the_one(town)).status is Status.WAITING


async def test_without_a_consent_the_question_waits_for_it(town: Town) -> None:
    sari, budi = await closed(town)
    await complains(town, sari, "/batalsetuju")
    count = len(budi.heard)
    sari.taps("Belum paham")
    await town.settle()
    assert "Apakah Ibu/Bapak setuju?" in sari.heard[-1]
    await complains(town, sari, "Berapa sendok?")
    assert since(budi, count) == []
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari, "Tidak ada")
    assert "Berapa sendok?" in budi.heard[-1]
