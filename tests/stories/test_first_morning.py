"""An admin's first morning: everything a facility needs before and while its first patients come,
by one admin, in the chat alone."""

from tests.stories.acts import complains, hears, neighbour, says, taps
from tests.stories.map import drawn
from tests.stories.test_applicant import ANSWERS
from tests.stories.test_correction import NAME, opens
from tests.stories.test_invitation import invited, newcomer
from tests.stories.test_invitation import opens as follows
from tests.town import Town


async def test_an_admin_s_first_morning(town: Town) -> None:
    ayu = await town.admin("Ayu")
    await drawn(town)
    await says(town, ayu, "/admin")

    # When the facility is open, and when it is not
    await taps(town, ayu, "Jadwal petugas")
    await taps(town, ayu, "Jam buka")
    await says(town, ayu, "senin-jumat 8-14 WIB; sabtu 8-12")
    await taps(town, ayu, "Jadwal petugas")
    await taps(town, ayu, "Hari libur")
    assert "25 Desember 2026: Rapat dinas" in await says(town, ayu, "25 Desember 2026 Rapat dinas")

    # Who works here: an invitation, a licence to look at, a week with a gap
    token = await invited(town, ayu, "Undang tenaga kesehatan")
    citra = await newcomer(town, "Citra")
    await follows(town, citra, token)
    await taps(town, citra, "Dokter")
    for answer in ANSWERS:
        await says(town, citra, answer)
    await taps(town, citra, "kirim ke admin")
    assert ANSWERS[2] in (ayu.last.text or "")
    await taps(town, ayu, "Terima")
    assert "Selamat, dr. Ayu Contoh" in hears(citra)
    gap = await taps(town, ayu, "Jadwal petugas")
    assert "belum ada petugas: Senin–Jumat 08.00–14.00; Sabtu 08.00–12.00" in gap
    await taps(town, ayu, "✏️ dr. Ayu Contoh")
    assert "belum ada petugas: Sabtu 08.00–12.00" in await says(town, ayu, "senin-jumat 8-14")

    # With whom it answers together, what may be named, whom to call, what is said often
    await neighbour(town)
    await taps(town, ayu, "🤝 Mitra")
    await taps(town, ayu, "➕ Puskesmas Sebelah")
    assert "440/12/PKM/2026" in await says(town, ayu, "440/12/PKM/2026, 1 November 2026")
    await taps(town, ayu, "💊 Daftar obat")
    await taps(town, ayu, "➕ Tambah obat")
    await says(town, ayu, "Parasetamol, tablet 500 mg")
    await taps(town, ayu, "✍️ Minta dokter menandatangani")
    await taps(town, citra, "Saya tanda tangani daftar ini")
    assert "1 obat sekarang boleh disebut" in (ayu.last.text or "")
    await taps(town, ayu, "Nomor darurat")
    await taps(town, ayu, "Tambah nomor")
    assert "1. ✅ PSC contoh: 0380 555" in await says(town, ayu, "PSC contoh: 0380 555")
    await taps(town, ayu, "⚡ Balasan cepat")
    await taps(town, ayu, "➕ Tambah")
    assert "1. Minta foto" in await says(town, ayu, "Minta foto: [nama], kirim foto ya.")

    # The first who come: one waits and the doctor is called; somebody is rude
    sari = await town.asker("Sari")
    await complains(town, sari, "Saya batuk empat hari")
    await town.wait(minutes=12)
    assert "1 menunggu, paling lama 12 menit" in await taps(town, ayu, "📊 Antrean hari ini")
    assert "1 petugas" in await taps(town, ayu, "📣 Panggil petugas")
    await taps(town, citra, "✅ Siap lagi")
    await taps(town, citra, "Terima")
    await taps(town, citra, "🤝 Bantuan rekan")
    await taps(town, citra, "🚩 Laporkan")
    await taps(town, citra, "Main-main")
    assert "batuk" not in (ayu.last.text or "")
    assert "tidak ada yang diblokir" in await taps(town, ayu, "Tidak perlu")

    # Somebody says what is wrong about a facility, and somebody wants their data put right
    tuti = await town.asker("Tuti")
    await opens(town, tuti)
    await taps(town, tuti, "Laporkan data salah")
    await taps(town, tuti, "Nomor telepon salah")
    await taps(town, ayu, "Laporan data")
    await taps(town, ayu, NAME)
    await taps(town, ayu, "☎️ Telepon")
    await says(town, ayu, "0385 21000")
    await taps(town, ayu, "Sudah dibetulkan")
    assert "sudah dibetulkan" in hears(tuti)
    await says(town, tuti, "/data_saya")
    await taps(town, tuti, "Betulkan")
    await says(town, tuti, "Nama saya Tuti Contoh")
    assert "Betulkan data, nomor 2" in await taps(town, ayu, "📋 Tugas")
    assert "Sebelum: 27 November 2026" in hears(ayu)  # three days of 24 hours (UU 27/2022 art. 30)
    await taps(town, ayu, "✅ Selesai: Betulkan data")
    await says(town, ayu, "Nama sudah diganti.")
    assert "Nama sudah diganti." in tuti.heard[-1]
    assert "batuk" not in hears(ayu), "no patient's words, all morning"
