"""Four clocks: the real one, one that tests move, one that can jump ahead, one that runs faster."""

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from itertools import count


class Clock:
    """Real time. `now()` is the calendar, `time()` never goes back."""

    def now(self) -> datetime:
        """The calendar's moment, aware, in UTC."""
        return datetime.now(UTC)

    def time(self) -> float:
        """Seconds that only grow; their zero means nothing."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Come back when `time()` has grown by that much."""
        await asyncio.sleep(seconds)


class MovedClock(Clock):
    """A clock that stands still until someone moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._time = 0.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._someone_sleeps = asyncio.Event()

    def now(self) -> datetime:
        """The moment it was last moved to."""
        return self._now

    def time(self) -> float:
        """All seconds it was moved by; a jump does not count."""
        return self._time

    def move(self, by: float | timedelta) -> None:
        """Let time pass; whoever's time has come wakes, the earliest first."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        if seconds < 0:
            raise ValueError("time does not go back; `jump` sets the calendar")
        self._now += timedelta(seconds=seconds)
        self._time += seconds
        while self._sleepers and self._sleepers[0][0] <= self._time:
            _, _, sleeper = heapq.heappop(self._sleepers)
            if not sleeper.done():
                sleeper.set_result(None)

    def jump(self, by: float | timedelta) -> None:
        """Set the calendar forward or back, as an administrator would; no time passes."""
        self._now += by if isinstance(by, timedelta) else timedelta(seconds=by)

    @property
    def sleepers(self) -> int:
        """How many wait for this clock."""
        return sum(not sleeper.done() for _, _, sleeper in self._sleepers)

    async def sleeper(self) -> None:
        """Return as soon as someone waits for this clock: the moment to move it."""
        while not self.sleepers:
            self._someone_sleeps.clear()
            await self._someone_sleeps.wait()

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was moved by that much."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._time + seconds, next(self._order), sleeper))
        self._someone_sleeps.set()
        await sleeper


class ShiftedClock(Clock):
    """Real time plus all that it was moved forward by: it runs by itself, and can skip a wait."""

    def __init__(self) -> None:
        self._shift = 0.0
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> datetime:
        """The shifted calendar's moment."""
        return datetime.now(UTC) + timedelta(seconds=self._shift)

    def time(self) -> float:
        """Real seconds and skipped ones."""
        return time.monotonic() + self._shift

    def move(self, by: float | timedelta) -> None:
        """Skip that much time; whoever sleeps looks at once whether their time has come."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        if seconds < 0:
            raise ValueError("time does not go back")
        self._shift += seconds
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    async def sleep(self, seconds: float) -> None:
        """Wait until that much time has passed, really or by a move."""
        until = self.time() + seconds
        while (left := until - self.time()) > 0:
            moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.add(moved)
            try:
                await asyncio.wait({moved}, timeout=left)
            finally:
                self._sleepers.discard(moved)


class ScaledClock(Clock):
    """A clock that runs `factor` times faster than the real one."""

    def __init__(self, factor: float, start: datetime | None = None) -> None:
        self._factor = factor
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """The fast calendar's moment."""
        return self._start + timedelta(seconds=self.time())

    def time(self) -> float:
        """Fast seconds since the clock was made."""
        return (time.monotonic() - self._origin) * self._factor

    async def sleep(self, seconds: float) -> None:
        """Wait that many fast seconds."""
        until = self.time() + seconds
        # A real timer may ring a moment too early; only time itself ends this wait.
        while (left := until - self.time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left / self._factor)
