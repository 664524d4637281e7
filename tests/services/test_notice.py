"""What is told by the clock is told once, also by two processes in the same moment."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.database import Database
from models.consultation import Consultation, Status
from models.mail import Outgoing
from models.notice import Notice, What
from services import credential, notice, silence, step, waiting
from services.danger import alert
from services.person import Caller
from tests.services import cast
from tests.services.cast import AT, BOT


def prepare(session: Session) -> int:
    """One in danger that nobody takes, one who waits, one whose worker is silent, and an admin."""
    for name in ("Sari", "Ani", "Eka"):
        cast.waiting(session, name)
    danger, _, talk = session.scalars(select(Consultation).order_by(Consultation.id)).all()
    danger.danger_at = AT
    role = cast.worker(session, "Budi")
    step.accept(session, Caller(BOT, role.person, None, is_new=False), talk.id, at=AT)
    credential.grant_admin(session, 77, at=AT)
    session.flush()
    return said(session)


def said(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Outgoing)) or 0


@pytest.mark.parametrize(
    ("sweep", "later", "told"),
    [
        (alert.sweep, timedelta(minutes=2), {What.CALLED, What.UNREAD}),
        (silence.sweep, timedelta(minutes=15), {What.NUDGED, What.SILENT}),
        (waiting.sweep, timedelta(hours=22), {What.ENDING, What.PLACE}),
    ],
)
def test_two_keepers_of_time_in_the_same_moment_tell_it_once(
    each_database: Database, sweep: Callable[..., None], later: timedelta, told: set[What]
) -> None:
    with each_database.session(cause="before") as session, session.begin():
        before = prepare(session)
    other = Database(each_database.url, each_database.ring)
    together = threading.Barrier(2)

    def keep_time(database: Database, name: str) -> None:
        together.wait()
        with database.session(cause=name) as session, session.begin():
            sweep(session, at=AT + later)

    threads = [
        threading.Thread(target=keep_time, args=one)
        for one in ((each_database, "one"), (other, "two"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    with each_database.session() as session:
        assert said(session) - before == 2
        assert set(session.scalars(select(Notice.what))) == told


def test_a_new_beginning_is_told_anew(session: Session) -> None:
    one = cast.waiting(session, "Sari")
    first: Any = {"since": AT, "at": AT}
    assert notice.first(session, one, What.PLACE, **first)
    assert not notice.first(session, one, What.PLACE, **first)
    assert notice.first(session, one, What.NUDGED, **first)
    assert notice.first(session, one, What.PLACE, since=AT + timedelta(minutes=1), at=AT)
    assert notice.first(session, one, What.PLACE, since=AT, at=AT, count=2)


def test_the_wait_is_counted_from_the_last_time_it_came_into_the_queue(session: Session) -> None:
    one = cast.waiting(session, "Sari")
    assert notice.waits_since(session, one) == AT
    one.move(Status.ACTIVE, by=None, at=AT + timedelta(minutes=1))
    one.move(Status.WAITING, by=None, at=AT + timedelta(minutes=5))
    session.flush()
    assert notice.waits_since(session, one) == AT + timedelta(minutes=5)
    assert one.arrived_at == AT
