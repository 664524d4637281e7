"""The network to PostgreSQL is cut: every packet is lost, both ways, and nobody hangs up.

A proxy that merely stops passing on would not do: its kernel goes on answering keepalives. So a
socket filter drops what comes in, before the kernel has seen it; that needs no rights.
"""

import asyncio
import ctypes
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from unittest import mock

import aiohttp
import pytest
import sqlalchemy

from bot import database, ownership
from simulator.telegram import BotAccount
from tests.engine.test_owners import ask
from tests.engine.test_ready import WEBHOOK, Line, Watchman, telegram, watched
from tests.postgres import Postgres

__all__ = ["telegram"]
pytestmark = pytest.mark.engine

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
DROP = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # one instruction: return 0
NOTICED = 10.0
"""Seconds in which the shortened limits of this test must have told the service."""
QUICK = {
    "connect_timeout": 2,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 2000,
}


class Cable:
    """A proxy on loopback that can lose every packet."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._ends: list[socket.socket] = []
        self._tasks: list[asyncio.Task[object]] = []
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Give the port behind which the other one is."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        door = self._server.sockets[0]
        self._door = socket.socket(fileno=door.fileno())
        self._door.setblocking(False)
        return int(door.getsockname()[1])

    def cut(self) -> None:
        """Lose everything that comes from now on, of connections and of who knocks."""
        program = struct.pack("HL", 1, ctypes.addressof(DROP))
        for end in (*self._ends, self._door):
            with suppress(OSError):  # it was closed long ago
                end.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)

    def heal(self) -> None:
        """Let new connections through; the old ones stay dead."""
        self._door.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)

    async def close(self) -> None:
        self._door.detach()
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)
        await asyncio.sleep(0)  # the transports close in the next round
        for end in self._ends:
            end.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", self._to)
        for one in (writer, there[1]):
            self._ends.append(one.get_extra_info("socket")._sock.dup())
        task = asyncio.current_task()
        assert task is not None
        self._tasks.append(task)
        with suppress(asyncio.CancelledError):  # so ends the test
            await asyncio.gather(_pass_on(reader, there[1]), _pass_on(there[0], writer))
        for end in (writer, there[1]):
            end.transport.abort()


async def _pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(1 << 16):
            to.write(data)
            await to.drain()
    to.close()


@pytest.fixture
async def cable(postgres: Postgres) -> AsyncIterator[tuple[Cable, str, str]]:
    """The line, the database's address at its end, and the one beside it."""
    beside = postgres.database()
    url = sqlalchemy.make_url(beside)
    cable = Cable(url.port or 0)
    through = url.set(port=await cable.open()).render_as_string(hide_password=False)
    yield cable, through, beside
    await cable.close()


async def test_a_cut_network_is_noticed_and_work_goes_on_when_it_is_back(
    telegram: Line, cable: tuple[Cable, str, str], tmp_path: Path
) -> None:
    line, through, beside = cable
    bot = telegram[1]
    with mock.patch.dict(database.REACH, QUICK), mock.patch.dict(ownership.CUT, QUICK):
        async with watched(telegram, through, tmp_path, WEBHOOK) as watchman:
            await watchman.sees_work(bot)
            assert await webhook(watchman, bot, 1) == (200, None)
            line.cut()
            began = time.monotonic()
            assert await webhook(watchman, bot, 2) == (503, "5")
            await watchman.hears(503, "database: OperationalError")
            assert await watchman.asks("/healthz") == (200, "alive\n")
            assert time.monotonic() - began < NOTICED
            line.heal()
            assert await webhook(watchman, bot, 2) == (200, None)
            await watchman.hears(200, "ready")
            async with asyncio.timeout(20):
                while ask(beside, "SELECT count(*) FROM inbox WHERE ended_at IS NULL") != [0]:
                    await watchman.asks("/healthz")
                    watchman.clock.move(1)
    assert ask(beside, "SELECT update_id FROM inbox ORDER BY seq") == [1, 2]
    assert ask(beside, "SELECT max(attempts) FROM inbox") == [0]


async def webhook(watchman: Watchman, bot: BotAccount, number: int) -> tuple[int, str | None]:
    """Bring an update as Telegram does; give the status and when to come again."""
    url = f"{watchman.app.address}/telegram/{bot.id}"
    secret = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK["WEBHOOK_SECRET"]}
    sari = {"id": 5, "is_bot": False, "first_name": "Sari"}
    message = {"message_id": number, "date": 1, "chat": {"id": 5, "type": "private"}, "from": sari}
    update = {"update_id": number, "message": message | {"text": "/tidak_ada"}}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=update, headers=secret) as answer,
    ):
        return answer.status, answer.headers.get("Retry-After")


def test_nothing_waits_longer_than_eleven_seconds_for_a_network_that_is_cut() -> None:
    for limits, seconds in ((database.REACH, 11), (ownership.CUT, 4)):
        idle, interval, count, unanswered, connect = (int(str(limits[name])) for name in (
            "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
            "connect_timeout",
        ))  # fmt: skip
        assert max(idle + interval * count, unanswered / 1000, connect) <= seconds
