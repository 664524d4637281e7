"""Changing the key: everything that an earlier key of the ring sealed is sealed with the current.

Nothing is lost by stopping half-way: every key of the ring opens, and what is done is not found
again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

from sqlalchemy import LargeBinary, func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.mail import Incoming, Outgoing
from models.patient import Patient
from models.person import Person
from models.role import Role
from models.seal import KEY_ID, KeyRing, Sealed, Unreadable, ring_of

BATCH = 500
"""Rows of one transaction: a second's work, so that nobody waits long for the writer."""

Reseal = Callable[[KeyRing], None]


def rekey(session: Session) -> int:
    """Seal the next rows with the current key and tell how many; 0 when there are none left.

    Raises nothing for a row that no key opens: it stays as it is, and unreadable.
    """
    done = 0
    for row, reseal in _found(session):
        with suppress(Unreadable):
            reseal(ring_of(session))
            done += 1
        if done == BATCH:
            break
    session.flush()
    return done


def _found(session: Session) -> Iterator[tuple[object, Reseal]]:
    for kind in (Person, Role, Incoming, Outgoing):
        for row in _rows(session, kind, kind.sealed):
            yield row, row.reseal
    for patient in _rows(session, Patient, Patient.wrapped_key):
        yield patient, patient.rewrap


def _rows(
    session: Session, kind: type[Record_], column: InstrumentedAttribute[bytes | None]
) -> Iterator[Record_]:
    """Page through what an earlier key sealed, locked against a writer who has read it, too."""
    key = inspect(kind).primary_key[0]
    head = func.substr(column, 1, 1 + KEY_ID, type_=LargeBinary)
    wanted = select(kind).where(head.in_(ring_of(session).former())).order_by(key).limit(BATCH)
    last = None
    while page := session.scalars(
        (wanted if last is None else wanted.where(key > last)).with_for_update()
    ).all():
        yield from page
        last = inspect(page[-1]).identity[0]
