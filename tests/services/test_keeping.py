"""Two processes that keep time at the same moment remind, and send anew, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import Database
from models.emergency import EmergencyCard
from models.mail import Outgoing
from services import credential, emergency, region
from services.content import CONTENT
from services.region import listing
from tests.services.cast import AT, BOT, caller, home

pytestmark = pytest.mark.engine
OELNASI = "53.01.08.2006"


def furnish(session: Session) -> None:
    """An admin to remind, and somebody with a pinned card that says what is no longer true."""
    region.enter(session, listing.read(CONTENT / "sample" / "regions.csv"))
    wayan, sari = caller(session, "Wayan"), caller(session, "Sari")
    session.flush()
    credential.grant_admin(session, wayan.person.telegram_id, at=AT)
    before = AT - timedelta(days=1)
    session.add(EmergencyCard(
        bot_id=BOT, person_id=sari.person.id, region_code=OELNASI, digest=b"old", outbox_key="",
        telegram_message_id=7, is_pinned=True, sent_at=before, looked_at=before,
    ))  # fmt: skip


def both(database: Database, work: Callable[[Session], None]) -> None:
    """Do it in two transactions that begin together."""
    ready = Barrier(2)

    def one(name: str) -> None:
        with database.session(cause=f"job:{name}") as session:
            ready.wait(timeout=10)
            with session.begin():
                work(session)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, ("first", "second")))


def sent(database: Database, method: str) -> int:
    with database.session() as session:
        found = select(func.count()).select_from(Outgoing).where(Outgoing.method == method)
        return session.scalar(found) or 0


def test_of_two_who_keep_time_one_reminds(each_database: Database) -> None:
    with each_database.session(cause="test") as session, session.begin():
        furnish(session)
    both(each_database, lambda session: emergency.remind(session, at=AT))
    assert sent(each_database, "sendMessage") == 1


def test_of_two_who_keep_time_one_sends_the_card_anew(each_database: Database) -> None:
    with each_database.session(cause="test") as session, session.begin():
        furnish(session)
    both(each_database, lambda session: emergency.refresh(session, at=AT))
    assert sent(each_database, "sendMessage") == 1
    assert sent(each_database, "pinChatMessage") == 1


def test_a_number_that_two_enter_at_once_is_one_number(each_database: Database) -> None:
    def enter(session: Session) -> None:
        emergency.set_number(
            session, home(session), "PSC contoh", "0380 555", checked_on=date(2026, 11, 1)
        )

    with suppress(IntegrityError):  # the second may be refused; as an update it is tried again
        both(each_database, enter)
    with each_database.session() as session:
        assert len(emergency.numbers(session, home(session))) == 1
