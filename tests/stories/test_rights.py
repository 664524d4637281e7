"""/data_saya: to see, correct, restrict, withdraw and erase, each with a number and a day."""

import html
import re

from sqlalchemy import LargeBinary, String, cast, func, select
from sqlalchemy.orm import Session

from models import Base
from models.consent import Consent
from models.followup import Followup
from models.lesson import Lesson
from models.person import Person as Account
from models.privacy import Privacy
from models.task import Task
from simulator.person import Person
from tests.stories.acts import (
    advised,
    complains,
    hears,
    ids,
    pair,
    presses,
    readable,
    since,
    taken,
)
from tests.town import Town

SECRET = "Benjolan di payudara kiri"
MENU = "/data_saya"


async def asks(town: Town, somebody: Person, *labels: str) -> None:
    """Somebody opens the menu and taps through it."""
    somebody.says(MENU)
    await town.settle()
    for label in labels:
        somebody.taps(label)
        await town.settle()


def file_of(town: Town, somebody: Person) -> str:
    """The newest file somebody got, as they read it."""
    got = next(one for one in reversed(somebody.sees) if one.kind == "document" and one.file_id)
    found = town.bot.files.find(got.file_id or "")
    assert found.name == "data-saya.html"
    return html.unescape(re.sub(r"<[^>]+>", "", found.data.decode()))


async def judged(town: Town, sari: Person, words: str) -> None:
    """The asker has understood the advice and says how it was."""
    for label in ("Sudah paham", "4", "Tulis kesan"):
        sari.taps(label)
        await town.settle()
    await complains(town, sari, words)


async def tasks(town: Town) -> list[tuple[str, bool]]:
    """Every task, and whether it is done."""
    wanted = select(Task).order_by(Task.id)
    return await town.read(
        lambda s: [(one.what, one.done_at is not None) for one in s.scalars(wanted)]
    )


def _keeps_more(session: Session, telegram_id: int, bot_id: int) -> None:
    """A PIN and a lesson, which have stories of their own."""
    owner = session.scalars(select(Account).where(Account.telegram_id == telegram_id)).one()
    session.add(Privacy(person_id=owner.id, bot_id=bot_id))
    begun = Lesson(bot_id=bot_id, person_id=owner.id, name="antrean", step=2, at=owner.since_at)
    begun.write(session, number="A7")
    session.add(begun)


async def test_the_file_holds_everything_and_who_read_it(each_town: Town) -> None:
    town = each_town
    ayu = await town.admin("Ayu")
    sari, budi = await pair(town)
    await complains(town, sari, f"{SECRET} <b>sekali</b>, NIK 9901014501900001")
    await advised(town, budi, "Datang ke puskesmas besok.")
    await judged(town, sari, "Ramah sekali")
    tuti = await town.asker("Tuti")
    await taken(town, tuti, budi, "Rahasia Tuti")
    count = len(ayu.heard)
    await asks(town, sari, "Lihat data")
    assert "memegang HP ini" in hears(sari)
    await town.write(lambda s: _keeps_more(s, sari.id, town.bot.id))
    sari.taps("Kirim sekarang")
    await town.settle()
    told = file_of(town, sari)
    for wanted in (
        "Nama di Telegram: Sari", "Server Telegram ada di luar negeri", "Anak batuk 4 hari",
        f"{SECRET} <b>sekali</b>, NIK 9901••••••••0001", "nasihat dari Perawat Budi: Datang ke",
        "ditawarkan kepada Perawat Budi", "Perawat Budi membuka konsultasi", "Nomor 1:",
        "HP bersama: nasihat dijaga PIN", "langkah 3", "diingatkan: A7",
        "25 tahun", "Hubungan: Anak", "Bahasa: Bahasa Indonesia", "sudah paham",
        "seberapa membantu (1 sampai 5). Jawaban", ": 4 Ramah sekali",
    ):  # fmt: skip
        assert wanted in told, wanted
    assert "Tuti" not in told
    assert await tasks(town) == [("see", True)]
    assert since(ayu, count) == [], "what is done at once is nobody's task"
    await asks(town, tuti, "Lihat data")
    tuti.taps("Kirim sekarang")
    tuti.blocks()
    await town.settle()
    assert "Lihat data" in ayu.heard[-1], "a file that did not arrive is a task"
    assert await tasks(town) == [("see", True), ("see", False)]


async def test_a_correction_is_a_task_and_its_answer_comes_back(town: Town) -> None:
    ayu = await town.admin("Ayu")
    sari, budi = await pair(town)
    await asks(town, sari, "Betulkan")
    assert "setelah konsultasinya selesai" in sari.heard[-1]
    await advised(town, budi)
    await asks(town, sari, "Betulkan")
    await complains(town, sari, "Umur anak saya 3 tahun, bukan 2")
    assert "paling lambat 27 November 2026 08.00 WIB" in sari.heard[-1]
    number = re.search(r"nomor (\d+)", sari.heard[-1])
    assert number is not None
    assert "Umur anak saya 3 tahun" in ayu.heard[-1]
    assert "Dari: Sari" in ayu.heard[-1]
    await asks(town, sari, "Betulkan")
    await complains(town, sari, "Namanya juga salah")
    assert f"nomor {number[1]}" in sari.heard[-1], "one request, with everything that was said"
    assert "Namanya juga salah Umur anak saya 3 tahun, bukan 2" in ayu.heard[-1]
    ayu.taps("📋 Tugas")
    await town.settle()
    ayu.taps("✅ Selesai: Betulkan data")
    await town.settle()
    assert "apa yang sudah dilakukan" in ayu.heard[-1]
    await complains(town, ayu, "Umur sudah diganti menjadi 3 tahun.")
    assert "«Umur sudah diganti menjadi 3 tahun.»" in sari.heard[-1]
    assert "Tidak ada tugas" in ayu.heard[-1]
    assert await tasks(town) == [("correct", True)]
    await asks(town, sari, "Betulkan")
    await complains(town, sari, "anak saya kejang")
    assert "INI TANDA BAHAYA" in hears(sari), "danger in place of a correction is danger"


async def test_restricted_data_are_used_for_nothing_new(town: Town) -> None:
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari")
    version = await town.read(lambda session: session.scalar(select(Consent.version)))
    await complains(town, sari, SECRET)
    await asks(town, sari, "Batasi")
    assert "dibatasi mulai sekarang" in hears(sari)
    assert "nomor 1 sudah dibatalkan" in hears(sari)
    assert "Batasi pemakaian data" in ayu.heard[-1]
    budi = await town.worker("Budi")
    count = len(budi.heard)
    await complains(town, sari, "Saya pusing")
    assert "sedang dibatasi" in sari.heard[-1]
    presses(sari, f"agree:{version}")
    await town.settle()
    assert "sedang dibatasi" in sari.heard[-1]
    await complains(town, sari, "anak saya kejang")
    assert "INI TANDA BAHAYA" in hears(sari), "the card is kept back from nobody"
    assert since(budi, count) == []
    sari.taps("Buka pembatasan")
    await town.settle()
    assert "Pembatasan sudah dibuka" in hears(sari)
    assert "ada tanda bahaya" in hears(budi), "danger goes on at once"
    assert await tasks(town) == [("restrict", True)]


async def test_what_falls_back_under_a_restriction_is_read_by_nobody_else(town: Town) -> None:
    """Who has it may finish it; nobody else may begin. Danger alone goes on to others."""
    budi, sari, ani = await town.worker("Budi"), await town.asker("Sari"), await town.asker("Ani")
    for one in (sari, ani):
        await taken(town, one, budi, SECRET)
        await asks(town, one, "Batasi")
    citra = await town.worker("Citra")
    presses(budi, f"return:{(await ids(town))[0]}")
    await town.settle()
    assert "nomor itu kami batalkan" in sari.heard[-1]
    assert "petugas lain sedang kami cari" not in hears(sari)
    ani.says("anak saya kejang")
    await town.settle()
    await town.wait(minutes=3)
    await town.wait(minutes=3)
    assert "tanda bahaya" in hears(citra), "danger is never kept back"
    assert SECRET[:8] not in next(one for one in citra.heard if "tanda bahaya" not in one)
    sari.taps("Buka pembatasan")
    await town.settle()
    assert "Pembatasan sudah dibuka" in hears(sari)


async def test_a_withdrawn_consent_is_a_task_with_the_term_of_the_law(town: Town) -> None:
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari")
    await asks(town, sari, "Tarik persetujuan")
    assert "paling lambat 27 November 2026 08.00 WIB" in sari.heard[-1]
    assert "persetujuan dicabut" in ayu.heard[-1]
    await asks(town, sari, "Tarik persetujuan")
    assert "Tidak ada persetujuan" in sari.heard[-1]
    assert await tasks(town) == [("withdraw", False)]


async def test_an_erased_account_is_nowhere_and_the_record_stays(each_town: Town) -> None:
    town = each_town
    ayu, budi, sari = await town.admin("Ayu"), await town.worker("Budi"), await town.asker("Sari")
    await taken(town, sari, budi, "Saya batuk 4 hari")
    budi.says("Sejak kapan?")
    await town.settle()
    await asks(town, sari, "Hapus akun", "Ya, hapus akun saya")
    assert "masih dijawab petugas" in sari.heard[-1]
    await advised(town, budi)
    town.clock.move(90000)
    await judged(town, sari, "Dokternya terlambat")
    await complains(town, sari, SECRET)
    await asks(town, sari, "Hapus akun", "Ya, hapus akun saya")
    assert "masih menunggu jawaban" in sari.heard[-1]
    sari.taps("Batalkan nomor")
    await town.settle()
    sari.taps(
        "Ya, hapus akun saya",
        next(o for o in reversed(sari.sees) if "masih menunggu" in o.words.text),
    )
    await town.settle()
    assert "sudah dihapus" in hears(sari)
    await town.wait(days=4)
    assert SECRET not in await readable(town)
    assert "Saya batuk 4 hari" in await readable(town)
    assert "Dokternya terlambat" not in await readable(town), "a judgement is no medical record"
    assert await town.read(lambda s: s.scalar(select(func.count()).where(Followup.answer == "4")))
    assert "Sari" in await readable(town), "whose record it is stays in the record"
    assert await holds(town, sari.id) == []
    count = len(sari.heard)
    await complains(town, sari, "Saya pusing")
    assert "Apakah Ibu/Bapak setuju?" in since(sari, count)[-1], "somebody new"
    for somebody in (budi, ayu):
        await asks(town, somebody, "Hapus akun", "Ya, hapus akun saya")
        assert "masih punya tugas di sini" in somebody.heard[-1]
    assert (
        await town.read(lambda s: s.scalar(select(func.count()).where(Account.telegram_id < 0)))
        == 1
    )


async def holds(town: Town, telegram_id: int) -> list[str]:
    """Every column of every table that still holds this account's number."""

    def look(session: Session) -> list[str]:
        found = []
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    continue
                held = cast(column, String) == str(telegram_id)
                if session.scalar(select(func.count()).select_from(table).where(held)):
                    found.append(f"{table.name}.{column.name}")
        return found

    return await town.read(look)
