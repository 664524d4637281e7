"""Changing DATA_KEY: everything is sealed anew, nothing is lost, the old key can go."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.database import Database
from models import Base
from models.correction import Correction
from models.form import Form, Question
from models.invitation import Invitation
from models.lesson import Lesson
from models.mail import Incoming, Outgoing
from models.message import Message
from models.patient import Patient
from models.person import Person
from models.privacy import Privacy
from models.role import Kind, Role
from models.seal import KeyRing, Sealed, Unreadable
from models.task import Task
from services import form, invitation, rekey
from services.mail import Arrived
from services.mail.incoming import store
from tests.services.cast import AT, BOT, caller, draft, home, waiting, worker
from tests.services.conftest import NEW, OLD

NIK = "9901014501900001"


def fill(database: Database) -> None:
    """One of everything that is sealed, with the key of that moment."""
    with database.session(cause="fill") as session, session.begin():
        worker(session, "Budi")
        invitation.invite(session, home(session), Kind.WORKER, by=None, at=AT)
        session.scalars(sa.select(Invitation)).one().write(session, name="Ayu")
        one = waiting(session, "Sari")
        one.patient.write(session, name="Sari", nik=NIK)
        one.patient.identify(session, nik=NIK)
        erased = draft(session, caller(session, "Wayan")).patient
        erased.erase()
        report = Correction(facility_id=home(session).id, by_id=one.asker_id, reported_at=AT)
        report.write(session, what="other", words="Sudah pindah")
        session.add(report)
        asked = caller(session, "Tuti")
        opened = Privacy(person_id=asked.person.id, bot_id=BOT)
        opened.write(session, pin={"salt": "contoh", "hash": "contoh"})
        session.add(opened)
        taught = Lesson(bot_id=BOT, person_id=asked.person.id, name="fktp", step=0, at=AT)
        taught.write(session, number="A-12")
        session.add(taught)
        form.ask(session, asked, Question.PLACE, None, at=AT, place="Sidomulyo")
        store(session, BOT, [Arrived(n, 2, {"update": {"n": n}}) for n in range(3)], at=AT)


def turn(database: Database, *keys: bytes) -> None:
    database.ring = KeyRing(keys)


def rekey_all(database: Database) -> list[int]:
    """What the command does: a batch a transaction until nothing is left."""
    counts: list[int] = []
    while not counts or counts[-1]:
        with database.session() as session, session.begin():
            counts.append(rekey.rekey(session))
    return counts


def everything(session: Session) -> dict[str, object]:
    """Every document that can be read, by its row."""
    found: dict[str, object] = {}
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Sealed):
            for row in session.scalars(sa.select(mapper.class_)):
                try:
                    found[f"{mapper.class_.__name__} {row._own_id()}"] = row.read(session)
                except Unreadable:
                    found[f"{mapper.class_.__name__} {row._own_id()}"] = None
    return found


def test_after_it_the_old_key_can_go_and_everything_reads_as_before(
    each_database: Database,
) -> None:
    fill(each_database)
    with each_database.session() as session:
        before = everything(session)
    assert {key.split()[0] for key, value in before.items() if value} >= {
        "Person", "Role", "Invitation", "Correction", "Form", "Patient", "Message", "Incoming",
        "Outgoing",
    }  # fmt: skip
    turn(each_database, NEW, OLD)
    counts = rekey_all(each_database)
    assert counts[0] > 0
    assert counts[-1] == 0
    turn(each_database, NEW)
    with each_database.session() as session:
        assert everything(session) == before
        indexes = session.scalars(sa.select(Patient.nik_index)).all()
    assert KeyRing([NEW]).index("nik", NIK) in indexes


def test_every_table_sealed_by_the_ring_is_covered() -> None:
    """A new sealed record has to be added; those under a patient's key need nothing."""
    sealed: set[type] = {m.class_ for m in Base.registry.mappers if issubclass(m.class_, Sealed)}
    by_patient = {kind for kind in sealed if "_lock" in vars(kind)}
    assert sealed - by_patient == {
        Person, Role, Invitation, Correction, Form, Incoming, Outgoing, Task, Privacy, Lesson,
    }  # fmt: skip
    assert Patient in by_patient
    assert Message in by_patient


def test_stopped_half_way_it_goes_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekey, "BATCH", 2)
    fill(database)
    with database.session() as session:
        before = everything(session)
    turn(database, NEW, OLD)
    with database.session() as session, session.begin():
        assert rekey.rekey(session) == 2
    with database.session() as session:
        assert everything(session) == before
        rekey.rekey(session)  # and the power fails: rolled back
    counts = rekey_all(database)
    assert set(counts[:-2]) == {2}
    turn(database, NEW)
    with database.session() as session:
        assert everything(session) == before


def test_run_again_it_finds_nothing(database: Database) -> None:
    fill(database)
    assert rekey_all(database) == [0]
    turn(database, NEW, OLD)
    rekey_all(database)
    assert rekey_all(database) == [0]


@pytest.mark.parametrize("spoilt", [b"\x01", b"\x02 patient's", b""])
def test_what_no_key_opens_stays_and_stops_nobody(
    database: Database, monkeypatch: pytest.MonkeyPatch, spoilt: bytes
) -> None:
    """More spoilt rows than a batch holds, before the good ones: changed, cut, of a lost key."""
    monkeypatch.setattr(rekey, "BATCH", 2)
    with database.session() as session, session.begin():
        people = [caller(session, "Sari").person for _ in range(7)]
        for person in people[:5]:
            assert person.sealed is not None
            person.sealed = spoilt or person.sealed[:-1] + bytes([person.sealed[-1] ^ 1])
    turn(database, NEW, OLD)
    assert rekey_all(database)[0] == 2
    with database.session() as session:
        rows = session.scalars(sa.select(Person).order_by(Person.id)).all()
        assert [KeyRing([NEW]).is_current(row.sealed or b"") for row in rows] == [
            False, False, False, False, False, True, True,
        ]  # fmt: skip


def test_a_key_that_opens_nothing_is_known_and_one_damaged_row_is_no_reason(
    database: Database,
) -> None:
    def fits(*keys: bytes) -> bool:
        turn(database, *keys)
        with database.session() as session:
            return rekey.fits(session)

    assert fits(NEW), "nothing stands there yet"
    turn(database, OLD)
    fill(database)
    assert fits(OLD)
    assert fits(NEW, OLD)
    assert not fits(NEW)
    with database.session() as session, session.begin():
        session.execute(sa.update(Role).values(sealed=b"damaged"))
    assert fits(OLD)
