"""Hands the timetable to APScheduler, in the one process that keeps time."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from models.base import new_id
from scheduler.timetable import TIMETABLE, Job
from services import alarm

log = structlog.get_logger()

Transaction = Callable[[Callable[[Session], None], str], Awaitable[None]]
"""Runs a function in one transaction, with a cause for what it says."""


@dataclass(slots=True)
class Runs:
    """What is known of one job in this process."""

    began_at: datetime | None = None
    seconds: float = 0.0
    """How long the last run took."""
    failures: int = 0

    def late(self, job: Job, now: datetime) -> float:
        """Give the seconds that the next run is overdue."""
        if self.began_at is None:
            return 0.0
        return max(0.0, (now - self.began_at - job.every).total_seconds())


class Timekeeper:
    """Ticks the jobs. Only its memory is APScheduler's: what is due stands in the database."""

    def __init__(self, transaction: Transaction, now: Callable[[], datetime]) -> None:
        self._transaction, self._now = transaction, now
        self._scheduler: Any = None
        self.runs: dict[str, Runs] = {}

    async def tick(self, job: Job) -> None:
        """Run one job in one transaction; a failing one calls the admins and stops no other."""
        at, began = self._now(), perf_counter()
        runs = self.runs.setdefault(job.name, Runs())
        try:
            await self._transaction(
                lambda session: job.run(session, at=at), f"job:{job.name}:{new_id()}"
            )
        except Exception as error:  # noqa: BLE001 - the next tick finds the same work due again
            runs.failures += 1
            await self._failed(job, type(error).__name__, at)
        runs.began_at, runs.seconds = at, perf_counter() - began

    async def _failed(self, job: Job, error: str, at: datetime) -> None:
        log.error("job.failed", job=job.name, error=error)
        with suppress(Exception):  # where the database is away nobody can be told
            await self._transaction(
                lambda session: alarm.job_failed(session, job.name, error, at=at), ""
            )

    def start(self) -> None:
        """Begin to keep time; what was missed meanwhile is done once, not as often as missed."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self.runs = {}
        for job in TIMETABLE:
            self._scheduler.add_job(
                self.tick,
                IntervalTrigger(seconds=job.every.total_seconds()),
                args=[job],
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop keeping time."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
