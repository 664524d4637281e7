"""Quick replies: the admin keeps them, a worker sends one with a tap."""

import pytest

from services import shortcut
from tests.stories.acts import hears, ids, neighbour, pair, presses, says, since, taken, taps
from tests.town import Town


@pytest.mark.parametrize(
    "typed",
    ["", "tanpa titik dua", ": isi", "Judul:", "Judul: [dosis]", "Judul: [nama", "x" * 31 + ": isi",
     "Judul: " + "x" * 301, "Judul: 3175091234567890"],
)  # fmt: skip
def test_what_is_no_quick_reply_is_not_taken(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        shortcut.read(typed)


def test_a_value_is_never_read_as_a_placeholder() -> None:
    values = {"nama": "[petugas]", "petugas": "Perawat Budi"}
    assert shortcut.fill("[nama], ini [petugas] [0]", values) == "[petugas], ini Perawat Budi [0]"


async def test_a_tap_sends_what_the_worker_saw(town: Town) -> None:
    sari, budi = await pair(town)
    ani, dewi = await town.asker("Ani"), await neighbour(town)
    await taken(town, ani, budi, "Ani pusing")
    assert "belum punya balasan cepat" in await says(town, budi, "🔵 1 · Sari") + await taps(
        town, budi, "⚡ Balasan cepat"
    )
    ayu = await town.admin("Ayu")
    await says(town, ayu, "/admin")
    await taps(town, ayu, "⚡ Balasan cepat")
    await taps(town, ayu, "➕ Tambah")
    assert "belum terbaca" in await says(town, ayu, "Minta foto: [dosis]")
    page = await says(town, ayu, "Minta foto: [nama], kirim foto ya. [petugas], [fasilitas]")
    assert "tekan.\n\n1. Minta foto: [nama], kirim foto ya." in page

    await taps(town, budi, "⚡ Balasan cepat")
    offered = budi.last
    text = "Sari, kirim foto ya. Perawat Budi, Puskesmas Contoh"
    assert f"1. Minta foto: {text}" in (offered.text or "")
    counts = len(sari.heard), len(ani.heard)
    budi.taps("1. Minta foto", offered)
    budi.taps("1. Minta foto", offered)  # a trembling finger
    await town.settle()
    assert since(sari, counts[0]) == [f"Perawat Budi\n{text}"]
    assert since(ani, counts[1]) == []
    assert offered.buttons == []
    assert f"⚡ Dikirim kepada 🔵 No. 1 · Sari: «{text}»" in (offered.text or "")
    sari.replies(sari.last, "Ini, Pak")
    await town.settle()
    assert budi.last.reply_to is offered
    for stranger in (dewi, ani):
        presses(stranger, f"shortcut:{(await ids(town))[0]}")
        await town.settle()
        assert "tidak ditemukan" in stranger.heard[-1]

    await says(town, ayu, "/admin")
    await taps(town, ayu, "⚡ Balasan cepat")
    await taps(town, ayu, "🗑 1")
    await says(town, budi, "🔵 1 · Sari")
    assert "belum punya" in await taps(town, budi, "⚡ Balasan cepat")
    presses(budi, "strike_shortcut:1")
    await town.settle()
    assert "tidak berlaku" in hears(budi)
