"""The weekly roster switches duty; the admin enters it, and sees who is missing when."""

from sqlalchemy.orm import Session

from models.facility import Facility, Zone
from models.role import Role
from services import facility, hours
from services.duty import roster
from tests.stories.acts import complains, hears, licence_ends, presses, says, since, taken, taps
from tests.town import Town


def open_from_eight(session: Session, town: Town) -> None:
    hours.enter(facility.home(session, town.bot.id), "senin-jumat 8-14; sabtu 8-12", Zone.WITA)


async def test_an_admin_enters_a_week_and_sees_the_gaps(town: Town) -> None:
    await town.write(lambda session: open_from_eight(session, town))
    ayu, budi = await town.admin("Ayu"), await town.worker("Budi", ready=False)
    await town.worker("Citra", ready=False)
    await says(town, ayu, "/admin")
    shown = await taps(town, ayu, "Jadwal petugas")
    assert "Perawat Budi: belum ada jadwal" in shown
    assert "belum ada petugas: Senin–Jumat 08.00–14.00; Sabtu 08.00–12.00" in shown
    assert "Kapan Perawat Budi bertugas" in await taps(town, ayu, "✏️ Perawat Budi")
    assert "belum terbaca" in await says(town, ayu, "pagi-pagi saja")
    shown = await says(town, ayu, "Senin sampai Kamis jam 8 sampai 12; Jumat 7-11")
    assert "Perawat Budi: Senin–Kamis 08.00–12.00; Jumat 07.00–11.00" in shown
    assert "Senin–Kamis 12.00–14.00; Jumat 11.00–14.00; Sabtu 08.00–12.00" in shown
    assert "Jadwal Anda sekarang: Senin–Kamis" in budi.heard[-1]

    assert "di luar libur nasional" in await taps(town, ayu, "Hari libur")
    assert "belum terbaca" in await says(town, ayu, "besok lusa")
    assert "26 November 2026: Rapat dinas" in await says(town, ayu, "26 November 2026 Rapat dinas")
    await taps(town, ayu, "❌ 26 November 2026")
    assert "Rapat dinas" not in ayu.heard[-1]
    await says(town, ayu, "2026-11-26 Rapat dinas")
    for payload in ("rosters", "holidays", "roster:1", "unholiday:1"):
        presses(budi, payload)
        await town.settle()
        assert "tidak bisa dilakukan dari akun ini" in budi.heard[-1], payload
    presses(ayu, "roster:1")
    await town.settle()
    assert "sudah tidak berlaku" in ayu.heard[-1]


async def test_duty_begins_and_ends_with_the_hours_and_a_hand_is_stronger(town: Town) -> None:
    await town.write(lambda session: open_from_eight(session, town))
    budi, citra = await town.worker("Budi", ready=False), await town.worker("Citra", ready=False)
    await town.write(_plan)
    sari = await town.asker("Sari")
    await complains(town, sari, "Saya batuk")
    count = len(budi.heard)
    await town.wait(minutes=30)  # half past nine in Kupang
    assert since(budi, count) == [], "not yet"
    await town.wait(minutes=31)
    assert "Jam tugas Anda mulai" in since(budi, count)[0]
    assert "Saya batuk" in budi.heard[-1]
    budi.taps("Terima")
    await town.settle()
    await says(town, citra, "/selesai")
    count = len(citra.heard)
    await town.wait(minutes=10)
    assert since(citra, count) == [], "who left by hand is not put on duty again"
    await complains(town, budi, "Sudah berapa lama?")
    await town.wait(hours=1, minutes=50)
    assert "Masih ada 1 konsultasi yang terbuka" in budi.heard[-1]
    await taps(town, budi, "Jawab besok")
    assert "Kamis" not in hears(sari), "Wednesday has the same hours"
    assert "dijawab lagi mulai besok 10.00" in sari.heard[-1]


def _plan(session: Session) -> None:
    for role in session.query(Role).all():
        role.roster = hours.text(hours.parse("senin-jumat 10-12"))


def test_a_gap_is_what_no_roster_covers() -> None:
    home = Facility(code="x", name="x", hours="Senin 08.00–14.00", zone=Zone.WIB)
    assert roster.gaps(Facility(code="y", name="y"), []) is None
    roles = [Role(facility=home, roster=one) for one in
             ("Senin 09.00–10.00", "Senin 09.30–12.00; Selasa 08.00–10.00", None)]  # fmt: skip
    found = roster.gaps(home, roles)
    assert found is not None
    assert found[0] == ((8 * 60, 9 * 60), (12 * 60, 14 * 60))
    assert not any(found[1:])


async def test_the_end_of_a_sip_is_told_in_time_and_then_hands_over(town: Town) -> None:
    ayu, budi = await town.admin("Ayu"), await town.worker("Budi")
    sari = await town.asker("Sari")
    await licence_ends(town, budi, 91)
    await town.wait(hours=1)
    assert "SIP" not in budi.heard[-1]
    for left in (90, 30, 7):
        await licence_ends(town, budi, left)
        await town.wait(hours=1)
        await town.wait(hours=1)
        assert f"{left} hari lagi" in budi.heard[-1]
        assert hears(ayu).count(f"{left} hari lagi") == 1
    await licence_ends(town, budi, 0)
    await taken(town, sari, budi)
    citra = await town.worker("Citra", ready=False)
    await licence_ends(town, budi, -1)
    await town.wait(minutes=1)
    assert "kembali ke urutan semula" in hears(sari)
    assert "SIP Anda (Perawat Budi) berakhir" in budi.heard[-1]
    assert "konsultasinya yang terbuka diserahkan" in ayu.heard[-1]
    await says(town, citra, "/siap")
    assert "Anak batuk 4 hari" in hears(citra)
    heard = len(budi.heard)
    await town.wait(hours=1)
    assert since(budi, heard) == []
