"""Told to stop, the service leaves nothing half done; what kills it is set aside at last."""

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest

from simulator.telegram import Delivery
from tests.engine.conftest import Street
from tests.engine.process import HANGS, POISON
from tests.engine.test_owners import ask

CROWD = 40


def on(database: str, statement: str) -> list[object]:
    if database.startswith("postgresql"):
        return ask(database, statement)
    with closing(sqlite3.connect(database.partition("///")[2])) as connection:
        return [one for (one,) in connection.execute(statement)]


async def heard(street: Street, times: int) -> None:
    """Return when the service has said that many things."""
    done, left = asyncio.Event(), iter(range(times - 1))
    street.telegram.watchers.append(lambda _: None if next(left, None) is not None else done.set())
    async with asyncio.timeout(20):
        await done.wait()


@pytest.mark.engine
async def test_sigterm_under_load_ends_in_ten_seconds_with_nothing_in_limbo(
    street: Street, engine_url: str
) -> None:
    bot = street.telegram.add_bot("contoh_bot")
    people = [street.telegram.add_person(f"Warga{n}", bot=bot) for n in range(CROWD)]
    street.telegram.trouble.add("sendMessage", "delay_after", seconds=0.3, times=None)
    service = street.service(engine_url, bot)
    await service.start()
    for one in people:
        for n in range(3):
            one.says(f"Keluhan {n}")
    await heard(street, 3)
    told = time.monotonic()
    service.kill(signal.SIGTERM)
    assert await service.ended() == 0
    assert time.monotonic() - told < 10
    unfinished = "SELECT count(*) FROM inbox WHERE ended_at IS NULL"
    assert on(engine_url, unfinished + " AND claimed_at IS NOT NULL") == [0]
    assert on(engine_url, unfinished) == [0], "what was stored was not finished"
    limbo = "SELECT count(*) FROM outbox WHERE settled_at IS NULL AND attempted_at IS NOT NULL"
    assert on(engine_url, limbo) == [0]
    assert on(engine_url, "SELECT count(*) FROM outbox WHERE settled_at IS NULL") != [0], "no load"


async def test_a_backlog_longer_than_the_drain_is_finished_after_the_next_start(
    street: Street, sqlite_url: str
) -> None:
    bot = street.telegram.add_bot("contoh_bot")
    people = [street.telegram.add_person(f"Warga{n}", bot=bot) for n in range(4)]
    backlog = [f"/tidak_ada{n}" for n in range(20)]
    for text in backlog:
        for one in people:
            one.says(text)
    service = street.service(sqlite_url, bot)
    service.factor, service.slowness = 20.0, 0.2  # four seconds' worth of updates in each chat
    await service.start(now=datetime.now(UTC))
    await heard(street, 3)
    told = time.monotonic()
    service.kill(signal.SIGTERM)
    assert await service.ended() == 0
    assert time.monotonic() - told < 10
    unfinished = "SELECT count(*) FROM inbox WHERE ended_at IS NULL"
    (left,) = on(sqlite_url, unfinished)
    assert left, "the backlog did not outlast the drain"
    assert on(sqlite_url, unfinished + " AND claimed_at IS NOT NULL") == [0]
    limbo = "SELECT count(*) FROM outbox WHERE settled_at IS NULL AND attempted_at IS NOT NULL"
    assert on(sqlite_url, limbo) == [0]

    service.slowness = 0.0
    everything = len(people) * len(backlog)
    still = everything - sum(len(one.heard) for one in people)
    waiting = asyncio.create_task(heard(street, still))
    await service.start(now=datetime.now(UTC))
    await waiting
    service.kill(signal.SIGTERM)
    assert await service.ended() == 0
    assert [len(one.heard) for one in people] == [len(backlog)] * len(people)
    assert on(sqlite_url, unfinished) == [0]
    assert on(sqlite_url, "SELECT max(attempts) FROM inbox") == [0]


@pytest.mark.parametrize("words", [POISON, HANGS])
async def test_an_update_that_kills_the_process_is_set_aside_and_the_others_are_handled(
    street: Street, sqlite_url: str, words: str
) -> None:
    bot = street.telegram.add_bot("contoh_bot")
    people = [street.telegram.add_person(f"Warga{n}", bot=bot) for n in range(4)]
    for n, one in enumerate(people):
        one.says(words if n == 1 else f"Keluhan {n}")
    others = {one.id for one in people} - {people[1].id}
    answered = asyncio.Event()

    def hear(delivery: Delivery) -> None:
        others.discard(delivery.chat_id)
        if not others:
            answered.set()

    street.telegram.watchers.append(hear)
    service = street.service(sqlite_url, bot, handler_limit=0.3)
    for _ in range(4):  # once in the batch, then three times alone
        await service.start()
        assert await service.ended() == (-signal.SIGKILL if words == POISON else 1)
    await service.start()
    async with asyncio.timeout(20):
        await answered.wait()
    service.kill(signal.SIGTERM)
    assert await service.ended() == 0
    aside = "SELECT chat_id FROM inbox WHERE ending = 'aside'"
    assert on(sqlite_url, aside) == [people[1].id]
    assert on(sqlite_url, "SELECT max(attempts) FROM inbox WHERE ending <> 'aside'") < [2]
    assert on(sqlite_url, "SELECT count(*) FROM inbox WHERE ended_at IS NULL") == [0]
    if words == HANGS:
        assert "Timeout (0:00:00.300000)!" in service.log.read_text()
