"""«Tugas»: what an admin or a worker has to do by a moment, the first due first."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.person import Person as Account
from models.role import Kind
from models.task import Task, What
from services import facility, task
from simulator.person import Person
from tests.stories.acts import complains, hears, neighbour, presses, since
from tests.town import Town

NOTE = "Ani belum paham cara minum oralit"


async def to_do(
    town: Town, about: Person, hours: int, number: int, whose: Kind = Kind.ADMIN, note: str = NOTE
) -> int:
    """Somebody of the facility gets something to do about a person; its id."""
    at = town.clock.now()

    def add(session: Session) -> int:
        account = session.scalars(select(Account).where(Account.telegram_id == about.id)).one()
        home = facility.home(session, town.bot.id)
        made = task.add(session, What.EXPLAIN, account, facility=home, bot_id=town.bot.id,
                        due_at=at + timedelta(hours=hours), at=at, note=note, whose=whose,
                        number=number)  # fmt: skip
        return made.id

    made = await town.write(add)
    await town.settle()
    return made


async def test_the_first_due_comes_first_and_one_tap_ends_it(each_town: Town) -> None:
    town = each_town
    ayu, sari, tuti = await town.admin("Ayu"), await town.asker("Sari"), await town.asker("Tuti")
    later = await to_do(town, sari, 72, 7)
    assert "Sebelum: 27 November 2026 08.00 WIB" in ayu.heard[-1]
    assert NOTE in ayu.heard[-1]
    count = len(ayu.heard)
    assert await to_do(town, sari, 10, 7) == later, "the same about the same person is one task"
    assert since(ayu, count) == []
    await to_do(town, tuti, 2, 8)
    await town.wait(hours=3)
    assert "TERLAMBAT" in ayu.heard[-1]
    await complains(town, ayu, "/admin")
    ayu.taps("📋 Tugas (2)")
    await town.settle()
    shown = ayu.heard[-1]
    assert shown.index("TERLAMBAT: Jelaskan lagi nasihatnya, nomor 8") < shown.index("nomor 7")
    ayu.taps("✅ Selesai: Jelaskan lagi nasihatnya, nomor 8")
    await town.settle()
    assert "nomor 8" not in ayu.heard[-1]
    assert "nomor 7" in ayu.heard[-1]
    ended = await town.read(lambda session: session.scalars(select(Task).where(
        Task.done_at.is_not(None))).one())  # fmt: skip
    assert (ended.number, ended.done_by_id is not None) == (8, True)
    assert NOTE.encode() not in (ended.sealed or b"")
    assert await to_do(town, tuti, 2, 9) != ended.id, "what is done may be asked for again"


async def test_what_is_late_is_said_once_a_day_and_by_day(town: Town) -> None:
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari")
    await to_do(town, sari, 30, 7)
    for hours, told in ((1, 1), (8, 2), (5, 2), (11, 2), (8, 3)):
        await town.wait(hours=hours)
        assert hears(ayu).count(NOTE) == told, town.clock.now()


async def test_a_worker_does_the_tasks_of_workers_of_the_own_facility(town: Town) -> None:
    dewi = await neighbour(town)
    budi, sari = await town.worker("Budi", ready=False), await town.asker("Sari")
    admins = await to_do(town, await town.asker("Tuti"), 2, 6)
    mine = await to_do(town, sari, 2, 7, Kind.WORKER)
    assert NOTE not in hears(budi) + hears(dewi), "who is off duty is left in peace"
    await complains(town, budi, "/siap")
    budi.taps("📋 Tugas (1)")
    await town.settle()
    for stranger, number in ((dewi, mine), (sari, mine), (budi, admins)):
        presses(stranger, f"done:{number}")
        await town.settle()
        assert "tidak ditemukan" in stranger.heard[-1]
    assert await town.read(lambda s: s.scalars(select(Task.done_at)).all()) == [None, None]
    budi.taps("✅ Selesai: Jelaskan lagi nasihatnya, nomor 7")
    await town.settle()
    assert "Tidak ada tugas" in hears(budi)


@pytest.mark.parametrize("payload", ["tasks", "done:1"])
async def test_to_everybody_else_there_are_no_tasks(town: Town, payload: str) -> None:
    sari = await town.asker("Sari")
    presses(sari, payload)
    await town.settle()
    assert "Tugas" not in sari.heard[-1]
