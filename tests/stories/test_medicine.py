"""The medicines that may be named: the admin enters them, and they count once they are signed."""

from sqlalchemy import select

from models.facility import Facility
from models.medicine import Medicine
from models.role import Profession
from services import medicine
from simulator.person import Person
from tests.stories.acts import complains, hears, licensed, neighbour, presses, says, since, taps
from tests.town import FACILITY, Town

SIGN = "Saya tanda tangani daftar ini"
PARACETAMOL = "Parasetamol, tablet 500 mg"
LINES = "Parasetamol, tablet 500 mg\n- Oralit,  serbuk \n\nparasetamol, TABLET 500 mg"


async def allowed(town: Town) -> list[str]:
    """What may be named in advice at this moment."""
    home = select(Facility).where(Facility.code == FACILITY)
    return await town.read(
        lambda session: [
            one.label for one in medicine.allowed(session, session.scalars(home).one())
        ]
    )


async def entered(town: Town, lines: str = LINES) -> Person:
    """An admin who has entered a list, and has its page open."""
    ayu = await town.admin("Ayu")
    await says(town, ayu, "/admin")
    assert "masih kosong" in await taps(town, ayu, "💊 Daftar obat")
    assert "satu obat satu baris" in await taps(town, ayu, "➕ Tambah obat")
    await says(town, ayu, lines)
    return ayu


async def test_what_is_entered_counts_once_a_doctor_of_the_facility_has_signed(
    each_town: Town,
) -> None:
    town = each_town
    ayu = await entered(town)
    page = ayu.last.text or ""
    assert "Boleh disebut dalam nasihat: 0. Menunggu tanda tangan: 2." in page
    assert "1. ⏳ Oralit, serbuk\n2. ⏳ Parasetamol, tablet 500 mg" in page, "each once"
    assert "Belum ada dokter" in await taps(town, ayu, "✍️ Minta dokter menandatangani")

    citra = await town.worker("Citra", Profession.DOCTOR)
    budi, dewi = await town.worker("Budi"), await neighbour(town)
    await says(town, ayu, "/admin")
    await taps(town, ayu, "💊 Daftar obat")
    asks = ayu.last
    assert "dr. Citra" in await taps(town, ayu, "✍️ Minta dokter menandatangani")
    assert "Oralit" not in hears(budi) + hears(dewi)
    assert await allowed(town) == []
    payload = next(
        button["callback_data"] for button in citra.last.inline_buttons if SIGN in button["text"]
    )
    for stranger in (budi, dewi, ayu):
        presses(stranger, payload)
        await town.settle()
    assert "oleh dokter atau apoteker" in (budi.last.text or "")
    assert await allowed(town) == []

    ayu.taps("➕ Tambah obat", asks)
    await town.settle()
    await says(town, ayu, "Seng, tablet 20 mg")
    before = len(citra.heard)
    await taps(town, citra, SIGN)
    assert "sudah berubah" in since(citra, before)[0]
    assert await allowed(town) == [], "nobody signs what they have not read"
    await taps(town, citra, SIGN)
    assert await allowed(town) == [
        "Oralit, serbuk",
        "Parasetamol, tablet 500 mg",
        "Seng, tablet 20 mg",
    ]
    assert "3 obat sekarang boleh disebut" in (ayu.last.text or "")
    assert "dr. Citra, SIP CONTOH-SIP-Citra" in (ayu.last.text or "")

    await says(town, ayu, "/admin")
    await taps(town, ayu, "💊 Daftar obat")
    assert "1. ✅ Oralit, serbuk (dr. Citra, 24 November 2026)" in (ayu.last.text or "")
    ayu.taps("🗑 1")
    await town.settle()
    assert "Oralit, serbuk tidak boleh disebut lagi" in (ayu.last.text or "")
    assert await allowed(town) == [PARACETAMOL, "Seng, tablet 20 mg"]


async def test_a_pharmacist_signs_on_paper_and_what_cannot_be_read_is_asked_again(
    town: Town,
) -> None:
    ayu = await entered(town, "Parasetamol, tablet 500 mg\nobat batuk yang merah\n,\nAmoksisilin,")
    assert "1 obat baru sudah dicatat" in (ayu.last.text or "")
    assert "obat batuk yang merah\n,\nAmoksisilin," in (ayu.last.text or "")
    assert "Menunggu tanda tangan: 1" in await says(town, ayu, "batal")
    assert "simpan" in await taps(town, ayu, "✍️ Apoteker sudah tanda tangan")
    for wrong in ("Tuti", "Tuti, apoteker", "1234, SIPA-1", "A" * 4000):
        assert "belum terbaca" in await says(town, ayu, wrong)
    await says(town, ayu, "apt. Tuti Contoh, CONTOH-SIPA-7/2026")
    await says(town, ayu, "apt. Tuti Contoh, CONTOH-SIPA-777")
    assert await allowed(town) == [PARACETAMOL]
    signed = await town.read(lambda session: session.scalars(select(Medicine)).one())
    assert (signed.signed_by, signed.signed_as, signed.licence) == (
        "apt. Tuti Contoh", "apoteker", "CONTOH-SIPA-7/2026",
    )  # fmt: skip


async def test_only_an_admin_who_talks_with_nobody_keeps_the_list(town: Town) -> None:
    ayu = await entered(town)
    home = await town.read(
        lambda session: session.scalars(select(Facility.id).where(Facility.code == FACILITY)).one()
    )
    budi = await town.worker("Budi")
    for verb in ("medicines", "add_medicines", "call_doctors", "pharmacist"):
        presses(budi, f"{verb}:{home}")
        await town.settle()
        assert "tidak bisa dilakukan dari akun ini" in (budi.last.text or "")
    await licensed(town, ayu)
    await says(town, ayu, "/siap")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk empat hari")
    await taps(town, ayu, "Terima")
    presses(ayu, f"add_medicines:{home}")
    await town.settle()
    assert "Lakukan ini lagi setelah" in (ayu.last.text or "")
