"""Everything that works for one bot: receive, handle, send; started and stopped in order."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.config import Settings
from bot.database import Database, described, is_outage
from bot.inbox import BATCH, SMALL_BATCH, Inbox
from bot.intake import KINDS, Intake
from bot.media import Copier, Store
from bot.outbox import Outbox
from bot.telegram import Telegram, TelegramError
from models.bot import Bot
from services import credential, menu, profile
from services.mail import Chrome

log = structlog.get_logger()

T = TypeVar("T")

DRAIN = 7.0
"""Seconds to finish what was stored when told to stop; the limit for everything is ten."""
LAST_BATCH = 1.0
"""Seconds more for the batch that is in hand then."""
ARRIVE = 1.5
"""Seconds for what is on its way to arrive then."""
STORING_FIRST = 0.5
"""Seconds that handling lets storing go ahead: a webhook's sender waits, a stored update keeps."""
LOOK = 1.0
"""Seconds between looks at the rows: what another process stored rings no bell here."""


class Station:
    """One bot's intake, inbox and outbox, in one process."""

    def __init__(
        self,
        token: str,
        settings: Settings,
        database: Database,
        clock: Clock,
        owner: str,
        reach: Callable[[str], None],
    ) -> None:
        self.bot_id = int(token.split(":")[0])
        self._settings, self._database, self._clock = settings, database, clock
        self._owner = owner
        self._arrived, self._said = asyncio.Event(), asyncio.Event()
        self._no_more_in, self._no_more_out = asyncio.Event(), asyncio.Event()
        self._enough = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._spinners: set[asyncio.Task[None]] = set()
        self.telegram = Telegram(settings.telegram_api_url, token)
        self.intake = Intake(database, self.bot_id, clock, stored=self._arrived.set, reach=reach)
        batch = SMALL_BATCH if settings.webhook_secret else BATCH
        self.inbox = Inbox(database, self.bot_id, owner, clock, batch=batch, reach=reach)
        store = Store(settings.data_dir)
        self.copier = Copier(database, self.bot_id, owner, self.telegram, clock, store)
        self.outbox = Outbox(
            database,
            self.bot_id,
            owner,
            self.telegram.call,
            clock,
            open_copy=store.read,
            reach=reach,
        )

    async def own(self) -> None:
        """Take the bot: from now on only this process changes anything for it."""
        await self._database.write(self._sign)

    async def handle(self) -> bool:
        """Handle one batch; tell whether there was anything to handle."""
        await self.intake.quiet(STORING_FIRST)
        chrome = await self.inbox.work()
        if chrome is None:
            return False
        self._decorate(chrome)
        self._said.set()
        return True

    async def recover(self) -> None:
        """Take what an unclean stop left in hand, one by one."""
        self._decorate(await self.inbox.recover())

    def start(self) -> None:
        """Begin to receive, handle and send."""
        self.intake.begin()
        self._no_more_in.clear()
        self._no_more_out.clear()
        self._enough.clear()
        loops = self._introduce(), self._receive(), self._work(), self._send(), self.copier.run()
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def spinners(self) -> None:
        """Return when every pressed button and inline question has its answer."""
        await asyncio.gather(*self._spinners)

    @property
    def is_working(self) -> bool:
        """Tell whether this process works for the bot now; another may, and then it is silent."""
        return bool(self._tasks)

    async def watch(self) -> None:
        """Return never; raise what ended one of the loops. That `stop` ended them is no error."""
        done, _ = await asyncio.wait(self._tasks[1:], return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            if not task.cancelled():
                task.result()
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Receive no more, finish what is stored, let what is on its way arrive."""
        if not self._tasks:
            return
        introduce, receive, work, send, copy = self._tasks
        self._tasks = []
        await _cancelled(introduce, receive, copy)
        self._no_more_in.set()
        self._arrived.set()
        await asyncio.wait([work], timeout=DRAIN)
        self._enough.set()
        await asyncio.wait([work], timeout=LAST_BATCH)
        self._no_more_out.set()
        self._said.set()
        await asyncio.wait([send], timeout=ARRIVE)
        await _cancelled(work, send, *self._spinners)

    async def drop(self) -> None:
        """Stop at once: another process has the bot."""
        tasks, self._tasks = self._tasks, []
        await _cancelled(*tasks)

    def _sign(self, session: Session) -> None:
        bot = session.get(Bot, self.bot_id)
        if bot is None:
            bot = Bot(id=self.bot_id, username="")
            session.add(bot)
        bot.owner = self._owner
        for admin in self._settings.admin_telegram_ids:
            credential.grant_admin(session, admin, at=self._clock.now())

    async def _introduce(self) -> None:
        """Learn the bot's name and offer its commands, as soon as Telegram can be reached."""
        while True:
            try:
                me = await self.telegram.call("getMe", {})
                await self._set_up(str(me["username"]))
            except TelegramError as error:
                log.warning(error.event, bot=self.bot_id, error=str(error))
                await self._clock.sleep(5.0)
            else:
                break
        name = str(me["username"])
        await self._through_outages(
            lambda: self._database.write(lambda session: self._name(session, name))
        )

    async def _set_up(self, username: str) -> None:
        await self._offer_commands(username)
        if not self._settings.webhook_secret:
            # What the settings say holds: a webhook left from before would refuse every poll.
            await self.telegram.call("deleteWebhook", {"drop_pending_updates": False})
            return
        webhook = {
            "url": f"{self._settings.public_url}/telegram/{self.bot_id}",
            "secret_token": self._settings.webhook_secret,
            "allowed_updates": KINDS,
        }
        await self.telegram.call("setWebhook", webhook)

    async def _offer_commands(self, username: str) -> None:
        """Give Telegram what it shows of the bot and the lists of commands, where they are not what
        it was last given."""
        known, about = await self._through_outages(
            lambda: self._database.read(
                lambda session: (self._menu(session), profile.texts(session, self.bot_id, username))
            )
        )
        given = [*about, *(("setMyCommands", params) for params in menu.for_everybody())]
        if known != menu.mark(given):
            for method, params in given:
                await self.telegram.call(method, params)
        await self._through_outages(
            lambda: self._database.write(
                lambda session: self._offer_own(session, menu.mark(given)),
                cause=f"menu:{self.bot_id}:{self._clock.now():%Y%m%dT%H%M%S%f}",
            )
        )
        self._said.set()

    def _menu(self, session: Session) -> str | None:
        return session.get_one(Bot, self.bot_id).menu

    def _offer_own(self, session: Session, mark: str) -> None:
        session.get_one(Bot, self.bot_id).menu = mark
        menu.offer_to_all(session, self.bot_id, at=self._clock.now())

    def _name(self, session: Session, username: str) -> None:
        session.get_one(Bot, self.bot_id).username = username

    async def _receive(self) -> None:
        await self.intake.run(self.telegram, polls=not self._settings.webhook_secret)

    async def _work(self) -> None:
        await self._through_outages(self.recover)
        while not self._enough.is_set():
            self._arrived.clear()
            if await self._through_outages(self.handle):
                continue
            if self._no_more_in.is_set():
                return
            wait = await self._through_outages(self.inbox.wait)
            with contextlib.suppress(TimeoutError):
                seconds = LOOK if wait is None else min(wait, LOOK)
                await asyncio.wait_for(self._arrived.wait(), seconds)
        await self.inbox.let_go()

    async def _send(self) -> None:
        await self.outbox.run(self._said, self._no_more_out)

    async def _through_outages(self, step: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await step()
            except Exception as error:
                if not is_outage(error):
                    raise
                log.error("database.away", bot=self.bot_id, error=described(error))
                await self._clock.sleep(0.5)

    def _decorate(self, chrome: list[Chrome]) -> None:
        """Answer presses and inline questions, unrecorded, unrepeated: both end by themselves."""

        async def answer(one: Chrome) -> None:
            with contextlib.suppress(TelegramError):
                await self.telegram.call(one.method, one.params)

        for one in chrome:
            task = asyncio.create_task(answer(one))
            self._spinners.add(task)
            task.add_done_callback(self._spinners.discard)


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
