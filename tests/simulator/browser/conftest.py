"""One real browser for all tests of this folder, a new page and a new small Telegram for each."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from simulator.clock import MovedClock
from simulator.files import Upload
from simulator.page import Page as Phones
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram
from tests.missing import missing
from tests.simulator.conftest import Asking

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="package")
def chromium() -> str:
    names = ("chromium", "google-chrome", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None) or missing("Chromium")


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        await browser.close()
        await asyncio.sleep(0)  # the driver's pipe closes


@pytest.fixture
def stage(clock: MovedClock, sari: Person) -> Phones:
    return Phones({sari.id: "Ibu di desa"}, moved=clock.move)


@pytest_asyncio.fixture(loop_scope="package")
async def phones(telegram: Telegram, bot: BotAccount, stage: Phones) -> AsyncIterator[str]:
    telegram.add_person("Budi", bot=bot)
    server = Server(telegram, page=stage)
    yield await server.start()
    await server.stop()


REFUSED = "400 (Bad Request)"  # no fault: a toast says why


class Bot(Asking):
    """The bot's side, of which the page hears as if it had come over HTTP."""

    def __init__(self, asking: Asking, stage: Phones) -> None:
        super().__init__(asking.telegram, asking.bot)
        self.stage = stage
        self.heard = 0

    async def __call__(
        self, method: str, files: dict[str, Upload] | None = None, **given: Any
    ) -> Any:
        result = await super().__call__(method, files, **given)
        self.stage.wake()
        return result

    async def presses(self) -> list[str]:
        """What the buttons said that people pressed since it was last asked."""
        found = await self.updates(offset=self.heard + 1)
        self.heard = max((one["update_id"] for one in found), default=self.heard)
        return [one["callback_query"]["data"] for one in found if "callback_query" in one]


@pytest.fixture
def ask(ask: Asking, stage: Phones) -> Bot:
    return Bot(ask, stage)


class Opened(Protocol):
    """The page in a browser; in the end nothing has failed, and nothing sticks out at its side."""

    def __call__(self, width: int, height: int) -> AbstractAsyncContextManager[Page]: ...


@pytest.fixture
def opened(browser: Browser, phones: str) -> Opened:
    @asynccontextmanager
    async def open_(width: int, height: int) -> AsyncIterator[Page]:
        faults: list[str] = []
        page = await browser.new_page(
            viewport={"width": width, "height": height}, locale="id-ID", reduced_motion="reduce"
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.extend(
                [said.text] * (said.type == "error" and REFUSED not in said.text)
            ),
        )
        await page.goto(phones)
        yield page
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert faults == []
        await page.close()

    return open_
