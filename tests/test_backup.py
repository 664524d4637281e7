"""Backups: made beside a service that works, opened by the phrase alone, whole or not at all."""

import asyncio
import dataclasses
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot import backup, envelope, phrase
from bot.backup import Keeper, Made
from bot.config import Settings
from bot.database import Database
from bot.envelope import Damaged, Opener, Sealer
from models.mail import Outgoing
from models.seal import KeyRing
from tests import forked
from tests.stories.acts import hears, readable
from tests.test_move import move_in, play
from tests.town import MORNING, Town

WORDS, OTHERS = phrase.fresh(), phrase.fresh()
PUBLIC = phrase.public_of(WORDS)


# ── the sealed file ─────────────────────────────────────────────────────────────────────────────


def sealed(pieces: list[bytes]) -> bytes:
    file = BytesIO()
    sealer = Sealer(file, PUBLIC)
    for piece in pieces:
        sealer.write(piece)
    sealer.close()
    return file.getvalue()


@mock.patch.object(envelope, "CHUNK", 64)
@given(st.lists(st.binary(max_size=200), max_size=8), st.integers(1, 150))
def test_what_was_sealed_in_any_pieces_opens_in_any_others(pieces: list[bytes], size: int) -> None:
    opener = Opener(BytesIO(sealed(pieces)), WORDS)
    assert b"".join(iter(lambda: opener.read(size), b"")) == b"".join(pieces)


@mock.patch.object(envelope, "CHUNK", 64)
@given(st.binary(max_size=300), st.data())
def test_no_byte_can_be_changed_and_none_left_off(content: bytes, data: st.DataObject) -> None:
    whole = bytearray(sealed([content]))
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole[place] ^= data.draw(st.integers(1, 255))
    else:
        del whole[place:]
    with pytest.raises((Damaged, phrase.CannotOpen)):
        Opener(BytesIO(bytes(whole)), WORDS).read()


@mock.patch.object(envelope, "CHUNK", 64)
def test_a_chunk_does_not_open_in_anothers_place() -> None:
    whole = sealed([b"a" * 64 + b"b" * 64 + b"c"])
    body = len(whole) - 2 * 80 - 17
    swapped = whole[:body] + whole[body + 80 : body + 160] + whole[body : body + 80] + whole[-17:]
    assert Opener(BytesIO(whole), WORDS).read()[-1:] == b"c"
    with pytest.raises(Damaged):
        Opener(BytesIO(swapped), WORDS).read()


# ── which are kept, and when one is due ─────────────────────────────────────────────────────────

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(st.sets(moments, max_size=60))
def test_the_newest_is_kept_and_nothing_for_longer_than_it_may(moments: set[datetime]) -> None:
    made = [Made(Path(str(at)), at) for at in moments]
    gone = backup.superfluous(made)
    kept = sorted(one.at for one in made if one not in gone)
    assert len(kept) <= backup.NIGHTS + backup.WEEKS
    assert not made or kept[-1] == max(moments)


def test_of_sixty_nights_a_month_is_kept() -> None:
    every_night = [Made(Path(str(n)), MORNING + timedelta(days=n)) for n in range(60)]
    oldest = min(one.at for one in every_night if one not in backup.superfluous(every_night))
    assert timedelta(days=18) <= every_night[-1].at - oldest <= timedelta(days=31)


@given(moments, st.timedeltas(timedelta(), timedelta(days=3)))
def test_one_is_due_once_a_night_and_after_a_long_stop(newest: datetime, later: timedelta) -> None:
    now = newest + later
    nights = [newest.replace(hour=18, minute=0, second=0, microsecond=0) + timedelta(days=n)
              for n in range(-1, 5)]  # fmt: skip
    assert backup.is_due(newest, now) is any(newest < night <= now for night in nights)
    assert backup.is_due(None, now)
    assert backup.is_due(now + timedelta(seconds=1), now), "made before the clock was put back"


# ── a whole service ─────────────────────────────────────────────────────────────────────────────


def ready(town: Town, folder: Path) -> Settings:
    folder.mkdir()
    return dataclasses.replace(town.app.settings, backup_dir=folder, backup_key=PUBLIC)


async def restored(
    folder: Path, file: Path, words: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """Somebody restores a backup in a folder of their own."""

    def types() -> subprocess.CompletedProcess[str]:
        folder.mkdir(exist_ok=True)
        typed = " ".join(words) + "\n"
        return forked.command("restore", str(file), folder=folder, environment={}, stdin=typed)

    return await asyncio.to_thread(types)


@pytest.mark.engine
async def test_the_phrase_alone_brings_everything_back_on_an_empty_computer(
    each_town: Town, tmp_path: Path
) -> None:
    town, new = each_town, tmp_path / "baru"
    settings = ready(town, tmp_path / "cadangan")
    await play(town)
    while await town.station.copier.work_one():
        pass
    people = {one.first_name: one for one in town.telegram.people.values()}
    people["Budi"].says("Minum obatnya teratur")
    await town.station.intake.poll(town.station.telegram, seconds=0)
    await town.station.handle()  # owed, and not yet sent
    said = set((await readable(town)).splitlines())

    made = await asyncio.to_thread(backup.make, settings, town.key, at=town.clock.now())
    await town.settle()
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert not [one for one in settings.data_dir.iterdir() if one.name.startswith(".cadangan")]
    content = made.path.read_bytes()
    assert town.key.encode() not in content
    assert b"SQLite" not in content

    done = await restored(new, made.path, WORDS)
    assert done.returncode == 0, done.stdout + done.stderr
    data = new / "data"
    assert (data / "data.key").read_text().strip() == town.key
    media = [one for one in (settings.data_dir / "media").rglob("*") if one.is_file()]
    assert media
    for file in media:
        assert (data / file.relative_to(settings.data_dir)).read_bytes() == file.read_bytes()

    there = Database(f"sqlite+pysqlite:///{data / 'telekonsul.db'}", KeyRing.parse(town.key))
    with there.session() as session:
        owed = select(Outgoing).where(Outgoing.settled_at.is_(None))
        fresh = [one for one in session.scalars(owed) if one.attempted_at is None]
        texts = [one.read(session)["params"]["text"] for one in fresh]
    assert texts
    assert all("dipulihkan" in text for text in texts), "what was owed may have been sent"
    await move_in(town, there)
    assert said <= set((await readable(town)).splitlines())
    for person in people.values():
        person.heard.clear()
    await town.settle()
    assert "Sekarang juga mual" in hears(people["Budi"]), "what was stored is handled"
    for name in ("Wayan", "Putu", "Budi", "Ani"):
        assert "dipulihkan dari cadangan" in hears(people[name]), name
    assert "dipulihkan" not in hears(people["Sari"]), "whose consultation had ended"

    refused = await restored(new, made.path, WORDS)
    assert refused.returncode == 1
    assert "sudah ada data" in refused.stdout


async def test_another_phrase_or_half_a_file_changes_nothing(town: Town, tmp_path: Path) -> None:
    settings = ready(town, tmp_path / "cadangan")
    made = backup.make(settings, town.key, at=town.clock.now())
    other = await restored(tmp_path / "lain", made.path, OTHERS)
    assert other.returncode == 1
    assert "bukan untuk berkas ini" in other.stdout
    content = made.path.read_bytes()
    for wrong in (content[: len(content) // 2], content[:-1], b"halo", b"", content[:40]):
        made.path.write_bytes(wrong)
        refused = await restored(tmp_path / "lain", made.path, WORDS)
        assert refused.returncode == 1, len(wrong)
        assert "rusak, terpotong" in refused.stdout or "bukan untuk berkas" in refused.stdout
        assert not any((tmp_path / "lain").rglob("*.db"))
        assert not any((tmp_path / "lain").rglob("data.key"))


async def test_one_is_made_each_night_and_the_admins_hear_when_none_could_be(
    town: Town, tmp_path: Path
) -> None:
    settings, wayan = ready(town, tmp_path / "cadangan"), await town.admin("Wayan")
    keeper = Keeper(settings, town.app.database, town.clock, lambda: town.key)
    folder = tmp_path / "cadangan"
    assert await keeper.work() is not None, "none was there"
    assert await keeper.work() is None
    (folder / "telekonsul-20260101T010101Z.part").write_bytes(b"half of one")
    town.clock.move(timedelta(days=1))
    assert await keeper.work() is not None
    assert len(list(folder.iterdir())) == 2, "what a stop left is gone"
    assert backup.problem(settings, town.clock.now()) == ""
    assert "3 hari" in backup.problem(settings, town.clock.now() + timedelta(days=3))

    folder.rename(tmp_path / "dicabut")
    town.clock.move(timedelta(days=1))
    for _ in range(3):
        assert await keeper.work() is None
        town.clock.move(timedelta(hours=1))
    await town.settle()
    assert hears(wayan).count("Cadangan malam ini gagal") == 1
    (tmp_path / "dicabut").rename(folder)
    assert await keeper.work() is not None, "tried again each hour"
