"""The day on which somebody is asked how it is, and what becomes of the answer."""

from sqlalchemy import select

from models.consultation import Status
from models.followup import Ask, Followup
from models.role import Profession
from scheduler.timetable import TIMETABLE
from simulator.person import Person
from tests.stories.acts import (
    advised,
    complains,
    hears,
    pair,
    presses,
    since,
    the_one,
)
from tests.town import Town

ASKED = "Bagaimana keadaannya sekarang?"


async def planned(town: Town, label: str) -> tuple[Person, Person]:
    """Budi has advised Sari, and tapped when to ask her; it is eight in the morning."""
    sari, budi = await pair(town)
    await advised(town, budi)
    budi.taps(label)
    await town.settle()
    return sari, budi


def shown(person: Person) -> str:
    """The newest message, as it was changed."""
    assert person.last is not None
    return person.last.text or ""


async def states(town: Town) -> list[str | None]:
    wanted = select(Followup.answer).where(Followup.ask == Ask.STATE)
    return await town.read(lambda session: list(session.scalars(wanted)))


async def test_who_needs_help_gets_a_consultation_with_the_same_worker_first(
    each_town: Town,
) -> None:
    town = each_town
    sari, budi = await planned(town, "3 hari")
    assert "Kabarnya kami tanyakan pada 27 November 2026" in shown(budi)
    citra = await town.worker("Citra", Profession.DOCTOR)
    await town.wait(hours=71)
    assert ASKED not in hears(sari)
    await town.wait(hours=1)
    for job in TIMETABLE:
        await town.app.timekeeper.tick(job)
    await town.settle()
    assert hears(sari).count(ASKED) == 1
    assert "119" in sari.heard[-1]
    first = await the_one(town)
    budi.taps("Tanggal lain")
    await town.settle()
    budi.taps("Tidak perlu")
    await town.settle()
    assert "sudah ditanyakan" in budi.heard[-1]

    count = len(citra.heard), len(budi.heard)
    await complains(town, sari, "１")  # a full-width one
    assert "Apa yang dirasakan" in sari.heard[-1]
    await complains(town, sari, "Batuknya malah tambah, sekarang demam")
    assert "Batuknya malah tambah" in budi.heard[-1]
    assert (len(since(citra, count[0])), len(since(budi, count[1]))) == (0, 1)
    again = await the_one(town)
    assert (again.follows_id, again.patient_id) == (first.id, first.patient_id)
    assert again.status is Status.WAITING
    assert "Tanda bahaya: tidak ada" not in hears(citra)
    budi.taps("Terima")
    await town.settle()
    assert "Tanda bahaya: tidak ada, dijawab penanya" in hears(budi)
    assert await states(town) == ["1"]


async def test_who_is_well_is_thanked_and_strangers_answer_nothing(town: Town) -> None:
    sari, budi = await planned(town, "Besok")
    budi.taps("Tanggal lain")
    await town.settle()
    assert budi.buttons()[0] == "Kam 26/11"
    budi.taps("Sab 28/11")
    await town.settle()
    assert "28 November" in shown(budi)
    budi.taps("Tanggal lain")
    await town.settle()
    budi.taps("Kam 26/11")
    await town.settle()
    one = await the_one(town)
    presses(sari, f"checkin:{one.id}:1")
    await town.settle()
    assert "tidak ditemukan" in sari.heard[-1]
    presses(sari, f"well:{one.id}")
    await town.settle()
    assert "tidak berlaku" in sari.heard[-1]
    await town.wait(hours=48)
    assert ASKED in sari.heard[-1]
    presses(budi, f"well:{one.id}")
    await town.settle()
    assert "tidak ditemukan" in budi.heard[-1]
    count = len(sari.heard)
    sari.taps("0 · Baik")
    sari.taps("0 · Baik")
    await town.settle()
    assert len(since(sari, count)) == 1
    assert "Seberapa terbantu" in sari.heard[-1]
    await complains(town, sari, "0")
    assert "Seberapa terbantu" not in sari.heard[-1], "answered: no question is open"
    assert await states(town) == ["0"]


async def test_nobody_is_asked_who_should_not_be(town: Town) -> None:
    """No day set, the consent withdrawn, the bot blocked, or days too late."""
    sari, budi = await planned(town, "Tidak perlu")
    assert "Kabarnya tidak kami tanyakan" in shown(budi)
    await town.wait(hours=40)
    assert ASKED not in hears(sari)

    ani, citra = await town.asker("Ani"), await town.worker("Citra")
    await complains(town, ani, "Pusing")
    citra.taps("Terima")
    await town.settle()
    await advised(town, citra)
    citra.taps("Besok")
    await town.settle()
    await complains(town, ani, "/batalsetuju")
    await town.wait(hours=40)
    assert ASKED not in hears(ani)


async def test_in_danger_nobody_is_asked_in_that_moment_how_it_was(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, sari, "Sekarang kejang")
    await advised(town, budi)
    budi.taps("Besok")
    await town.settle()
    sari.taps("Sudah paham")
    await town.settle()
    assert sari.heard[-1] == "🙏 Syukurlah. Semoga lekas sehat."
    await town.wait(hours=38)  # the service was away until ten in the evening
    assert ASKED not in hears(sari)
    await town.wait(hours=9)
    assert ASKED in sari.heard[-1]
    sari.taps("0 · Baik")
    await town.settle()
    assert "Seberapa terbantu" in sari.heard[-1]
