"""Sealed copies of media: kept beside Telegram's, found again, and destroyed with the words."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.check import examine
from bot.media import Store
from models.media import RETRY, Loss, Media
from models.seal import Unreadable
from tests.stories.acts import answers, hears, pair, the_one
from tests.town import Town

NIK = "9901014501900001"
PICTURE = b"\xff\xd8 gambar ruam" * 100


async def copied(town: Town) -> int:
    """Let the background copy until nothing is due; how many it looked at."""
    count = 0
    while await town.station.copier.work_one():
        count += 1
    return count


async def rows(town: Town) -> list[tuple[bool, Loss | None]]:
    wanted = select(Media).order_by(Media.message_id)
    return await town.read(
        lambda s: [(one.kept_at is not None, one.loss) for one in s.scalars(wanted)]
    )


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "media").rglob("*") if path.is_file())


async def opened(town: Town, folder: Path) -> bytes:
    """What the newest copy says."""
    newest = select(Media.message_id).order_by(Media.message_id.desc()).limit(1)
    return await town.read(lambda s: Store(folder).read(s, s.scalars(newest).one()))


async def test_a_picture_is_copied_sealed_and_lives_as_long_as_the_words(
    each_town: Town, tmp_path: Path
) -> None:
    town = each_town
    sari, _ = await pair(town)
    sari.sends_photo("Ruamnya", data=PICTURE)
    sari.sends_sticker()
    await town.settle()
    assert await copied(town) == 1, "a sticker tells nothing"
    assert await rows(town) == [(True, None)]
    (file,) = files(tmp_path)
    assert b"gambar" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert await opened(town, tmp_path) == PICTURE
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Unreadable):
        await opened(town, tmp_path)
    file.unlink()
    with pytest.raises(Unreadable, match="missing"):
        await opened(town, tmp_path)


async def test_what_telegram_does_not_give_now_is_tried_again_for_two_days(
    town: Town, tmp_path: Path
) -> None:
    sari, budi = await pair(town)
    sari.sends_photo(data=PICTURE)
    await town.settle()
    assert budi.last.kind == "photo", "nobody waits for the copy"
    links = dict(town.bot.files._by_path)
    town.bot.files._by_path.clear()
    assert await copied(town) == 1
    assert await copied(town) == 0, "not again at once"
    for wait in RETRY[:-1]:
        town.clock.move(wait)
        assert await copied(town) == 1
    assert await rows(town) == [(False, None)]
    town.bot.files._by_path.update(links)
    town.clock.move(RETRY[-1])
    assert await copied(town) == 1
    assert await opened(town, tmp_path) == PICTURE
    sari.sends_photo(data=PICTURE)
    await town.settle()
    town.bot.files._by_path.clear()
    for wait in (*RETRY, RETRY[-1]):
        assert await copied(town) == 1
        town.clock.move(wait)
    assert await copied(town) == 0
    assert await rows(town) == [(True, None), (False, Loss.UNREACHED)]


async def test_what_its_writer_deleted_comes_from_our_copy(town: Town, tmp_path: Path) -> None:
    sari = await town.asker("Sari")
    photo = sari.sends_photo("Ruamnya", data=PICTURE)
    await town.settle()
    await answers(town, sari)
    assert await copied(town) == 1
    sari.deletes(photo)
    budi = await town.worker("Budi")
    budi.taps("Terima")
    await town.settle()
    assert budi.last.kind == "photo"
    assert budi.last.caption == "🔵 No. 1 · Sari\nRuamnya"
    assert budi.last.protected
    assert town.bot.files.find(budi.last.file_id or "").data == PICTURE
    budi.says("Sejak kapan?", budi.last)
    await town.settle()
    assert "Sejak kapan?" in sari.heard[-1]
    assert "tidak sampai" not in hears(sari)


async def test_of_an_album_and_of_a_number_under_a_photo_our_copies_arrive(
    town: Town, tmp_path: Path
) -> None:
    """Telegram leaves out what was deleted and does not say which; a number leaves the chat as soon
    as our copy lies in its place."""
    sari = await town.asker("Sari")
    album = sari.sends_album(3, "Ruam di tangan")
    card = sari.sends_photo(f"Kartunya, NIK {NIK}", data=PICTURE)
    await town.settle()
    await answers(town, sari)
    gone = [card.deleted]
    assert await copied(town) == 4
    await town.settle()
    assert [*gone, card.deleted] == [False, True], "not before it is copied"
    assert "kami hapus dari chat ini" in hears(sari)
    sari.deletes(album[1])
    budi = await town.worker("Budi")
    budi.taps("Terima")
    await town.settle()
    photos = [one for one in budi.sees if one.kind == "photo"]
    assert len(photos) == 2 + 3 + 1, (
        "two of the album, the album again, and the one with the number"
    )
    assert "semuanya dikirim lagi" in hears(budi)
    assert [one.caption for one in photos if one.caption and NIK in one.caption] == []
    assert "Kartunya, NIK 9901••••••••0001" in "\n".join(one.caption or "" for one in photos)
    assert "belum sampai" not in hears(sari)


async def test_too_large_is_said_and_not_tried(town: Town, tmp_path: Path) -> None:
    sari, budi = await pair(town)
    sari.sends_document("besar.mp4", data=bytes((20 << 20) + 1))
    await town.settle()
    assert await copied(town) == 0
    assert await rows(town) == [(False, Loss.TOO_BIG)]
    assert budi.last.kind == "document", "it arrives all the same"
    assert "lebih dari 20 MB" in hears(sari)


async def test_words_that_are_destroyed_take_their_picture_along(
    town: Town, tmp_path: Path
) -> None:
    sari = await town.asker("Sari", agreed=False)
    sari.sends_photo("Benjolan", data=PICTURE)
    await town.settle()
    assert await copied(town) == 1
    assert files(tmp_path)
    sari.taps("Tidak setuju")
    await town.settle()
    assert (await the_one(town)).ended_at
    with pytest.raises(Unreadable):
        await opened(town, tmp_path)
    assert await town.station.copier.clear()
    assert files(tmp_path) == []
    assert await rows(town) == []
    assert not await town.station.copier.clear()


async def test_the_check_says_how_many_copies_are_missing(town: Town, tmp_path: Path) -> None:
    sari, _ = await pair(town)
    for _ in range(2):
        sari.sends_photo(data=PICTURE)
    await town.settle()
    assert await copied(town) == 2

    async def says() -> tuple[bool, str]:
        found = await examine(town.app.settings)
        return next((one.ok, one.line) for one in found if one.what == "media")

    assert (await says())[0]
    files(tmp_path)[0].unlink()
    well, line = await says()
    assert not well
    assert "1 dari 2 salinan terbaru tidak ada" in line
