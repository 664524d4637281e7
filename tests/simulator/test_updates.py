import asyncio

import pytest

from simulator.clock import MovedClock
from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking


def texts(updates: list[dict[str, dict[str, str]]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_are_numbered_one_by_one(ask: Asking, sari: Person) -> None:
    for text in "abc":
        sari.says(text)
    ids = [update["update_id"] for update in await ask.updates()]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]


async def test_an_offset_confirms_what_is_below_it(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    for text in "abc":
        sari.says(text)
    first = (await ask.updates(limit=1))[0]["update_id"]
    assert texts(await ask.updates()) == ["a", "b", "c"]
    assert telegram.updates_waiting(bot) == 3
    assert texts(await ask.updates(offset=first + 1)) == ["b", "c"]
    assert texts(await ask.updates()) == ["b", "c"]
    assert telegram.updates_waiting(bot) == 2


async def test_a_negative_offset_keeps_the_newest(ask: Asking, sari: Person) -> None:
    for text in "abc":
        sari.says(text)
    assert texts(await ask.updates(offset=-2)) == ["b", "c"]
    assert texts(await ask.updates()) == ["b", "c"]


async def test_at_most_a_hundred_come_at_once(ask: Asking, sari: Person) -> None:
    for number in range(120):
        sari.says(str(number))
    assert len(await ask.updates(limit=1000)) == 100


async def test_messages_wait_a_day_and_presses_150_seconds(
    ask: Asking, clock: MovedClock, sari: Person
) -> None:
    sari.says("a")
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup=markup)
    sari.taps("Ya")
    clock.move(149)
    assert len(await ask.updates()) == 2
    clock.move(1)
    assert texts(await ask.updates()) == ["a"]
    clock.move(86_400 - 151)
    assert texts(await ask.updates()) == ["a"]
    clock.move(1)
    assert await ask.updates() == []


async def test_ids_may_start_again_anywhere(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    sari.says("a")
    offset = (await ask.updates())[0]["update_id"] + 1
    await ask.updates(offset=offset)
    bot.updates._next_id = offset - 50_000_000  # below: the worst place to begin again
    sari.says("b")
    assert texts(await ask.updates(offset=offset)) == ["b"]
    telegram.restart_update_ids(bot)
    assert telegram.updates_waiting(bot) == 0


async def test_only_the_kinds_asked_for_are_kept(ask: Asking, sari: Person) -> None:
    message = sari.says("a")
    sari.reacts(message, "👍")
    assert len(await ask.updates(allowed_updates=["message_reaction"])) == 1
    sari.says("b")
    sari.reacts(message, None)
    kinds = [set(update) - {"update_id"} for update in await ask.updates(offset=-1)]
    assert kinds == [{"message_reaction"}]
    await ask.updates(allowed_updates=[])
    sari.says("c")
    sari.reacts(message, "👍")
    assert texts(await ask.updates(offset=-1)) == ["c"]


async def test_a_long_poll_ends_with_the_first_update(ask: Asking, sari: Person) -> None:
    poll = asyncio.create_task(ask.updates(timeout=30))
    await asyncio.sleep(0)
    sari.says("a")
    assert texts(await poll) == ["a"]


async def test_a_second_poll_ends_the_first(ask: Asking, sari: Person) -> None:
    first = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0)
    second = asyncio.create_task(ask.updates(timeout=30))
    assert "terminated by other getUpdates request" in await first
    sari.says("a")
    assert texts(await second) == ["a"]


async def test_a_webhook_ends_polling(ask: Asking) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0)
    await ask("setWebhook", url="https://contoh.id/a")
    assert await poll == "Conflict: terminated by setWebhook request"
    assert "while webhook is active" in await ask("getUpdates")
    await ask("deleteWebhook")
    assert await ask.updates() == []


async def test_a_poll_without_news_ends_by_itself(
    ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.api.LONGEST_POLL", 0.01)
    assert await ask.updates(timeout=1) == []


async def test_a_list_without_a_known_kind_asks_for_the_usual_ones(
    ask: Asking, sari: Person
) -> None:
    await ask.updates(allowed_updates=["message_reaction"])
    sari.says("a")
    assert await ask.updates() == []
    await ask.updates(allowed_updates=["kind_of_2027"])
    message = sari.says("b")
    sari.reacts(message)
    assert [list(update)[1] for update in await ask.updates()] == ["message"]
    await ask.updates(allowed_updates=["Message"])
    sari.edits(message, "c")
    assert len(await ask.updates()) == 1
