"""Waiting: what is told of it, how seldom, and how it ends."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome, Status
from models.facility import Zone
from models.message import Part, Words
from scheduler.timetable import TIMETABLE
from services import consultation, credential, facility, hours, person, relay
from simulator.person import Person
from tests.stories.acts import advised, complains, hears, pair, presses, since, taken, the_one
from tests.town import Town

STILL = "masih menunggu. Maaf lama"
ENDING = "berakhir 2 jam lagi"
ENDED = "berakhir tanpa jawaban"


async def history(town: Town, budi: Person, count: int, minutes: int) -> None:
    """So many consultations that were first answered after so many minutes, as the records of a
    day tell it; the stories of the talks are told elsewhere."""
    for _ in range(count):
        began = town.clock.now()
        town.clock.move(timedelta(minutes=minutes))
        await town.write(lambda session, began=began: _past(session, town, budi, began))  # type: ignore[misc]  # mypy: default arguments


def _past(session: Session, town: Town, budi: Person, began: datetime) -> None:
    at, home = town.clock.now(), facility.home(session, town.bot.id)
    worker = credential.person_for(session, budi.id, at=at)
    account = 8_000_000 + (session.scalar(select(func.count(Consultation.id))) or 0)
    asker = person.whoever(session, town.bot.id, account, "Ani", at=began)
    one = consultation.draft(session, asker, at=began)
    one.facility_id, one.number = home.id, facility.next_number(session, home)
    one.move(Status.WAITING, by=asker.person, at=began)
    one.move(Status.ACTIVE, by=worker, at=began)
    one.worker, one.accepted_at = worker, began
    said = Words(chat_id=budi.id, message_id=account, kind="text", text="Sejak kapan?")
    relay.keep(session, one, worker, said, Part.TALK, at=at)
    one.outcome = Outcome.ADVISED
    one.move(Status.CLOSED, by=worker, at=at)


async def full(town: Town, budi: Person) -> None:
    """Budi has his hands full, so that who asks now waits."""
    for name in ("Eka", "Fitri", "Gita"):
        await taken(town, await town.asker(name), budi, f"Keluhan {name}")


async def test_who_waits_reads_the_number_who_is_ahead_and_who_is_on_duty(town: Town) -> None:
    budi = await town.worker("Budi")
    await full(town, budi)
    for count, name in enumerate(("Hani", "Ina", "Sari")):
        one = await town.asker(name)
        await complains(town, one, "Batuk")
        ahead = f"Di depan Ibu/Bapak ada {count} orang" if count else "di urutan terdepan"
        assert f"Nomor Ibu/Bapak: {count + 4}" in one.heard[-1]
        assert ahead in one.heard[-1]
        assert "Petugas yang sedang bertugas: 1." in one.heard[-1]
        ways = ["Batalkan", "✏️ Tambah/ubah cerita", "🪪 Lengkapi data", "📱 HP dipakai bersama?"]
        assert one.buttons() == ways
        town.clock.move(1)


async def test_danger_is_ahead_without_being_named(town: Town) -> None:
    budi = await town.worker("Budi")
    await full(town, budi)
    await complains(town, await town.asker("Hani"), "Anak saya kejang")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert "Di depan Ibu/Bapak ada 1 orang" in sari.heard[-1]
    assert "bahaya" not in sari.heard[-1]


async def test_who_is_in_danger_is_told_of_no_usual_wait(town: Town) -> None:
    budi = await town.worker("Budi")
    await history(town, budi, 5, 10)
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    assert "didahulukan" in sari.heard[-1]
    assert "Jangan menunggu chat ini" in sari.heard[-1]
    assert "biasanya" not in sari.heard[-1]


async def test_a_range_is_told_from_five_answers_at_this_hour(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    await history(town, budi, 4, 7)
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert "biasanya" not in sari.heard[-1]
    assert "Petugas yang sedang bertugas: 1." in sari.heard[-1]
    sari.taps("Batalkan")
    await town.settle()
    await history(town, budi, 1, 7)
    await complains(town, sari, "Batuk lagi")
    assert "biasanya dijawab antara 5 menit dan 10 menit" in sari.heard[-1]
    sari.taps("Batalkan")
    await town.settle()
    town.clock.move(timedelta(hours=4))
    await complains(town, sari, "Batuk sore")
    assert "biasanya" not in sari.heard[-1], "of another hour nothing is known"
    sari.taps("Batalkan")
    await town.settle()
    town.clock.move(timedelta(days=14, hours=20))
    await complains(town, sari, "Batuk lama")
    assert "biasanya" not in sari.heard[-1], "two weeks ago says nothing of today"


async def test_a_wait_of_more_than_double_is_told_once(town: Town) -> None:
    budi = await town.worker("Budi")
    await history(town, budi, 5, 7)
    await full(town, budi)
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert "antara" in sari.heard[-1]
    count = len(sari.heard)
    await town.wait(minutes=19)
    assert since(sari, count) == []
    await town.wait(minutes=1)
    for job in TIMETABLE:  # a second keeper of time in the same moment
        await town.app.timekeeper.tick(job)
    await town.settle()
    await town.wait(minutes=20)
    assert hears(sari).count(STILL) == 1
    assert "di urutan terdepan" in sari.heard[-1]
    assert sari.buttons() == ["Batalkan", "✏️ Tambah/ubah cerita", "🪪 Lengkapi data"]


async def test_without_a_range_it_is_told_after_half_an_hour_then_hourly_by_day(
    town: Town,
) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await complains(town, sari, "Batuk")  # at eight by WIB
    budi.taps("Lewati")
    await town.settle()
    told: list[float] = []
    for half_hours in range(1, 37):
        await town.wait(minutes=30)
        if hears(sari).count(STILL) > len(told):
            told.append(half_hours / 2)
    assert told == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5]


async def test_with_nobody_on_duty_it_is_told_once(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    for _ in range(8):
        await town.wait(minutes=30)
    assert hears(sari).count(STILL) == 1
    assert "belum ada petugas yang siap" in sari.heard[-1]


async def test_danger_that_waits_is_told_the_truth_every_hour_and_never_ends(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    await town.wait(minutes=5)
    await town.wait(minutes=60)
    assert "belum ada petugas yang membaca" in sari.heard[-1]
    assert "Sudah 65 menit" in sari.heard[-1]
    for _ in range(4):
        await town.wait(hours=13)
    assert (await the_one(town)).status is Status.WAITING
    assert ENDING not in hears(sari)


async def test_a_story_can_be_added_to_and_the_place_is_kept(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    await town.wait(minutes=30)
    sari.taps("Tambah/ubah cerita")
    await town.settle()
    assert "Kami tambahkan ke cerita nomor 1" in sari.heard[-1]
    await complains(town, await town.asker("Ani"), "Pusing")
    await complains(town, sari, "Bukan batuk, pilek")
    budi = await town.worker("Budi")
    assert "Batuk Bukan batuk, pilek" in budi.heard[-1]


async def test_who_leaves_reads_what_to_do_instead(town: Town) -> None:
    await town.write(
        lambda session: hours.enter(
            facility.home(session, town.bot.id), "senin-jumat 8-14", Zone.WITA
        )
    )
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    sari.taps("Batalkan")
    await town.settle()
    assert "datanglah ke Puskesmas Contoh" in sari.heard[-1]
    assert "Senin–Jumat 08.00–14.00 WITA" in sari.heard[-1]
    assert "119" in sari.heard[-1]


async def test_an_unanswered_wait_is_announced_and_ends_and_comes_back_to_its_place(
    each_town: Town,
) -> None:
    town = each_town
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    await town.wait(hours=21, minutes=59)
    assert ENDING not in hears(sari)
    await town.wait(minutes=1)
    assert ENDING in sari.heard[-1]
    await town.wait(hours=1, minutes=59)
    assert (await the_one(town)).status is Status.WAITING
    await town.wait(minutes=1)
    for job in TIMETABLE:
        await town.app.timekeeper.tick(job)
    await town.settle()
    assert (await the_one(town)).status is Status.EXPIRED
    assert hears(sari).count(ENDED) == hears(sari).count(ENDING) == 1
    assert "datanglah ke Puskesmas Contoh" in sari.heard[-1]

    await complains(town, await town.asker("Ani"), "Pusing")
    await town.wait(days=6)
    sari.taps("Masih perlu")
    await town.settle()
    assert "Nomor Ibu/Bapak: 1. Ibu/Bapak di urutan terdepan" in sari.heard[-1]
    budi = await town.worker("Budi")
    assert "Batuk" in budi.heard[-1], "before Ani, who came later"


async def test_who_still_needs_it_in_time_goes_on_waiting(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    await town.wait(hours=22)
    sari.taps("Masih perlu")
    await town.settle()
    assert "tetap menunggu di tempatnya" in sari.heard[-1]
    await town.wait(hours=21)
    assert (await the_one(town)).status is Status.WAITING
    await town.wait(hours=1)
    assert hears(sari).count(ENDING) == 2


async def test_a_pause_of_the_service_ends_nothing_unannounced(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    await town.wait(days=3)
    assert ENDING in sari.heard[-1]
    assert (await the_one(town)).status is Status.WAITING
    await town.wait(hours=2)
    assert ENDED in sari.heard[-1]


async def test_what_ended_comes_back_only_within_a_week_and_to_its_asker(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    await town.wait(hours=22)
    await town.wait(hours=2)
    one = await the_one(town)
    ani = await town.asker("Ani")
    for verb in ("keep", "add", "who"):
        presses(ani, f"{verb}:{one.id}")
        await town.settle()
        assert "tidak ditemukan" in ani.heard[-1]
    await complains(town, sari, "Sekarang pusing")
    presses(sari, f"keep:{one.id}")
    await town.settle()
    assert "Masih ada keluhan lain yang terbuka" in sari.heard[-1]
    presses(sari, f"withdraw:{(await the_one(town)).id}")
    await town.settle()
    await town.wait(days=7)
    presses(sari, f"keep:{one.id}")
    await town.settle()
    assert "sudah lewat 7 hari" in sari.heard[-1]


@pytest.mark.parametrize("verb", ["keep", "add"])
async def test_a_tap_after_somebody_answers_changes_nothing(town: Town, verb: str) -> None:
    sari, _ = await pair(town)
    one = await the_one(town)
    presses(sari, f"{verb}:{one.id}")
    await town.settle()
    assert (await the_one(town)).status is Status.ACTIVE


async def test_who_answers_is_shown_with_licence_and_facility(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    one = await the_one(town)
    presses(sari, f"who:{one.id}")
    await town.settle()
    assert "belum ada petugas yang menjawab" in sari.heard[-1]
    budi.taps("Terima")
    await town.settle()
    assert "Perawat Budi sudah menerima" in sari.heard[-1]
    assert "SIP CONTOH-SIP-Budi, Puskesmas Contoh" in sari.heard[-1]
    sari.taps("Siapa yang menjawab?")
    await town.settle()
    assert sari.heard[-1] == "Perawat Budi\nSIP CONTOH-SIP-Budi\nPuskesmas Contoh"
    await advised(town, budi)
    presses(sari, f"who:{one.id}")
    await town.settle()
    assert sari.heard[-1] == "Perawat Budi\nSIP CONTOH-SIP-Budi\nPuskesmas Contoh"
