"""Another facility of the pool answers only where both heads signed and the asker says yes."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.facility import Facility
from services import facility, pool
from simulator.person import Person
from tests.stories.acts import NEXT_DOOR, complains, hears, neighbour, presses, since, the_one
from tests.town import Town


async def agreed(town: Town) -> Person:
    """Dewi is on duty next door, and both heads have signed."""
    dewi = await neighbour(town)

    def sign(session: Session) -> None:
        other = session.scalars(select(Facility).where(Facility.code == NEXT_DOOR)).one()
        home = facility.home(session, town.bot.id)
        pool.agree(session, home, other, "CONTOH/12/2026", on=date(2026, 11, 1))

    await town.write(sign)
    return dewi


async def test_next_door_hears_of_it_only_after_a_yes(each_town: Town) -> None:
    town = each_town
    dewi, sari = await agreed(town), await town.asker("Sari")
    count = len(dewi.heard)
    await complains(town, sari, "Saya batuk 4 hari")
    assert "Puskesmas Sebelah, ada 1 petugas" in sari.heard[-1]
    number = (await the_one(town)).id
    presses(dewi, f"accept:{number}")
    await town.settle()
    assert "tidak ditemukan" in since(dewi, count)[-1]
    sari.taps("Tidak, tunggu di sini")
    await town.settle()
    await town.wait(minutes=45)
    assert hears(sari).count("Boleh dijawab mereka?") == 0, "asked once, and answered"
    assert "batuk" not in hears(dewi)
    presses(sari, f"pool:{number}:1")
    await town.settle()
    assert "dari Puskesmas Contoh" in dewi.heard[-1]
    presses(sari, f"pool:{number}:0")
    await town.settle()
    assert "batuk" not in hears(dewi), "a no takes back what was offered there"
    presses(sari, f"pool:{number}:1")
    await town.settle()
    dewi.taps("Terima")
    await town.settle()
    assert "Puskesmas Sebelah" in next(one for one in sari.heard if "menerima keluhan" in one)
    presses(sari, f"pool:{number}:0")
    await town.settle()
    assert "sudah ada yang menangani" in sari.heard[-1]
    acts = await town.read(lambda s: list(s.scalars(select(Audit.act).order_by(Audit.seq))))
    assert [one for one in acts if one in ("share", "keep", "open")] == [
        "keep", "share", "keep", "share", "open",
    ]  # fmt: skip


async def test_who_has_own_workers_is_asked_when_the_wait_is_long(town: Town) -> None:
    dewi = await agreed(town)
    budi = await town.worker("Budi")
    for name in ("Ani", "Tuti", "Wati"):
        await complains(town, await town.asker(name), "Saya pusing")
        budi.taps("Terima")
        await town.settle()
    sari = await town.asker("Sari")
    await complains(town, sari, "Saya batuk 4 hari")
    assert "Boleh dijawab mereka?" not in hears(sari)
    await town.wait(minutes=11)
    assert "Boleh dijawab mereka?" in sari.heard[-1]
    await town.write(_end_all)
    sari.taps("Boleh")
    await town.settle()
    assert "batuk" not in hears(dewi), "the paper no longer holds"


async def test_without_a_paper_nobody_is_asked(town: Town) -> None:
    dewi, sari = await neighbour(town), await town.asker("Sari")
    await complains(town, sari, "Saya batuk 4 hari")
    presses(sari, f"pool:{(await the_one(town)).id}:1")
    await town.wait(minutes=11)
    assert "Boleh dijawab mereka?" not in hears(sari)
    assert "batuk" not in hears(dewi)


def _end_all(session: Session) -> None:
    home, other = session.scalars(select(Facility).order_by(Facility.id))
    assert pool.end(session, home, other, on=date(2026, 11, 24))
