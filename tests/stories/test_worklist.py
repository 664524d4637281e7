"""/pasien of a worker: whom they have, what waits, and how they take it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.person import Person as Somebody
from tests.stories.acts import complains, hears, ids, neighbour, presses, says, taken, taps
from tests.town import Town

COUNT = "Menunggu (Semua): {}"


async def test_a_worker_sees_whom_they_have_and_pulls_what_waits(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    sari, ani, eka = [await town.asker(name) for name in ("Sari", "Ani", "Eka")]
    await taken(town, sari, budi, "Sari batuk")
    budi.says("/selesai")
    await town.settle()
    await complains(town, ani, "Ani pusing. NIK 9901014501900001, sejak kemarin malam tidak reda")
    await town.wait(minutes=31)
    await complains(town, eka, "Eka mual")

    page = await says(town, budi, "/pasien")
    assert "Pasien Anda\n🔵 No. 1 · Sari, 3" in page
    assert COUNT.format(2) in page
    assert "(Semua): 2\n\n1. No. 2, 3" in page
    assert "\n\n2. No. 3, " in page
    assert "Penanya sendiri, 34 tahun, Laki-laki" in page
    assert "«Eka mual»" in page
    assert "9901014501900001" not in page
    assert "Ani" not in page.replace("«Ani pusing", "")
    shown = budi.last
    budi.taps("⏳ Setengah jam lebih")
    await town.settle()
    assert "Menunggu (⏳ Setengah jam lebih): 1" in (shown.text or "")
    assert "Eka" not in (shown.text or "")
    budi.taps("🚨 Tanda bahaya")
    await town.settle()
    assert "▶️ Ambil berikutnya" not in shown.buttons
    budi.taps("Semua", shown)
    await town.settle()
    budi.taps("▶️ Ambil berikutnya", shown)
    await town.settle()
    assert (shown.text, shown.buttons) == (
        "🗂 Daftar kerja ditutup. Ketik /pasien untuk membukanya lagi.", [],
    )  # fmt: skip
    assert "Nomor 2 sekarang Anda tangani: Ani" in hears(budi)
    await says(town, budi, "/pasien")
    await taps(town, budi, "Ambil 1")
    assert "Nomor 3 sekarang Anda tangani: Eka" in hears(budi)
    assert COUNT.format(0) in await says(town, budi, "/pasien")
    presses(budi, "pull:all")
    await town.settle()
    assert "Tidak ada yang menunggu" in budi.heard[-1]
    assert "setuju?" in await taps(town, budi, "🪪 Data saya dan keluarga")


async def test_only_what_a_worker_may_have_is_in_their_list(town: Town) -> None:
    budi, dewi = await town.worker("Budi", ready=False), await neighbour(town)
    sari, ani = await town.asker("Sari"), await town.asker("Ani")
    await complains(town, sari, "Sari batuk")
    await complains(town, ani, "Ani pusing")
    await complains(town, budi, "Saya sendiri pusing")
    assert COUNT.format(0) in await says(town, dewi, "/pasien")
    presses(dewi, f"take:{(await ids(town))[0]}")
    await town.settle()
    assert "tidak ditemukan" in dewi.heard[-1]

    def restrict(session: Session) -> None:
        at = town.clock.now()
        found = select(Somebody).where(Somebody.telegram_id == ani.id)
        session.scalars(found).one().restricted_at = at

    await town.write(restrict)
    page = await says(town, budi, "/pasien")
    assert COUNT.format(1) in page
    assert "Sari batuk" in page
    presses(sari, "worklist:all")
    await town.settle()
    assert "hanya untuk tenaga kesehatan" in sari.heard[-1]
    assert "Data siapa?" in await says(town, sari, "/pasien")
