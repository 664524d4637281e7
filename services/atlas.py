"""What is kept in memory of facilities and regions, and when it is read anew.

Each part is a class that reads its rows from a session, named by whoever looks into it:
`atlas(session, Facilities)`. The record `models.facility.Directory` tells whether it is still true.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import new_id
from models.facility import Directory

T = TypeVar("T")

_ONLY = 1
"""The id of the one row."""


class Holder:
    """The parts that one process keeps, each with the version of the rows that it was read from.

    `is_refreshed` says that somebody calls `refresh` all the time: then a part that is out of date
    is used until the new one is there, and nobody waits for it.
    """

    def __init__(self) -> None:
        self.is_refreshed = False
        self._parts: dict[Callable[[Session], Any], tuple[int, Any]] = {}
        self._loading = Lock()

    def get(self, session: Session, load: Callable[[Session], T]) -> T:
        """Give a part: as it is kept where that is good enough, else read now."""
        found = self._parts.get(load)
        if found is not None and (self.is_refreshed or found[0] == version(session)):
            kept: T = found[1]
            return kept
        return self.load(session, load)

    def load(self, session: Session, load: Callable[[Session], T]) -> T:
        """Read a part unless it is kept as the rows are now; two threads never read at once."""
        with self._loading:
            # Read first: rows that change meanwhile leave a version that is seen to be old.
            now = version(session)
            found = self._parts.get(load)
            if found is None or found[0] != now:
                found = self._parts[load] = now, load(session)
            kept: T = found[1]
            return kept


def atlas(session: Session, load: Callable[[Session], T]) -> T:
    """Give what `load` reads of facilities and regions, from memory where it is kept there.

    In the service it is at most seconds old; on the command line and in tests it holds every
    change of which `changed` was told, also those of the session's own open transaction.
    """
    holder: Holder = session.info["atlas"]
    return holder.get(session, load)


def refresh(session: Session, parts: Sequence[Callable[[Session], Any]]) -> None:
    """Read anew the parts whose rows have changed, while the old ones go on being used."""
    holder: Holder = session.info["atlas"]
    for load in parts:
        holder.load(session, load)


def changed(session: Session) -> None:
    """Tell that rows of facilities or regions were changed; holds when the session commits."""
    # An id and no count: a version that was rolled back never comes again with other rows.
    session.merge(Directory(id=_ONLY, version=new_id()))
    session.flush()


def version(session: Session) -> int:
    """Give the id of the newest change, 0 before the first."""
    return session.scalar(select(Directory.version)) or 0
