"""Danger that nobody takes: who hears it, when, and how often."""

from datetime import timedelta

import pytest

from scheduler.timetable import TIMETABLE
from tests.stories.acts import complains, hears, since
from tests.town import Town

UNTAKEN = "belum ada petugas yang mengambil"
UNREAD = "belum ada petugas yang membaca"


async def test_after_two_minutes_without_a_taker_the_admins_are_called(each_town: Town) -> None:
    town = each_town
    admins = [await town.admin(name) for name in ("Wayan", "Ketut")]
    await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    await town.wait(seconds=110)
    assert UNTAKEN not in hears(admins[0])
    await town.wait(seconds=10)
    for one in admins:
        assert one.heard[-1].startswith("🚨 Nomor 1: ada tanda bahaya, sudah 2 menit")
        assert "kejang" not in hears(one)
        assert "Sari" not in hears(one)
    for job in TIMETABLE:  # a second keeper of time in the same moment
        await town.app.timekeeper.tick(job)
    await town.settle()
    assert [hears(one).count(UNTAKEN) for one in admins] == [1, 1]


async def test_the_admins_are_called_every_ten_minutes_and_six_times_in_all(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await town.worker("Budi")
    await complains(town, await town.asker("Sari"), "Anak saya kejang")
    for minute in range(1, 120):
        await town.wait(minutes=1)
        if minute == 13:
            assert hears(wayan).count(UNTAKEN) == 2
    assert hears(wayan).count(UNTAKEN) == 6
    assert "sudah 12 menit" in hears(wayan)


async def test_who_takes_it_acknowledges_it_and_the_admins_hear_who(town: Town) -> None:
    wayan = await town.admin("Wayan")
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    await town.wait(minutes=2)
    budi.taps("Terima")
    await town.settle()
    assert wayan.heard[-1].startswith("✅ Nomor 1 sekarang ditangani Perawat Budi")
    count = len(wayan.heard)
    await complains(town, budi, "Saya di sini, Bu")
    await town.wait(minutes=15)
    assert since(wayan, count) == []


async def test_an_admin_who_was_not_called_hears_nothing_of_the_taking(town: Town) -> None:
    wayan = await town.admin("Wayan")
    budi = await town.worker("Budi")
    await complains(town, await town.asker("Sari"), "Anak saya kejang")
    count = len(wayan.heard)
    budi.taps("Terima")
    await town.settle()
    assert since(wayan, count) == []


async def test_with_nobody_on_duty_the_admins_called_at_once_hear_who_came(town: Town) -> None:
    wayan = await town.admin("Wayan")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    assert "tidak ada petugas yang bisa dihubungi" in wayan.heard[-1]
    budi = await town.worker("Budi")
    budi.taps("Terima")
    await town.settle()
    assert "ditangani Perawat Budi" in wayan.heard[-1]


async def test_what_the_asker_withdraws_calls_nobody_any_more(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    await town.wait(minutes=1)
    sari.taps("Batalkan")
    await town.settle()
    assert "Nomor 1" not in hears(wayan)
    await complains(town, sari, "Anak saya kejang lagi")
    await town.wait(minutes=3)
    sari.taps("Batalkan")
    await town.settle()
    assert wayan.heard[-1] == "Nomor 2 dibatalkan oleh penanya. Tidak perlu dipanggil lagi."
    count = len(wayan.heard)
    await town.wait(minutes=30)
    assert since(wayan, count) == []


async def test_the_asker_in_danger_hears_the_truth_after_two_and_five_minutes(town: Town) -> None:
    await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    count = len(sari.heard)
    told = []
    for _ in range(8):
        await town.wait(minutes=1)
        told.append(len(since(sari, count)))
    assert told == [0, 1, 1, 1, 2, 2, 2, 2]
    for text, minutes in zip(since(sari, count), (2, 5), strict=True):
        assert f"Sudah {minutes} menit, {UNREAD} nomor 1" in text
        assert "119" in text


async def test_after_a_pause_of_the_service_only_what_is_true_now_is_told(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    await town.wait(hours=3)
    assert hears(sari).count(UNREAD) == 1
    assert "Sudah 3 jam" in hears(sari)
    assert hears(wayan).count(UNTAKEN) == 1


async def test_a_clock_that_was_put_back_does_not_hold_the_call_up(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await town.worker("Budi")
    await complains(town, await town.asker("Sari"), "Anak saya kejang")
    town.clock.jump(timedelta(hours=-2))
    await town.wait(seconds=10)
    assert hears(wayan).count(UNTAKEN) == 1


@pytest.mark.parametrize("count", [1, 2])
async def test_who_comes_on_duty_is_told_of_the_danger_and_gets_it_first(
    town: Town, count: int
) -> None:
    await complains(town, await town.asker("Ani"), "Batuk")
    for name in ("Sari", "Eka")[:count]:
        await complains(town, await town.asker(name), f"Anak {name} kejang")
        town.clock.move(60)
    await town.wait(hours=13)
    budi = await town.worker("Budi")
    ready = next(text for text in budi.heard if "Anda siap" in text)
    assert f"{count} nomor dengan tanda bahaya menunggu" in ready
    assert "sejak 24 November 2026 0" in ready or "sejak 0" in ready
    offers = [text for text in budi.heard if text.startswith(("🚨 Nomor", "🔔"))]
    assert offers[0].startswith("🚨 Nomor 2")
    assert not any(text.startswith("🔔") for text in offers)


async def test_who_comes_on_duty_in_a_quiet_hour_is_told_nothing_of_it(town: Town) -> None:
    await complains(town, await town.asker("Ani"), "Batuk")
    budi = await town.worker("Budi")
    assert "tanda bahaya" not in hears(budi)
