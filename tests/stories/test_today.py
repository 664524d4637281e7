"""The facility's day in one message, and the call to those who are not there."""

from tests.stories.acts import complains, hears, neighbour, pair, presses, says, taps
from tests.town import Town


async def test_the_day_stands_in_one_message_and_a_tap_calls(each_town: Town) -> None:
    town = each_town
    ayu = await town.admin("Ayu")
    await says(town, ayu, "/admin")
    assert "0 datang" in await taps(town, ayu, "📊 Antrean hari ini"), "before anybody came"
    _, budi = await pair(town)
    citra, dewi = await town.worker("Citra", ready=False), await neighbour(town)
    await says(town, budi, "Ada demam?")
    budi.says("/selesai")
    await town.settle()
    ani = await town.asker("Ani")
    await complains(town, ani, "Gigi saya sakit sekali")
    await town.wait(minutes=12)
    await says(town, ayu, "/admin")
    page = await taps(town, ayu, "📊 Antrean hari ini")
    assert "Puskesmas Contoh hari ini: 2 datang, 1 sudah dijawab, biasanya dalam" in page
    assert "1 menunggu, paling lama 1" in page
    assert "Tidak ada yang bertugas" in page
    assert "Gigi saya" not in page, "never a patient's words"
    count = len(dewi.heard)
    assert "2 petugas" in await taps(town, ayu, "📣 Panggil petugas")
    for away in (budi, citra):
        assert "📣 Puskesmas Contoh: 1 orang menunggu jawaban" in away.heard[-1]
    assert len(dewi.heard) == count, "nobody of elsewhere"
    await taps(town, ayu, "📊 Antrean hari ini")
    assert "baru saja dipanggil" in await taps(town, ayu, "📣 Panggil petugas")
    call = next(b["callback_data"] for m in ayu.sees for b in m.inline_buttons if "📣" in b["text"])
    presses(budi, call)
    await town.settle()
    assert "tidak bisa dilakukan dari akun ini" in budi.heard[-1]
    assert hears(citra).count("📣") == 1
    await town.wait(minutes=15)
    await taps(town, citra, "✅ Siap lagi")
    await taps(town, citra, "Terima")
    presses(ayu, call)
    await town.settle()
    assert "Tidak ada yang menunggu" in ayu.heard[-1]
