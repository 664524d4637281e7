"""«Lengkapi data»: one question at a time, sealed, covered, and nobody is merged with anybody."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.patient import Patient
from tests.stories.acts import (
    advised,
    complains,
    hears,
    presses,
    says,
    since,
    taken,
    taps,
    the_one,
)
from tests.stories.map import HERE, drawn
from tests.town import Town

NIK, CARD = "9901010501900001", "9990000000001"


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


async def test_it_can_be_skipped_taken_back_left_and_gone_on_with_another_day(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    assert "Apakah Ibu/Bapak setuju?" in await says(town, sari, "/pasien")
    await taps(town, sari, "Setuju")
    assert "siapanya Ibu/Bapak" in await says(town, sari, "lengkapi data")
    assert "Siapa nama lengkapnya?" in await taps(town, sari, "Anak saya")
    assert "Laki-laki atau perempuan?" in await says(town, sari, "Rafa")
    await taps(town, sari, "Kembali")
    assert "Siapa nama lengkapnya?" in (sari.last.text or "")
    said = sari.says("Rafi")
    await town.settle()
    assert "Kapan lahirnya?" in await taps(town, sari, "Lewati")
    assert "NIK" in await says(town, sari, "3 tahun")
    question = sari.last
    sari.taps("Lewati", question)
    sari.taps("Lewati", question)  # the second tap of a trembling finger
    await town.settle()
    assert "nomor kartu JKN" in (sari.last.text or "")
    assert "berhenti dulu" in await taps(town, sari, "Cukup dulu")
    await town.wait(hours=30)
    assert "Laki-laki atau perempuan?" in await taps(town, sari, "Lengkapi data")
    assert "Kapan lahirnya?" in await says(town, sari, "laki laki"), "an age is no day yet"
    sari.edits(said, "Rafael")
    await town.settle()
    assert "✔️ Nama: Rafael\n\nSudah kami perbaiki." in hears(sari)
    assert "Berapa NIK-nya?" in await says(town, sari, "5/6/23"), "and the question stays open"
    (one,) = await told(town)
    assert (one["name"], one["sex"], one["birth_on"]) == ("Rafael", "L", "2023-06-05")
    await taps(town, sari, "Cukup dulu")
    await says(town, sari, "Anak saya pilek")
    assert "Anak: Ra•••" in sari.buttons(), "and is offered at the next complaint"


async def test_a_wrong_number_is_told_kindly_and_tried_out_by_nobody(town: Town) -> None:
    sari = await town.asker("Sari")
    await says(town, sari, "/pasien")
    hello = next(one for one in sari.sees if one.text == "/pasien")
    sari.edits(hello, f"/pasien {NIK}")
    await town.settle()
    assert hello not in sari.sees, "though it was kept nowhere"
    await taps(town, sari, "Saya")
    for field in ("NIK", "Kartu JKN"):
        await taps(town, sari, "Perbaiki")
        assert "Berapa" in await taps(town, sari, field)
    for typed, wrong in (
        (CARD[:12], "12 angka"), (CARD + "0", "14 angka"), (NIK, "seperti NIK"),
    ):  # fmt: skip
        assert wrong in await says(town, sari, typed)
    await taps(town, sari, "Cukup dulu")
    await says(town, sari, "/pasien")
    await taps(town, sari, "Saya")
    await taps(town, sari, "Perbaiki")
    await taps(town, sari, "NIK")
    for typed, wrong in (
        (NIK + "1", "17 angka"), (CARD, "nomor kartu JKN"), ("0" * 16, "16 angka"),
        ("9901017201900001", "tidak biasa"),
    ):  # fmt: skip
        assert wrong in await says(town, sari, typed)
    assert "Sudah kami perbaiki" in await taps(town, sari, "Sudah benar begitu"), "trap: believed"
    (one,) = await told(town)
    assert one["nik"] == "9901017201900001"
    await taps(town, sari, "Lihat datanya")
    await taps(town, sari, "Perbaiki")
    await taps(town, sari, "NIK")
    for serial in range(1, 5):
        heard = await says(town, sari, f"990101320190000{serial}")
        assert "tidak biasa" in heard
    assert "bisa diisi besok" in await says(town, sari, "9901013201900006")
    assert not any(NIK[:8] in one.text for one in sari.sees if one.text and "9901" in one.text)
    assert town.station.outbox.counts["dead"] == 0


async def test_a_complaint_never_ends_as_a_name_and_danger_as_no_answer(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    wati = await town.asker("Wati")
    await complains(town, sari, "Batuk")
    await taps(town, sari, "Lengkapi data")
    await says(town, sari, "panasnya naik lagi")
    assert (await told(town))[0].get("name") is None
    await says(town, sari, "Sari Contoh")
    for _ in range(6):
        await taps(town, sari, "Lewati")
    assert "alergi" in (sari.last.text or "")
    await says(town, sari, "gatal kalau makan udang")
    assert "penyakit lama" in (sari.last.text or "")
    mine = await town.read(lambda s: s.query(Patient).order_by(Patient.id).first())
    assert mine is not None
    for payload in (f"patient:{mine.id}", f"complete:{mine.id}", f"fill:{mine.id}:name:mine"):
        presses(wati, payload)
        await town.settle()
        assert "tidak ditemukan" in wati.heard[-1], "whose phone is not hers learns nothing"
    await says(town, sari, "anak saya kejang")
    assert any("INI TANDA BAHAYA" in text for text in sari.heard)
    await taps(town, budi, "Terima")
    told_to_worker = hears(budi)
    assert "panasnya naik lagi" in told_to_worker
    assert "gatal kalau makan udang" in told_to_worker
    assert "Alergi: gatal kalau makan udang" in told_to_worker
    await taps(town, sari, "Darah tinggi")
    assert "Penyakit lama: Darah tinggi" in budi.heard[-1], "the worker sees the change"
    assert town.station.outbox.counts["dead"] == 0


async def test_a_number_is_no_place_and_is_not_said_again(town: Town) -> None:
    await drawn(town)
    sari = await town.asker("Sari")
    for question in ("/faskes", "/darurat"):
        await says(town, sari, question)
        said = sari.says(NIK)
        await town.settle()
        assert said not in sari.sees
    assert NIK not in hears(sari)


async def test_a_shared_place_is_the_village_and_kept_as_nothing_else(town: Town) -> None:
    await drawn(town)
    sari = await town.asker("Sari")
    await says(town, sari, "/pasien")
    await taps(town, sari, "Saya")
    await taps(town, sari, "Perbaiki")
    assert "kirim lokasi" in await taps(town, sari, "Desa")
    sari.sends_location(*HERE)
    await town.settle()
    assert (await told(town))[0]["village"] == "Golo Contoh"
    assert "-10.1" not in str(await told(town))


async def test_a_worker_joins_two_records_of_one_person_and_parts_them_again(town: Town) -> None:
    """Only who answers sees both; no asker learns of the other, and a wrong tap is taken back."""
    budi, ani, sari = await town.worker("Budi"), await town.asker("Ani"), await town.asker("Sari")
    for person in (ani, sari):
        await says(town, person, "data pasien")
        await taps(town, person, "Saya")
        await taps(town, person, "Perbaiki")
        await taps(town, person, "NIK")
        await says(town, person, NIK)
    await taken(town, ani, budi, "Saya batuk 4 hari")
    await advised(town, budi, "Rahasia Ani: minum hangat.")
    await taken(town, sari, budi, "Saya pusing")
    await taps(town, budi, "Riwayat")
    assert "Rahasia Ani" not in budi.heard[-1]
    await taps(town, budi, "Bandingkan")
    assert "NIK: 9901••••••••0001 · 9901••••••••0001" in budi.heard[-1]
    compared = budi.last
    for foreign in (ani, sari):
        presses(foreign, f"same:{(await the_one(town)).id}")
        await town.settle()
        assert "tidak ditemukan" in foreign.heard[-1]
    budi.taps("Ya, orang yang sama", compared)
    await town.settle()
    assert "orang yang sama" in (compared.text or "")
    await taps(town, budi, "Riwayat")
    assert "Rahasia Ani" in budi.heard[-1]
    budi.taps("pisahkan lagi", compared)
    await town.settle()
    await taps(town, budi, "Riwayat")
    assert "Rahasia Ani" not in budi.heard[-1]
    assert "Ani" not in hears(sari)
    opened = await town.read(
        lambda s: [one.act for one in s.scalars(select(Audit).order_by(Audit.seq))]
    )
    assert opened.count("join") == opened.count("part") == 2
