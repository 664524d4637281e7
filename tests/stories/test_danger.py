"""Danger signs: the card at once, whatever else is going on, and everybody on duty called."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from telegram import Update

from handlers import routes
from handlers.call import Call
from models.consultation import Status
from models.facility import Facility
from models.message import Message
from models.patient import Patient
from models.person import Person
from models.role import Profession
from services import emergency, facility
from tests.stories.acts import (
    answers,
    complains,
    hears,
    ids,
    says,
    since,
    taken,
    taps,
    the_one,
    watched,
)
from tests.town import Town

CARD = "INI TANDA BAHAYA"


async def test_danger_is_answered_first_and_calls_everybody_on_duty(each_town: Town) -> None:
    town = each_town
    staff = [await town.worker(name) for name in ("Budi", "Citra", "Eka", "Fitri", "Gita")]
    off_duty = await town.worker("Hadi", ready=False)
    sari = await town.asker("Sari")
    heard = len(sari.heard)
    await complains(town, sari, "Anak saya kejang")
    assert CARD in since(sari, heard)[0]
    assert "119" in since(sari, heard)[0]
    assert "sudah dipanggil" in since(sari, heard)[0]
    for one in staff:
        assert "Nomor 1: ada tanda bahaya" in one.heard[-1]
        assert "Anak saya kejang" in one.heard[-1]
    assert "kejang" not in hears(off_duty)


async def test_danger_calls_busy_workers_too(town: Town) -> None:
    budi = await town.worker("Budi")
    for name in ("Ani", "Eka", "Fitri"):
        await taken(town, await town.asker(name), budi)
    sari = await town.asker("Sari")
    await complains(town, sari, "Suami saya tidak sadar")
    assert "ada tanda bahaya" in budi.heard[-1]
    budi.taps("Terima")
    await town.settle()
    assert "Suami saya tidak sadar" in budi.heard[-1]


async def test_danger_is_before_everybody_who_waits(town: Town) -> None:
    for name in ("Ani", "Eka"):
        await complains(town, await town.asker(name), f"Keluhan {name}")
        town.clock.move(60)
    sari = await town.asker("Sari")
    await complains(town, sari, "Sesak napas berat")
    seen = watched(town)
    budi = await town.worker("Budi")
    told = [one for one in seen if one.chat_id == budi.id]
    offers = [one for one in told if "Terima" in one.message.buttons]
    assert [("Sesak napas" in (one.message.text or "")) for one in offers] == [True]
    budi.taps("Terima")
    await town.settle()
    assert "Keluhan Ani" in budi.heard[-1]


async def test_the_card_says_first_that_nobody_is_on_duty_and_the_admin_is_told(
    town: Town,
) -> None:
    wayan = await town.admin("Wayan")
    sari = await town.asker("Sari")
    heard = len(sari.heard)
    await complains(town, sari, "Ibu saya pingsan")
    assert since(sari, heard)[0].startswith("🚨 Saat ini tidak ada petugas kami yang siap.")
    assert "Nomor 1: ada tanda bahaya" in wayan.heard[-1]
    assert "pingsan" not in hears(wayan)
    assert "Sari" not in hears(wayan)


async def test_who_comes_on_duty_is_called_to_danger_that_others_were_offered(
    town: Town,
) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    citra = await town.worker("Citra", Profession.DOCTOR)
    assert "kejang" in hears(citra)
    citra.taps("Lewati")  # and is not called again at once
    await town.settle()
    assert "kejang" not in hears(citra)
    assert "kejang" in budi.heard[-1]
    await town.wait(minutes=3, seconds=1)
    assert "kejang" in citra.heard[-1]  # but in the next round


async def test_danger_that_everybody_passes_is_not_offered_to_them_in_the_same_breath(
    town: Town,
) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    budi.taps("Lewati")
    await town.settle()
    assert "kejang" not in hears(budi)
    await town.wait(minutes=3, seconds=1)
    assert "kejang" in budi.heard[-1]


async def test_danger_said_later_raises_what_waits(town: Town) -> None:
    staff = [await town.worker(name) for name in ("Budi", "Citra", "Eka", "Fitri")]
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk 4 hari")
    await complains(town, sari, "Sekarang bibirnya biru dan kejang")
    assert CARD in hears(sari)
    for one in staff:
        assert "ada tanda bahaya" in one.heard[-1]
    assert "lihat tawaran baru" in hears(staff[0])
    staff[3].taps("Terima")
    await town.settle()
    assert "Batuk 4 hari" in hears(staff[3])
    assert "kejang" in staff[3].heard[-1]
    assert hears(staff[3]).count("bibirnya biru") == 1


async def test_the_net_reads_before_an_open_question_of_the_worker(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, sari, "Dia kejang sekarang")
    assert CARD in hears(sari)
    assert "ada tanda bahaya dalam pesan berikut" in budi.heard[-2]
    assert "Dia kejang sekarang" in budi.heard[-1]


async def test_the_net_reads_in_an_active_consultation(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    heard = len(sari.heard)
    await complains(town, sari, "Sekarang sesak napas")
    assert CARD in since(sari, heard)[0]
    assert "ada tanda bahaya dalam pesan berikut" in budi.heard[-2]
    assert budi.heard[-1] == "🔵 No. 1 · Sari\nSekarang sesak napas"
    assert (await the_one(town)).danger_at is not None


async def test_the_admin_is_told_when_the_worker_of_the_consultation_is_gone(town: Town) -> None:
    wayan = await town.admin("Wayan")
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    budi.blocks()
    await town.settle()
    heard = len(sari.heard)
    await complains(town, sari, "Sekarang sesak napas")
    assert since(sari, heard)[0].startswith("🚨 Saat ini tidak ada petugas kami yang siap.")
    assert "Nomor 1: ada tanda bahaya" in wayan.heard[-1]


async def test_without_consent_the_card_comes_all_the_same(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    wayan = await town.admin("Wayan")
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, "Tolong, anak saya kejang")
    assert sari.heard[0].startswith("🚨 Pesan ini belum dibaca petugas.")
    assert CARD in sari.heard[0]
    assert sari.buttons() == ["✅ Setuju", "Tidak setuju", "🌐 Basa Jawa · English"]
    assert len(sari.heard) == 2
    assert "kejang" not in hears(budi)

    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "Nomor 1: ada tanda bahaya" in budi.heard[-1]
    assert "kejang" in budi.heard[-1]
    assert "tanda bahaya" not in hears(wayan)
    budi.taps("Terima")
    await town.settle()
    assert hears(budi).count("Tolong, anak saya kejang") == 1


async def test_consent_to_danger_with_nobody_on_duty_calls_the_admin(town: Town) -> None:
    wayan = await town.admin("Wayan")
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, "Anak saya kejang")
    assert "tanda bahaya" not in hears(wayan)
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "Nomor 1: ada tanda bahaya" in wayan.heard[-1]


async def test_the_net_reads_in_a_draft_without_consent(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, "Anak saya demam")
    heard = len(sari.heard)
    await complains(town, sari, "Sekarang kejang")
    assert CARD in since(sari, heard)[0]
    assert len(since(sari, heard)) == 1
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    budi = await town.worker("Budi")
    assert "Anak saya demam Sekarang kejang" in hears(budi)


async def test_the_net_reads_the_caption_of_a_photo(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    sari.sends_photo("Perdarahan hebat sesudah melahirkan")
    await town.settle()
    assert CARD in hears(sari)
    assert "ada tanda bahaya" in budi.heard[-1]
    budi.taps("Terima")
    await town.settle()
    assert budi.last.kind == "photo"


async def test_the_net_reads_an_edited_message(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    said = sari.says("Anak saya panas")
    await town.settle()
    assert CARD not in hears(sari)
    sari.edits(said, "Anak saya panas lalu kejang")
    await town.settle()
    assert CARD in hears(sari)
    assert "ada tanda bahaya" in budi.heard[-1]
    assert "lalu kejang" in budi.heard[-1]
    budi.taps("Terima")
    await town.settle()
    assert "Anak saya panas" in budi.heard[-2]
    assert budi.heard[-1].endswith("Diperbaiki menjadi:\nAnak saya panas lalu kejang")
    assert hears(budi).count("lalu kejang") == 1


async def test_the_net_reads_an_edit_in_an_active_consultation(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    said = sari.says("Dia lemas")
    await town.settle()
    sari.edits(said, "Dia lemas dan kejang")
    await town.settle()
    assert CARD in hears(sari)
    assert "Diperbaiki menjadi:\nDia lemas dan kejang" in budi.heard[-1]


@pytest.mark.parametrize(
    "words", ["Panas, tidak kejang", "Dia belum kejang", "Bukan sesak napas, hanya pilek"]
)
async def test_what_is_denied_stays_quiet(town: Town, words: str) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, words)
    assert CARD not in hears(sari)
    assert "tanda bahaya" not in hears(budi)


async def test_a_worker_who_asks_about_danger_gets_no_card(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    await complains(town, budi, "Apakah dia kejang, Bu?")
    assert CARD not in hears(budi)
    assert "Apakah dia kejang" in sari.heard[-1]
    citra = await town.worker("Citra")
    await complains(town, citra, "Pasien kejang")
    assert CARD not in hears(citra)
    assert len(await ids(town)) == 1


async def test_a_failing_handler_does_not_undo_the_card(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(call: Call) -> None:
        raise RuntimeError("a handler with a mistake")

    town.expects_faults = True
    budi = await town.worker("Budi")
    wayan = await town.admin("Wayan")
    sari = await town.asker("Sari")
    broken = routes.Route(lambda update: update.message, fails)
    monkeypatch.setattr(routes, "ROUTES", (broken, *routes.ROUTES))
    heard = len(sari.heard)
    await complains(town, sari, "Anak saya kejang")
    cards = [text for text in since(sari, heard) if CARD in text]
    assert len(cards) == 1  # three tries of the handler, one card
    assert "Anak saya kejang" in budi.heard[-1]
    assert "gangguan di tempat kami" in sari.heard[-1]
    assert "telekonsul inbox list" in wayan.heard[-1]
    assert (await the_one(town)).status is Status.WAITING


async def test_the_card_leaves_before_everything_that_is_owed(town: Town) -> None:
    await town.worker("Budi")
    sari = await town.asker("Sari")
    seen = watched(town)
    for count in range(5):
        sari.says(f"/perintah{count}")
    sari.says("Anak saya kejang")
    await town.settle()
    mine = [one.message.text or "" for one in seen if one.chat_id == sari.id]
    first = next(place for place, text in enumerate(mine) if CARD in text)
    assert first < 2  # what had left before it came was on its way


async def test_without_a_facility_the_card_comes_all_the_same(town: Town) -> None:
    sari = await town.asker("Sari")
    await town.write(lambda session: session.execute(update(Facility).values(responsible=None)))
    heard = len(sari.heard)
    await complains(town, sari, "Anak saya kejang")
    assert CARD in since(sari, heard)[0]
    assert "belum menetapkan penanggung jawab" in sari.heard[-1]


async def test_a_handler_that_fails_once_neither_repeats_the_card_nor_loses_the_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def fails_once(update: Update) -> bool:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("away for a moment")
        return False

    town.expects_faults = True
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    shaky = routes.Route(fails_once, routes.ROUTES[0].function)
    monkeypatch.setattr(routes, "ROUTES", (shaky, *routes.ROUTES))
    heard = len(sari.heard)
    await complains(town, sari, "Sekarang kejang")
    assert len(since(sari, heard)) == 1
    assert budi.heard[-1] == "🔵 No. 1 · Sari\nSekarang kejang"


async def test_the_card_names_the_numbers_of_the_neighbourhood_after_119(each_town: Town) -> None:
    """On every card, also where nobody answers for the facility; without an entry, none."""
    town = each_town
    sari, ani = await town.asker("Sari"), await town.asker("Ani", agreed=False)
    eka = await town.asker("Eka", agreed=False)
    await complains(town, sari, "Anak saya kejang")
    assert CARD in hears(sari)
    assert "☎️" not in hears(sari)

    def enter(session: Session) -> None:
        home = facility.home(session, town.bot.id)
        emergency.set_number(session, home, "PSC contoh", "0380 555", checked_on=date(2026, 11, 1))

    await town.write(enter)
    await complains(town, sari, "Suami saya pingsan")
    await complains(town, ani, "Bapak tidak sadar")
    await town.write(lambda session: session.execute(update(Facility).values(responsible=None)))
    await complains(town, eka, "Ibu saya pingsan")
    for one in (sari, ani, eka):
        card = next(text for text in reversed(one.heard) if CARD in text)
        assert card.index("119") < card.index("☎️ PSC contoh: 0380 555") < card.index("\n2.")


async def test_a_damaged_key_keeps_the_card_from_nobody(town: Town) -> None:
    town.expects_faults = True
    admin = await town.admin("Admin")
    sari, budi = await town.asker("Sari"), await town.worker("Budi")
    await taken(town, sari, budi)
    await town.write(
        lambda session: session.execute(update(Patient).values(wrapped_key=b"damaged"))
    )
    await complains(town, sari, "Sekarang kejang")
    assert sum(CARD in text for text in sari.heard) == 1
    assert "disisihkan" in admin.heard[-1], "and somebody is told that the words cannot be kept"


async def test_a_damaged_message_keeps_the_consultation_from_no_worker(town: Town) -> None:
    sari, budi = await town.asker("Sari"), await town.worker("Budi")
    await complains(town, sari, "Anak saya kejang")
    await town.write(lambda session: session.execute(update(Message).values(sealed=b"damaged")))
    await complains(town, sari, "Masih kejang")
    budi.taps("Terima")
    await town.settle()
    assert budi.heard[-2:] == ["🔵 No. 1 · Sari\n(tidak terbaca)", "🔵 No. 1 · Sari\nMasih kejang"]


async def test_a_damaged_record_keeps_nobody_from_being_heard(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await town.write(lambda session: session.execute(update(Person).values(sealed=b"damaged")))
    await complains(town, sari, "Anak saya kejang")
    assert CARD in hears(sari)
    budi.taps("Terima")
    await town.settle()
    assert budi.heard[-1] == "🔵 No. 1 · Sari\nAnak saya kejang"


async def test_a_doubt_while_waiting_puts_the_closed_question_again_once(town: Town) -> None:
    """«Panas tinggi» is not enough for the card, but who said «tidak ada» is asked once more."""
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await complains(town, sari, "Anak saya 3 tahun batuk 4 hari")
    assert "Nomor Ibu/Bapak: 1" in sari.heard[-1]
    await says(town, sari, "anaknya sekarang panas tinggi")
    assert "Tidak tahu" in sari.buttons()
    count = len(sari.heard)
    await says(town, sari, "anaknya masih panas tinggi")
    assert len(sari.heard) == count
    await taps(town, sari, "Tidak ada")
    count = len(sari.heard)
    await says(town, sari, "anaknya panas tinggi terus")
    assert len(sari.heard) == count, "once for each kind of sign"
    await says(town, sari, "kadang mengi")
    assert CARD not in hears(sari)
    await taps(town, sari, "Ada")
    assert CARD in hears(sari)
    assert "🚨" in hears(budi)
