"""Changing the key: what an earlier key of the ring sealed is sealed with the current one.

Nothing is lost by stopping half-way: every key of the ring opens, and what is done is not found
again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TypeVar

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.base import Base
from models.correction import Correction
from models.form import Form
from models.invitation import Invitation
from models.lesson import Lesson
from models.mail import Incoming, Outgoing
from models.patient import Patient
from models.person import Person
from models.privacy import Privacy
from models.role import Role
from models.seal import KEY_ID, KeyRing, Unreadable, ring_of
from models.task import Task

BATCH = 500
"""Rows of one transaction: well under a second, so that nobody waits long for the writer."""

T = TypeVar("T", bound=Base)


def rekey(session: Session) -> int:
    """Seal the next rows with the current key and tell how many; 0 when none are left.

    A row that no key opens stays as it is. What a patient's key sealed stays, too: that key is
    wrapped anew.
    """
    done = 0
    for reseal in _found(session):
        with suppress(Unreadable):
            reseal(ring_of(session))
            done += 1
        if done == BATCH:
            break
    session.flush()
    return done


def fits(session: Session) -> bool:
    """Tell whether the ring opens what stands here: of each kind the newest is tried, and one that
    opens is enough, for a single row may be damaged. An empty database fits every ring.
    """
    ring = ring_of(session)
    people = select(Person).where(Person.sealed.is_not(None)).order_by(Person.id.desc())
    roles = select(Role).where(Role.sealed.is_not(None)).order_by(Role.id.desc())
    patients = select(Patient).where(Patient.wrapped_key.is_not(None)).order_by(Patient.id.desc())
    tries: list[Callable[[], object]] = [
        *(partial(one.read, ring) for one in session.scalars(people.limit(1))),
        *(partial(one.read, ring) for one in session.scalars(roles.limit(1))),
        *(partial(one.key, ring) for one in session.scalars(patients.limit(1))),
    ]
    for opens in tries:
        with suppress(Unreadable):
            opens()
            return True
    return not tries


def _found(session: Session) -> Iterator[Callable[[KeyRing], None]]:
    for one in _rows(session, Person, Person.sealed, Person.id):
        yield one.reseal
    for role in _rows(session, Role, Role.sealed, Role.id):
        yield role.reseal
    for invitation in _rows(session, Invitation, Invitation.sealed, Invitation.id):
        yield invitation.reseal
    for privacy in _rows(session, Privacy, Privacy.sealed, Privacy.person_id):
        yield privacy.reseal
    for correction in _rows(session, Correction, Correction.sealed, Correction.id):
        yield correction.reseal
    for task in _rows(session, Task, Task.sealed, Task.id):
        yield task.reseal
    for lesson in _rows(session, Lesson, Lesson.sealed, Lesson.person_id):
        yield lesson.reseal
    for form in _rows(session, Form, Form.sealed, Form.person_id):
        yield form.reseal
    for patient in _rows(session, Patient, Patient.wrapped_key, Patient.id):
        yield patient.rewrap
    for update in _rows(session, Incoming, Incoming.sealed, Incoming.seq):
        yield update.reseal
    for call in _rows(session, Outgoing, Outgoing.sealed, Outgoing.seq):
        yield call.reseal


def _rows(
    session: Session,
    kind: type[T],
    column: InstrumentedAttribute[bytes | None],
    key: InstrumentedAttribute[int],
) -> Iterator[T]:
    """Page through what an earlier key sealed; locked, so that no writer's change is undone."""
    head = func.substr(column, 1, 1 + KEY_ID, type_=LargeBinary)
    wanted = select(kind).where(head.in_(ring_of(session).former())).order_by(key).limit(BATCH)
    last = 0
    while page := session.scalars(wanted.where(key > last).with_for_update()).all():
        yield from page
        last = getattr(page[-1], key.key)
