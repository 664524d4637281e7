"""Telegram → inbox row. Polling and webhook end in the same function, and only then confirm."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.database import Database, described, is_outage
from bot.telegram import Flood, Telegram, TelegramError
from services.mail import Arrived
from services.mail.incoming import store

log = structlog.get_logger()

BATCH = 100
"""Telegram gives at most so many updates at once."""
LONG_POLL = 30
"""Seconds that Telegram may keep a poll open while nothing comes."""
POLL_GRACE = 10.0
"""Seconds more before a poll counts as lost: so long does a dead line go unnoticed at most."""
CATCH_BREATH = 3.0
"""Seconds before another try when Telegram or the database is away."""
GREETING = 60.0
"""Seconds between two greetings; /readyz counts Telegram as away after two minutes of silence."""
RUSH = 4
"""So many webhooks in one commit are a rush; ordinary days have one."""
CALM = 0.1
"""Seconds after such a commit until the rush counts as over: the next may be on its way."""
KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""What the routes handle; Telegram is asked for nothing else."""
LARGEST = 2**63 - 1
"""What both databases can keep in a column; Telegram's ids have at most 52 bits."""


def address(update: Any) -> Arrived:
    """Find out whose update this is, and nothing more; what is no update is kept unreadable."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if type(update_id) is not int or not 0 <= update_id <= LARGEST:
        return unreadable(json.dumps(update).encode())
    return Arrived(update_id, _chat(update), {"update": update})


def unreadable(body: bytes) -> Arrived:
    """Keep what is no update, once however often it comes, for a person to look at."""
    number = -int.from_bytes(hashlib.sha256(body).digest()[:7]) - 1
    return Arrived(number, 0, {"raw": body.decode("utf-8", "replace")}, readable=False)


def _chat(update: dict[str, Any]) -> int:
    for kind, inner in update.items():
        if kind == "update_id" or not isinstance(inner, dict):
            continue
        message = inner.get("message")
        chat = inner.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
        owner = chat or inner.get("from") or inner.get("user")
        number = owner.get("id") if isinstance(owner, dict) else None
        if type(number) is int and abs(number) <= LARGEST:
            return number
    return 0


def _order(one: Arrived) -> tuple[bool, int]:
    """As Telegram numbered them, which is as people did them: a press between two sentences stays
    there. Only who blocks the bot or comes back did that after their words."""
    return "my_chat_member" in one.body.get("update", {}), one.update_id


class Intake:
    """Stores what one bot receives; whatever waits meanwhile goes into the next commit together."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        clock: Clock,
        *,
        stored: Callable[[], None] = lambda: None,
        reach: Callable[[str], None] = lambda point: None,
    ) -> None:
        self._database, self._bot_id, self._clock = database, bot_id, clock
        self._stored, self._reach = stored, reach
        self._waiting: list[tuple[Arrived, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._calm_at = 0.0
        self._offset: int | None = None  # none after a start: ids may have restarted
        self.trouble = ""
        """What keeps updates from being stored, until one is stored again."""
        self._heard_at = clock.time()

    def begin(self) -> None:
        """Count the silence from now: what passed while another process polled is not ours."""
        self._heard_at = self._clock.time()

    @property
    def silence(self) -> float:
        """Seconds since Telegram last answered a poll or a greeting."""
        return self._clock.time() - self._heard_at

    async def keep(self, arrived: Sequence[Arrived]) -> None:
        """Store these updates in one commit, in the order in which people did them."""
        if not arrived:
            return
        ordered = sorted(arrived, key=_order)
        at = self._clock.now()
        self._reach("intake.received")

        def insert(session: Session) -> None:
            store(session, self._bot_id, ordered, at=at)
            self._reach("intake.inserted")

        try:
            await self._database.write(insert)
        except Exception as error:
            self.trouble = described(error) if is_outage(error) else type(error).__name__
            log.error("intake.not_stored", bot=self._bot_id, error=self.trouble)
            raise
        self.trouble = ""
        self._reach("intake.stored")
        self._stored()

    async def keep_one(self, one: Arrived) -> None:
        """Store an update that came alone (webhook), together with all that came meanwhile."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await done

    async def quiet(self, seconds: float) -> None:
        """Let what came be stored first, for so long at most: Telegram waits for the answer."""
        give_up_at = self._clock.time() + seconds
        if self._writer is not None and not self._writer.done():
            await asyncio.wait([self._writer], timeout=seconds)
        while (wait := min(self._calm_at, give_up_at) - self._clock.time()) > 0:
            await self._clock.sleep(wait)

    async def _write_waiting(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self.keep([one for one, _ in group])
            except Exception as error:  # noqa: BLE001 - every request of the group gets the answer
                for _, done in group:
                    if not done.done():
                        done.set_exception(error)
            else:
                if len(group) >= RUSH:
                    self._calm_at = self._clock.time() + CALM
                for _, done in group:
                    if not done.done():
                        done.set_result(None)

    async def poll(self, telegram: Telegram, *, seconds: int) -> int:
        """Fetch and store one batch; the next call confirms it. Tells how many came."""
        params: dict[str, Any] = {"timeout": seconds, "limit": BATCH, "allowed_updates": KINDS}
        if self._offset is not None:
            params["offset"] = self._offset
        updates = await telegram.call("getUpdates", params, seconds=seconds + POLL_GRACE)
        self._heard_at = self._clock.time()
        await self.keep([address(update) for update in updates])
        ids = [u["update_id"] for u in updates if isinstance(u.get("update_id"), int)]
        self._offset = max(ids) + 1 if ids else self._offset
        return len(updates)

    async def greet(self, telegram: Telegram) -> None:
        """Ask whether Telegram is there: with a webhook its silence alone tells nothing."""
        await telegram.call("getMe", {})
        self._heard_at = self._clock.time()
        await self._clock.sleep(GREETING)

    async def run(self, telegram: Telegram, *, polls: bool) -> None:
        """Poll, or with a webhook only greet, until cancelled; whatever is away is waited for."""
        while True:
            try:
                await (self.poll(telegram, seconds=LONG_POLL) if polls else self.greet(telegram))
            except Flood as flood:
                await self._clock.sleep(flood.retry_after)
            except TelegramError as error:
                log.warning(error.event, bot=self._bot_id, error=str(error))
                await self._clock.sleep(CATCH_BREATH)
            except Exception as error:
                if not is_outage(error):
                    raise
                await self._clock.sleep(CATCH_BREATH)
