"""What is kept in memory: read once, read anew when it changed, never from what was undone."""

from itertools import count
from threading import Event, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.database import Database
from models.facility import Facility
from services import facility
from services.atlas import atlas, changed, refresh
from tests.services.places import place

_readings = count()


class Census:
    """A part that says how many facilities it saw, and which reading it is."""

    def __init__(self, session: Session) -> None:
        self.facilities = session.scalar(select(func.count()).select_from(Facility))
        self.reading = next(_readings)


def test_a_part_is_read_once_and_again_after_a_change(each_session: Session) -> None:
    first = atlas(each_session, Census)
    assert atlas(each_session, Census) is first
    place(each_session, "Puskesmas Baru")
    second = atlas(each_session, Census)
    assert second.facilities == (first.facilities or 0) + 1
    changed(each_session)
    assert atlas(each_session, Census) is not second


def test_sessions_of_one_database_share_what_is_kept(database: Database) -> None:
    with database.session() as one, database.session() as other:
        kept = atlas(one, Census)
        one.rollback()
        assert atlas(other, Census) is kept


def test_what_was_undone_is_not_believed(database: Database) -> None:
    with database.session() as session:
        before = atlas(session, Census).facilities
        place(session, "Puskesmas yang batal")
        undone = atlas(session, Census)
        session.rollback()
        place(session, "Puskesmas lain")
        assert atlas(session, Census) is not undone
        session.rollback()
        assert atlas(session, Census).facilities == before


def test_where_somebody_refreshes_it_the_old_one_is_used_meanwhile(database: Database) -> None:
    database.atlas.is_refreshed = True
    with database.session() as session:
        first = atlas(session, Census)  # nothing was there yet: read now
        place(session, "Puskesmas Baru")
        assert atlas(session, Census) is first
        refresh(session, [Census])
        assert atlas(session, Census).facilities == (first.facilities or 0) + 1
        same = atlas(session, Census)
        refresh(session, [Census])
        assert atlas(session, Census) is same


def test_nobody_waits_for_a_part_that_is_read_anew(database: Database) -> None:
    database.atlas.is_refreshed = True
    reading, go_on = Event(), Event()

    class Slow(Census):
        def __init__(self, session: Session) -> None:
            super().__init__(session)
            reading.set()
            assert go_on.wait(10)

    go_on.set()
    with database.session() as session, session.begin():
        first = atlas(session, Slow)
        place(session, "Puskesmas Baru")
    reading.clear()
    go_on.clear()

    def keep() -> None:
        with Session(database.reader, info={"atlas": database.atlas}) as session:
            refresh(session, [Slow])

    keeper = Thread(target=keep)
    keeper.start()
    assert reading.wait(10)
    with database.session() as session:
        assert atlas(session, Slow) is first
    go_on.set()
    keeper.join()
    with database.session() as session:
        assert atlas(session, Slow) is not first


@pytest.mark.parametrize("name", ["Puskesmas Contoh", "Puskesmas Lain"])
def test_entering_a_facility_is_a_change(session: Session, name: str) -> None:
    first = atlas(session, Census)
    facility.add(session, "99990009", name)
    assert atlas(session, Census) is not first
