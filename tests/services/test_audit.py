"""The audit trail: it cannot be changed from here, and it shows when it was changed elsewhere."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.database import Database
from models.audit import Audit, AuditSeal
from models.seal import KeyRing
from services import audit
from tests.services.cast import AT, home
from tests.services.conftest import NEW, OLD


def note_and_seal(session: Session, rounds: int = 3) -> None:
    """Three rounds of four rows, each with its seal."""
    place = home(session)
    for minute in range(rounds):
        at = AT + timedelta(minutes=minute)
        for _ in range(4):
            audit.note(session, None, "open", place, at=at)
        session.flush()
        audit.seal(session, at=at)
        session.flush()


def behind_its_back(session: Session, table: str, statement: str) -> None:
    """Change rows as somebody with the database's own password could."""
    if session.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER {table}_no_{act}"))
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_only_add"))
    session.execute(text(statement))
    session.expire_all()


def test_an_untouched_trail_holds(each_session: Session) -> None:
    assert audit.verify(each_session) is None
    note_and_seal(each_session)
    each_session.expire_all()
    assert audit.verify(each_session) is None


def test_sealing_twice_signs_once(session: Session) -> None:
    note_and_seal(session, rounds=1)
    audit.seal(session, at=AT)
    session.flush()
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == 1


def test_rows_after_the_last_seal_are_not_yet_judged(session: Session) -> None:
    note_and_seal(session)
    audit.note(session, None, "open", home(session), at=AT)
    session.flush()
    assert audit.verify(session) is None


@pytest.mark.parametrize("table", ["audit", "audit_seal", "step"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_it(
    each_session: Session, table: str, statement: str
) -> None:
    note_and_seal(each_session)
    if table == "step":
        from tests.services.cast import waiting  # a move leaves a step

        waiting(each_session, "Sari")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        each_session.execute(text(statement.format(table)))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET act = 'nothing' WHERE seq = {seq}",
        "UPDATE audit SET record = 'facility:1' WHERE seq = {seq}",
        "UPDATE audit SET at = '2020-01-01 00:00:00+00:00' WHERE seq = {seq}",
        "DELETE FROM audit WHERE seq = {seq}",
        "UPDATE audit SET seq = seq + 1000 WHERE seq = {seq}",
    ],
)
def test_a_changed_or_removed_row_is_found(each_session: Session, change: str) -> None:
    note_and_seal(each_session)
    sequence = each_session.scalars(sa.select(Audit.seq).order_by(Audit.seq)).all()
    behind_its_back(each_session, "audit", change.format(seq=sequence[5]))
    found = audit.verify(each_session)
    assert found is not None
    assert sequence[3] < found <= sequence[5]


def test_a_row_slipped_in_is_found(session: Session) -> None:
    note_and_seal(session)
    behind_its_back(session, "audit", "DELETE FROM audit WHERE seq = 2")
    session.execute(
        text("INSERT INTO audit (seq, at, act, record) VALUES (2, :at, 'open', 'facility:1')"),
        {"at": "2026-11-24 01:00:00.000000"},
    )
    assert audit.verify(session) == 1


def test_a_seal_taken_away_or_written_anew_is_found(session: Session) -> None:
    note_and_seal(session)
    behind_its_back(session, "audit_seal", "DELETE FROM audit_seal WHERE upto_seq = 8")
    assert audit.verify(session) == 5
    session.execute(text("UPDATE audit_seal SET count = 8 WHERE upto_seq = 12"))
    session.expire_all()
    assert audit.verify(session) == 5


def test_the_trail_holds_after_a_change_of_the_key(database: Database) -> None:
    with database.session() as session, session.begin():
        note_and_seal(session)
    database.ring = KeyRing([NEW, OLD])
    with database.session() as session, session.begin():
        note_and_seal(session)
        assert audit.verify(session) is None


def test_nobody_without_the_ring_can_sign(database: Database) -> None:
    with database.session() as session, session.begin():
        note_and_seal(session)
    database.ring = KeyRing([NEW])
    with database.session() as session:
        assert audit.verify(session) == 1


def test_a_note_names_ids_and_no_words(session: Session) -> None:
    place = home(session)
    audit.note(session, None, "open", place, at=AT)
    session.flush()
    row = session.scalars(sa.select(Audit)).one()
    assert (row.by_id, row.act, row.record) == (None, "open", f"facility:{place.id}")
