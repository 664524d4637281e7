"""«Lengkapi data»: one question at a time, sealed, covered, and nobody is merged with anybody."""

from typing import Any

from sqlalchemy.orm import Session

from models.patient import Patient
from simulator.person import Person
from tests.stories.acts import complains, hears, since
from tests.stories.map import drawn
from tests.town import Town

NIK, CARD = "9901010501900001", "9990000000001"


async def says(town: Town, person: Person, text: str) -> str:
    """What somebody reads last when they wrote this."""
    town.clock.move(10)
    person.says(text)
    await town.settle()
    return person.last.text or ""


async def taps(town: Town, person: Person, label: str) -> str:
    person.taps(label)
    await town.settle()
    return person.last.text or ""


async def told(town: Town) -> list[dict[str, Any]]:
    """What is kept of every patient, oldest first."""

    def read(session: Session) -> list[dict[str, Any]]:
        found = session.query(Patient).filter(Patient.sealed.is_not(None)).order_by(Patient.id)
        return [one.read(session) for one in found]

    return await town.read(read)


async def test_a_mother_completes_her_data_from_the_waiting_message(each_town: Town) -> None:
    town = each_town
    await drawn(town)
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    heard = len(sari.heard)
    assert "Siapa nama lengkapnya?" in await taps(town, sari, "Lengkapi data")
    question = sari.last
    assert "Kapan lahirnya?" in await says(town, sari, "siti aminah"), "the sex is known"
    assert (question.text, question.buttons) == ("✔️ Nama: Siti Aminah", [])
    assert "tidak mungkin" in await says(town, sari, "31 februari 1990")
    assert "Berapa NIK-nya?" in await says(town, sari, "Kupang, 6 jan 90")
    wrong = sari.says(NIK[:15])
    await town.settle()
    assert wrong not in sari.sees
    assert "15 angka" in sari.heard[-1]
    right = sari.says("9901 0105 0190 0001")
    await town.settle()
    assert right not in sari.sees
    assert "✔️ NIK: 9901••••••••0001" in sari.heard[-2]
    assert "tertulis lahir 5 Januari 1990" in sari.heard[-1], "a question, no refusal"
    assert "nomor kartu JKN" in await taps(town, sari, "Bukan")
    assert "seperti NIK" in await says(town, sari, NIK)
    assert "puskesmas atau klinik mana" in await says(town, sari, CARD)
    assert "Puskesmas Golo Contoh" in await says(town, sari, "pkm golo contoh") or sari.buttons()
    assert "desa apa" in await taps(town, sari, "Puskesmas Golo Contoh")
    assert "Bahasa apa" in await says(town, sari, "desa golo contoh")
    assert "alergi" in await taps(town, sari, "Jawa")
    assert "penyakit lama" in await says(town, sari, "udang")
    await taps(town, sari, "Darah tinggi")
    await taps(town, sari, "Asma")
    assert "✅ Asma" in sari.buttons()
    await taps(town, sari, "Darah tinggi")
    assert "Sudah lengkap" in await taps(town, sari, "Selesai")
    (one,) = await told(town)
    assert (one["name"], one["birth_on"], one["nik"], one["card"]) == (
        "Siti Aminah", "1990-01-06", NIK, CARD,
    )  # fmt: skip
    assert (one["allergies"], one["illness"], one["language"]) == ("udang", ["asthma"], "jv")
    assert "NIK atau kartu kami hapus" not in hears(sari), "the question itself says so"
    assert len(since(sari, heard)) <= 14
    page = await taps(town, sari, "Lihat datanya")
    for covered in ("Nama: Si•••", "Lahir: 1990", "NIK: •••• 0001", "Alergi: sudah diisi"):
        assert covered in page
    assert NIK not in hears(sari)
    assert town.station.outbox.counts["dead"] == 0


async def test_a_worker_sees_what_they_need_and_strangers_see_only_the_kecamatan(
    town: Town,
) -> None:
    await drawn(town)
    budi, ani, sari = await town.worker("Budi"), await town.asker("Ani"), await town.asker("Sari")
    for person in (ani, sari):
        await says(town, person, "data pasien")
        await taps(town, person, "Saya")
        await taps(town, person, "Perbaiki")
        await taps(town, person, "NIK")
        answer = await says(town, person, f"nik {NIK}")
        assert answer == "Sudah kami perbaiki.", "nobody learns that it stands elsewhere"
    await complains(town, sari, "Saya batuk 4 hari, desa Mekar Contoh")
    offer = budi.heard[-1]
    assert "34 tahun, Laki-laki, Kec. Contoh Timur\n" in offer
    assert "Desa" not in offer.split("«")[0]
    await taps(town, budi, "Terima")
    card = next(text for text in budi.heard if "Pasien:" in text)
    for line in (
        "Alergi: belum ditanyakan", "Desa Mekar Contoh, Kec. Contoh Timur", "NIK: 9901••••••••0001",
        "mungkin orang yang sama",
    ):  # fmt: skip
        assert line in card
    await taps(town, sari, "Lengkapi data")
    assert "Selesaikan itu dulu" in sari.heard[-1]
    said = sari.says(f"NIK saya {NIK}")
    await town.settle()
    assert said not in sari.sees, "while people talk, too"
    assert "9901••••••••0001" in budi.heard[-1]
    second = sari.says("Umur saya 34")
    await town.settle()
    sari.edits(second, f"Kartu saya {CARD}")
    await town.settle()
    assert second not in sari.sees
    assert hears(sari).count("kami hapus dari chat ini supaya aman") == 1, "told once"
    assert town.station.outbox.counts["dead"] == 0
