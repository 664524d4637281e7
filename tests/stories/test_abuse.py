"""The safety of those who answer: a report, its review, and what a blocked asker still has."""

from sqlalchemy import select

from models.person import Person as Somebody
from tests.stories.acts import advised, complains, hears, ids, pair, presses, says, since, taps
from tests.town import Town


async def test_a_report_is_reviewed_and_who_is_blocked_has_danger_heard(town: Town) -> None:
    ayu = await town.admin("Ayu")
    sari, budi = await pair(town)
    count = len(sari.heard)
    await taps(town, budi, "🤝 Bantuan rekan")
    await taps(town, budi, "🚩 Laporkan")
    assert "sudah di admin" in await taps(town, budi, "Pelecehan")
    assert since(sari, count) == []
    came = ayu.last
    assert "Dilaporkan Perawat Budi, nomor 1: Pelecehan" in (came.text or "")
    assert "batuk" not in (came.text or "")
    presses(budi, next(b["callback_data"] for b in came.inline_buttons))
    await town.settle()
    assert "tidak bisa dilakukan dari akun ini" in budi.heard[-1]
    await says(town, budi, "Istirahat ya")
    assert sari.heard[-1] == "Perawat Budi\nIstirahat ya", "nothing happens before the review"
    budi.sends_contact()
    await town.settle()
    assert "nomor telepon tidak dikirim" in budi.heard[-1]

    ayu.taps("⛔ Blokir sebulan", came)
    await town.settle()
    assert "sampai 24 Desember 2026" in (came.text or "")
    await advised(town, budi, "Minum hangat")
    await town.wait(days=2)
    before = len(await ids(town))
    assert "ditutup sampai 24 Desember 2026" in await says(town, sari, "Saya batuk lagi")
    assert len(await ids(town)) == before
    await complains(town, sari, "Anak saya kejang")
    assert "INI TANDA BAHAYA" in hears(sari)
    assert len(await ids(town)) == before + 1
    ayu.taps("↩️ Buka blokir", came)
    await town.settle()
    free = select(Somebody.blocked_until).where(Somebody.telegram_id == sari.id)
    assert await town.read(lambda session: session.scalars(free).one()) is None


async def test_a_report_that_was_nothing_changes_nothing(town: Town) -> None:
    ayu = await town.admin("Ayu")
    sari, budi = await pair(town)
    await taps(town, budi, "🤝 Bantuan rekan")
    await taps(town, budi, "🚩 Laporkan")
    await taps(town, budi, "Main-main")
    came = ayu.last
    ayu.taps("Tidak perlu", came)
    ayu.taps("⛔ Blokir sebulan", came)
    await town.settle()
    assert "tidak ada yang diblokir" in (came.text or "")
    assert "sudah diputuskan" in hears(ayu)
    await advised(town, budi, "Minum hangat")
    await town.wait(days=2)
    await complains(town, sari, "Saya batuk lagi")
    assert "ditutup sampai" not in hears(sari)


async def test_a_worker_reads_their_own_figures_and_nobody_else_s(town: Town) -> None:
    sari, budi = await pair(town)
    citra = await town.worker("Citra")
    await says(town, budi, "Ada demam?")
    await advised(town, budi, "Minum hangat")
    await says(town, budi, "/pasien")
    mine = await taps(town, budi, "📈 Angka saya")
    assert "Selesai: 1; dirawat di rumah 1, diarahkan 0, kontak tidak terjadi 0" in mine
    await says(town, citra, "/pasien")
    theirs = await taps(town, citra, "📈 Angka saya")
    assert "Selesai: 0" in theirs
    assert "Budi" not in theirs + mine
    presses(sari, "figures")
    await town.settle()
    assert "hanya untuk tenaga kesehatan" in sari.heard[-1]
