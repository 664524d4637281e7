"""The timetable: a job that fails calls the admins, stops no other, and shows in the figures."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.timetable import TIMETABLE, Job
from tests.stories.acts import hears
from tests.town import Town


def breaks(session: Session, *, at: datetime) -> None:
    raise ZeroDivisionError("somebody's words")


async def test_a_job_that_fails_calls_the_admins_once_an_hour_and_stops_nothing(town: Town) -> None:
    wayan, timekeeper = await town.admin("Wayan"), town.app.timekeeper
    broken = Job("offers", timedelta(minutes=1), breaks)
    for _ in range(3):
        await timekeeper.tick(broken)
        await town.wait(minutes=1)
    assert hears(wayan).count("Pekerjaan terjadwal «offers» gagal (ZeroDivisionError)") == 1
    assert "somebody" not in hears(wayan)
    town.clock.move(timedelta(hours=1))
    await timekeeper.tick(broken)
    await town.settle()
    assert hears(wayan).count("Pekerjaan terjadwal") == 2

    await town.wait(minutes=1)
    town.clock.move(timedelta(minutes=3))
    page = (await town.app._metrics()).decode()
    assert 'telekonsul_job_failures_total{job="offers"} 4.0' in page
    for job in TIMETABLE:
        assert f'telekonsul_job_seconds{{job="{job.name}"}}' in page
        overdue = max(0.0, 180.0 - job.every.total_seconds())
        line = f'telekonsul_job_late_seconds{{job="{job.name}"}} '
        late = float(page.partition(line)[2].split("\n", 1)[0])
        assert overdue <= late <= max(overdue + 5, 0), job.name
