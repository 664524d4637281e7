import asyncio
from datetime import timedelta

import pytest

from simulator.clock import MovedClock, ScaledClock
from tests.simulator.conftest import START


async def test_sleepers_wake_in_the_order_of_their_time(clock: MovedClock) -> None:
    woken: list[int] = []

    async def sleep(seconds: int) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    tasks = [asyncio.create_task(sleep(seconds)) for seconds in (3, 1, 2, 9)]
    await asyncio.sleep(0)
    clock.move(timedelta(seconds=5))
    await asyncio.gather(*tasks[:3])
    assert woken == [1, 2, 3]
    assert clock.sleepers == 1
    tasks[3].cancel()


def test_a_jump_moves_the_calendar_only(clock: MovedClock) -> None:
    clock.move(10)
    clock.jump(-3600)
    assert clock.time() == 10
    assert clock.now() == START + timedelta(seconds=10 - 3600)
    with pytest.raises(ValueError, match="does not go back"):
        clock.move(-1)


async def test_a_scaled_clock_runs_fast() -> None:
    clock = ScaledClock(100_000, START)
    await clock.sleep(100)
    assert clock.time() >= 100
    assert clock.now() >= START + timedelta(seconds=100)
