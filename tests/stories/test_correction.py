"""«Laporkan data salah»: somebody says what is wrong, and an admin puts it right in the chat."""

from datetime import date

import pytest
from sqlalchemy import select

from models.audit import Audit
from models.correction import Correction
from models.facility import Accuracy, Has
from models.role import Profession
from services import credential
from simulator.person import Person
from tests.stories.acts import answers, complains, hears, pair, presses, since
from tests.stories.map import HERE, changed, drawn, looked_up
from tests.town import Town

NAME = "Puskesmas Golo Contoh"


async def opens(town: Town, somebody: Person) -> None:
    """Somebody looks at the puskesmas next to them."""
    somebody.sends_location(*HERE)
    await town.settle()
    await taps(town, somebody, "1")


async def taps(town: Town, somebody: Person, *labels: str) -> None:
    for label in labels:
        somebody.taps(label)
        await town.settle()


async def reported(town: Town, what: str = "Jam buka salah") -> tuple[Person, Person, int]:
    """Sari has reported something; Ayu is an admin who has it before her."""
    ids = await drawn(town)
    ayu = await town.admin("Ayu")
    sari = await town.asker("Sari")
    await opens(town, sari)
    await taps(town, sari, "Laporkan data salah", what)
    await taps(town, ayu, "Laporan data", NAME)
    return sari, ayu, ids[NAME]


async def acts(town: Town) -> list[str]:
    """What the trail says was done, oldest first."""
    wanted = select(Audit.act).order_by(Audit.seq)
    return await town.read(lambda session: list(session.scalars(wanted)))


# ── reporting ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "what", ["Sudah tutup", "Pindah", "Nomor telepon salah", "Jam buka salah", "IGD / 24 jam salah"]
)
async def test_what_is_wrong_is_picked_and_reaches_the_admin(town: Town, what: str) -> None:
    sari, ayu, _ = await reported(town, what)
    assert "Terima kasih. Laporan ini diperiksa admin" in hears(sari)
    assert f"«{what}" in ayu.heard[-1]
    assert "Sari" not in ayu.heard[-1]


async def test_anything_else_is_written_and_read_by_admins_only(town: Town) -> None:
    await drawn(town)
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari")
    await opens(town, sari)
    await taps(town, sari, "Laporkan data salah", "Lainnya")
    await complains(town, sari, "Sekarang namanya <b>Puskesmas Baru</b>")
    assert "admin data, bukan ke tenaga kesehatan" in sari.heard[-1]
    await taps(town, ayu, "Laporan data", NAME)
    assert "«Lainnya (tulis): Sekarang namanya <b>Puskesmas Baru</b>»" in ayu.heard[-1]
    rows = await town.read(lambda session: list(session.scalars(select(Correction))))
    assert b"Puskesmas Baru" not in (rows[0].sealed or b"")


async def test_a_complaint_in_place_of_a_report_finds_its_way(town: Town) -> None:
    await drawn(town)
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await opens(town, sari)
    await taps(town, sari, "Laporkan data salah", "Lainnya")
    await complains(town, sari, "Anak saya pilek")
    await taps(town, sari, "Ini keluhan")
    await answers(town, sari)
    assert "Anak saya pilek" in hears(budi)


async def test_danger_in_place_of_a_report_is_danger(town: Town) -> None:
    await drawn(town)
    await town.worker("Budi")
    sari = await town.asker("Sari")
    await opens(town, sari)
    await taps(town, sari, "Laporkan data salah", "Lainnya")
    await complains(town, sari, "anak saya kejang")
    assert "INI TANDA BAHAYA" in hears(sari)
    assert await town.read(lambda session: session.scalars(select(Correction)).all()) == []


async def test_in_a_consultation_nothing_is_asked_that_words_could_answer(town: Town) -> None:
    ids = await drawn(town)
    sari, budi = await pair(town)
    presses(sari, f"wrong:{ids[NAME]}:other")
    await town.settle()
    assert "Lakukan ini lagi setelah" in sari.heard[-1]
    await complains(town, sari, "Masih batuk")
    assert "Masih batuk" in budi.heard[-1]
    presses(sari, f"wrong:{ids[NAME]}:closed")
    await town.settle()
    assert "diperiksa admin" in sari.heard[-1]


async def test_the_sixth_in_a_day_is_refused_and_tomorrow_is_another_day(town: Town) -> None:
    ids = await drawn(town)
    sari = await town.asker("Sari")
    for _ in range(6):
        presses(sari, f"wrong:{ids[NAME]}:closed")
        await town.settle()
    assert "sudah 5 laporan" in sari.heard[-1]
    await town.wait(hours=25)
    presses(sari, f"wrong:{ids[NAME]}:closed")
    await town.settle()
    assert "diperiksa admin" in sari.heard[-1]


async def test_admins_are_told_once_a_day_and_see_the_count(town: Town) -> None:
    ids = await drawn(town)
    ayu = await town.admin("Ayu")
    for name in ("Sari", "Ani", "Tuti"):
        somebody = await town.asker(name)
        presses(somebody, f"wrong:{ids[NAME]}:closed")
        await town.settle()
    assert hears(ayu).count("Ada laporan data salah") == 1
    await complains(town, ayu, "/admin")
    assert "🗺 Laporan data (3)" in ayu.last.buttons
    await town.wait(hours=25)
    sari = await town.asker("Dewi")
    presses(sari, f"wrong:{ids[NAME]}:phone")
    await town.settle()
    assert hears(ayu).count("Ada laporan data salah") == 2


# ── putting it right ────────────────────────────────────────────────────────────────────────────


async def test_the_hours_are_put_right_and_the_reporter_hears_of_it(each_town: Town) -> None:
    town = each_town
    sari, ayu, number = await reported(town)
    await taps(town, ayu, "Jam buka")
    await complains(town, ayu, "kapan saja")
    assert "belum bisa dibaca" in ayu.heard[-1]
    await complains(town, ayu, "Senin sampai Jumat jam 7 sampai 15")
    assert "Senin–Jumat 07.00–15.00 WITA" in ayu.heard[-1]
    await taps(town, ayu, "Sudah dibetulkan")
    assert "sudah dibetulkan" in sari.heard[-1]
    found = await looked_up(town, number)
    assert (found.hours, found.mended) == ("Senin–Jumat 07.00–15.00", "hours")
    assert (await acts(town))[-3:] == ["open", "mend_hours", "settle"]
    await opens(town, sari)
    assert "Senin–Jumat 07.00–15.00 WITA" in sari.heard[-1]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0380 123456", "+62380123456"), ("+62 812-3456-7890", "+6281234567890"), ("hapus", None)],
)
async def test_the_phone_is_put_right(town: Town, typed: str, kept: str | None) -> None:
    _, ayu, number = await reported(town)
    await taps(town, ayu, "Telepon")
    await complains(town, ayu, "119")
    assert "belum seperti nomor telepon" in ayu.heard[-1]
    await complains(town, ayu, typed)
    assert (await looked_up(town, number)).phone == kept


async def test_a_poli_gets_hours_of_its_own_in_the_chat(each_town: Town) -> None:
    town = each_town
    sari, ayu, number = await reported(town)
    assert "Poli" not in ayu.heard[-1]  # what nobody told is not there
    await taps(town, ayu, "Jam poli")
    assert "satu poli satu baris" in ayu.heard[-1]
    for unreadable in ("Poli gigi kapan saja", "Senin jam 8 sampai 11", "Poli Mata: hapus",
                       "Gigi " * 800, "Poli KIA: Selasa 8-11\nPoli Gigi: sering"):  # fmt: skip
        await complains(town, ayu, unreadable)
        assert "belum ada yang berubah" in ayu.heard[-1]
    await complains(town, ayu, "Poli KIA: Selasa jam 8 sampai 11\npoli gigi Senin dan Kamis 8-11")
    assert "• Poli KIA: Selasa 08.00–11.00" in ayu.heard[-1]
    assert "• poli gigi: Senin 08.00–11.00; Kamis 08.00–11.00" in ayu.heard[-1]
    await opens(town, sari)
    assert "• Poli KIA: Selasa 08.00–11.00" in sari.heard[-1]
    assert "🕗 Senin–Sabtu 08.00–14.00 WITA" in sari.heard[-1]

    await taps(town, ayu, "Jam poli")
    await complains(town, ayu, "Poli Gigi: Jumat jam 9 sampai 10\nKIA: hapus")
    await opens(town, sari)
    assert "• Poli Gigi: Jumat 09.00–10.00" in sari.heard[-1]
    assert sari.heard[-1].count("•") == 1
    assert (await looked_up(town, number)).mended == "polis"
    assert (await acts(town))[-1] == "mend_polis"


async def test_the_place_is_put_right_by_a_shared_one(town: Town) -> None:
    sari, ayu, number = await reported(town, "Pindah")
    await changed(town, number, lambda one: setattr(one, "accuracy", Accuracy.DISTRICT))
    await taps(town, ayu, "Letak")
    await complains(town, ayu, "di sebelah pasar")
    assert "Letak itu belum kami kenal" in ayu.heard[-1]
    ayu.sends_location(52.5, 13.4)
    await town.settle()
    assert "di dalam Indonesia" in ayu.heard[-1]
    ayu.sends_location(-10.11, 124.31)
    await town.settle()
    found = await looked_up(town, number)
    assert (found.latitude, found.longitude, found.accuracy) == (-10.11, 124.31, Accuracy.POINT)
    assert found.region_code == "53.01.02.2001"
    sari.sends_location(-10.11, 124.31)
    await town.settle()
    assert f"1. {NAME}" in sari.heard[-1]


async def test_a_village_s_name_moves_only_what_does_not_lie_there(town: Town) -> None:
    _, ayu, number = await reported(town, "Pindah")
    await taps(town, ayu, "Letak")
    await complains(town, ayu, "Desa Golo Contoh kec Contoh Barat")
    found = await looked_up(town, number)
    assert (found.latitude, found.accuracy) == (-10.105, Accuracy.POINT)
    await taps(town, ayu, "Letak")
    await complains(town, ayu, "Desa Mekar Contoh kec Contoh Timur")
    found = await looked_up(town, number)
    assert (found.latitude, found.longitude, found.accuracy) == (-10.1, 124.3, Accuracy.VILLAGE)
    assert (found.region_code, found.mended) == ("53.01.02.2001", "place")


async def test_what_has_closed_is_shown_no_more_until_it_opens_again(town: Town) -> None:
    sari, ayu, number = await reported(town, "Sudah tutup")
    await taps(town, ayu, "Sudah tutup")
    assert (await looked_up(town, number)).ended_on == date(2026, 11, 24)
    sari.sends_location(*HERE)
    await town.settle()
    assert NAME not in sari.heard[-1]
    await taps(town, ayu, "Buka lagi")
    assert (await looked_up(town, number)).ended_on is None


async def test_what_an_admin_confirms_is_said_with_the_day(town: Town) -> None:
    sari, ayu, number = await reported(town, "IGD / 24 jam salah")
    await taps(town, ayu, "IGD: ada")
    await taps(town, ayu, "24 jam: tidak")
    fact = next(one for one in (await looked_up(town, number)).facts if one.what is Has.IGD)
    assert (fact.holds, fact.checked_on, fact.by) == (True, date(2026, 11, 24), "admin")
    await opens(town, sari)
    assert "✔️ IGD: ada (dipastikan 24 November 2026)" in sari.heard[-1]
    assert "✖️ 24 jam: tidak ada (dipastikan 24 November 2026)" in sari.heard[-1]
    await taps(town, ayu, "IGD: tidak")
    await opens(town, sari)
    assert "✖️ IGD: tidak ada" in sari.heard[-1]


async def test_nothing_was_wrong(town: Town) -> None:
    sari, ayu, _ = await reported(town)
    await taps(town, ayu, "Tidak ada yang salah")
    assert "datanya sudah benar" in sari.heard[-1]
    await complains(town, ayu, "/admin")
    await taps(town, ayu, "Laporan data (0)")
    assert "Tidak ada laporan data" in ayu.heard[-1]


async def test_our_own_facility_is_not_closed_from_a_chat(town: Town) -> None:
    _, ayu, number = await reported(town)
    await changed(town, number, lambda one: setattr(one, "is_ours", True))
    await taps(town, ayu, "Sudah tutup")
    assert "hanya bisa di server" in ayu.heard[-1]
    assert (await looked_up(town, number)).ended_on is None


async def test_an_admin_who_leaves_a_question_is_asked_no_more(town: Town) -> None:
    _, ayu, number = await reported(town)
    await taps(town, ayu, "Jam buka")
    await complains(town, ayu, "Batal")
    assert "🏥 Puskesmas Golo Contoh" in ayu.heard[-1]
    assert (await looked_up(town, number)).hours == "Senin–Sabtu 08.00–14.00"


async def test_an_admin_who_is_helping_somebody_is_asked_nothing(town: Town) -> None:
    sari, budi = await pair(town)
    ids = await drawn(town)
    now = town.clock.now()
    await town.write(lambda session: credential.grant_admin(session, budi.id, at=now))
    count = len(sari.heard)
    presses(budi, f"mend:{ids[NAME]}:hours")
    await town.settle()
    assert "setelah konsultasinya selesai" in budi.heard[-1]
    assert since(sari, count) == []


@pytest.mark.parametrize(
    "payload", ["corrections", "correct:{}", "mend:{}:end", "mend:{}:hours", "mend:{}:polis",
                "fact:{}:igd:1", "settle:{}:0"],
)  # fmt: skip
async def test_nobody_but_an_admin_changes_or_reads_anything(town: Town, payload: str) -> None:
    ids = await drawn(town)
    sari = await town.asker("Sari")
    dewi = await town.worker("Dewi", Profession.DOCTOR)
    presses(sari, f"wrong:{ids[NAME]}:closed")
    await town.settle()
    before = await acts(town)
    for somebody in (sari, dewi):
        presses(somebody, payload.format(ids[NAME]))
        await town.settle()
        assert "tidak bisa dilakukan dari akun ini" in somebody.heard[-1]
    found = await looked_up(town, ids[NAME])
    assert (found.ended_on, found.facts) == (None, [])
    assert await acts(town) == before
