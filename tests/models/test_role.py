"""Who may give advice, and on which last day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.role import Kind, Profession, Role

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def nurse(**changed: Any) -> Role:
    columns = {
        "kind": Kind.WORKER,
        "profession": Profession.NURSE,
        "verified_at": AT,
        "sip_ends_on": date(2028, 1, 1),
    }
    return Role(**columns | changed)


def test_a_verified_worker_may_until_the_last_day_of_the_licence() -> None:
    assert nurse().may_advise(TODAY)
    assert nurse(sip_ends_on=TODAY).may_advise(TODAY)
    assert not nurse(sip_ends_on=TODAY - timedelta(days=1)).may_advise(TODAY)


@pytest.mark.parametrize(
    "lacking",
    [
        {"verified_at": None},
        {"sip_ends_on": None},
        {"ended_at": AT},
        {"kind": Kind.ADMIN},
        {"kind": Kind.ADMIN, "ended_at": AT},
    ],
)
def test_nobody_else_may(lacking: dict[str, Any]) -> None:
    assert not nurse(**lacking).may_advise(TODAY)


def test_being_on_duty_alone_entitles_to_nothing() -> None:
    assert not nurse(verified_at=None, ready_at=AT).may_advise(TODAY)
