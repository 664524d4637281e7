"""The emergency numbers and cards: who keeps them, who sees them, and when they are sent anew."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.emergency import EmergencyNumber
from models.facility import Zone
from services import content, emergency, facility
from simulator.person import Person
from tests.stories.acts import complains, hears, presses, since
from tests.stories.map import drawn
from tests.town import Town

KUPANG = "53.01"
TODAY = date(2026, 11, 24)
WRITTEN = """
[[number]]
label = "{label}"
number = "{number}"
checked_on = {on}
checked_by = "Contoh Pemeriksa"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files of districts stand in this test."""
    found = tmp_path / "emergency"
    found.mkdir()
    monkeypatch.setattr(content, "EMERGENCY", found)
    return found


def writes(folder: Path, label: str, number: str, on: date = TODAY, code: str = KUPANG) -> None:
    (folder / f"{code}.toml").write_text(WRITTEN.format(label=label, number=number, on=on))


async def enters(town: Town, label: str, number: str, on: date = TODAY) -> None:
    """Somebody enters a number at setup."""
    await town.write(
        lambda session: emergency.set_number(
            session, facility.home(session, town.bot.id), label, number, checked_on=on
        )
    )


async def lies_in(town: Town, code: str, zone: Zone = Zone.WITA) -> None:
    """Our facility is known to lie in a region."""

    def set_place(session: Session) -> None:
        home = facility.home(session, town.bot.id)
        home.region_code, home.zone = code, zone

    await town.write(set_place)


async def kept(town: Town) -> list[tuple[str, str, date]]:
    """The numbers that are shown."""
    shown = select(EmergencyNumber).where(EmergencyNumber.ended_on.is_(None))

    def look(session: Session) -> list[tuple[str, str, date]]:
        found = session.scalars(shown.order_by(EmergencyNumber.id))
        return [(one.label, one.number, one.checked_on) for one in found]

    return await town.read(look)


async def at_the_page(town: Town) -> Person:
    """An admin who has the page of the numbers open."""
    wayan = await town.admin("Wayan")
    wayan.says("/admin")
    await town.settle()
    await taps(town, wayan, "Nomor darurat")
    return wayan


async def taps(town: Town, person: Person, label: str) -> None:
    person.taps(label)
    await town.settle()


# ── the admin keeps the numbers ─────────────────────────────────────────────────────────────────


async def test_an_admin_enters_a_first_number_in_the_chat(each_town: Town) -> None:
    town = each_town
    wayan = await at_the_page(town)
    assert wayan.heard[-1] == "☎️ Nomor darurat Puskesmas Contoh: belum ada."
    await taps(town, wayan, "Tambah nomor")
    await complains(town, wayan, "PSC contoh: 0380 555")
    assert wayan.heard[-1].endswith("1. ✅ PSC contoh: 0380 555 (dicoba 24 November 2026)")
    assert await kept(town) == [("PSC contoh", "0380 555", TODAY)]


async def test_a_number_is_confirmed_with_one_tap_and_the_page_shows_it(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555", TODAY - timedelta(days=40))
    wayan = await at_the_page(town)
    assert "⚠️ PSC contoh: 0380 555 (terakhir dicoba 15 Oktober 2026)" in wayan.heard[-1]
    await taps(town, wayan, "1. Masih benar")
    assert "1. ✅ PSC contoh: 0380 555 (dicoba 24 November 2026)" in (wayan.last.text or "")
    assert (await kept(town))[0][2] == TODAY
    await taps(town, wayan, "1. Masih benar")
    assert town.station.outbox.counts["dead"] == 0, "an edit that changes nothing is refused"


async def test_a_number_is_changed_under_its_name(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555")
    wayan = await at_the_page(town)
    await taps(town, wayan, "1. Ganti")
    await complains(town, wayan, "nomor yang lama salah")
    assert "belum seperti nomor telepon" in wayan.heard[-1]
    await complains(town, wayan, "0380 777")
    assert await kept(town) == [("PSC contoh", "0380 777", TODAY)]
    await complains(town, wayan, "0380 888")
    assert await kept(town) == [("PSC contoh", "0380 777", TODAY)], "the question is answered"


async def test_who_thinks_better_of_it_changes_nothing(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555")
    wayan = await at_the_page(town)
    await taps(town, wayan, "1. Ganti")
    await complains(town, wayan, "Batal")
    assert wayan.heard[-1] == "Baik, tidak ada nomor yang diubah."
    await taps(town, wayan, "Tambah nomor")
    town.clock.move(16 * 60)
    await complains(town, wayan, "IGD contoh: 0380 556")
    assert await kept(town) == [("PSC contoh", "0380 555", TODAY)], "the question is forgotten"


async def test_a_removed_number_is_shown_to_nobody_and_can_be_entered_again(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555")
    wayan = await at_the_page(town)
    await taps(town, wayan, "1. Hapus")
    assert await kept(town) == []
    assert "PSC contoh: 0380 555 tidak ditampilkan lagi" in wayan.heard[-1]
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    assert "0380 555" not in hears(sari)
    await taps(town, wayan, "Tambah nomor")
    await complains(town, wayan, "PSC contoh: 0380 555")
    assert await kept(town) == [("PSC contoh", "0380 555", TODAY)]


async def test_words_for_a_patient_are_never_taken_for_a_number(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555")
    await town.worker("Budi")
    wayan = await at_the_page(town)
    await taps(town, wayan, "1. Ganti")
    await complains(town, wayan, "Anak saya kejang")  # the net opens a consultation
    await complains(town, wayan, "0380 777")
    assert await kept(town) == [("PSC contoh", "0380 555", TODAY)]
    await taps(town, wayan, "1. Ganti")
    assert "Masih ada konsultasi yang terbuka" in wayan.heard[-1]


async def test_nobody_but_an_admin_can_touch_a_number(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555")
    ids = await town.read(
        lambda session: (
            session.scalars(select(EmergencyNumber.id)).one(),
            facility.home(session, town.bot.id).id,
        )
    )
    for person in (await town.asker("Sari"), await town.worker("Budi")):
        for verb, number in zip(
            ("checked", "renumber", "unnumber", "numbers", "addnumber"),
            (ids[0], ids[0], ids[0], ids[1], ids[1]),
            strict=True,
        ):
            presses(person, f"{verb}:{number}")
            await town.settle()
        assert "0380 555" not in hears(person)
    assert await kept(town) == [("PSC contoh", "0380 555", TODAY)]


async def test_a_button_for_a_number_that_is_gone_says_so(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555")
    wayan = await at_the_page(town)
    page = wayan.last
    before = len(wayan.heard)
    await taps(town, wayan, "1. Hapus")
    number = await town.read(lambda session: session.scalars(select(EmergencyNumber.id)).one())
    for verb in ("checked", "renumber", "unnumber"):
        presses(wayan, f"{verb}:{number}")
        await town.settle()
        assert await kept(town) == []
    assert page.buttons == ["➕ Tambah nomor"]
    assert len(since(wayan, before)) >= 1


# ── the reminder ────────────────────────────────────────────────────────────────────────────────


async def test_an_admin_is_asked_once_a_month_until_the_numbers_are_there(each_town: Town) -> None:
    town = each_town
    wayan, before = await town.admin("Wayan"), "belum diisi"
    for _ in range(3):
        await town.wait(hours=1)
    assert hears(wayan).count(before) == 1
    await town.wait(days=30)
    assert hears(wayan).count(before) == 1
    await town.wait(days=2)
    assert hears(wayan).count(before) == 2
    await taps(town, wayan, "Tambah nomor")
    await complains(town, wayan, "PSC contoh: 0380 555")
    await town.wait(days=28)
    assert hears(wayan).count(before) == 2


async def test_after_a_month_an_admin_is_asked_to_try_the_numbers_again(town: Town) -> None:
    await enters(town, "PSC contoh", "0380 555")
    wayan = await town.admin("Wayan")
    await town.wait(days=31)
    assert "tolong coba lagi" not in hears(wayan)
    await town.wait(days=1)
    assert "tolong coba lagi nomor darurat Puskesmas Contoh" in wayan.heard[-1]
    assert "1. ⚠️ PSC contoh: 0380 555 (terakhir dicoba 24 November 2026)" in wayan.heard[-1]
    await taps(town, wayan, "1. Masih benar")
    assert (await kept(town))[0][2] == date(2026, 12, 26)
    heard = len(wayan.heard)
    await town.wait(days=31)
    assert since(wayan, heard) == []


async def test_a_reminder_waits_for_the_morning_of_the_facility(town: Town) -> None:
    await lies_in(town, KUPANG)
    wayan = await town.admin("Wayan")
    await town.wait(hours=12)  # 21.00 in Kupang
    await town.wait(hours=8, minutes=59)  # 05.59
    assert "belum diisi" not in hears(wayan)
    await town.wait(minutes=1)
    assert "belum diisi" in hears(wayan)


async def test_who_blocked_the_bot_is_left_in_peace_and_asked_when_back(town: Town) -> None:
    wayan = await town.admin("Wayan")
    wayan.blocks()
    await town.settle()
    await town.wait(hours=1)
    assert town.station.outbox.counts["dead"] == 0
    wayan.starts()
    await town.settle()
    await town.wait(hours=1)
    assert "belum diisi" in hears(wayan)


# ── the file of a district ──────────────────────────────────────────────────────────────────────


async def test_a_district_s_file_is_taken_over_and_the_later_check_counts(
    each_town: Town, folder: Path
) -> None:
    town = each_town
    await lies_in(town, "53.01.05.2001")
    writes(folder, "PSC contoh", "0380 111", TODAY - timedelta(days=3))
    await town.wait(hours=1)
    assert await kept(town) == [("PSC contoh", "0380 111", TODAY - timedelta(days=3))]
    await enters(town, "PSC contoh", "0380 222")
    await town.wait(hours=1)
    assert await kept(town) == [("PSC contoh", "0380 222", TODAY)]
    writes(folder, "PSC contoh", "0380 333", TODAY + timedelta(days=1))
    await town.wait(days=1)
    assert await kept(town) == [("PSC contoh", "0380 333", TODAY + timedelta(days=1))]


async def test_an_admin_says_where_the_facility_lies_by_the_name_of_its_village(
    each_town: Town, folder: Path
) -> None:
    town = each_town
    await drawn(town)
    writes(folder, "PSC contoh", "0380 111")
    wayan = await town.admin("Wayan")
    await complains(town, wayan, "/admin")
    assert "Letak: ❗ belum ada" in wayan.heard[-1]
    await taps(town, wayan, "Letak")
    for unknown in ("Kabupaten Kupang", "entah di mana", "Batu Xyzzy"):
        await complains(town, wayan, unknown)
        assert "Letak itu belum kami kenal" in wayan.heard[-1]
    await complains(town, wayan, "Sidomulyo")
    assert "Yang mana?" in wayan.heard[-1]
    await taps(town, wayan, "Desa Sidomulyo, Kec. Contoh Barat")
    assert "Desa Sidomulyo, Kec. Contoh Barat, Kab. Kupang" in wayan.heard[-1]
    assert "hanya kira-kira" in wayan.heard[-1]

    await complains(town, wayan, "/admin")
    assert "Letak: ✅ Desa Sidomulyo, Kec. Contoh Barat, Kab. Kupang" in wayan.heard[-1]
    assert "0380 111" in wayan.heard[-1], "the district's file is taken over at once"
    assert "📍 Letak" not in wayan.last.buttons

    sari = await town.asker("Sari")
    home = await town.read(lambda session: facility.home(session, town.bot.id).id)
    presses(sari, f"lies:{home}:53.01.02.2001")
    await town.settle()
    assert "tidak bisa dilakukan dari akun ini" in sari.heard[-1]
    presses(wayan, f"lies:{home}:53")
    await town.settle()
    assert "Letak itu belum kami kenal" in wayan.heard[-1]


async def test_what_an_admin_removed_comes_back_only_by_a_later_check(
    town: Town, folder: Path
) -> None:
    await lies_in(town, KUPANG)
    writes(folder, "PSC contoh", "0380 111")
    wayan = await at_the_page(town)
    await town.wait(hours=1)
    await taps(town, wayan, "Nomor darurat")
    await taps(town, wayan, "1. Hapus")
    await town.wait(hours=1)
    assert await kept(town) == []
    writes(folder, "PSC contoh", "0380 111", TODAY + timedelta(days=1))
    await town.wait(days=1)
    assert len(await kept(town)) == 1


async def test_another_district_s_file_is_not_ours(town: Town, folder: Path) -> None:
    await lies_in(town, KUPANG)
    writes(folder, "PSC contoh", "0380 111", code="53.02")
    await town.wait(hours=1)
    assert await kept(town) == []


@pytest.mark.parametrize(
    "text",
    [
        "[[number]]\nlabel = ",
        "number = 1",
        WRITTEN.format(label="PSC contoh", number="nanti diisi", on="2026-11-01"),
        WRITTEN.format(label="PSC contoh", number="0380 111", on="2027-11-01"),
        WRITTEN.format(label="PSC contoh", number="0380 111", on='"kemarin"'),
        WRITTEN.format(label="", number="0380 111", on="2026-11-01"),
        '[[number]]\nlabel = "PSC"\nnumber = "0380 111"\nchecked_on = 2026-11-01',
    ],
)
async def test_a_damaged_file_takes_nothing_from_anybody_and_the_admin_sees_it(
    town: Town, folder: Path, text: str
) -> None:
    await lies_in(town, KUPANG)
    await enters(town, "IGD contoh", "0380 999")
    (folder / f"{KUPANG}.toml").write_text(text)
    await town.wait(hours=1)
    assert await kept(town) == [("IGD contoh", "0380 999", TODAY)]
    wayan = await town.admin("Wayan")
    wayan.says("/admin")
    await town.settle()
    assert f"tidak bisa dibaca: {KUPANG}.toml" in wayan.heard[-1]
    assert "0380 999" in wayan.heard[-1]


def test_no_number_is_shipped_and_the_example_is_none_until_it_is_filled(folder: Path) -> None:
    shipped = content.CONTENT / "emergency"
    assert sorted(file.name for file in shipped.iterdir()) == ["README.md", "contoh.toml"]
    (folder / f"{KUPANG}.toml").write_text((shipped / "contoh.toml").read_text())
    with pytest.raises(ValueError, match="nomor ke-1"):
        emergency.of_district(KUPANG, on=TODAY)
