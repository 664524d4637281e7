"""The keys below a worker's writing line: one for each patient, in their colour, as long as there
are several. A press says whom the next words are for."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.person import Person
from services import opinion, person, relay
from services.content import Html, plain, words
from services.desk.panel import open_panel
from services.mail import Key, Keys, tell
from services.person import Caller
from services.relay.heading import COLOURS
from services.text import shorten

ROW = 2
"""Keys beside each other, with their names still to be read."""
NAME = 20
"""Characters of a name on a key: what is longer is cut by the phone."""


def gained(session: Session, bot_id: int, worker: Person, *, at: datetime) -> None:
    """A worker has taken one more: with the second come the keys."""
    session.flush()
    now = _patients(session, bot_id, worker)
    if len(now) > 1:
        _tell(session, bot_id, worker, now, at=at)


def left(session: Session, gone: Consultation, worker: Person, *, at: datetime) -> None:
    """A worker has one less: whom they had asked about it leaves, too, and the keys say who is
    left; with the last but one they go."""
    opinion.end_all(session, gone, at=at)
    session.flush()
    now = _patients(session, gone.bot_id, worker)
    if now:
        _tell(session, gone.bot_id, worker, now, at=at)


def pressed(typed: str) -> str | None:
    """Give the colour and number that a key wrote; None for what no key writes."""
    found = _written().match(typed)
    return found[0] if found else None


def press(session: Session, caller: Caller, wrote: str, *, at: datetime) -> None:
    """Open the patient whose key was pressed; where the key is an old one, show those of now."""
    now = _patients(session, caller.bot_id, caller.person)
    found = next((one for one in now if _head(one) == wrote), None)
    if found is not None:
        open_panel(session, caller, found.id, at=at)
    else:
        _tell(session, caller.bot_id, caller.person, now, at=at, key="desk.old_key")


def _patients(session: Session, bot_id: int, worker: Person) -> Sequence[Consultation]:
    return session.scalars(
        select(Consultation)
        .where(
            Consultation.worker_id == worker.id,
            Consultation.status == Status.ACTIVE,
            Consultation.bot_id == bot_id,
            Consultation.place.is_not(None),
        )
        .order_by(Consultation.place)
    ).all()


def _tell(
    session: Session,
    bot_id: int,
    worker: Person,
    now: Sequence[Consultation],
    *,
    at: datetime,
    key: str | None = None,
) -> None:
    key = key or ("desk.several" if len(now) > 1 else "desk.one")
    lines = Html("\n".join(relay.named(session, one) for one in now))
    each = [_key(session, one) for one in now] if len(now) > 1 else []
    keys: Keys = [each[at_ : at_ + ROW] for at_ in range(0, len(each), ROW)]
    tell(session, bot_id, worker, words(key, lines=lines), at=at, keys=keys, protect=True)


def _key(session: Session, one: Consultation) -> Key:
    name = shorten(person.shown_name(session, one.asker), NAME)
    return Key("button.desk", values={"head": _head(one), "name": name}, stays=True)


def _head(one: Consultation) -> str:
    return f"{relay.dot(one)}{one.number} · "


@cache
def _written() -> re.Pattern[str]:
    dots = "|".join(plain("relay.dots").split(" · ")[:COLOURS])
    return re.compile(rf"(?:{dots}) [0-9]{{1,9}} · ")
