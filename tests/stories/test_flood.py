"""Who writes faster than a chat can be written to: slowed and put together, and nothing is lost."""

from tests.stories.acts import complains, hears, pair, since, taken, turns, unfinished, watched
from tests.town import Town

MANY = 60


async def test_in_a_consultation_a_flood_arrives_whole_and_keeps_nobody_else_waiting(
    each_town: Town,
) -> None:
    town = each_town
    sari, budi = await pair(town)
    ani = await town.asker("Ani")
    await taken(town, ani, budi, "Ani pusing")
    count, seen = len(budi.heard), watched(town)
    said = [sari.says(f"cerita {n} <b>") for n in range(MANY)]
    ani.says("saya masih pusing")
    await town.settle()
    assert await unfinished(town) == 0

    told = "\n".join(since(budi, count))
    places = [told.index(f"cerita {n} <b>\n" if n < MANY - 1 else f"cerita {n} <b>")
              for n in range(MANY)]  # fmt: skip
    assert places == sorted(places), "all of it, in order"
    to_budi = [one for one in seen if one.chat_id == budi.id and one.method == "sendMessage"]
    assert len(to_budi) <= 8, "put together"
    (waited,) = [n for n, one in enumerate(to_budi) if "masih pusing" in (one.message.text or "")]
    assert waited <= 5, "Ani waits for no sixty messages"

    # A joined message is still somebody's: what answers it, and what corrects it, finds its way.
    joined = next(one for one in reversed(budi.sees) if "cerita 50" in (one.text or ""))
    budi.replies(joined, "Sejak kapan, Bu?")
    await town.settle()
    assert "Sejak kapan, Bu?" in sari.heard[-1]
    assert "Sejak kapan" not in hears(ani)
    sari.edits(said[50], "cerita lima puluh, diperbaiki")
    await town.settle()
    assert "Diperbaiki menjadi" in budi.heard[-1]
    assert "lima puluh, diperbaiki" in budi.heard[-1]


async def test_while_waiting_every_word_is_kept_and_no_mark_delays_what_matters(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk empat hari")
    seen = watched(town)
    for n in range(MANY):
        sari.says(f"tambahan {n}")
    await turns(town, MANY + 5)  # all of it is handled, and next to nothing sent
    budi.taps("Terima")
    await town.settle()
    mine = [one.method for one in seen if one.chat_id == sari.id]
    assert mine.index("sendMessage") <= 3, "that somebody answers comes before the marks"
    assert mine.count("setMessageReaction") >= MANY - 5
    assert all(f"tambahan {n}" in hears(budi) for n in range(MANY))


async def test_before_the_consent_it_is_said_twice_and_everything_is_kept(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)
    for n in range(MANY):
        sari.says(f"Benjolan di leher, bagian {n}")
    await town.settle()
    assert hears(sari).count("Sudah kami simpan juga") == 1
    assert len(sari.heard) == 3
    sari.taps("Setuju")
    await town.settle()
    await complains(town, sari, "Saya sendiri, laki-laki 34 tahun")
    budi.taps("Terima")
    await town.settle()
    assert all(f"bagian {n}" in hears(budi) for n in range(MANY))
    assert await unfinished(town) == 0
