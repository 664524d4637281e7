"""The rules of an invitation: one person, once, for seven days."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.errors import Refusal
from models.invitation import LIFE, Invitation
from models.person import Person
from models.role import Kind

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
AYU, BUDI = Person(id=1, telegram_id=11), Person(id=2, telegram_id=22)


def invitation(**changed: Any) -> Invitation:
    columns = {"kind": Kind.ADMIN, "facility_id": 1, "made_at": AT, "expires_at": AT + LIFE}
    return Invitation(**columns | changed)


def test_the_first_who_opens_it_is_the_one() -> None:
    one = invitation()
    assert one.open(AYU, at=AT)
    assert not one.open(AYU, at=AT + LIFE)
    with pytest.raises(Refusal, match=r"invitation\.used"):
        one.open(BUDI, at=AT)
    assert one.opened_by_id == AYU.id


@pytest.mark.parametrize(
    ("changed", "at", "why"),
    [
        ({}, AT + LIFE, "invitation.expired"),
        ({"ended_at": AT}, AT, "invitation.over"),
        ({"ended_at": AT, "opened_by_id": 1}, AT, "invitation.over"),
        ({"ended_at": AT, "opened_by_id": 2}, AT, "invitation.used"),
    ],
)
def test_afterwards_nobody_may(changed: dict[str, Any], at: datetime, why: str) -> None:
    one = invitation(**changed)
    with pytest.raises(Refusal, match=why):
        one.open(AYU, at=at)


def test_the_last_moment_counts() -> None:
    assert invitation().open(AYU, at=AT + LIFE - timedelta(microseconds=1))


def test_it_ends_once_and_forgets_what_was_entered() -> None:
    one = invitation(sealed=b"x")
    one.end(at=AT)
    assert one.ended_at == AT
    assert one.sealed is None
    with pytest.raises(Refusal, match=r"invitation\.over"):
        one.end(at=AT)
