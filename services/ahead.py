"""Answers looked up for everybody in a batch at once, instead of for each person alone.

The questions are four: "caller" (`services/person.py`), "open" (`services/consultation.py`),
"worker" (`services/credential.py`) and "tails" (`services/relay/joining.py`). Their answers hold as
long as nothing is written but words and what carries them, which change none of them. Anything else
ends them: the next question goes to the database, after what is waiting to be written there. A bulk
UPDATE of what is asked about would not be noticed: change records, not tables.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.mail import Outgoing
from models.message import Message

T = TypeVar("T")

WORDS = (Message, Outgoing)


def begin(session: Session) -> None:
    """Let this session keep answers, and forget them as soon as one might have changed."""
    kept: dict[str, Mapping[int, Any]] = {}
    session.info["ahead"] = kept

    @event.listens_for(session, "transient_to_pending")
    def added(_session: Session, record: object) -> None:
        if not isinstance(record, WORDS):
            kept.clear()

    @event.listens_for(session, "after_flush")
    def written(_session: Session, _context: object) -> None:
        if _changes(session):
            kept.clear()


def keep(session: Session, question: str, answers: Mapping[int, Any]) -> None:
    """Keep the answers to one question about everybody who will be asked about."""
    session.info["ahead"][question] = answers


def answer(
    session: Session, question: str, key: int, ask: Callable[[Sequence[int]], Mapping[int, T]]
) -> T:
    """Give the answer about one: what was looked up, while it holds, or what `ask` finds now."""
    kept: Mapping[int, T] = session.info.get("ahead", {}).get(question, {})
    if key in kept and not _changes(session):
        return kept[key]
    return ask([key])[key]


def _changes(session: Session) -> bool:
    """Tell whether more waits to be written than words: what is new is heard of as it comes."""
    changed = chain(session.dirty, session.deleted)
    return not all(isinstance(record, WORDS) for record in changed)
