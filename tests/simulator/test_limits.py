from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import MovedClock
from simulator.limits import Limits
from simulator.person import Person
from simulator.telegram import Telegram
from tests.simulator.conftest import START, Asking

BOT = 1
pauses = st.lists(
    st.tuples(st.floats(0, 1.2), st.integers(1, 3), st.booleans()), min_size=1, max_size=120
)


def most_within(times: Sequence[float], seconds: float) -> int:
    return max(
        (sum(start <= time < start + seconds - 1e-6 for time in times) for start in times),
        default=0,
    )


@given(pauses)
def test_no_second_ever_sees_more_than_the_published_limits(
    sends: list[tuple[float, int, bool]],
) -> None:
    clock = MovedClock(START)
    limits = Limits(clock)
    limits.on = True
    passed: dict[int, list[float]] = {}
    for pause, chat, hurry in sends:
        clock.move(pause / 20 if hurry else pause)
        if limits.judge(BOT, chat) is None:
            passed.setdefault(chat, []).append(clock.time())
    every = sorted(time for times in passed.values() for time in times)
    assert most_within(every, 1) <= 30
    assert all(most_within(times, 1) <= 1 for times in passed.values())


@given(pauses)
def test_who_waits_as_told_always_gets_through(sends: list[tuple[float, int, bool]]) -> None:
    clock = MovedClock(START)
    limits = Limits(clock)
    limits.on = True
    for pause, chat, _ in sends:
        clock.move(pause)
        wait = limits.judge(BOT, chat)
        if wait is not None:
            clock.move(wait)
            assert limits.judge(BOT, chat) is None


def test_thirty_chats_pass_in_a_second_and_the_next_bans_the_bot() -> None:
    clock = MovedClock(START)
    limits = Limits(clock)
    limits.on = True
    assert [limits.judge(BOT, chat) for chat in range(1, 32)] == [None] * 30 + [5]
    clock.move(4)
    assert limits.judge(BOT, 99) == 1
    assert limits.judge(2, 99) is None
    clock.move(1)
    assert limits.judge(BOT, 99) is None


def test_a_group_hears_twenty_a_minute() -> None:
    clock = MovedClock(START)
    limits = Limits(clock)
    limits.on = True
    answers = []
    for _ in range(21):
        answers.append(limits.judge(BOT, -1))
        clock.move(1)
    assert answers == [None] * 20 + [3]


def test_the_bucket_model_lets_a_burst_through() -> None:
    clock = MovedClock(START)
    limits = Limits(clock)
    limits.on, limits.model = True, "bucket"
    assert [limits.judge(BOT, 1) for _ in range(4)] == [None, None, None, 3]
    clock.move(3)
    assert [limits.judge(BOT, 1) for _ in range(3)] == [None] * 3


@pytest.mark.parametrize("on", [True, False])
async def test_a_breach_answers_with_the_seconds_to_wait(
    telegram: Telegram, ask: Asking, sari: Person, on: bool
) -> None:
    sari.starts()
    telegram.limits.on = on
    await ask("sendMessage", chat_id=sari.id, text="a")
    await ask("sendChatAction", chat_id=sari.id, action="typing")
    answer = await ask("sendMessage", chat_id=sari.id, text="b")
    assert (answer == "Too Many Requests: retry after 3") is on
    assert sari.heard == (["a"] if on else ["a", "b"])
