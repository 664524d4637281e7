"""The story that everything else hangs on: a complaint, a worker, a talk, an advice."""

from simulator.person import Person
from tests.stories.acts import answers
from tests.town import Town


def hears(person: Person) -> str:
    return "\n".join(person.heard)


async def test_a_complaint_is_answered_with_advice(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)

    sari.says("Halo")
    await town.settle()
    assert "bukan layanan darurat" in sari.heard[-2]
    assert "119" in sari.heard[-2]
    assert "dr. Contoh Penanggungjawab" in sari.heard[-1]

    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "ceritakan keluhannya" in sari.heard[-1]
    sari.says("Anak saya 3 tahun batuk sudah 4 hari")
    await town.settle()
    sari.taps("Tidak ada")
    await town.settle()
    assert "Nomor Ibu/Bapak: 1" in sari.heard[-1]
    assert "Nomor 1" in budi.heard[-1]

    budi.taps("Terima")
    await town.settle()
    assert "Perawat Budi" in sari.heard[-1]
    assert "Anak saya 3 tahun batuk sudah 4 hari" in budi.heard[-1]

    budi.says("Ada demam, Bu?")
    await town.settle()
    assert sari.heard[-1] == "Perawat Budi\nAda demam, Bu?"
    sari.says("Tidak ada, Pak")
    await town.settle()
    assert budi.heard[-1] == "🔵 No. 1 · Sari\nTidak ada, Pak"

    budi.taps("Tutup dengan nasihat")
    await town.settle()
    budi.says("Beri minum hangat. Kalau sesudah 3 hari masih batuk, bawa ke puskesmas.")
    await town.settle()
    budi.taps("cukup di rumah")
    await town.settle()
    assert "Nasihat dari Perawat Budi" in sari.heard[-1]
    assert "Beri minum hangat" in sari.heard[-1]
    assert "SIP CONTOH-SIP-Budi" in sari.heard[-1]
    assert "Puskesmas Contoh" in sari.heard[-1]
    assert "dikirim" in budi.heard[-1]
