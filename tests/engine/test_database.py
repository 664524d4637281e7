"""One transaction for all that waits for the writing thread; who fails in it fails alone."""

import asyncio
import threading

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.database import Database
from models.bot import Bot
from models.seal import KeyRing

pytestmark = pytest.mark.engine


class Writer:
    """A database whose thread can be held, and the commits it made."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, KeyRing.parse(KeyRing.fresh_key()))
        self.database.migrate()
        self.commits = 0
        event.listen(self.database.writer, "commit", self._count)

    def _count(self, _: object) -> None:
        self.commits += 1

    async def together(self, *bots: int) -> list[object]:
        """Let the thread find all of these waiting: each adds a bot, 0 fails."""
        free = threading.Event()
        self.database._write_thread.submit(free.wait)
        waiting = [asyncio.create_task(self.add(one)) for one in bots]
        await asyncio.sleep(0)
        free.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    async def add(self, number: int) -> int:
        return await self.database.write(lambda session: add(session, number))

    async def bots(self) -> list[int]:
        return await self.database.read(lambda s: list(s.scalars(select(Bot.id).order_by(Bot.id))))


def add(session: Session, number: int) -> int:
    if not number:
        raise ValueError("as a bug would")
    session.add(Bot(id=number, username=""))
    session.flush()
    return number


async def test_what_waits_together_is_committed_once(engine_url: str) -> None:
    writer = Writer(engine_url)
    assert await writer.together(1, 2, 3) == [1, 2, 3]
    assert writer.commits == 1
    assert await writer.bots() == [1, 2, 3]
    writer.database.close()


async def test_what_comes_while_a_transaction_runs_goes_with_it(engine_url: str) -> None:
    writer = Writer(engine_url)
    loop, late = asyncio.get_running_loop(), list[asyncio.Future[int]]()

    def first(session: Session) -> int:
        come = threading.Event()

        def comes() -> None:
            late.append(asyncio.ensure_future(writer.add(2)))
            loop.call_soon(come.set)

        loop.call_soon_threadsafe(comes)
        assert come.wait(10)
        return add(session, 1)

    assert await writer.database.write(first) == 1
    assert await late[0] == 2
    assert writer.commits == 1
    writer.database.close()


async def test_who_fails_spoils_nothing_of_its_neighbours(engine_url: str) -> None:
    writer = Writer(engine_url)
    one, failed, two = await writer.together(1, 0, 2)
    assert (one, two) == (1, 2)
    assert isinstance(failed, ValueError)
    assert await writer.bots() == [1, 2]
    writer.database.close()


async def test_a_commit_that_fails_is_said_to_all_and_made_by_none(engine_url: str) -> None:
    writer = Writer(engine_url)

    def fail(_: object) -> None:
        raise OSError("as a disk would")

    event.listen(writer.database.writer, "commit", fail)
    assert [type(one) for one in await writer.together(1, 2)] == [OSError, OSError]
    event.remove(writer.database.writer, "commit", fail)
    assert await writer.bots() == []
    assert await writer.together(3) == [3]
    writer.database.close()


async def test_who_no_longer_waits_is_passed_over(engine_url: str) -> None:
    writer, free = Writer(engine_url), threading.Event()
    writer.database._write_thread.submit(free.wait)
    gone = asyncio.create_task(writer.add(1))
    stays = asyncio.create_task(writer.add(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    free.set()
    assert await stays == 2
    assert await writer.bots() == [2]
    writer.database.close()
