"""Who may advise: entered, verified, ended by the facility."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.audit import Audit
from models.role import Kind, Profession, Role
from services import credential, duty
from tests.services.cast import AT, as_caller, caller, home, worker


def test_a_verified_worker_may_advise_and_signs_with_name_licence_and_facility(
    session: Session,
) -> None:
    role = worker(session, "Budi")
    assert credential.worker(session, role.person, at=AT) is role
    assert credential.title(session, role) == "Perawat Budi"
    signed = credential.signature(session, role)
    assert all(part in signed for part in ("Perawat Budi", "CONTOH-SIP", "Puskesmas Contoh"))


def test_an_asker_may_not(session: Session) -> None:
    assert credential.worker(session, caller(session, "Sari").person, at=AT) is None


def test_a_rejected_worker_may_not_from_that_moment_and_is_off_duty(session: Session) -> None:
    role = worker(session, "Budi")
    assert credential.reject(session, role.person.telegram_id, at=AT)
    session.flush()
    assert credential.worker(session, role.person, at=AT) is None
    assert duty.on_duty(session, home(session).id, at=AT) == []
    assert role.ready_at is None
    assert not credential.reject(session, role.person.telegram_id, at=AT)
    assert not credential.reject(session, 404, at=AT)


def test_verified_again_there_is_a_new_role_and_the_old_one_stays_ended(session: Session) -> None:
    first = worker(session, "Budi")
    account = first.person.telegram_id
    credential.reject(session, account, at=AT)
    session.flush()
    again = _verify(session, account, date(2029, 1, 1))
    assert again.id != first.id
    assert first.ended_at == AT
    assert credential.worker(session, first.person, at=AT) is again


def test_a_renewed_licence_is_the_same_role(session: Session) -> None:
    first = worker(session, "Budi")
    again = _verify(session, first.person.telegram_id, date(2033, 1, 1))
    assert again is first
    assert again.sip_ends_on == date(2033, 1, 1)


def test_the_licence_ends_when_its_last_day_ends_in_the_east(session: Session) -> None:
    """At midnight in Jayapura nobody advises any more, although Jakarta has two hours left."""
    role = worker(session, "Budi")
    role.sip_ends_on = date(2026, 11, 24)
    last = datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC)
    assert credential.worker(session, role.person, at=last) is role
    assert credential.worker(session, role.person, at=last + timedelta(seconds=1)) is None
    assert duty.on_duty(session, home(session).id, at=last + timedelta(seconds=1)) == []


def test_a_worker_can_be_entered_before_they_ever_wrote(session: Session) -> None:
    role = _verify(session, 7001, date(2029, 1, 1))
    assert role.person.telegram_id == 7001
    assert credential.title(session, role) == "Bidan Citra"


def test_granting_admin_twice_is_one_role_that_lets_nobody_advise(session: Session) -> None:
    role = credential.grant_admin(session, 7001, at=AT)
    session.flush()
    assert credential.grant_admin(session, 7001, at=AT) is role
    person = credential.person_for(session, 7001, at=AT)
    assert credential.worker(session, person, at=AT) is None
    assert credential.role_of(session, person, Kind.ADMIN) is role


def test_every_change_is_in_the_trail_once(session: Session) -> None:
    role = worker(session, "Budi")
    credential.reject(session, role.person.telegram_id, at=AT)
    admin = credential.grant_admin(session, 7001, at=AT)
    credential.grant_admin(session, 7001, at=AT)
    session.flush()
    found = session.scalars(sa.select(Audit).order_by(Audit.seq)).all()
    assert [(one.act, one.record) for one in found] == [
        ("verify", f"role:{role.id}"),
        ("reject", f"role:{role.id}"),
        ("grant", f"role:{admin.id}"),
    ]


def test_the_licence_is_sealed(session: Session) -> None:
    role = worker(session, "Budi")
    row = session.execute(sa.select(sa.text("*")).select_from(Role)).one()
    assert "CONTOH" not in repr(row)
    assert as_caller(role).person.read(session) == {"name": ""}


def _verify(session: Session, account: int, ends_on: date) -> Role:
    role = credential.verify(
        session, account, home(session), name="Citra", profession=Profession.MIDWIFE,
        str_number="CONTOH-STR", sip_number="CONTOH-SIP", sip_ends_on=ends_on, at=AT,
    )  # fmt: skip
    session.flush()
    return role
