"""The facility behind a bot, and its series of numbers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from bot.database import Database
from models.bot import Bot
from models.errors import NotReady
from services import facility
from tests.services.cast import BOT, FACILITY, home


def test_no_number_is_given_twice(each_database: Database) -> None:
    """Four who ask at the same moment, each in transactions of their own."""

    def take(_: int) -> list[int]:
        taken = []
        for _ in range(10):
            with each_database.session() as session, session.begin():
                taken.append(facility.next_number(session, home(session)))
        return taken

    with ThreadPoolExecutor(4) as four:
        numbers = [number for taken in four.map(take, range(4)) for number in taken]
    assert sorted(numbers) == list(range(1, 41))


def test_a_number_that_came_to_nothing_is_given_again(database: Database) -> None:
    with database.session() as session:
        assert facility.next_number(session, home(session)) == 1
    with database.session() as session:
        assert facility.next_number(session, home(session)) == 1


def test_the_series_of_two_facilities_are_their_own(session: Session) -> None:
    one = home(session)
    other = facility.add(session, "99990002", "Klinik Contoh", "drg. Contoh", "nomor contoh")
    session.flush()
    assert [facility.next_number(session, one) for _ in range(3)] == [1, 2, 3]
    assert facility.next_number(session, other) == 1


def test_entering_a_code_again_changes_what_is_known_of_it(session: Session) -> None:
    one = home(session)
    again = facility.add(session, FACILITY, "Puskesmas Contoh Baru", "dr. Baru", "nomor baru")
    assert again is one
    assert home(session).name == "Puskesmas Contoh Baru"


def test_of_two_facilities_the_bot_has_to_name_its_own(session: Session) -> None:
    other = facility.add(session, "99990002", "Klinik Contoh", "drg. Contoh", "nomor contoh")
    session.flush()
    with pytest.raises(NotReady):
        home(session)
    session.get_one(Bot, BOT).facility_id = other.id
    assert home(session) is other


@pytest.mark.parametrize("missing", ["responsible", "contact"])
def test_without_somebody_who_answers_for_it_nothing_starts(session: Session, missing: str) -> None:
    setattr(home(session), missing, "")
    with pytest.raises(NotReady):
        home(session)
