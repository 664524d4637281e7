"""Delivery by webhook: real POSTs, one in flight per queue, and patience when they fail.

Follows WebhookActor.cpp of the Bot API server: the second try comes at once, then after 2, 4,
8 … seconds up to a random 60 to 120; a `Retry-After` in an answer that is no 2xx replaces the
delay; an update is given up when the next try would come after its end. A redirect is a failure
like any other. Nothing but 410 for 23 hours closes the webhook; the updates stay for getUpdates.
"""

import asyncio
import json
import random
from collections import deque
from urllib.parse import parse_qsl

import aiohttp

from simulator.account import BotAccount, Webhook
from simulator.api import CutError, call
from simulator.files import Json
from simulator.telegram import Telegram
from simulator.updates import Update

LONGEST_DELAY = 60.0
LONGEST_RETRY_AFTER = 3600
ANSWER_TIMEOUT = 60.0  # real seconds
GONE = 410
GONE_LIFE = 23 * 3600.0  # WEBHOOK_DROP_TIMEOUT
FORBIDDEN = frozenset({"deletewebhook", "setwebhook", "close", "logout"})  # as an answer
LOADED = 2  # queues in memory per connection: with that many stuck, no other gets through


class Courier:
    """Brings updates to every bot that has set a webhook."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._rounds: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Deliver from now on, also to webhooks that were set before."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_TIMEOUT))
        self._telegram.webhook_set.append(self._changed)
        for bot in self._telegram.bots.values():
            self._changed(bot)

    async def stop(self) -> None:
        """Leave everything undelivered where it is."""
        if self._changed in self._telegram.webhook_set:
            self._telegram.webhook_set.remove(self._changed)
        rounds = list(self._rounds.values())
        for task in rounds:
            task.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _changed(self, bot: BotAccount) -> None:
        running = self._rounds.pop(bot.id, None)
        if running is not None:
            running.cancel()
        if bot.webhook is not None and self._session is not None:
            route = Round(self._telegram, bot, bot.webhook, self._session)
            self._rounds[bot.id] = asyncio.get_running_loop().create_task(route.run())


class Round:
    """The deliveries to one webhook, until it is changed."""

    def __init__(
        self,
        telegram: Telegram,
        bot: BotAccount,
        webhook: Webhook,
        session: aiohttp.ClientSession,
    ) -> None:
        self._telegram, self._bot, self._webhook = telegram, bot, webhook
        self._session = session
        self._connections = asyncio.Semaphore(webhook.max_connections)
        self._queues: dict[int, deque[Update]] = {}
        self._backlog: list[Update] = []  # of queues that are not loaded yet
        self._serial = 0

    async def run(self) -> None:
        """Give every queue its own worker, and load no more queues than Telegram does."""
        async with asyncio.TaskGroup() as workers:
            while True:
                self._load(workers)
                await self._bot.updates.news(None)

    def _load(self, workers: asyncio.TaskGroup) -> None:
        new = self._bot.updates.since(self._serial)
        self._serial = new[-1].serial if new else self._serial
        waiting, self._backlog = self._backlog + new, []
        for update in waiting:
            queue = self._queues.get(update.queue)
            if queue is None and len(self._queues) >= LOADED * self._webhook.max_connections:
                self._backlog.append(update)
                continue
            if queue is None:
                queue = self._queues[update.queue] = deque()
                workers.create_task(self._work(update.queue, queue))
            queue.append(update)

    async def _work(self, key: int, queue: deque[Update]) -> None:
        while queue:
            trouble = self._telegram.trouble
            if len(queue) > 1 and trouble.take("webhook", key, kinds=("reorder",)):
                queue[0], queue[1] = queue[1], queue[0]
            update = queue[0]
            await self._deliver(update)
            if trouble.take("webhook", key, kinds=("duplicate",)):
                await self._post(update)
            queue.popleft()
            self._bot.updates.remove(update)
        del self._queues[key]
        if self._backlog:
            self._bot.updates.wake()  # another queue has its turn

    async def _deliver(self, update: Update) -> None:
        delay, fails, wait = 1.0, 0, 0.0
        while self._telegram.clock.now().timestamp() + wait < update.expires_at:
            await self._telegram.clock.sleep(wait)
            retry_after = await self._post(update)
            if retry_after is None:
                return
            wait = float(retry_after)
            if not retry_after and fails:
                delay = min(random.uniform(LONGEST_DELAY, 2 * LONGEST_DELAY), delay * 2)
                wait = delay
            fails += 1

    async def _post(self, update: Update) -> int | None:
        """One try: None when it was taken, else the seconds the answer asked for (often 0)."""
        headers = {"Content-Type": "application/json"}
        if self._webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._webhook.secret
        body = json.dumps(update.to_json(), ensure_ascii=False).encode()
        try:
            async with (
                self._connections,
                self._session.post(
                    self._webhook.url, data=body, headers=headers, allow_redirects=False
                ) as answer,
            ):
                text = await answer.read()
                self._count_gone(answer.status)
                if 200 <= answer.status < 300:
                    await self._obey(answer.content_type, text)
                    return None
                reason = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                asked = answer.headers.get("Retry-After", "")
        except TimeoutError:
            reason, asked = "Read timeout expired", ""
        except aiohttp.ClientConnectorError:
            reason, asked = "Connection refused", ""
        except aiohttp.ClientError:
            reason, asked = "Webhook connection closed", ""
        self._webhook.last_error, self._webhook.last_error_at = reason, self._telegram.clock.now()
        return min(int(asked), LONGEST_RETRY_AFTER) if asked.isdigit() else 0

    def _count_gone(self, status: int) -> None:
        webhook, now = self._webhook, self._telegram.clock.time()
        if status != GONE:
            webhook.gone_since = None
        elif webhook.gone_since is None:
            webhook.gone_since = now
        elif now > webhook.gone_since + GONE_LIFE and self._bot.webhook is webhook:
            self._bot.webhook = None
            for changed in self._telegram.webhook_set:
                changed(self._bot)

    async def _obey(self, kind: str, text: bytes) -> None:
        """Carry out the method that a bot may write into its answer; nobody learns how it went."""
        try:
            if kind == "application/x-www-form-urlencoded":
                given: Json = dict(parse_qsl(text.decode(), keep_blank_values=True))
            else:
                given = json.loads(text) if text.startswith(b"{") else {}
        except ValueError:
            return
        method = str(given.pop("method", "")).lower()
        if method and method not in FORBIDDEN and not method.startswith("get"):
            try:
                await call(self._telegram, self._bot.token, method, given)
            except CutError:
                return
