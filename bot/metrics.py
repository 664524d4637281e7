"""One process's figures in Prometheus' format: counters of its loops, levels of its rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.mail import Incoming, Lane, Outgoing
from models.offer import Offer
from scheduler.run import Runs
from scheduler.timetable import TIMETABLE

Counts = Mapping[int, tuple[Mapping[str, int], Mapping[str, int]]]
"""By bot: how updates ended, how sends ended."""


def render(
    session: Session,
    counts: Counts,
    runs: Mapping[str, Runs],
    *,
    lines_lost: int,
    at: datetime,
) -> bytes:
    """Give every figure as it stands now; `runs` by job are empty where another keeps time."""
    registry = CollectorRegistry()
    registry.register(_Now(session, counts, runs, lines_lost, at))
    return generate_latest(registry)


class _Now(Collector):
    def __init__(
        self,
        session: Session,
        counts: Counts,
        runs: Mapping[str, Runs],
        lines_lost: int,
        at: datetime,
    ) -> None:
        self._session, self._counts, self._at = session, counts, at
        self._runs, self._lines_lost = runs, lines_lost

    def collect(self) -> Iterable[Metric]:
        yield from self._ended()
        yield from self._waiting()
        yield self._owed()
        yield from self._consultations()
        yield from self._jobs()
        yield CounterMetricFamily(
            "telekonsul_log_lines_lost", "Log lines that could not be written", self._lines_lost
        )

    def _ended(self) -> Iterable[Metric]:
        updates = CounterMetricFamily(
            "telekonsul_updates", "Updates by how they ended", labels=["bot", "ending"]
        )
        handled = CounterMetricFamily(
            "telekonsul_updates_handled", "Updates done or refused", labels=["bot"]
        )
        sends = CounterMetricFamily(
            "telekonsul_sends", "Calls to Telegram by how they ended", labels=["bot", "ending"]
        )
        for bot_id, (inbox, outbox) in self._counts.items():
            for how, count in inbox.items():
                updates.add_metric([str(bot_id), how], count)
            handled.add_metric([str(bot_id)], inbox["done"] + inbox["refused"])
            for how, count in outbox.items():
                sends.add_metric([str(bot_id), how], count)
        return updates, handled, sends

    def _waiting(self) -> Iterable[Metric]:
        count, oldest = self._session.execute(
            select(func.count(), func.min(Incoming.received_at)).where(Incoming.ended_at.is_(None))
        ).one()
        waiting = GaugeMetricFamily("telekonsul_updates_waiting", "Updates not yet handled")
        waiting.add_metric([], count)
        age = GaugeMetricFamily(
            "telekonsul_updates_oldest_seconds", "Age of the oldest update not yet handled"
        )
        age.add_metric([], (self._at - oldest).total_seconds() if oldest else 0)
        return waiting, age

    def _owed(self) -> Metric:
        owed = GaugeMetricFamily(
            "telekonsul_outbox_waiting", "Calls owed to Telegram", labels=["lane"]
        )
        rows = self._session.execute(
            select(Outgoing.lane, func.count())
            .where(Outgoing.settled_at.is_(None))
            .group_by(Outgoing.lane)
        )
        by_lane = dict(rows.all())
        for lane in Lane:
            owed.add_metric([lane.name.lower()], by_lane.get(lane, 0))
        return owed

    def _consultations(self) -> Iterable[Metric]:
        offers = GaugeMetricFamily("telekonsul_offers_standing", "Offers nobody has answered")
        offers.add_metric(
            [],
            self._session.scalar(
                select(func.count()).select_from(Offer).where(Offer.ended_at.is_(None))
            )
            or 0,
        )
        count, oldest = self._session.execute(
            select(func.count(), func.min(Consultation.arrived_at)).where(
                Consultation.status == Status.WAITING
            )
        ).one()
        waiting = GaugeMetricFamily("telekonsul_consultations_waiting", "Consultations waiting")
        waiting.add_metric([], count)
        longest = GaugeMetricFamily(
            "telekonsul_consultations_longest_wait_seconds", "Longest wait of those waiting"
        )
        longest.add_metric([], (self._at - oldest).total_seconds() if oldest else 0)
        return offers, waiting, longest

    def _jobs(self) -> Iterable[Metric]:
        last = GaugeMetricFamily(
            "telekonsul_job_last_run_timestamp_seconds", "When a job last began", labels=["job"]
        )
        took = GaugeMetricFamily(
            "telekonsul_job_seconds", "How long a job's last run took", labels=["job"]
        )
        late = GaugeMetricFamily(
            "telekonsul_job_late_seconds", "By how much a job is overdue", labels=["job"]
        )
        failed = CounterMetricFamily(
            "telekonsul_job_failures", "Runs of a job that failed", labels=["job"]
        )
        for job in TIMETABLE:
            runs = self._runs.get(job.name)
            if runs is not None and runs.began_at is not None:
                last.add_metric([job.name], runs.began_at.timestamp())
                took.add_metric([job.name], runs.seconds)
                late.add_metric([job.name], runs.late(job, self._at))
                failed.add_metric([job.name], runs.failures)
        return last, took, late, failed
