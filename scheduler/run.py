"""Hands the timetable to APScheduler, in the one process that keeps time."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from models.base import new_id
from scheduler.timetable import TIMETABLE, Job

log = structlog.get_logger()

Transaction = Callable[[Callable[[Session], None], str], Awaitable[None]]
"""Runs a function in one transaction, with a cause for what it says."""


class Timekeeper:
    """Ticks the jobs. Only its memory is APScheduler's: what is due stands in the database."""

    def __init__(self, transaction: Transaction, now: Callable[[], datetime]) -> None:
        self._transaction, self._now = transaction, now
        self._scheduler: Any = None

    async def tick(self, job: Job) -> None:
        """Run one job in one transaction; a failing one is logged and stops no other."""
        at = self._now()
        try:
            await self._transaction(
                lambda session: job.run(session, at=at), f"job:{job.name}:{new_id()}"
            )
        except Exception as error:  # noqa: BLE001 - the next tick finds the same work due again
            log.error("job.failed", job=job.name, error=type(error).__name__)

    def start(self) -> None:
        """Begin to keep time; what was missed meanwhile is done once, not as often as missed."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")
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
