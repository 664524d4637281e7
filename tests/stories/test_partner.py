"""Whom a facility answers together with: entered by its admin, by document and day."""

from sqlalchemy import select

from models.facility import Facility
from models.pool import Agreement
from tests.stories.acts import neighbour, presses, says, taps
from tests.town import FACILITY, Town


async def test_an_admin_enters_and_ends_an_agreement(town: Town) -> None:
    ayu = await town.admin("Ayu")
    await says(town, ayu, "/admin")
    assert "belum punya mitra" in await taps(town, ayu, "🤝 Mitra")
    dewi = await neighbour(town)
    await taps(town, ayu, "🤝 Mitra")
    await taps(town, ayu, "➕ Puskesmas Sebelah")
    for wrong in (
        "440/12/2026",
        "440/12, 31 Februari 2026",
        "440/12, 1 Januari 2030",
        ", 1-1-2026",
    ):
        assert "belum terbaca" in await says(town, ayu, wrong)
    page = await says(town, ayu, "440/12/PKM/2026, 1 November 2026")
    assert "• Puskesmas Sebelah: dokumen 440/12/PKM/2026, 1 November 2026" in page
    kept = await town.read(lambda session: session.scalars(select(Agreement)).one())
    assert (kept.document, kept.agreed_on.isoformat()) == ("440/12/PKM/2026", "2026-11-01")
    home = await town.read(
        lambda session: session.scalars(select(Facility.id).where(Facility.code == FACILITY)).one()
    )
    presses(dewi, f"partners:{home}")
    await town.settle()
    assert "tidak bisa dilakukan dari akun ini" in dewi.heard[-1]
    await taps(town, ayu, "Akhiri: Puskesmas Sebelah")
    ended = await town.read(lambda session: session.scalars(select(Agreement.ended_on)).one())
    assert ended is not None
