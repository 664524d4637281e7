"""What must not fail because something beside it does: tried in savepoints, way after way."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")


def first(session: Session, *ways: Callable[[], T]) -> T:
    """Give what the first way gives that works; what fails leaves nothing behind, whatever it is.
    Only the last way's fault is raised."""
    for way in ways[:-1]:
        try:
            with session.begin_nested():
                return way()
        except Exception:  # noqa: BLE001, S112 - a damaged directory, key or file: the next way
            continue
    return ways[-1]()
