"""«Laporkan penipuan»: how to know the real bot, and a report that reaches the admins."""

from tests.stories.acts import complains, hears, pair, presses, since
from tests.town import Town


async def test_a_report_reaches_the_admins_and_its_end_comes_back(town: Town) -> None:
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari", agreed=False)
    await complains(town, sari, "Laporkan penipuan!")
    shown = sari.heard[-1]
    assert "@telekonsul_contoh_bot" in shown
    assert "tidak pernah meminta uang, kode OTP" in shown
    sari.taps("Ada yang minta uang")
    await town.settle()
    assert "Care Center BPJS Kesehatan: 165, 24 jam" in sari.heard[-1]
    assert "Ada yang minta uang" in ayu.heard[-1]
    await complains(town, sari, "/penipuan")
    sari.taps("Lainnya")
    await town.settle()
    await complains(town, sari, "Orang mengaku kader minta NIK 9901014501900001")
    assert "9901••••••••0001" in ayu.heard[-1]
    ayu.taps("📋 Tugas")
    await town.settle()
    ayu.taps("✅ Selesai: Periksa laporan penipuan")
    await town.settle()
    await complains(town, ayu, "Sudah dilaporkan ke dinas kesehatan.")
    assert "Sudah dilaporkan ke dinas kesehatan." in sari.heard[-1]


async def test_also_who_is_being_helped_can_report_and_the_worker_hears_nothing_of_it(
    town: Town,
) -> None:
    sari, budi = await pair(town)
    count = len(budi.heard)
    await complains(town, sari, "/penipuan")
    sari.taps("Bot atau petugas palsu")
    await town.settle()
    assert "sampai ke admin" in sari.heard[-1]
    presses(sari, "scam:other")
    await town.settle()
    assert "setelah konsultasinya selesai" in sari.heard[-1]
    assert since(budi, count) == []
    await complains(town, sari, "Saya ditipu dokter gadungan, perut saya sakit")
    assert "perut saya sakit" in hears(budi)
