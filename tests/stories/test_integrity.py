"""What looks made up reaches the admin by the clock; an asker is asked whether it took place."""

import pytest

from services import integrity
from tests.stories.acts import advised, hears, ids, presses, since, taken, taps
from tests.town import Town


async def test_the_clock_flags_a_pattern_once_and_an_asker_says_it_never_was(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ONE_OF", 1), ("ALIKE", 2), ("SILENT", 2)):
        monkeypatch.setattr(integrity, name, value)  # a short day: the bounds have their own test
    ayu, budi = await town.admin("Ayu"), await town.worker("Budi")
    askers = [await town.asker(f"Sari {one}") for one in range(2)]
    for one in askers:
        await taken(town, one, budi, "Batuk empat hari")
        await advised(town, budi, "Minum air hangat.")
    count = len(budi.heard)
    for _ in range(2):
        await town.wait(hours=1)
    assert hears(ayu).count("Periksa pola konsultasi") == 1, "once, until it was reviewed"
    assert "Perawat Budi: 2 nasihat persis sama dalam sehari" in hears(ayu)
    assert "2 ditutup tanpa kata penanya" in hears(ayu)
    assert "Batuk" not in hears(ayu)

    await town.wait(days=3)
    asked, other = askers[0], askers[1]
    assert "apakah pada 24 November 2026" in (asked.last.text or "")
    assert "sudah kami catat" in await taps(town, other, "✅ Ya")
    presses(budi, f"real:{(await ids(town))[0]}:0")
    await town.settle()
    assert "tidak ditemukan" in budi.heard[-1]
    before = len(ayu.heard)
    assert "Admin akan memeriksanya" in await taps(town, asked, "❌ Tidak")
    assert "penanya nomor 1 (24 November 2026) menjawab tidak pernah" in since(ayu, before)[-1]
    assert not [one for one in since(budi, count) if "memeriksa" in one or "acak" in one]
