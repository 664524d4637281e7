"""Past advice: read again, kept as a PDF, and opened to nobody else."""

import re
import zlib

from simulator.person import Person
from tests.stories.acts import advised, complains, hears, pair, presses, since, taken, the_one
from tests.town import Town


def paper(town: Town, person: Person) -> str:
    """The words on the pages of the newest file that somebody got."""
    message = person.last
    assert message is not None
    assert message.kind == "document"
    file = town.bot.files.find(str(message.file_id))
    assert (file.name, file.data[:5]) == ("nasihat-1.pdf", b"%PDF-")
    assert len(file.data) < 5000
    streams = re.findall(rb"stream\n(.*?)\nendstream", file.data, re.DOTALL)
    text = b"\n".join(zlib.decompress(one) for one in streams)
    lines = re.findall(rb"\((.*)\) Tj", text)
    return "\n".join(
        line.decode("cp1252").replace("\\(", "(").replace("\\)", ")") for line in lines
    )


async def test_past_advice_is_listed_read_again_and_kept(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, sari, "/riwayat")
    assert "Konsultasi yang sudah selesai" not in sari.heard[-1]
    await advised(town, budi, "Minum hangat (3×) “pelan” 🍵. NIK 9901014501900001")
    budi.taps("Koreksi nasihat")
    await town.settle()
    await complains(town, budi, "Cukup 2× sehari")
    budi.taps("Kirim koreksi")
    await town.settle()
    await complains(town, sari, "Riwayat saya")
    assert sari.heard[-1].split("\n")[1:] == [
        "• 24 November 2026 · nomor 1 · Anak · dirawat di rumah"
    ]
    count = len(sari.heard)
    sari.taps("Nomor 1")
    await town.settle()
    first, second = since(sari, count)
    assert "Minum hangat (3×) “pelan”" in first
    assert "KOREKSI" in second
    assert "Sudah paham" in str(sari.buttons())
    sari.taps("Simpan PDF")
    await town.settle()
    page = paper(town, sari)
    for wanted in (
        "Minum hangat (3×) “pelan” . NIK 9901", "Cukup 2× sehari", "KOREKSI, 24 November 2026",
        "Pasien: Anak", "Perawat Budi", "Profesi: Perawat", "SIP: CONTOH-SIP-Budi",
        "Puskesmas Contoh", "Nomor konsultasi: 1", "tidak bisa dicetak",
    ):  # fmt: skip
        assert wanted in page, wanted
    assert "9901014501900001" not in page
    assert "batuk" not in page


async def test_nobody_else_reads_it_and_what_is_private_has_no_name(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, sari, "Saya dipukul suami saya")
    await advised(town, budi, "Rahasia")
    one = await the_one(town)
    ani = await town.asker("Ani")
    for verb in ("read", "paper", "understood", "rate"):
        for person in (ani, budi):
            presses(person, f"{verb}:{one.id}" + (":1" if verb == "rate" else ""))
            await town.settle()
            assert "tidak ditemukan" in person.heard[-1], (verb, person)
    assert "Rahasia" not in hears(ani)
    await complains(town, ani, "/riwayat")
    assert "Belum ada konsultasi yang selesai" in ani.heard[-1]
    await complains(town, sari, "/riwayat")
    assert sari.heard[-1].split("\n")[1:] == ["• 24 November 2026 · nomor 1"]
    presses(sari, "history:9999")
    await town.settle()
    assert "Belum ada" in sari.heard[-1]


async def test_a_long_list_goes_on(town: Town) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    for count in range(5):
        await town.wait(hours=25)
        await complains(town, budi, "/siap")
        await taken(town, sari, budi, f"Gatal {count}")
        await advised(town, budi)
    await complains(town, sari, "/riwayat")
    assert "nomor 2 " in sari.heard[-1]
    assert "nomor 1 " not in sari.heard[-1]
    sari.taps("Lebih lama")
    await town.settle()
    assert "nomor 1 " in sari.heard[-1]
