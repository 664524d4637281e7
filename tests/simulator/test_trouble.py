import asyncio

import pytest

from simulator.clock import MovedClock
from simulator.person import Person
from simulator.telegram import Telegram
from simulator.trouble import Trouble
from tests.simulator.conftest import Asking


async def test_errors_may_hide_a_delivery(telegram: Telegram, ask: Asking, sari: Person) -> None:
    sari.starts()
    telegram.trouble.add("sendMessage", "error", code=500)
    telegram.trouble.add("sendMessage", "error_after")
    telegram.trouble.add("sendMessage", "flood", retry_after=9)
    answers = [await ask("sendMessage", chat_id=sari.id, text=text) for text in "abc"]
    assert answers == [
        "Internal Server Error",
        "Bad Gateway",
        "Too Many Requests: retry after 9",
    ]
    assert sari.heard == ["b"]
    assert [call.error_code for call in telegram.calls] == [500, 502, 429]


async def test_a_delayed_call_waits_for_the_clock(
    telegram: Telegram, ask: Asking, clock: MovedClock, sari: Person
) -> None:
    sari.starts()
    telegram.trouble.add("sendMessage", "delay", seconds=30)
    call = asyncio.create_task(ask("sendMessage", chat_id=sari.id, text="a"))
    await asyncio.sleep(0)
    clock.move(29)
    await asyncio.sleep(0)
    assert sari.heard == []
    clock.move(1)
    await call
    assert sari.heard == ["a"]


async def test_trouble_can_meet_one_chat_only(
    telegram: Telegram, ask: Asking, sari: Person
) -> None:
    wayan = telegram.add_person("Wayan", bot=ask.bot)
    for person in (sari, wayan):
        person.starts()
    telegram.trouble.add("*", "error", chat_id=wayan.id, times=None)
    for person in (sari, wayan):
        await ask("sendMessage", chat_id=person.id, text="a")
    assert (sari.heard, wayan.heard) == (["a"], [])
    telegram.trouble.clear()
    await ask("sendMessage", chat_id=wayan.id, text="a")
    assert wayan.heard == ["a"]


def test_chance_repeats_itself() -> None:
    def run() -> list[bool]:
        trouble = Trouble()
        trouble.add("getMe", "error", times=None, chance=0.5)
        return [trouble.take("getMe", None) is not None for _ in range(50)]

    assert run() == run()
    assert 10 < sum(run()) < 40


def test_unknown_trouble_is_refused() -> None:
    with pytest.raises(ValueError, match="no such trouble"):
        Trouble().add("getMe", "rain")  # type: ignore[arg-type]
