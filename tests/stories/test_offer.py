"""Who is asked, who is first, and what the others read then."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Zone
from models.mail import Ending, Incoming
from models.offer import Offer
from models.role import Profession
from services import facility, hours
from tests.stories.acts import (
    complains,
    hears,
    ids,
    licence_ends,
    licensed,
    neighbour,
    presses,
    since,
    taken,
    taps,
    the_one,
    unfinished,
)
from tests.town import Town


async def test_the_first_taker_wins_and_the_other_reads_by_whom(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari = await town.asker("Sari")
    await complains(town, sari, "Keputihan gatal sejak seminggu")
    shown = citra.last
    assert "Keputihan" in (shown.text or "")

    budi.taps("Terima")
    await town.settle()
    assert shown.text == "Nomor 1 sudah diambil Perawat Budi."
    assert shown.buttons == []
    assert "Keputihan" not in hears(citra)

    presses(citra, f"accept:{(await the_one(town)).id}")  # pressed before the change arrived
    await town.settle()
    assert citra.heard[-1] == "Terima kasih. Nomor 1 sudah lebih dulu diambil Perawat Budi."
    assert "Perawat Budi sudah menerima" in sari.heard[-1]


async def test_two_who_press_in_the_same_moment_do_not_both_get_it(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari = await town.asker("Sari")
    await complains(town, sari, "Sakit gigi")

    citra.taps("Terima")
    budi.taps("Terima")
    await town.settle()
    assert "diambil dr. Citra" in budi.heard[-1]
    assert "Sakit gigi" in citra.heard[-1]
    assert "Sakit gigi" not in hears(budi)
    assert hears(sari).count("sudah menerima keluhan") == 1


async def test_a_button_pressed_twice_has_one_effect_and_both_presses_are_answered(
    town: Town,
) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Sakit gigi")
    calls = len(town.telegram.calls)

    budi.taps("Terima")
    town.clock.move(timedelta(milliseconds=50))
    budi.taps("Terima")
    await town.settle()
    assert hears(sari).count("sudah menerima keluhan") == 1
    assert hears(budi).count("sekarang Anda tangani") == 1
    made = list(town.telegram.calls)[calls:]
    answers = [call for call in made if call.method == "answerCallbackQuery"]
    assert len(answers) == 2
    assert all(call.ok for call in answers)


async def test_a_round_asks_three_and_after_three_minutes_the_others(town: Town) -> None:
    workers = [await town.worker(name) for name in ("Budi", "Citra", "Eka", "Fitri")]
    sari = await town.asker("Sari")
    await complains(town, sari, "Saya batuk")
    assert ["Terima" in one.buttons() for one in workers] == [True, True, True, False]
    offered = [one.last for one in workers[:3]]

    await town.wait(minutes=2, seconds=50)
    assert "Terima" not in workers[3].buttons()
    await town.wait(seconds=10)
    assert "Nomor 1" in (workers[3].last.text or "")
    assert [one.text for one in offered] == ["Nomor 1: waktu tawaran habis."] * 3
    assert "Saya batuk" in hears(workers[3])


async def test_an_offer_that_is_passed_goes_on_at_once(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    offered = budi.last
    citra = await town.worker("Citra")
    assert "Terima" not in citra.buttons()

    budi.taps("Lewati")
    await town.settle()
    assert (
        offered.text
        == "Nomor 1 dilewati dan ditawarkan kepada yang lain. Kenapa? Boleh tidak dijawab."
    )
    assert "Batuk" in citra.heard[-1]
    count = len(budi.heard)
    await town.wait(minutes=4)
    assert since(budi, count) == []


async def test_who_comes_on_duty_is_handed_what_waits(town: Town) -> None:
    budi = await town.worker("Budi", ready=False)
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert "belum ada petugas Puskesmas Contoh yang siap" in sari.heard[-1]
    assert "Batuk" not in hears(budi)

    budi.says("/siap")
    await town.settle()
    assert "Batuk" in budi.heard[-1]


async def test_the_longest_waiting_is_offered_first(town: Town) -> None:
    budi = await town.worker("Budi", ready=False)
    for name in ("Sari", "Ani"):
        await complains(town, await town.asker(name), f"Keluhan {name}")
        town.clock.move(1)
    budi.says("/siap")
    await town.settle()
    assert "Keluhan Sari" in budi.heard[-1]
    assert "Keluhan Ani" not in hears(budi)  # one open offer at a time


async def test_who_goes_off_duty_leaves_the_offer_to_others(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    citra = await town.worker("Citra")
    budi.says("/selesai")
    await town.settle()
    assert "Batuk" not in hears(budi)
    assert "Batuk" in citra.heard[-1]


async def test_an_offer_names_nobody(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "NIK 3175 0912 3456 7890, batuk darah sedikit\nsejak kemarin")
    assert "Sari" not in hears(budi)
    assert "3175 0912" not in hears(budi)
    assert "7890, batuk darah sedikit sejak kemarin" in budi.heard[-1]
    assert budi.last.protected


async def test_a_withdrawn_complaint_is_withdrawn_for_those_asked(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    offered = budi.last
    sari.taps("Batalkan")
    await town.settle()
    assert offered.text == "Nomor 1 dibatalkan oleh penanya."
    presses(budi, f"accept:{(await the_one(town)).id}")
    await town.settle()
    assert "sudah berakhir" in budi.heard[-1]


async def test_a_full_worker_is_asked_for_nothing_more(town: Town) -> None:
    budi = await town.worker("Budi")
    for name in ("Ani", "Eka", "Fitri"):
        await taken(town, await town.asker(name), budi, f"Keluhan {name}")
    sari = await town.asker("Sari")
    await complains(town, sari, "Keluhan Sari")
    assert "Keluhan Sari" not in hears(budi)
    presses(budi, f"accept:{(await ids(town))[-1]}")
    await town.settle()
    assert "Anda sedang menangani 3 konsultasi" in budi.heard[-1]


async def test_a_worker_of_another_facility_sees_nothing(each_town: Town) -> None:
    town = each_town
    dewi = await neighbour(town)
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    count = len(dewi.heard)
    await complains(town, sari, "Batuk")
    await complains(town, sari, "Anak saya kejang")
    await town.wait(minutes=4)
    budi.taps("Terima")
    await town.settle()
    assert since(dewi, count) == []

    one = await the_one(town)
    for verb in ("accept", "return", "withdraw", "close", "to", "talk", "new", "thanks"):
        heard = len(dewi.heard)
        presses(dewi, f"{verb}:{one.id}")
        await town.settle()
        presses(dewi, f"{verb}:{one.id + 1}")
        await town.settle()
        known, unknown = since(dewi, heard)
        assert known == unknown, verb
        assert "tidak ditemukan" in known, verb
    assert (await the_one(town)).worker_id == one.worker_id


async def test_an_offer_of_somebody_else_cannot_be_passed(town: Town) -> None:
    budi = await town.worker("Budi")
    dewi = await neighbour(town)
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    presses(dewi, f"pass:{(await the_one(town)).id}")
    await town.settle()
    known = dewi.heard[-1]
    presses(dewi, "pass:12345")
    await town.settle()
    assert dewi.heard[-1] == known
    assert "Batuk" in budi.heard[-1]  # still offered


async def test_who_waits_for_nobody_reads_when_the_facility_is_open(town: Town) -> None:
    await complains(town, await town.asker("Ani"), "Pusing")
    sari = await town.asker("Sari")

    def enter(session: Session) -> None:
        hours.enter(facility.home(session, town.bot.id), "senin-jumat 8-14", Zone.WITA)

    await town.write(enter)
    await complains(town, sari, "Batuk")
    assert "🕗 Jam buka Puskesmas Contoh: Senin–Jumat 08.00–14.00 WITA" in sari.heard[-1]
    eka = await town.asker("Eka")
    await town.worker("Budi")
    await complains(town, eka, "Demam")
    assert "Jam buka" not in eka.heard[-1]


async def test_a_licence_that_ended_yesterday_opens_nothing(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    await licence_ends(town, budi, -1)
    budi.taps("Terima")
    await town.settle()
    assert "izinnya sudah diperiksa dan masih berlaku" in budi.heard[-1]
    budi.says("/siap")
    await town.settle()
    assert "izinnya sudah diperiksa dan masih berlaku" in budi.heard[-1]

    ani = await town.asker("Ani")
    await complains(town, ani, "Pusing sekali")
    assert "belum ada petugas" in ani.heard[-1]
    assert "Pusing" not in hears(budi)


async def test_a_licence_that_ends_today_holds_until_tonight(town: Town) -> None:
    budi = await town.worker("Budi")
    await licence_ends(town, budi, 0)
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    assert "Perawat Budi" in sari.heard[-1]


async def test_a_licence_that_ends_in_the_middle_stops_the_worker_not_the_patient(
    town: Town,
) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    await licence_ends(town, budi, -1)
    heard = len(sari.heard)
    said = budi.says("Minum dua kali sehari")
    await town.settle()
    assert "masih berlaku" in budi.heard[-1]
    budi.edits(said, "Minum tiga kali sehari")
    await town.settle()
    assert since(sari, heard) == []

    budi.taps("Kembalikan ke antrean")
    await town.settle()
    assert "kembali ke urutan semula" in sari.heard[-1]


async def test_a_person_without_a_licence_cannot_go_on_duty_or_take_anything(town: Town) -> None:
    wayan = await town.asker("Wayan")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    for act in ("/siap", "/selesai"):
        wayan.says(act)
        await town.settle()
        assert "hanya untuk tenaga kesehatan" in wayan.heard[-1]
    presses(wayan, f"accept:{(await the_one(town)).id}")
    await town.settle()
    assert "hanya untuk tenaga kesehatan" in wayan.heard[-1]


async def test_a_worker_cannot_answer_themself(town: Town) -> None:
    wayan = await town.asker("Wayan")
    await complains(town, wayan, "Batuk")
    await licensed(town, wayan)
    wayan.says("/siap")
    await town.settle()
    presses(wayan, f"accept:{(await the_one(town)).id}")
    await town.settle()
    assert "perlu dijawab rekan lain" in wayan.heard[-1]


async def test_updates_of_a_story_all_end(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    assert await unfinished(town) == 0
    endings = await town.read(lambda session: {row.ending for row in session.query(Incoming).all()})
    assert endings == {Ending.DONE}


async def test_who_lets_an_offer_go_may_say_why(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert "dilewati dan ditawarkan kepada yang lain" in await taps(town, budi, "Lewati")
    line = budi.last
    presses(sari, f"why:{(await the_one(town)).id}:busy")
    await town.settle()
    assert "tidak berlaku" in sari.heard[-1]
    await taps(town, budi, "Bukan bidang saya")
    assert (line.text, line.buttons) == ("Nomor 1 dilewati: Bukan bidang saya.", [])
    kept = await town.read(lambda session: session.scalars(select(Offer)).one())
    assert (kept.end, kept.why) == ("passed", "skill")
