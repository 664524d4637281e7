from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.api import call
from simulator.clock import MovedClock
from simulator.files import POINT, Upload
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(START)


@pytest.fixture
def telegram(clock: MovedClock) -> Telegram:
    telegram = Telegram(clock)
    for name in ("a", "b"):
        telegram.web[f"https://contoh.id/{name}.jpg"] = Upload(POINT, f"{name}.jpg", "image/jpeg")
    return telegram


@pytest.fixture
def bot(telegram: Telegram) -> BotAccount:
    return telegram.add_bot("contoh_bot")


@pytest.fixture
def sari(telegram: Telegram, bot: BotAccount) -> Person:
    return telegram.add_person("Sari", bot=bot)


@pytest.fixture
async def server(telegram: Telegram) -> AsyncIterator[Server]:
    server = Server(telegram)
    await server.start()
    yield server
    await server.stop()


class Asking:
    """The bot's side without HTTP: the result of a call, or the words of its refusal."""

    def __init__(self, telegram: Telegram, bot: BotAccount) -> None:
        self.telegram, self.bot = telegram, bot

    async def __call__(
        self, method: str, files: dict[str, Upload] | None = None, **given: Any
    ) -> Any:
        answer = await call(self.telegram, self.bot.token, method, given, files)
        return answer.body["result"] if answer.status == 200 else answer.body["description"]

    async def updates(self, **given: Any) -> list[dict[str, Any]]:
        found = await self("getUpdates", **given)
        assert isinstance(found, list), found
        return found


@pytest.fixture
def ask(telegram: Telegram, bot: BotAccount) -> Asking:
    return Asking(telegram, bot)
