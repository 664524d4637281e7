"""Telegram out of reach: a line that swallows everything, a token that is no longer taken."""

import asyncio
import re
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bot.telegram import NotSent, Telegram
from services.content import plain
from simulator.account import Webhook
from simulator.person import Person
from tests.engine.conftest import Street
from tests.engine.process import PATIENCE, Service
from tests.engine.test_disk import FACTOR, get
from tests.engine.test_stop import on

CROWD = 6
UNKNOWN, LATER = "sends.*unknown", "sends.*later"
MARK = plain("mail.repeated")


class Line:
    """A line between the service and Telegram that can swallow everything, both ways.

    Cut, it takes no new connection either: a queue of connections that is full drops what
    knocks, as a network does, and nobody hears a refusal.
    """

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._to = host, int(port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.setblocking(False)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.is_cut = True
        self._healed = asyncio.Event()
        self._open: list[socket.socket] = []
        self._work: set[asyncio.Task[None]] = set()
        self.heal()

    def cut(self) -> None:
        """Let nothing through from this instant, and nobody in."""
        if self.is_cut:
            return
        self.is_cut = True
        self._healed.clear()
        asyncio.get_running_loop().remove_reader(self._door)
        self._door.listen(0)
        for _ in range(3):
            knock = socket.socket()
            knock.setblocking(False)
            knock.connect_ex(self._door.getsockname())
            self._open.append(knock)

    def heal(self) -> None:
        """Let new connections through; what was swallowed stays so."""
        for knock in self._open:
            knock.close()
        self._open.clear()
        self._door.listen(100)
        self.is_cut = False
        self._healed.set()
        asyncio.get_running_loop().add_reader(self._door, self._accept)

    async def close(self) -> None:
        """Take the line away."""
        self.cut()
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        for knock in self._open:
            knock.close()
        self._door.close()

    def _accept(self) -> None:
        with suppress(BlockingIOError):
            caller, _ = self._door.accept()
            caller.setblocking(False)
            task = asyncio.create_task(self._join(caller))
            self._work.add(task)
            task.add_done_callback(self._work.discard)

    async def _join(self, caller: socket.socket) -> None:
        here = await asyncio.open_connection(sock=caller)
        there = await asyncio.open_connection(*self._to)
        try:
            await asyncio.gather(self._pass_on(here[0], there[1]), self._pass_on(there[0], here[1]))
        finally:
            for _, end in (here, there):
                end.close()

    async def _pass_on(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(1 << 16):
                if not self.is_cut:
                    to.write(data)
                    await to.drain()
        await self._healed.wait()  # whoever hung up is not heard of on a dead line
        to.close()


def everybody_writes(people: list[Person]) -> None:
    for one in people:
        one.says("/tidak_ada")


def heard(people: list[Person]) -> int:
    return sum(len(one.heard) for one in people)


async def figure(service: Service, pattern: str) -> int:
    """Add up what /metrics says of it."""
    _, metrics = await get(service, "/metrics")
    found = re.findall(rf"{pattern}.*}} (\S+)$", metrics, re.MULTILINE)
    assert found, metrics
    return int(sum(map(float, found)))


@pytest.fixture
async def line(street: Street) -> AsyncIterator[Line]:
    opened = Line(street.url)
    yield opened
    await opened.close()


@pytest.fixture
def service(street: Street, line: Line, sqlite_url: str) -> Service:
    """The service at the end of the line, quick to lose patience."""
    one = street.service(sqlite_url, street.telegram.add_bot("contoh_bot"))
    one.settings["TELEGRAM_API_URL"] = line.url
    one.patience, one.factor = 2.0, FACTOR
    return one


@pytest.fixture
def people(street: Street, service: Service) -> list[Person]:
    (bot,) = street.telegram.bots.values()
    return [street.telegram.add_person(f"Warga{n}", bot=bot) for n in range(CROWD)]


async def test_a_dead_line_is_noticed_and_nothing_is_lost_or_doubled_unmarked(
    street: Street, line: Line, service: Service, people: list[Person], sqlite_url: str
) -> None:
    await service.start(now=datetime.now(UTC))
    everybody_writes(people)
    async with asyncio.timeout(2 * PATIENCE):
        while heard(people) < CROWD:
            await get(service, "/healthz")
        # It goes dead between a delivery and its answer, and others follow in vain.
        street.telegram.watchers.append(lambda _: line.cut())
        everybody_writes(people)
        while not (await figure(service, UNKNOWN) and await figure(service, LATER) > CROWD):
            pass
        while "telegram.away" not in service.log.read_text():
            await get(service, "/healthz")
        assert CROWD < heard(people) < CROWD * 2
        everybody_writes(people)
        street.telegram.watchers.pop()
        line.heal()
        healed = time.monotonic()
        while heard(people) < CROWD * 3 or await figure(service, "outbox_waiting"):
            await get(service, "/healthz")
        doubts = await figure(service, UNKNOWN)
    assert time.monotonic() - healed < 5 * service.patience
    service.kill(signal.SIGTERM)
    assert await service.ended() == 0
    for one in people:
        plainly = [text for text in one.heard if not text.startswith(MARK)]
        assert len(plainly) <= 3 <= len(one.heard)
    assert CROWD * 3 < heard(people) <= CROWD * 3 + doubts
    assert on(sqlite_url, "SELECT DISTINCT fate FROM outbox") == ["sent"]
    assert on(sqlite_url, "SELECT count(*) FROM inbox WHERE ended_at IS NOT NULL") == [CROWD * 3]


async def test_a_start_on_a_dead_line_waits_for_it(
    line: Line, service: Service, people: list[Person]
) -> None:
    line.cut()
    everybody_writes(people)
    await service.start(now=datetime.now(UTC))
    async with asyncio.timeout(2 * PATIENCE):
        while service.log.read_text().count("telegram.away") < 2:
            assert (await get(service, "/healthz"))[0] == 200
        line.heal()
        while heard(people) < CROWD:
            await get(service, "/healthz")
    assert await figure(service, UNKNOWN) == 0


async def test_a_revoked_token_is_said_and_everything_waits_for_it(
    street: Street, service: Service, people: list[Person]
) -> None:
    ((token, bot),) = street.telegram.bots.items()
    await service.start(now=datetime.now(UTC))
    everybody_writes(people)
    async with asyncio.timeout(2 * PATIENCE):
        while heard(people) < CROWD:
            await get(service, "/healthz")
        del street.telegram.bots[token]
        everybody_writes(people)
        while (ready := await get(service, "/readyz"))[0] == 200:
            pass
        assert ready == (503, f"telegram: the token of bot {bot.id} was revoked\n")
        assert "Unauthorized" in service.log.read_text()
        street.telegram.bots[token] = bot
        while heard(people) < CROWD * 2:
            await get(service, "/healthz")
        while (await get(service, "/readyz"))[0] != 200:
            pass
    assert await figure(service, UNKNOWN) == 0
    assert not any(text.startswith(MARK) for one in people for text in one.heard)


async def test_a_webhook_of_before_is_taken_away_where_polling_is_set(
    street: Street, service: Service, people: list[Person]
) -> None:
    (bot,) = street.telegram.bots.values()
    bot.webhook = Webhook("https://telekonsul.example/telegram/1")
    everybody_writes(people)
    await service.start(now=datetime.now(UTC))
    async with asyncio.timeout(2 * PATIENCE):
        while heard(people) < CROWD:
            await get(service, "/healthz")
    assert bot.webhook is None


async def test_a_connection_that_cannot_be_made_is_no_send(street: Street) -> None:
    for url in (
        "http://127.0.0.1:1",  # refused
        "http://tidak-ada.invalid",  # no such name
        street.url.replace("http://", "https://"),  # no TLS there
    ):
        api = Telegram(url, "123456789:contoh")
        with pytest.raises(NotSent):
            await api.call("getMe", {})
        await api.close()
