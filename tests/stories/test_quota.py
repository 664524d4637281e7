"""«Hemat kuota»: media come as a line with their size, and on a tap."""

from tests.stories.acts import complains, hears, pair, presses, taken, watched
from tests.town import Town


async def test_who_saves_data_sees_a_line_and_gets_the_medium_on_a_tap(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    await complains(town, sari, "/hemat")
    sari.taps("Nyalakan")
    await complains(town, budi, "/hemat")
    budi.taps("Nyalakan")
    await town.settle()
    sent = watched(town)
    sari.sends_photo("Ruam <b>merah</b>", data=b"x" * 240_000)
    await town.settle()
    assert budi.last.kind == "text"
    assert budi.heard[-1] == "🔵 No. 1 · Sari\n📷 Foto, 240 KB\nRuam <b>merah</b>"
    assert "setMessageReaction" not in [one.method for one in sent], "fewer receipts"
    budi.taps("Lihat")
    budi.taps("Lihat")
    await town.settle()
    assert [one.kind for one in budi.sees if one.from_bot].count("photo") == 1
    assert budi.last.kind == "photo"
    assert budi.last.protected
    budi.says("Sejak kapan?", budi.last)
    await town.settle()
    assert "Sejak kapan?" in sari.heard[-1], "a reply to it finds its way"
    budi.sends_document("Surat", data=b"x" * 1_250_000)
    await town.settle()
    assert "📄 Berkas, 1,2 MB" in sari.heard[-1]
    sari.sends_album(3, "Tiga foto")
    await town.settle()
    assert budi.heard[-1] == "🔵 No. 1 · Sari\n📷 Beberapa foto\nTiga foto"
    budi.taps("Lihat", budi.last)
    await town.settle()
    assert [one.kind for one in budi.sees if one.from_bot].count("photo") == 4
    await complains(town, sari, "/hemat")
    sari.taps("Matikan")
    await town.settle()
    budi.sends_voice()
    await town.settle()
    assert sari.last.kind == "voice"


async def test_the_line_is_nobody_else_s_and_also_shown_to_who_takes_it_later(town: Town) -> None:
    budi, dewi = await town.worker("Budi"), await town.worker("Dewi", ready=False)
    await complains(town, budi, "/hemat")
    budi.taps("Nyalakan")
    sari = await town.asker("Sari")
    sari.sends_photo("Saya gatal")
    await town.settle()
    await taken(town, sari, budi, "Sudah 4 hari")
    assert "📷 Foto" in hears(budi)
    line = next(one for one in budi.sees if "👁 Lihat" in one.buttons)
    payload = line.inline_buttons[0]["callback_data"]
    for stranger in (dewi, await town.asker("Ani")):
        presses(stranger, payload)
        await town.settle()
        assert "tidak ditemukan" in stranger.heard[-1]
        assert all(one.kind == "text" for one in stranger.sees)
    budi.taps("Lihat", line)
    await town.settle()
    assert budi.last.kind == "photo"
