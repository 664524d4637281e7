"""Who brings messages to Telegram: the contenders of the outbox bench, each in its own way.

A sender is given the far side and, for as long as it runs, takes messages as they arise.
"""

import asyncio
import json
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import BaseRequest, RequestData

from bench.limits import WINDOW, Limited, Message
from bench.process import DISK
from bot.database import Database
from bot.outbox import Outbox
from bot.telegram import Flood
from models.bot import Bot
from models.mail import Lane
from models.seal import KeyRing
from services.mail import post

BOT = 100_001

Offer = Callable[[Sequence[Message]], Awaitable[None]]
"""Takes messages that arise together and returns at once, long before they are sent."""

Dropped = Callable[[Message], None]
"""Hears of each message that the sender gave up."""

Sender = Callable[[Limited, Dropped], AbstractAsyncContextManager[Offer]]


class Door(BaseRequest):
    """The library's way out, leading to the far side inside this process."""

    def __init__(self, telegram: Limited) -> None:
        self._telegram = telegram

    @property
    def read_timeout(self) -> float | None:
        """Never give up waiting."""
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Carry one call over and back."""
        params = request_data.parameters if request_data else {}
        answer = await self._telegram.call(url.rpartition("/")[2], params)
        return answer.get("error_code", 200), json.dumps(answer).encode()


@asynccontextmanager
async def library(telegram: Limited, dropped: Dropped, *, max_retries: int) -> AsyncIterator[Offer]:
    """Send each message when it arises with python-telegram-bot, which holds it by its limiter."""
    limiter = AIORateLimiter(max_retries=max_retries)
    bot = ExtBot("1:bench", request=Door(telegram), rate_limiter=limiter)
    tasks: set[asyncio.Task[None]] = set()

    async def send(message: Message) -> None:
        try:
            await bot.send_message(message.chat_id, message.text)
        except RetryAfter:
            dropped(message)

    async def offer(messages: Sequence[Message]) -> None:
        for message in messages:
            task = asyncio.create_task(send(message))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    yield offer
    await _end(tasks)


@asynccontextmanager
async def pacer(telegram: Limited, dropped: Dropped, *, rate: float) -> AsyncIterator[Offer]:
    """Send one message every 1/rate seconds, answers before broadcasts, one at a time per chat;
    wait as long as a 429 says, and drop nothing."""
    loop = asyncio.get_running_loop()
    lanes: tuple[deque[Message], deque[Message]] = (deque(), deque())
    free_at: dict[int, float] = {}
    tasks: set[asyncio.Task[None]] = set()
    held_until = 0.0

    def ready() -> Message | None:
        for lane in lanes:
            passed: set[int] = set()  # an earlier one of the same chat goes first
            for message in lane:
                chat_id = message.chat_id
                if chat_id not in passed and free_at.get(chat_id, 0.0) <= loop.time():
                    lane.remove(message)
                    return message
                passed.add(chat_id)
        return None

    async def send(message: Message) -> None:
        nonlocal held_until
        answer = await telegram.call(
            "sendMessage", {"chat_id": message.chat_id, "text": message.text}
        )
        if not answer["ok"]:
            wait = answer["parameters"]["retry_after"]
            held_until = max(held_until, loop.time() + wait)
            lanes[not message.interactive].appendleft(message)
        free_at[message.chat_id] = loop.time() + WINDOW

    async def work() -> None:
        while True:
            await asyncio.sleep(max(1 / rate, held_until - loop.time()))
            if loop.time() >= held_until and (message := ready()):
                free_at[message.chat_id] = float("inf")
                task = asyncio.create_task(send(message))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    async def offer(messages: Sequence[Message]) -> None:
        for message in messages:
            lanes[not message.interactive].append(message)

    worker = asyncio.create_task(work())
    yield offer
    await _end({worker, *tasks})


@asynccontextmanager
async def ours(telegram: Limited, dropped: Dropped) -> AsyncIterator[Offer]:
    """Owe each message as a row, and let the service's own outbox bring them."""

    async def call(method: str, params: dict[str, Any]) -> Any:
        answer = await telegram.call(method, params)
        if not answer["ok"]:
            raise Flood(answer["parameters"]["retry_after"])
        return answer["result"]

    def owe(session: Session, messages: Sequence[Message]) -> None:
        for message in messages:
            lane = Lane.ANSWER if message.interactive else Lane.BROADCAST
            params = {"chat_id": message.chat_id, "text": message.text}
            at = clock.now()
            post(session, BOT, message.chat_id, "sendMessage", params, at=at, lane=lane)

    async def offer(messages: Sequence[Message]) -> None:
        await database.write(lambda session: owe(session, messages))
        wake.set()

    clock, wake = LoopClock(), asyncio.Event()
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        ring = KeyRing.parse(KeyRing.fresh_key())
        database = Database(f"sqlite+pysqlite:///{folder}/telekonsul.db", ring)
        database.migrate()
        await database.write(lambda session: session.add(Bot(id=BOT, username="", owner="bench")))
        outbox = Outbox(database, BOT, "bench", call, clock)
        worker = asyncio.create_task(outbox.run(wake, asyncio.Event()))
        yield offer
        await _end({worker})
        database.close()


class LoopClock:
    """The running loop's time, as the service asks for it, also from the database's thread."""

    def __init__(self) -> None:
        self.time = asyncio.get_running_loop().time

    def now(self) -> datetime:
        """Give the moment, aware and in UTC."""
        return datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=self.time())

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
