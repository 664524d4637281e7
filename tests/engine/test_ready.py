"""What a watchman hears of a whole process: /healthz, /readyz, /metrics; time is moved by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import config
from bot.app import App
from models.seal import KeyRing
from simulator.clock import MovedClock
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram
from tests.postgres import Postgres
from tests.town import MORNING

pytestmark = pytest.mark.engine

KEY = KeyRing.fresh_key()
POLLING: dict[str, str] = {}
WEBHOOK = {"PUBLIC_URL": "https://telekonsul.example", "WEBHOOK_SECRET": "contoh-rahasia-webhook"}
BOTH_WAYS = pytest.mark.parametrize("way", [POLLING, WEBHOOK], ids=["polling", "webhook"])


class Watchman:
    """Asks one process how it is, and lets its time pass."""

    def __init__(self, app: App, clock: MovedClock, session: aiohttp.ClientSession) -> None:
        self.app, self.clock, self._session = app, clock, session
        self.closing = asyncio.Event()

    async def asks(self, path: str) -> tuple[int, str]:
        async with self._session.get(self.app.address + path) as answer:
            return answer.status, await answer.text()

    async def posts(self, bot: BotAccount, update: dict[str, object]) -> None:
        """Bring an update as Telegram does."""
        url = f"{self.app.address}/telegram/{bot.id}"
        secret = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK["WEBHOOK_SECRET"]}
        async with self._session.post(url, json=update, headers=secret) as answer:
            assert answer.status == 200

    async def figures(self) -> tuple[dict[tuple[str, str | None], float], str]:
        """Read /metrics as Prometheus does; give the text too."""
        status, body = await self.asks("/metrics")
        assert status == 200
        families = text_string_to_metric_families(body)
        samples = [sample for family in families for sample in family.samples]
        return {(one.name, one.labels.get("ending")): one.value for one in samples}, body

    async def sees_work(self, bot: BotAccount) -> None:
        """Return when the process works for the bot."""
        async with asyncio.timeout(15):
            while not self.app.stations[bot.id].is_working:
                await self.asks("/healthz")
                self.clock.move(1)

    async def hears(self, status: int, word: str) -> str:
        """Ask /readyz each second of the moved clock until it says that for this reason."""
        async with asyncio.timeout(30):
            while True:
                found, text = await self.asks("/readyz")
                if found == status and word in text:
                    return text
                self.clock.move(1)

    async def hears_ready(self, seconds: int) -> None:
        """Ask /readyz each second of the moved clock: it is ready all the time."""
        for _ in range(seconds):
            assert await self.asks("/readyz") == (200, "ready\n")
            self.clock.move(1)


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[Telegram, BotAccount, str]]:
    telegram = Telegram(MovedClock(MORNING))
    bot = telegram.add_bot("telekonsul_contoh_bot")
    server = Server(telegram)
    yield telegram, bot, await server.start()
    await server.stop()


Line = tuple[Telegram, BotAccount, str]


@asynccontextmanager
async def watched(
    line: Line, database: str, folder: Path, way: dict[str, str]
) -> AsyncIterator[Watchman]:
    """Run a whole process and stop it in order."""
    telegram, bot, url = line
    given = {
        "TELEGRAM_BOT_TOKEN": bot.token,
        "TELEGRAM_API_URL": url,
        "DATABASE_URL": database,
        "DATA_DIR": str(folder),
        "DATA_KEY": KEY,
        "HTTP_PORT": "0",
    }
    clock = telegram.clock
    assert isinstance(clock, MovedClock)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        app, begun = App(config.read(given | way), clock=clock), asyncio.Event()
        watchman = Watchman(app, clock, session)
        running = asyncio.create_task(app.run(watchman.closing, started=begun.set))
        stack.push_async_callback(lambda: asyncio.wait_for(running, 15))
        stack.callback(watchman.closing.set)
        async with asyncio.timeout(15):
            await begun.wait()
        yield watchman


@BOTH_WAYS
async def test_a_telegram_that_does_not_answer_makes_it_not_ready(
    telegram: Line, sqlite_url: str, tmp_path: Path, way: dict[str, str]
) -> None:
    async with watched(telegram, sqlite_url, tmp_path, way) as watchman:
        sari = telegram[0].add_person("Sari", bot=telegram[1])
        await watchman.hears_ready(10)
        for method in ("getUpdates", "getMe"):
            telegram[0].trouble.add(method, "error", times=None)
        sari.says("Halo")  # ends the poll that is open
        said = await watchman.hears(503, "telegram: ")
        assert f"telegram: bot {telegram[1].id} has not been answered for 12" in said
        assert (await watchman.asks("/healthz")) == (200, "alive\n")
        sari.says("Halo")
        telegram[0].trouble.clear()
        await watchman.hears(200, "ready")


async def test_with_a_webhook_a_time_in_which_nobody_writes_is_no_fault(
    telegram: Line, sqlite_url: str, tmp_path: Path
) -> None:
    async with watched(telegram, sqlite_url, tmp_path, WEBHOOK) as watchman:
        await watchman.hears_ready(400)


async def test_who_stands_by_is_ready_and_answers_for_telegram_when_it_takes_over(
    telegram: Line, postgres: Postgres, tmp_path: Path
) -> None:
    database = postgres.database()
    async with watched(telegram, database, tmp_path, WEBHOOK) as first:
        await first.sees_work(telegram[1])
        async with watched(telegram, database, tmp_path, WEBHOOK) as second:
            telegram[0].trouble.add("getMe", "error", times=None)
            await first.hears(503, "telegram: ")
            assert await second.asks("/readyz") == (200, "ready\n")
            assert (await second.asks("/metrics"))[0] == 200
            assert not second.app.stations[telegram[1].id].is_working
            first.closing.set()
            await second.sees_work(telegram[1])
            await second.hears(503, "telegram: ")


async def test_a_database_that_is_away_makes_it_not_ready_but_alive(
    telegram: Line, postgres: Postgres, tmp_path: Path
) -> None:
    async with watched(telegram, postgres.database(), tmp_path, POLLING) as watchman:
        await watchman.hears_ready(1)
        postgres.halt()
        try:
            await watchman.hears(503, "database: OperationalError")
            assert await watchman.asks("/healthz") == (200, "alive\n")
        finally:
            postgres.start()
        await watchman.hears(200, "ready")


async def test_an_update_that_waits_too_long_is_told_with_its_age(
    telegram: Line, sqlite_url: str, tmp_path: Path
) -> None:
    async with watched(telegram, sqlite_url, tmp_path, WEBHOOK) as watchman:
        await watchman.sees_work(telegram[1])
        await watchman.app.stations[telegram[1].id].drop()
        await watchman.posts(telegram[1], {"update_id": 7, "message": {"chat": {"id": 5}}})
        await watchman.hears_ready(60)
        await watchman.hears(503, "backlog: the oldest update waits")


async def test_the_figures_are_prometheus_text_and_hold_no_words(
    telegram: Line, sqlite_url: str, tmp_path: Path
) -> None:
    async with watched(telegram, sqlite_url, tmp_path, POLLING) as watchman:
        sari = telegram[0].add_person("Sari", bot=telegram[1])
        sari.says("Benjolan di payudara")
        async with asyncio.timeout(30):
            while not (await watchman.figures())[0]["telekonsul_sends_total", "sent"]:
                watchman.clock.move(1)
        figures, body = await watchman.figures()
        assert figures["telekonsul_updates_handled_total", None] == 1
        assert figures["telekonsul_updates_waiting", None] == 0
        assert "Benjolan" not in body
        assert "Sari" not in body
