"""«Belajar antrean online»: a teacher, not a leaflet; and a reminder of one's own number."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Facility
from models.facility import Kind as What
from models.lesson import Lesson
from models.role import Kind
from models.task import Task
from services import credential, facility
from simulator.person import Person
from tests.stories.acts import complains, hears, ids, presses, since
from tests.town import Town


async def taps(town: Town, person: Person, label: str) -> None:
    person.taps(label)
    await town.settle()


async def granted(town: Town, name: str, kind: Kind) -> Person:
    """Somebody with a role that needs no licence."""
    person = town.telegram.add_person(name, bot=town.bot)
    person.starts()
    await town.settle()
    at = town.clock.now()
    await town.write(
        lambda session: credential.grant(
            session,
            credential.person_for(session, person.id, at=at),
            kind,
            facility.home(session, town.bot.id),
            by=None,
            at=at,
        )
    )
    return person


def shown(person: Person) -> str:
    """What stands on the last message, below its picture or alone."""
    assert person.last is not None
    return person.last.caption or person.last.text or ""


async def test_somebody_learns_step_by_step_stops_and_goes_on_tomorrow(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, "belajar antrean")
    assert "loket tetap boleh" in sari.heard[-1]
    await taps(town, sari, "Puskesmas atau klinik")
    assert "langkah 1 dari 7" in shown(sari)
    assert sari.last is not None
    assert sari.last.kind == "photo"
    await taps(town, sari, "Sudah")
    await taps(town, sari, "Bingung")
    assert "Dengan kata lain" in shown(sari)
    await taps(town, sari, "Tidak bisa")
    await taps(town, sari, "Akun belum terverifikasi")
    assert "loket" in shown(sari)
    await taps(town, sari, "Kembali ke langkahnya")
    assert "langkah 2 dari 7" in shown(sari)
    await town.wait(hours=20)
    await complains(town, sari, "/panduan")
    await taps(town, sari, "Belajar antrean online")
    await taps(town, sari, "Lanjut langkah 2")
    assert "langkah 2 dari 7" in shown(sari)
    for _ in range(6):
        await taps(town, sari, "Sudah")
    assert "Selesai" in shown(sari)
    await complains(town, sari, "belajar antrean")
    assert not [one for one in sari.buttons() if "Lanjut langkah" in one], "nothing is left of it"
    for payload in ("step:x:0", "puzzled:x:0", "stuck:x:0", "trouble:fktp:0:x", "turn:x",
                    "turn:kader", "turn_day:fktp:7"):  # fmt: skip
        presses(sari, payload)
        await town.settle()
        assert "tidak ada" in sari.heard[-1]
    presses(sari, "puzzled:fktp:99")
    await town.settle()
    assert await ids(town) == []


async def test_who_saves_data_reads_the_step_without_its_picture(town: Town) -> None:
    sari = await town.asker("Sari")
    presses(sari, "frugal:1")
    await town.settle()
    presses(sari, "step:rs:0")
    await town.settle()
    assert sari.last is not None
    assert sari.last.kind == "text"
    assert "IGD" in shown(sari)


async def test_a_number_is_remembered_on_the_evening_and_in_the_morning_once(
    each_town: Town,
) -> None:
    town, sari = each_town, await each_town.asker("Sari")  # eight in the morning, WIB
    presses(sari, "turn:fktp")
    await town.settle()
    await taps(town, sari, "Besok")
    await complains(town, sari, "nomornya berapa ya")
    assert "belum seperti nomor" in sari.heard[-1]
    await complains(town, sari, "A-12")
    assert "A-12" in sari.heard[-1]
    sealed = await town.read(lambda session: session.scalars(select(Lesson.sealed)).one())
    assert sealed is not None
    assert b"A-12" not in sealed
    count = len(sari.heard)
    await town.wait(hours=9)
    assert since(sari, count) == []
    await town.wait(hours=1, minutes=1)
    assert [("Besok" in one, "A-12" in one) for one in since(sari, count)] == [(True, True)]
    await town.wait(hours=12)
    await town.wait(hours=12)
    assert [("Hari ini" in one, "A-12" in one) for one in since(sari, count)[1:]] == [(True, True)]


async def test_nobody_is_reminded_of_what_they_gave_up_or_hours_late(town: Town) -> None:
    sari, tuti = await town.asker("Sari"), await town.asker("Tuti")
    for person in (sari, tuti):
        presses(person, "turn_day:rs:1")
        await town.settle()
        await complains(town, person, "RS-0012")
    await taps(town, sari, "Tidak perlu diingatkan")
    counts = len(sari.heard), len(tuti.heard)
    town.clock.move(timedelta(hours=40))
    await town.wait(minutes=1)
    assert (since(sari, counts[0]), since(tuti, counts[1])) == ([], [])
    presses(tuti, "turn_day:rs:0")
    await town.settle()
    await complains(town, tuti, "anak saya kejang sekarang")
    assert "119" in hears(tuti), "danger is heard whatever is asked"


async def test_a_kader_is_asked_to_teach_and_their_words_arrive(town: Town) -> None:
    wayan = await granted(town, "Wayan", Kind.VOLUNTEER)
    sari, ayu = await town.asker("Sari"), await town.admin("Ayu")
    presses(sari, "step:fktp:2")
    await town.settle()
    await taps(town, sari, "Bingung")
    await taps(town, sari, "Minta diajari kader")
    assert "Kader menghubungi" in sari.heard[-1]
    assert "Ajari antrean online" in wayan.heard[-1]
    assert "Ajari antrean online" not in hears(ayu)
    await complains(town, wayan, "tugas")
    await taps(town, wayan, "Selesai: Ajari antrean online")
    await complains(town, wayan, "Besok jam 9 saya ke rumah ya Bu")
    assert "Wayan" in sari.heard[-1]
    assert "Besok jam 9" in sari.heard[-1]
    presses(sari, "tasks")
    await town.settle()
    assert "Ajari" not in sari.heard[-1]


async def test_a_petugas_jkn_answers_how_things_are_done_and_sees_nothing_else(town: Town) -> None:
    ketut = await granted(town, "Ketut", Kind.OFFICER)
    budi, sari, ayu = await town.worker("Budi"), await town.asker("Sari"), await town.admin("Ayu")
    await complains(town, sari, "Anak batuk 4 hari")
    assert "batuk" not in hears(ketut)
    await complains(town, ayu, "/admin")
    assert any("Undang petugas JKN" in one for one in ayu.buttons())
    tuti = await town.asker("Tuti")
    presses(tuti, "inquire:tunggakan")
    await town.settle()
    await complains(town, tuti, "Kalau nunggak bisa dicicil lewat mana?")
    assert "dicicil" in ketut.heard[-1]
    assert "dicicil" not in hears(ayu) + hears(budi)
    for stranger in (budi, tuti):
        task_id = await town.read(lambda session: session.scalars(select(Task.id)).one())
        presses(stranger, f"no_inquiry:{task_id}")
        await town.settle()
        assert "tidak ditemukan" in stranger.heard[-1]
    await complains(town, ketut, "tugas")
    await taps(town, ketut, "Selesai: Jawab pertanyaan JKN")
    await complains(town, ketut, "Tanyakan ke 165, nanti dilihat tunggakannya.")
    assert "Ketut" in tuti.heard[-1]
    assert "bukan nasihat kesehatan" in tuti.heard[-1]
    presses(tuti, "inquire:tunggakan")
    await town.settle()
    await complains(town, tuti, "obat TB saya itu diambil di puskesmas mana tiap bulannya")
    if "sepertinya tentang sakit" in tuti.heard[-1]:
        await taps(town, tuti, "Teruskan ke petugas")
    await complains(town, ketut, "tugas")
    await taps(town, ketut, "Selesai: Jawab pertanyaan JKN")
    await taps(town, ketut, "Ini soal sakit")
    assert "tentang sakit" in tuti.heard[-1]


async def test_the_trip_card_leads_into_the_lesson(town: Town) -> None:
    sari = await town.asker("Sari")
    for kind, title in ((What.HOSPITAL, "Rumah sakit"), (What.PUSKESMAS, "Puskesmas")):

        def become(session: Session, kind: What = kind) -> int:
            home = session.scalars(select(Facility)).one()
            home.kind = kind
            return home.id

        presses(sari, f"trip:{await town.write(become)}")
        await town.settle()
        await taps(town, sari, "Cara ambil antrean online")
        assert title in shown(sari)
