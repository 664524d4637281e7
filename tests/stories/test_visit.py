"""After the end: the text for P-Care, the rows of a day, and no letters of illness."""

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import visit as command
from models.consultation import Consultation
from models.role import Profession
from services import facility, letter, visit
from services.patient import record
from tests.stories.acts import hears, pair, presses, says, taken, taps, the_one, watched
from tests.town import Town

DAY = date(2026, 11, 24)


async def test_a_closed_consultation_is_text_for_pcare_and_a_row_of_the_day(
    each_town: Town,
) -> None:
    town = each_town
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari = await town.asker("Sari")
    await taken(town, sari, citra, "=Batuk 4 hari")

    def know(session: Session) -> None:
        one = session.scalars(select(Consultation)).one().patient
        told = record.known(session, one)
        one.write(
            session, **told | {"name": "Sari Contoh", "card": "9990000000001", "allergies": "none"}
        )

    await town.write(know)
    await taps(town, citra, "Tutup dengan nasihat")
    await says(town, citra, "ispa\n@Minum hangat")
    await taps(town, citra, "cukup di rumah")
    seen = watched(town)
    await taps(town, citra, "Salin untuk P-Care")
    text = next(one.message.text or "" for one in seen if "P-Care" in (one.message.text or ""))
    fields = re.findall(r"^(\w+): ", text, re.MULTILINE)
    assert fields[:5] == ["noKartu", "tglDaftar", "kdPoli", "keluhan", "kdSadar"]
    assert fields[-4:] == ["terapiObat", "terapiNonObat", "bmhp", "suhu"]
    assert len(fields) == 31
    for line in (
        "noKartu: 9990000000001", "tglDaftar: 24-11-2026", "kdPoli: 001", "kdStatusPulang: 3",
        "kdDiag1: J06.9", "kdTacc: -1", "anamnesa: ispa", "alergiObat: 00", "sistole: -",
        "terapiNonObat: @Minum hangat",
    ):  # fmt: skip
        assert line in text.splitlines(), line
    assert "9990000000001" not in hears(citra), "ten minutes later it has left the chat"

    one = await the_one(town)
    for other in (sari, await town.worker("Budi")):
        presses(other, f"pcare:{one.id}")
        await town.settle()
        assert "tidak ditemukan" in other.heard[-1]

    await taps(town, citra, "Koreksi nasihat")
    await says(town, citra, "Dx: asma\nPakai hirupannya")
    await taps(town, citra, "Kirim koreksi")

    def take_out(session: Session) -> tuple[list[dict[str, str]], ...]:
        home, at = facility.home(session, town.bot.id), town.clock.now()
        return tuple(visit.rows(session, home, on, at=at) for on in (DAY, date(2026, 11, 23)))

    rows, before = await town.write(take_out)
    assert before == []
    (row,) = rows
    assert tuple(row) == visit.COLUMNS
    assert row["code"] == "J45.9", "the newest version counts"
    assert row["advice"] == "@Minum hangat\nPakai hirupannya"
    assert (row["name"], row["corrected"], row["outcome"]) == ("Sari Contoh", "1", "advised")
    assert command._safe(row["complaint"]).startswith("'=")


async def test_a_letter_of_illness_is_refused_kindly_and_the_complaint_goes_on(town: Town) -> None:
    _, budi = await pair(town)
    await taps(town, budi, "Tutup dengan nasihat")
    assert "hanya sesudah diperiksa" in await says(town, budi, "Surat sakit saya buatkan besok")
    await says(town, budi, "Istirahat")
    await taps(town, budi, "cukup di rumah")
    ani = await town.asker("Ani")
    assert "tidak bisa dibuat lewat chat" in await says(town, ani, "Dok minta surat sakit ya")
    await taken(town, ani, budi, "Pusing, mau minta surat keterangan sakit")
    assert hears(ani).count("tidak bisa dibuat lewat chat") == 2
    assert "Pusing" in hears(budi)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("minta surat ket sakit", True), ("SURAT KETERANGAN SEHAT", True), ("surat rujukan", False),
        ("sakit, suratnya hilang", False), ("surat ijin sakit 2 hari", True),
    ],
)  # fmt: skip
def test_what_speaks_of_such_a_letter(text: str, names: bool) -> None:
    assert letter.is_named(text) is names
