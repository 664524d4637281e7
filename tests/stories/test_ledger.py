"""«Angka kontak»: who wrote and was answered counts once a month; nothing else counts."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.consultation import Consultation
from models.facility import Facility
from services import facility, ledger
from simulator.person import Person
from tests.stories.acts import advised, complains, hears, presses, taken
from tests.town import Town


async def ledger_of(town: Town, ayu: Person) -> tuple[str, list[dict[str, str]]]:
    """The one message that an admin gets, and the rows of its file."""
    presses(ayu, "ledger")
    await town.settle()
    assert ayu.last is not None
    assert ayu.last.kind == "document"

    def rows(session: Session) -> list[dict[str, str]]:
        home = facility.home(session, town.bot.id)
        months = [ledger.month(session, home, back, at=town.clock.now()) for back in range(3)]
        text = ledger.table(months).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    return ayu.last.caption or "", await town.read(rows)


async def test_who_wrote_and_was_answered_counts_once_a_month(town: Town) -> None:
    ayu, budi = await town.admin("Ayu"), await town.worker("Budi")
    sari, tuti = await town.asker("Sari"), await town.asker("Tuti")
    said, rows = await ledger_of(town, ayu)
    assert "belum diisi" in said
    assert [row["peserta_berbeda"] for row in rows] == ["0", "0", "0"]
    await complains(town, tuti, "Batuk, belum ada yang menjawab")
    presses(ayu, f"registered:{await town.read(lambda s: s.scalars(select(Facility.id)).one())}")
    await town.settle()
    for wrong in ("banyak", "9999999999"):
        await complains(town, ayu, wrong)
        assert "Mohon angka saja" in ayu.heard[-1]
    await complains(town, ayu, "5.000")
    assert "5.000" in ayu.heard[-1]
    assert (await ledger_of(town, ayu))[1][0]["peserta_berbeda"] == "0", "an offer is no contact"
    await complains(town, tuti, "batal")
    tuti.taps("Batalkan")
    await town.settle()
    await taken(town, sari, budi, "Saya batuk 4 hari")
    await complains(town, budi, "Sejak kapan, Bu?")
    said, rows = await ledger_of(town, ayu)
    assert rows[0] == {
        "bulan": "2026-11", "kode_faskes": "99990001", "faskes": "Puskesmas Contoh",
        "kanal": "Telegram", "peserta_berbeda": "1", "terdaftar": "5000", "per_mil": "0.2",
    }  # fmt: skip
    assert "0,2 per mil" in said
    assert "Sari" not in said + str(rows)
    await advised(town, budi)
    town.clock.move(timedelta(days=1))
    await taken(town, sari, budi, "Saya sekarang pusing sejak pagi")
    await complains(town, budi, "Sudah minum air, Bu?")
    assert (await ledger_of(town, ayu))[1][0]["peserta_berbeda"] == "1", "the same participant"
    town.clock.move(timedelta(days=8))  # December
    await complains(town, budi, "Bagaimana sekarang, Bu?")
    counts = [row["peserta_berbeda"] for row in (await ledger_of(town, ayu))[1]]
    assert counts == ["0", "1", "0"], "a question that nobody answered counts in no new month"
    await complains(town, sari, "Sudah baik")
    counts = [row["peserta_berbeda"] for row in (await ledger_of(town, ayu))[1]]
    assert counts == ["1", "1", "0"]
    await advised(town, budi)
    town.clock.move(datetime(2026, 12, 31, 16, 55, tzinfo=UTC) - town.clock.now())
    await complains(town, tuti, "Saya batuk di malam tahun baru")
    budi.taps("Terima")
    await town.settle()
    town.clock.move(timedelta(minutes=10))
    await complains(town, budi, "Sejak kapan, Bu?")
    counts = [row["peserta_berbeda"] for row in (await ledger_of(town, ayu))[1]]
    assert counts == ["1", "1", "1"], "what was asked last year and is answered now counts now"
    assert await town.read(
        lambda session: session.scalars(select(Audit.seq).where(Audit.act == "export")).all()
    )


async def test_one_person_with_two_records_is_one_participant(each_town: Town) -> None:
    town = each_town
    budi, sari, tuti = await town.worker("Budi"), await town.asker("Sari"), await town.asker("Tuti")
    for asker in (sari, tuti):
        await taken(town, asker, budi)
        await complains(town, budi, "Sejak kapan?")
        await advised(town, budi)

    def count(session: Session) -> int:
        home = facility.home(session, town.bot.id)
        return ledger.month(session, home, 0, at=town.clock.now()).patients

    assert await town.read(count) == 2

    def join(session: Session) -> None:
        first, second = session.scalars(select(Consultation).order_by(Consultation.id)).all()
        second.patient.same_as_id = first.patient_id

    await town.write(join)
    assert await town.read(count) == 1


async def test_only_an_admin_sees_it(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    for person in (budi, sari):
        for payload in ("ledger", "registered:1"):
            presses(person, payload)
            await town.settle()
        assert "Angka kontak" not in hears(person)


def test_a_name_is_no_formula() -> None:
    home = Facility(code="=1+1", name="@contoh", registered=None)
    row = ledger.table([ledger.Month(date(2026, 11, 1), home, 3)])
    assert b"'=1+1,'@contoh,Telegram,3,," in row
