"""Who is called when people wait on us."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.bot import Contact
from models.mail import Ending, Incoming, Outgoing
from services import alarm, credential
from services.mail import Arrived
from services.mail.incoming import store
from tests.services.cast import AT, BOT

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ADMIN, OTHER = 7001, 7002


@pytest.fixture(autouse=True)
def admins(session: Session) -> None:
    for account in (ADMIN, OTHER):
        role = credential.grant_admin(session, account, at=AT)
        session.flush()
        session.add(Contact(bot_id=BOT, person_id=role.person_id, opened_at=AT))
    store(session, BOT, [Arrived(1, 5001, {"update": {"update_id": 1}})], at=AT)
    session.flush()


def called(session: Session) -> list[int]:
    session.flush()
    rows = session.scalars(sa.select(Outgoing).order_by(Outgoing.seq))
    return [row.chat_id for row in rows]


def test_an_update_that_waits_a_minute_calls_every_admin(session: Session) -> None:
    alarm.watch_backlog(session, at=AT + 60 * SECOND)
    assert called(session) == []
    alarm.watch_backlog(session, at=AT + 61 * SECOND)
    assert called(session) == [ADMIN, OTHER]


def test_the_call_comes_once_an_hour(session: Session) -> None:
    for minute in range(2, 30):
        alarm.watch_backlog(session, at=AT + 60 * minute * SECOND)
    assert called(session) == [ADMIN, OTHER]
    alarm.watch_backlog(session, at=AT + HOUR)
    assert called(session) == [ADMIN, OTHER] * 2


def test_what_has_ended_calls_nobody(session: Session) -> None:
    session.execute(sa.update(Incoming).values(ended_at=AT, ending=Ending.DONE))
    alarm.watch_backlog(session, at=AT + HOUR)
    assert called(session) == []
