"""The service was away for hours; people wrote and pressed all the same."""

from datetime import timedelta

from tests.stories.acts import answers, complains, hears, unfinished, watched
from tests.stories.test_danger import CARD
from tests.town import Town


async def test_after_hours_away_everybody_is_answered_and_danger_first(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    sari, wati, dina = [await town.asker(name) for name in ("Sari", "Wati", "Dina")]
    await complains(town, sari, "Batuk sejak kemarin")
    budi.taps("Terima")  # Telegram keeps a press for 150 seconds
    for n in range(5):
        wati.says(f"Pusing {n}")
        town.clock.move(timedelta(minutes=30))
    dina.says("Anak saya kejang")
    town.clock.move(timedelta(hours=3))
    seen = watched(town)
    await town.wait(seconds=10)
    assert {one.chat_id for one in seen[:2]} == {dina.id, budi.id}, "the card and its alert"
    assert CARD in hears(dina)
    assert hears(wati).count("Siapa yang sakit?") == 1, "once for everything that she wrote"
    await answers(town, wati)
    assert hears(wati).count("Nomor Ibu/Bapak") == 1
    assert await unfinished(town) == 0
    assert "sudah menerima keluhan" not in hears(sari), "a press that never came"

    budi.taps("Terima")
    await town.wait(seconds=10)
    citra = await town.worker("Citra")
    for one in (budi, citra):
        one.taps("Terima")
        await town.settle()
    assert all("sudah menerima keluhan" in hears(who) for who in (dina, sari, wati))
    told = hears(budi) + hears(citra)
    assert all(f"Pusing {n}" in told for n in range(5)), "nothing of it is lost"
