"""Time as the process sees it; tests, benches and `demo --play` give another one."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The three things the process asks of time."""

    def now(self) -> datetime:
        """Give the moment, aware and in UTC."""

    def time(self) -> float:
        """Give seconds that never jump: for waits and pacing."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class RealClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Give the moment, aware and in UTC."""
        return datetime.now(UTC)

    def time(self) -> float:
        """Give seconds that never jump."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
