"""The whole process: built, started in order, stopped in order.

web  ─┐
poll ─┴→ inbox → handlers → outbox → Telegram      for each bot that this process owns
timekeeper                                          in the one process that keeps time
atlas                                               facilities and regions, read beside all that
"""

import asyncio
import gc
import json
import secrets
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path

import sqlalchemy
import structlog
from aiohttp import web as http
from sqlalchemy.orm import Session

from bot import metrics
from bot.backup import Keeper
from bot.clock import Clock, RealClock
from bot.config import Settings
from bot.database import Database, described, is_outage
from bot.intake import address, unreadable
from bot.logs import LINES
from bot.ownership import FileLock, Seat
from bot.station import Station
from scheduler.run import Timekeeper
from services import atlas, rekey, specimen
from services.alarm import TOO_OLD
from services.diagnosis import Diagnoses
from services.facility.memory import Facilities
from services.facility.search import FacilityNames
from services.guidance import matching
from services.mail import NotOwner
from services.mail.incoming import oldest_age
from services.region.gazetteer import read as read_regions
from web.app import Away, Hooks, build

log = structlog.get_logger()

LOOK = 1.0
"""Seconds between two looks at a seat: ours, or one that another process has. And at the atlas."""
QUIET = 15.0
"""Seconds after a start when there is time for what nobody waits for."""
NOT_READ = 10.0
"""Seconds until the atlas is tried again that could not be read."""
ATLAS = Facilities, read_regions, FacilityNames, Diagnoses
"""What is kept in memory from the start, so that nobody's question waits for it."""
SILENCE = 120.0
"""Seconds without an answer of Telegram after which the service does not call itself ready."""


def settle() -> None:
    """Spare the collector of garbage what stays as long as the process, and let it come less often
    for what a batch makes: a tenth of the work each."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000)


class MadeUp(RuntimeError):
    """Made-up data in a service for people: what it is, and how to mend that."""


class App:
    """One process of the service. `reach` hears named points of its work; tests kill it there.

    `is_specimen` is for demo, tests and benches: without it made-up data are refused at start.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        reach: Callable[[str], None] = lambda point: None,
        is_specimen: bool = False,
    ) -> None:
        self.settings, self.clock = settings, clock or RealClock()
        self._reach, self._is_specimen = reach, is_specimen
        self.name = secrets.token_hex(8)
        self.database = Database(settings.database_url, settings.data_key)
        self.stations = {
            station.bot_id: station
            for station in (
                Station(token, settings, self.database, self.clock, self.name, reach)
                for token in settings.telegram_bot_token
            )
        }
        self.timekeeper = Timekeeper(self._transact, self.clock.now)
        self.backups = Keeper(settings, self.database, self.clock)
        self.address = ""

    async def run(
        self, closing: asyncio.Event, *, started: Callable[[], None] = lambda: None
    ) -> None:
        """Serve until `closing` is set, then stop in order, within ten seconds.

        Raises AlreadyRunning where an SQLite file has a process, RuntimeError where the key or the
        version does not fit the database, MadeUp where people would meet made-up data, and whatever
        ends a loop.
        """
        async with AsyncExitStack() as stack:
            if self.database.is_sqlite:
                database = sqlalchemy.make_url(self.database.url).database
                stack.enter_context(FileLock(Path(database or "")))
            # Not on the loop: what is still being read may need it, and others need it meanwhile.
            stack.push_async_callback(asyncio.to_thread, self.database.close)
            await asyncio.to_thread(self.database.migrate)
            if not await self.database.read(rekey.fits):
                raise RuntimeError("DATA_KEY opens nothing of this database: it is another key")
            if not self._is_specimen:
                await self._refuse_specimens()
            for station in self.stations.values():
                stack.push_async_callback(station.telegram.close)
            await self._open_web(stack)
            duties = [asyncio.create_task(duty) for duty in self._duties(closing)]
            started()
            log.info("app.started", process=self.name, bots=list(self.stations))
            closed = asyncio.create_task(closing.wait())
            done, _ = await asyncio.wait([closed, *duties], return_when=asyncio.FIRST_COMPLETED)
            closing.set()
            self._reach("app.stopping")
            self.timekeeper.stop()
            await asyncio.gather(*(station.stop() for station in self.stations.values()))
            for task in (closed, *duties):
                task.cancel()
            await asyncio.gather(closed, *duties, return_exceptions=True)
            for task in done - {closed}:
                task.result()
            log.info("app.stopped", process=self.name)

    async def _refuse_specimens(self) -> None:
        found = specimen.in_folder(self.settings.data_dir)
        found = found or await self.database.read(specimen.in_records)
        if found is not None:
            raise MadeUp(found.refusal)

    def _duties(self, closing: asyncio.Event) -> list[Coroutine[None, None, None]]:
        if self.database.is_sqlite:
            stations = [self._serve(one) for one in self.stations.values()]
            return [*stations, self._keep_time(), self._keep_atlas(), self._learn()]
        seated = [self._serve_seated(one, closing) for one in self.stations.values()]
        return [*seated, self._keep_time_seated(), self._keep_atlas(), self._learn()]

    async def _serve(self, station: Station) -> None:
        await station.own()
        station.start()
        await station.watch()

    async def _keep_time(self) -> None:
        self.timekeeper.start()
        await self.backups.run()

    async def _serve_seated(self, station: Station, closing: asyncio.Event) -> None:
        """Work for a bot while its seat is ours; when another has it, wait for it to be free."""
        seat = Seat(self.database.url, station.bot_id)
        while not closing.is_set():
            if not await seat.take():
                await self.clock.sleep(LOOK)
                continue
            log.info("bot.taken", bot=station.bot_id, process=self.name)
            try:
                await station.own()
                if not closing.is_set():
                    station.start()
                    await self._until_lost(seat, station)
            except Exception as error:
                if not (isinstance(error, NotOwner) or is_outage(error)):
                    raise
            finally:
                await station.drop()
                await seat.leave()
            log.warning("bot.lost", bot=station.bot_id, process=self.name)

    async def _until_lost(self, seat: Seat, station: Station) -> None:
        watch = asyncio.create_task(station.watch())
        try:
            while await seat.holds():
                done, _ = await asyncio.wait([watch], timeout=LOOK)
                if done:
                    watch.result()
        finally:
            watch.cancel()

    async def _keep_time_seated(self) -> None:
        seat = Seat(self.database.url, 0)
        while True:
            if await seat.take():
                self.timekeeper.start()
                backups = asyncio.create_task(self.backups.run())
                try:
                    while await seat.holds():
                        await self.clock.sleep(LOOK)
                finally:
                    backups.cancel()
                    self.timekeeper.stop()
                    await seat.leave()
            await self.clock.sleep(LOOK)

    async def _keep_atlas(self) -> None:
        """Read facilities and regions on a reading thread, soon, and when they change."""
        self.database.atlas.is_refreshed = True
        while True:
            await self.clock.sleep(LOOK)  # the first second is for what makes the service ready
            try:
                await self.database.read(lambda session: atlas.refresh(session, ATLAS))
            except Exception as error:  # noqa: BLE001 - who waits in danger needs no directory
                said = described(error) if is_outage(error) else type(error).__name__
                log.error("atlas.not_read", error=said)
                await self.clock.sleep(NOT_READ)

    async def _learn(self) -> None:
        """Learn, once all is quiet, how people ask about JKN."""
        await self.clock.sleep(QUIET)
        await asyncio.to_thread(matching.learn)
        await asyncio.Event().wait()

    async def _transact(self, work: Callable[[Session], None], cause: str) -> None:
        await self.database.write(work, cause=cause)

    # ── what the web asks ───────────────────────────────────────────────────────────────────────

    async def _open_web(self, stack: AsyncExitStack) -> None:
        hooks = Hooks(self._keep, self.problems, self._metrics, self.settings.webhook_secret)
        runner = http.AppRunner(build(hooks), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        try:
            await http.TCPSite(runner, self.settings.http_host, self.settings.http_port).start()
        except OSError as error:
            raise RuntimeError(f"HTTP_HOST, HTTP_PORT: {error.strerror}") from None
        host, port = runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"

    async def _keep(self, bot_id: int, body: bytes) -> None:
        station = self.stations[bot_id]
        try:
            one = address(json.loads(body))
        except (ValueError, RecursionError):
            one = unreadable(body)
        try:
            await station.intake.keep_one(one)
        except Exception as error:
            if not is_outage(error):
                raise
            raise Away from None

    async def problems(self) -> list[str]:
        """Give what keeps people from being served now, one line each; nothing when all is well."""
        try:
            age = await self.database.read(lambda session: oldest_age(session, self.clock.now()))
        except Exception as error:
            if not is_outage(error):
                raise
            return [f"database: {described(error)}"]
        found = []
        if age is not None and age > TOO_OLD:
            found.append(f"backlog: the oldest update waits {age.total_seconds():.0f} s")
        found += [
            f"storage: bot {one.bot_id} cannot store what comes ({one.intake.trouble})"
            for one in self.stations.values()
            if one.intake.trouble
        ]
        found += [
            f"telegram: the token of bot {one.bot_id} was revoked"
            for one in self.stations.values()
            if one.telegram.is_revoked
        ]
        found += [
            f"telegram: bot {one.bot_id} has not been answered for {one.intake.silence:.0f} s"
            for one in self.stations.values()
            if one.is_working and one.intake.silence > SILENCE
        ]
        return found

    async def _metrics(self) -> bytes:
        counts = {
            one.bot_id: (one.inbox.counts, one.outbox.counts) for one in self.stations.values()
        }
        return await self.database.read(
            lambda session: metrics.render(
                session,
                counts,
                self.timekeeper.runs,
                lines_lost=LINES.lost,
                at=self.clock.now(),
            )
        )
