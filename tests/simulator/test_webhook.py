"""Delivery by POST, to a real small web server whose answers the test chooses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from simulator.clock import MovedClock
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking

SOON = 10.0
OK: tuple[int, dict[str, str]] = (200, {})
FAULT: tuple[int, dict[str, str]] = (500, {})


class Hook:
    """A bot's web server: keeps what came, answers as told and then with 200."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.body: dict[str, Any] = {}
        self.now = self.most = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.changed = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        self.posts.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.now += 1
        self.most = max(self.most, self.now)
        await self.note()
        await self.gate.wait()
        self.now -= 1
        status, headers = self.answers.pop(0) if self.answers else OK
        return web.json_response(self.body, status=status, headers=headers)

    async def note(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(SOON), self.changed:
            await self.changed.wait_for(lambda: len(self.posts) >= count)

    @property
    def texts(self) -> list[str]:
        return [post["message"]["text"] for post in self.posts if "message" in post]


@pytest.fixture
async def hook() -> Hook:
    return Hook()


@pytest.fixture
async def address(hook: Hook, server: Server) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await server.stop()
    await runner.cleanup()


async def settled(telegram: Telegram, bot: BotAccount) -> None:
    """Return when all is delivered or given up."""
    async with asyncio.timeout(SOON):
        while telegram.updates_waiting(bot):
            await bot.updates.news(None)


async def asleep(clock: MovedClock) -> None:
    async with asyncio.timeout(SOON):
        await clock.sleeper()


async def test_updates_are_posted_in_order_with_the_secret(
    telegram: Telegram, ask: Asking, hook: Hook, address: str, sari: Person
) -> None:
    sari.says("a")
    await ask("setWebhook", url=address, secret_token="rahasia")
    sari.says("b")
    sari.says("c")
    await hook.until(3)
    assert hook.texts == ["a", "b", "c"]
    assert set(hook.secrets) == {"rahasia"}
    await settled(telegram, ask.bot)
    assert (await ask("getWebhookInfo"))["pending_update_count"] == 0


async def test_one_update_of_a_chat_is_under_way_at_a_time(
    telegram: Telegram, ask: Asking, hook: Hook, address: str, sari: Person
) -> None:
    people = [sari] + [telegram.add_person(f"P{number}", bot=ask.bot) for number in range(4)]
    await ask("setWebhook", url=address, max_connections=3)
    hook.gate.clear()
    for person in people:
        person.says("a")
        person.says("b")
    await hook.until(3)
    assert hook.texts == ["a"] * 3
    hook.gate.set()
    await hook.until(10)
    assert hook.most <= 3
    for person in people:
        mine = [post for post in hook.posts if post["message"]["from"]["id"] == person.id]
        assert [post["message"]["text"] for post in mine] == ["a", "b"]


async def test_taps_overtake_the_messages_of_their_chat(
    ask: Asking, hook: Hook, address: str, sari: Person
) -> None:
    sari.starts()
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup=markup)
    hook.gate.clear()
    await ask("setWebhook", url=address)
    sari.taps("Ya")
    await hook.until(2)
    assert {kind for post in hook.posts for kind in post} > {"message", "callback_query"}
    hook.gate.set()


async def test_a_failed_update_is_tried_again_with_growing_pauses(
    telegram: Telegram, ask: Asking, clock: MovedClock, hook: Hook, address: str, sari: Person
) -> None:
    await ask("setWebhook", url=address)
    hook.answers = [FAULT] * 4
    sari.says("a")
    sari.says("b")
    await hook.until(2)  # the second try comes at once
    for tries, pause in ((3, 2), (4, 4), (5, 8)):
        await asleep(clock)
        clock.move(pause - 0.5)
        await asyncio.sleep(0)
        assert clock.sleepers == 1
        clock.move(0.5)
        await hook.until(tries)
    await hook.until(6)
    assert hook.texts == ["a"] * 5 + ["b"]
    info = await ask("getWebhookInfo")
    assert (
        info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    )
    await settled(telegram, ask.bot)


async def test_retry_after_is_honoured(
    ask: Asking, clock: MovedClock, hook: Hook, address: str, sari: Person
) -> None:
    await ask("setWebhook", url=address)
    hook.answers = [(503, {"Retry-After": "100"})]
    sari.says("a")
    await hook.until(1)
    await asleep(clock)
    clock.move(99)
    await asyncio.sleep(0)
    assert clock.sleepers == 1
    clock.move(1)
    await hook.until(2)


async def test_an_update_is_given_up_after_a_day(
    telegram: Telegram, ask: Asking, clock: MovedClock, hook: Hook, address: str, sari: Person
) -> None:
    await ask("setWebhook", url=address)
    hook.answers = [(503, {"Retry-After": "3600"})] * 2
    sari.says("a")
    await hook.until(1)
    await asleep(clock)
    clock.move(86_000)
    await hook.until(2)
    await settled(telegram, ask.bot)
    assert hook.texts == ["a", "a"]


async def test_deliveries_can_be_doubled_and_reordered(
    telegram: Telegram, ask: Asking, hook: Hook, address: str, sari: Person
) -> None:
    for text in "abc":
        sari.says(text)
    telegram.trouble.add("webhook", "reorder")
    telegram.trouble.add("webhook", "duplicate")
    await ask("setWebhook", url=address)
    await hook.until(4)
    assert hook.texts == ["b", "b", "a", "c"]


async def test_a_method_in_the_answer_is_carried_out(
    telegram: Telegram, ask: Asking, hook: Hook, address: str, sari: Person
) -> None:
    hook.body = {"method": "sendMessage", "chat_id": sari.id, "text": "Halo"}
    await ask("setWebhook", url=address)
    sari.says("a")
    await settled(telegram, ask.bot)
    assert sari.heard == ["Halo"]


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook", "close", "logOut", "getMe"])
async def test_some_methods_in_the_answer_are_not(
    telegram: Telegram, ask: Asking, hook: Hook, address: str, sari: Person, method: str
) -> None:
    hook.body = {"method": method, "url": ""}
    await ask("setWebhook", url=address)
    calls = len(telegram.calls)
    sari.says("a")
    await settled(telegram, ask.bot)
    assert ask.bot.webhook is not None
    assert len(telegram.calls) == calls


@pytest.mark.parametrize("status", [301, 304, 400, 403, 404, 410, 500, 503])
async def test_any_answer_but_2xx_is_tried_again(
    telegram: Telegram, ask: Asking, hook: Hook, address: str, sari: Person, status: int
) -> None:
    hook.body = {"method": "sendMessage", "chat_id": sari.id, "text": "Halo"}
    hook.answers = [(status, {"Location": address})]
    await ask("setWebhook", url=address)
    sari.says("a")
    await settled(telegram, ask.bot)
    assert hook.texts == ["a", "a"]
    assert sari.heard == ["Halo"]  # a method in a refusal is not carried out
    error = (await ask("getWebhookInfo"))["last_error_message"]
    assert error.startswith(f"Wrong response from the webhook: {status} ")


async def test_a_webhook_that_is_gone_for_23_hours_is_closed(
    telegram: Telegram, ask: Asking, clock: MovedClock, hook: Hook, address: str, sari: Person
) -> None:
    await ask("setWebhook", url=address)
    closed = asyncio.Event()
    telegram.webhook_set.append(lambda _: closed.set())
    hook.answers = [(410, {"Retry-After": "3000"})] * 30
    sari.says("a")
    for tries in range(1, 29):
        await hook.until(tries)
        await asleep(clock)
        assert (await ask("getWebhookInfo"))["url"] == address
        clock.move(3000)
    sari.says("b")
    await asyncio.wait_for(closed.wait(), SOON)  # at 23 hours and 20 minutes
    assert (await ask("getWebhookInfo"))["url"] == ""
    left = [update["message"]["text"] for update in await ask.updates()]
    assert left == ["b"]  # "a" would have been tried again only after its day


async def test_any_other_answer_begins_the_23_hours_again(
    telegram: Telegram, ask: Asking, clock: MovedClock, hook: Hook, address: str, sari: Person
) -> None:
    await ask("setWebhook", url=address)
    wait = {"Retry-After": "3000"}
    hook.answers = [(410, wait)] * 12 + [(503, wait)] + [(410, wait)] * 16
    sari.says("a")
    for tries in range(1, 29):
        await hook.until(tries)
        await asleep(clock)
        clock.move(3000)
    await hook.until(29)
    await settled(telegram, ask.bot)
    assert hook.answers == []
    assert (await ask("getWebhookInfo"))["url"] == address


async def test_a_closed_webhook_keeps_the_updates(
    telegram: Telegram, ask: Asking, clock: MovedClock, server: Server, sari: Person
) -> None:
    await ask("setWebhook", url="http://127.0.0.1:1/nobody")
    sari.says("a")
    await asleep(clock)
    info = await ask("getWebhookInfo")
    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1
    await ask("deleteWebhook")
    assert [update["message"]["text"] for update in await ask.updates()] == ["a"]
    assert (await ask("getWebhookInfo"))["url"] == ""
