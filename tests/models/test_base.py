"""What every record shares: moments that stay aware, ids that never meet, silence about people."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from handlers.call import Call
from models import Base
from models.base import Moment, Record, new_id
from models.consultation import Consultation
from models.message import Message, Words
from models.person import Person
from models.role import Role
from models.seal import KeyRing
from services.mail import Answer, Arrived, Button
from services.person import Caller

WIT = timezone(timedelta(hours=9))


def test_a_moment_is_the_same_moment_and_aware_after_the_database(engine_url: str) -> None:
    table = sa.Table("note", sa.MetaData(), sa.Column("at", Moment()))
    engine = sa.create_engine(engine_url)
    moments = [
        datetime(2026, 11, 24, 9, 0, tzinfo=WIT),
        datetime(2026, 11, 24, 0, 0, 0, 123456, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2051, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        None,
    ]
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"at": moment} for moment in moments])
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TIME ZONE 'Asia/Jayapura'")
        found = connection.scalars(sa.select(table.c.at)).all()
        earliest = connection.scalar(sa.select(sa.func.min(table.c.at)))
        later = connection.scalars(sa.select(table.c.at).where(table.c.at > moments[0])).all()
    engine.dispose()
    assert found == moments
    assert all(moment.tzinfo is UTC for moment in found if moment)
    assert earliest == moments[2]
    assert later == [moments[1], moments[3]]


def test_a_naive_moment_is_refused(engine_url: str) -> None:
    table = sa.Table("note", sa.MetaData(), sa.Column("at", Moment()))
    engine = sa.create_engine(engine_url)
    with engine.begin() as connection:
        table.create(connection)
        with pytest.raises(sa.exc.StatementError, match="needs a time zone"):
            connection.execute(table.insert(), {"at": datetime(2026, 11, 24)})  # noqa: DTZ001
    engine.dispose()


def test_every_moment_of_the_schema_is_one() -> None:
    """A plain DateTime would come back naive on SQLite."""
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    assert not [
        str(column)
        for column in columns
        if isinstance(column.type, sa.DateTime) or str(column.type) == "TIMESTAMP"
    ]
    assert all(
        isinstance(column.type, Moment)
        for column in columns
        if column.name == "at" or column.name.endswith("_at")
    )
    assert all(isinstance(c.type, sa.Date) for c in columns if c.name.endswith("_on"))


def test_every_constraint_has_a_name() -> None:
    """A batch migration on SQLite can only drop what has one."""
    unnamed = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert not unnamed


def test_ids_rise_and_never_meet_across_threads() -> None:
    together = threading.Barrier(8)
    made: list[list[int]] = []

    def make() -> None:
        together.wait()
        made.append([new_id() for _ in range(2000)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(ids == sorted(ids) for ids in made)
    everyone = {one for ids in made for one in ids}
    assert len(everyone) == 16_000
    assert min(everyone) > 0
    assert max(everyone) < 2**63


def test_an_id_is_known_before_the_insert_and_can_be_given() -> None:
    assert Person().id < Person().id
    assert Person(id=7).id == 7


SECRETS = ("Sari", "Demam", "9901014501900001", "628120000")


@pytest.mark.parametrize("kind", Record.__subclasses__())
def test_a_record_shows_its_number_and_nothing_else(kind: type[Record]) -> None:
    assert repr(kind(id=7)) == f"<{kind.__name__} 7>"


def test_nothing_that_is_handed_around_shows_a_person() -> None:
    """These end up in tracebacks, assertion messages and debuggers."""
    ring = KeyRing([b"k" * 32])
    person = Person(telegram_id=628120000)
    person.write(ring, name="Sari")
    said = Words(chat_id=1, message_id=2, kind="text", text="Sari: Demam 9901014501900001")
    update: object = {"text": "Demam", "from": "Sari"}
    shown = [
        person,
        Message(author_id=person.id),
        Role(person=person),
        Consultation(asker=person),
        said,
        Caller(1, person, None, is_new=True),
        Call(None, Caller(1, person, None, is_new=True), update, None, datetime.now(UTC)),  # type: ignore[arg-type]  # only shown
        Arrived(1, 2, {"update": update}),
        Button("button.to_asker", "to:1", {"name": "Sari"}),
        Answer(result={"text": "Demam", "chat": {"first_name": "Sari"}}),
        ring,
    ]
    for one in shown:
        assert not [secret for secret in SECRETS if secret in repr(one)], one
