"""Each profession closes in its own short form; half of one is kept, and never closes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Outcome, Status
from models.medicine import Medicine, Signer
from models.role import Profession
from services import facility
from tests.stories.acts import (
    advice_ids,
    hears,
    pair,
    presses,
    readable,
    says,
    since,
    taken,
    taps,
    the_one,
)
from tests.town import Town


async def test_a_doctor_closes_with_two_taps_and_one_message(town: Town) -> None:
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari = await town.asker("Sari")
    await taken(town, sari, citra)
    asked = await taps(town, citra, "Tutup dengan nasihat")
    assert "Penilaian di baris pertama" in asked
    preview = await says(town, citra, "Dx: ispa\nMinum hangat, istirahat.")
    assert "Penilaian: ispa (J06.9)" in preview
    assert "Kirim dan tutup sebagai apa?" in preview
    await taps(town, citra, "cukup di rumah")
    sheet = sari.heard[-1]
    assert "Minum hangat, istirahat.\n\nPenilaian: ispa\n" in sheet
    assert "Dx" not in sheet
    assert "J06.9" not in sheet, "a code says nothing to who is ill"
    kept = await readable(town)
    assert "'code': 'J06.9'" in kept
    pdf = len(sari.heard)
    await taps(town, sari, "Simpan PDF")
    assert len(since(sari, pdf)) == 1


async def test_half_a_form_is_kept_and_closes_nothing(town: Town) -> None:
    citra = await town.worker("Citra", Profession.DENTIST)
    sari = await town.asker("Sari")
    await taken(town, sari, citra, "Gigi saya sakit")
    await taps(town, citra, "Tutup dengan nasihat")
    asked = await says(town, citra, "Kumur air garam, jangan dicungkil.")
    assert "Penilaian belum ada" in asked
    assert not any("Kirim" in label for label in citra.buttons())
    draft = (await advice_ids(town))[-1]
    presses(citra, f"advise:{draft}:advised")
    await town.settle()
    assert "belum lengkap" in citra.heard[-1]
    assert (await the_one(town)).status is Status.ACTIVE

    await taps(town, citra, "Belum, lanjut bercakap")
    await says(town, citra, "Sudah berapa hari?")
    assert "Sudah berapa hari?" in sari.heard[-1]
    close = next(one for one in citra.sees if "Tutup dengan nasihat" in " ".join(one.buttons))
    citra.taps("Tutup dengan nasihat", close)
    await town.settle()
    assert "Penilaian belum ada" in citra.heard[-1], "it goes on where it stopped"
    citra.sends_photo()
    await town.settle()
    assert "perlu berupa tulisan" in citra.heard[-1]
    preview = await says(town, citra, "gigi ngilu sekali")
    assert "Penilaian: gigi ngilu sekali\n" in preview
    offered = [label for label in citra.buttons() if "·" in label]
    assert offered[0].startswith("K04.0 · Radang saraf gigi")
    assert all(len(label) <= 40 for label in offered)
    await taps(town, citra, offered[0])
    assert "Penilaian: gigi ngilu sekali (K04.0)" in str(citra.last.text)
    await taps(town, citra, "🔎 Kode")
    assert "Belum ketemu" in await says(town, citra, "qzxv wkpj")
    await says(town, citra, "gusi bengkak")
    assert citra.buttons()[0].startswith("K05.1 · Radang gusi")
    assert "gigi ngilu sekali (Z01.2)" in await says(town, citra, "z01.2")
    await taps(town, citra, "🔎 Kode")
    await says(town, citra, "k04.0")

    await taps(town, citra, "Tulis ulang")
    preview = await says(town, citra, "Kumur air garam hangat.")
    assert "gigi ngilu sekali (K04.0)" in preview, "what else was filled in stays"
    presses(citra, f"advise:{draft}:advised")
    await town.settle()
    assert "tidak berlaku" in citra.heard[-1], "what was written before is not what is sent"
    await taps(town, citra, "Kontrol")
    await taps(town, citra, "Jum 27/11")
    assert "Kontrol: 27 November 2026" in hears(citra)
    citra.taps("datang ke puskesmas")
    await town.settle()
    assert "Kontrol: 27 November 2026" in hears(sari)
    assert "jangan dicungkil" not in hears(sari)
    assert "27 November" in citra.heard[-1]
    await town.wait(hours=72)
    assert "0 · Baik" in sari.buttons()


async def test_chat_was_not_the_place_for_it(town: Town) -> None:
    sari, budi = await pair(town)
    await taps(town, budi, "Tutup dengan nasihat")
    preview = await says(town, budi, "Tindakan: konseling\nPerlu dilihat langsung.")
    assert "Masalah: Anak batuk 4 hari" in preview
    assert "Tindakan: konseling" in preview
    await taps(town, budi, "Akhir lain")
    await taps(town, budi, "Kembali")
    await taps(town, budi, "Akhir lain")
    await taps(town, budi, "perlu diperiksa langsung")
    assert "tidak bisa dinilai lewat chat" in hears(sari)
    assert "Perlu dilihat langsung." in hears(sari)
    assert "konseling" not in hears(sari)
    assert (await the_one(town)).outcome is Outcome.NOT_SUITABLE

    ani = await town.asker("Ani")
    await taken(town, ani, budi, "Ani pusing")
    await taps(town, budi, "Tutup dengan nasihat")
    await says(town, budi, "Jangan menunggu.")
    await taps(town, budi, "Akhir lain")
    await taps(town, budi, "ke IGD sekarang")
    first = next(text for text in ani.heard if "Petugas meminta" in text)
    assert "119" in first
    assert ani.heard.index(first) < len(ani.heard) - 1, "before the advice itself"
    assert "Jangan menunggu." in ani.heard[-1]
    assert (await the_one(town)).outcome is Outcome.EMERGENCY


async def list_signed(town: Town, *lines: str) -> None:
    """The facility's list of medicines, signed by a doctor with a name."""

    def enter(session: Session) -> None:
        home, at = facility.home(session, town.bot.id), town.clock.now()
        for line in lines:
            name, form = line.split(", ")
            session.add(
                Medicine(
                    facility_id=home.id, name=name, form=form, added_at=at, signed_at=at,
                    signed_by="dr. Contoh", signed_as=Signer.DOCTOR, licence="CONTOH-SIP",
                )
            )  # fmt: skip

    await town.write(enter)


async def test_medicine_is_of_the_signed_list_or_prescribed_at_the_facility(town: Town) -> None:
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari = await town.asker("Sari")
    await taken(town, sari, citra)
    await taps(town, citra, "Tutup dengan nasihat")
    long = "Parasetamol 3 kali sehari 1 tablet kalau demam. " + "Minum air hangat. " * 200
    await says(town, citra, f"ispa\n{long}")
    await taps(town, citra, "💊 Obat")
    assert "belum punya daftar obat" in hears(citra)
    await taps(town, citra, "Resep di FKTP")
    await taps(town, citra, "⬅️ Selesai")
    assert "Obat: resep di FKTP" in hears(citra)

    others = [f"X{count} {'x' * 99}, sirup" for count in range(9)]
    await list_signed(town, "Oralit, serbuk", "Parasetamol, tablet 500 mg", *others)
    await taps(town, citra, "💊 Obat")
    await taps(town, citra, "Parasetamol, tablet 500 mg")
    await taps(town, citra, "Oralit, serbuk")
    await taps(town, citra, "Oralit, serbuk")
    await taps(town, citra, "Oralit, serbuk")
    assert "✅ Oralit, serbuk" in citra.buttons()
    for count in range(4):
        await taps(town, citra, f"X{count} ")
    await taps(town, citra, "Lagi")
    for count in range(4, 7):
        await taps(town, citra, f"X{count} ")
    assert "Paling banyak 8 obat" in citra.heard[-1]
    await taps(town, citra, "Dari awal")
    await taps(town, citra, "⬅️ Selesai")
    draft = (await advice_ids(town))[-1]
    presses(citra, f"choose_medicine:{draft}:12345")
    await town.settle()
    assert "tidak berlaku" in citra.heard[-1]

    def strike(session: Session) -> None:
        found = session.scalars(select(Medicine).where(Medicine.name == "Oralit")).one()
        found.ended_at = town.clock.now()

    await town.write(strike)
    menu = next(one for one in reversed(citra.sees) if any("Kirim" in b for b in one.buttons))
    citra.taps("cukup di rumah", menu)
    await town.settle()
    assert "dicoret dari daftar" in hears(citra)
    assert (await the_one(town)).status is Status.ACTIVE
    await taps(town, citra, "cukup di rumah")
    assert "Obat: Parasetamol, tablet 500 mg; X0 xxx" in sari.heard[-1], "nothing was too long"
    assert "Cara pakainya hanya seperti yang ditulis petugas" in sari.heard[-1]
    assert "Oralit" not in sari.heard[-1]


async def test_a_tap_for_one_patient_leaves_the_question_about_another_open(town: Town) -> None:
    sari, budi = await pair(town)
    ani = await town.asker("Ani")
    await taken(town, ani, budi, "Ani pusing")
    closes = [one for one in budi.sees if "📋 Tutup dengan nasihat" in one.buttons]
    budi.taps("Tutup dengan nasihat", closes[0])
    await town.settle()
    await says(town, budi, "Nasihat untuk Sari saja")
    preview = next(one for one in reversed(budi.sees) if "Akhir lain …" in one.buttons)
    budi.taps("Tutup dengan nasihat", closes[1])
    await town.settle()
    budi.taps("Kirim: cukup di rumah", preview)
    await town.settle()
    await says(town, budi, "Nasihat untuk Ani saja")
    assert "Nasihat untuk Ani" in str(budi.last.text)
    assert "Nasihat untuk Ani saja" not in hears(ani) + hears(sari), (
        "it was asked for, and not sent"
    )


async def test_a_doctors_correction_brings_the_assessment_along(town: Town) -> None:
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari = await town.asker("Sari")
    await taken(town, sari, citra)
    await taps(town, citra, "Tutup dengan nasihat")
    await says(town, citra, "ispa\nMinum hangat")
    await taps(town, citra, "cukup di rumah")
    await taps(town, citra, "Koreksi nasihat")
    assert "Penilaian: asma (J45.9)" in await says(town, citra, "Dx: asma\nPakai hirupannya")
    await taps(town, citra, "Kirim koreksi")
    assert "KOREKSI" in sari.heard[-1]
    assert "Pakai hirupannya\n\nPenilaian: asma" in sari.heard[-1]
