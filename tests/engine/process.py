"""Real processes of the service, each killed at a named point when a test says so.

`Service` forks one process of this module, which has everything loaded and forks a child for each
start, so a start costs milliseconds and a thousand kills are affordable. A child dies with it.
"""

import asyncio
import json
import math
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TypeVar
from unittest import mock

from bot import config, inbox, intake, logs, telegram
from bot.app import App
from bot.clock import Clock
from handlers import routes
from scheduler.timetable import TIMETABLE
from simulator.clock import ScaledClock
from tests import forked
from tests.forked import die_with_parent

T = TypeVar("T")

POISON = "racun"
"""A text that kills the process which handles it."""
HANGS = "macet"
"""A text whose handler never comes back, nor lets any other thread run."""
PATIENCE = 30.0
"""Real seconds for what takes less than one on an idle machine."""

IN_HAND = ("inbox.claimed", "inbox.handling", "inbox.handled", "inbox.committed")
POINTS = (
    "intake.received",
    "intake.inserted",
    "intake.stored",
    "inbox.claiming",
    *IN_HAND,
    "inbox.counted",
    "outbox.stamped",
    "outbox.answered",
    "outbox.settling",
    "outbox.settled",
    "app.stopping",
)
"""Every place at which a process can be told to die, as the service names them."""


@dataclass(frozen=True)
class Start:
    """What one start of the service is to be like."""

    settings: dict[str, str]
    point: str = ""
    """Where it kills itself; empty: nowhere."""
    count: int = 1
    """The how-manieth time it comes there."""
    after_commit: bool = False
    """Do not count before a first batch of updates was handled: one kill must not follow another
    in the same update for ever, or that update is rightly set aside."""
    factor: float = 1.0
    """How much faster its clock runs."""
    begun: float = 0.0
    """When its clock showed `from_`, in the machine's seconds."""
    from_: str = ""
    handler_limit: float = inbox.HANDLER_LIMIT
    patience: float = telegram.CALL_TIMEOUT
    """How long it waits for an answer of Telegram, and a third of that for a connection."""
    slowness: float = 0.0
    """Real seconds that handling an update takes at least."""
    ticks: float = 0.0
    """How often, in its own seconds, every job of the timetable runs besides; 0: never."""


@dataclass
class Service:
    """One place where a process of the service runs, and runs again after it was killed."""

    settings: dict[str, str]
    log: Path
    factor: float = 1.0
    handler_limit: float = inbox.HANDLER_LIMIT
    patience: float = telegram.CALL_TIMEOUT
    slowness: float = 0.0
    ticks: float = 0.0
    pid: int = 0
    address: str = ""
    _parent: ForkServerProcess | None = None
    _orders: Connection = field(init=False)
    _lines: asyncio.Queue[list[str]] = field(default_factory=asyncio.Queue)
    _reader: asyncio.Task[None] | None = None

    async def start(
        self,
        point: str = "",
        count: int = 1,
        *,
        now: datetime | None = None,
        after_commit: bool = False,
        wait: bool = True,
    ) -> None:
        """Begin a fresh process; return when it works, or has died already."""
        if self._parent is None:
            await self._load()
        start = Start(
            self.settings, point, count, after_commit, self.factor, time.time(),
            now.isoformat() if now else "", self.handler_limit, self.patience, self.slowness,
            self.ticks,
        )  # fmt: skip
        os.write(self._orders.fileno(), json.dumps(asdict(start)).encode() + b"\n")
        word, value = await self._line()
        assert word == "pid", (word, value)
        self.pid = int(value)
        if wait:
            await self.works()

    async def works(self) -> None:
        """Return when it says that it has started, or died instead."""
        line = await self._line()
        if line[0] == "started":
            self.address = line[1]
        else:
            self._lines.put_nowait(line)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """Give its exit code, or the negative number of the signal that ended it."""
        word, value = await self._line(seconds)
        if word == "started":
            word, value = await self._line(seconds)
        assert word == "ended", (word, value)
        return int(value)

    async def close(self) -> None:
        """Leave no process behind."""
        if self._parent is None or self._reader is None:
            return
        self._parent.kill()
        await asyncio.to_thread(self._parent.join)
        await self._reader
        self._orders.close()
        self._parent.close()
        self._parent = None

    async def _load(self) -> None:
        orders, self._orders = Pipe(duplex=False)
        told, tells = Pipe(duplex=False)
        self._parent = forked.start(main, ends=(orders, tells, self.log))
        for theirs in (orders, tells):
            theirs.close()
        self._reader = asyncio.create_task(self._read(told))

    async def _read(self, told: Connection) -> None:
        lines = asyncio.StreamReader()
        with told, os.fdopen(os.dup(told.fileno()), "rb") as end:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(lines), end
            )
            async for line in lines:
                self._lines.put_nowait(line.decode().split())
            transport.close()

    async def _line(self, seconds: float = PATIENCE) -> list[str]:
        try:
            return await asyncio.wait_for(self._lines.get(), seconds)
        except TimeoutError:
            tail = self.log.read_text(errors="replace")[-3000:] if self.log.is_file() else ""
            raise AssertionError(f"the service says nothing; its log:\n{tail}") from None


# ── what runs in the processes ──────────────────────────────────────────────────────────────────


def main() -> None:
    """Fork one service for each line on standard input and tell how it ended."""
    for line in sys.stdin:
        start = Start(**json.loads(line))
        pid = os.fork()
        if pid == 0:
            die_with_parent()
            _tell("pid", os.getpid())
            try:
                os._exit(_serve(start))
            except BaseException:  # noqa: BLE001 - nothing of the parent's may run here
                traceback.print_exc()
            finally:
                os._exit(1)
        _, status = os.waitpid(pid, 0)
        _tell("ended", os.waitstatus_to_exitcode(status))


def _serve(start: Start) -> int:
    logs.set_up("INFO", "text")
    clock = _clock(start)
    with (
        mock.patch.object(inbox, "HANDLER_LIMIT", start.handler_limit),
        mock.patch.object(telegram, "CALL_TIMEOUT", start.patience),
        mock.patch.object(telegram, "CONNECT_TIMEOUT", start.patience / 3),
        mock.patch.object(intake, "LONG_POLL", math.ceil(start.patience)),
        mock.patch.object(intake, "POLL_GRACE", start.patience / 3),
        mock.patch.object(routes, "handle", _poisoned(routes.handle, start.slowness)),
    ):
        return asyncio.run(
            _run(
                App(
                    config.read(start.settings), clock=clock, reach=_killer(start), is_specimen=True
                ),
                start,
            )
        )


async def _run(app: App, start: Start) -> int:
    closing = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, closing.set)
    ticking = asyncio.create_task(_tick(app, start.ticks)) if start.ticks else None
    await app.run(closing, started=lambda: _tell("started", app.address))
    if ticking is not None:
        ticking.cancel()
    return 0


async def _tick(app: App, seconds: float) -> None:
    while True:
        await app.clock.sleep(seconds)
        for job in TIMETABLE:
            await app.timekeeper.tick(job)


def _clock(start: Start) -> Clock | None:
    if not start.from_:
        return None
    clock = ScaledClock(start.factor, datetime.fromisoformat(start.from_))
    clock._origin -= time.time() - start.begun  # the time it took to get here
    return clock


def _killer(start: Start) -> Callable[[str], None]:
    left = start.count
    armed = not start.after_commit

    def reach(point: str) -> None:
        nonlocal left, armed
        if point == start.point and armed:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        armed = armed or point == "inbox.committed"

    return reach


def _poisoned(handle: Callable[..., T], slowness: float) -> Callable[..., T]:
    def handle_or_die(*args: object, **kwargs: object) -> T:
        message = getattr(args[2], "message", None)
        if message is not None and message.text == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        if message is not None and message.text == HANGS:
            re.fullmatch(r"(a+)+", "a" * 64 + "b")
        time.sleep(slowness)  # a real process in real time: this is the slow handler it stands for
        return handle(*args, **kwargs)

    return handle_or_die


def _tell(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())
