"""What happens by the clock: name · how often · which service function. Read it as a table.

A job asks the records what is due, so one that runs late, twice or after a restart does its work
once. `run.py` passes the session and the moment and commits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from services import (
    alarm,
    applicant,
    audit,
    checkin,
    dispatch,
    duty,
    emergency,
    integrity,
    licence,
    privacy,
    silence,
    step,
    task,
    understood,
    waiting,
)
from services.danger import alert
from services.guidance import turn
from services.mail import queue


class Work(Protocol):
    """A service function that the clock can call."""

    def __call__(self, session: Session, *, at: datetime) -> None:
        """Do what is due at this moment."""


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the table."""

    name: str
    every: timedelta
    run: Work


TIMETABLE = (
    Job("offers", timedelta(seconds=10), dispatch.sweep),
    Job("danger", timedelta(seconds=10), alert.sweep),
    Job("silence", timedelta(seconds=10), silence.sweep),
    Job("duty", timedelta(seconds=30), duty.sweep),
    Job("roster", timedelta(minutes=1), duty.keep_roster),
    Job("licences", timedelta(hours=1), licence.sweep),
    Job("waiting", timedelta(minutes=1), waiting.sweep),
    Job("understood", timedelta(minutes=1), understood.sweep),
    Job("checkins", timedelta(minutes=1), checkin.sweep),
    Job("turns", timedelta(minutes=1), turn.sweep),
    Job("privacy", timedelta(minutes=1), privacy.sweep),
    Job("backlog", timedelta(minutes=1), alarm.watch_backlog),
    Job("audit", timedelta(minutes=1), audit.seal),
    Job("drafts", timedelta(minutes=5), step.expire_drafts),
    Job("applicants", timedelta(hours=1), applicant.expire),
    Job("cards", timedelta(minutes=10), emergency.refresh),
    Job("numbers", timedelta(hours=1), emergency.remind),
    Job("tasks", timedelta(hours=1), task.remind),
    Job("integrity", timedelta(hours=1), integrity.sweep),
    Job("mail", timedelta(hours=1), queue.trim),
)
