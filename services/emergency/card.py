"""What the emergency card of a village says: 119 and its limits, the numbers of the district, the
nearest hospital and puskesmas with what is known of them, and what is not."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.facility import Facility, Has, Kind
from services import day, region
from services.content import Html, joined, plain, words
from services.emergency import number
from services.emergency.place import Spot, spot
from services.facility.named import across, confirmed, direction, distance, title
from services.facility.near import Near, nearest

HOSPITALS = (Kind.HOSPITAL, Kind.PRATAMA_HOSPITAL)
LOOKED_AT = 5
"""The nearest so many are looked at for one that is not known to have no IGD."""


class Card(NamedTuple):
    """A card as it is now."""

    text: Html
    digest: bytes
    """SHA-256 of the text less its days: that something was confirmed again changes nothing."""

    @property
    def mark(self) -> str:
        """Give enough of the digest to tell in a button whether the card is still this one."""
        return self.digest.hex()[:8]


class Way(NamedTuple):
    """A facility, and the way to it."""

    to: Facility
    near: Near
    here: Spot


def card(session: Session, bot_id: int, code: str, *, at: datetime) -> Card:
    """Give the card of a village, or of a larger region by its middle."""
    here = spot(session, code)
    hospitals = _hospitals(session, here, at) if here else []
    puskesmas = _find(session, here, (Kind.PUSKESMAS,), at)[:1] if here else []
    numbers = number.spelled(number.near(session, bot_id, code, on=day.of(region.zone(code), at)))

    def text(*, dated: bool) -> Html:
        lines = [_place(one, (Has.IGD,), dated=dated) for one in hospitals]
        lines = lines or [words("emergency.no_hospital")]
        lines += [
            joined("\n", [_place(one, (Has.IGD, Has.ALL_DAY), dated=dated), _hours(one.to)])
            for one in puskesmas
        ] or [words("emergency.no_puskesmas")]
        return words("emergency.card", village=region.name(session, code), numbers=numbers,
                     places=joined("\n", lines))  # fmt: skip

    digest = hashlib.sha256(text(dated=False).encode()).digest()
    return Card(text(dated=True), digest)


def brief(session: Session, bot_id: int, code: str, *, at: datetime) -> Html:
    """Give the same in a few lines for the card of danger, each with a break before it."""
    here = spot(session, code)
    ways = _hospitals(session, here, at) if here else []
    ways += _find(session, here, (Kind.PUSKESMAS,), at)[:1] if here else []
    lines = [
        joined("", [Html("\n"), _head(one), Html(" "), _fact(one.to, Has.IGD, dated=True),
                    _phone(one.to)])
        for one in ways
    ]  # fmt: skip
    numbers = number.near(session, bot_id, code, on=day.of(region.zone(code), at))
    return joined("", [number.spelled(numbers), *lines])


def _hospitals(session: Session, here: Spot, at: datetime) -> list[Way]:
    """Give the nearest hospital that is not known to have no IGD; where nobody confirmed its IGD
    the nearest that has one, too."""
    found = _find(session, here, HOSPITALS, at)
    first = [one for one in found if confirmed(one.to, Has.IGD) is None or _has_igd(one.to)][:1]
    if first and _has_igd(first[0].to):
        return first
    sure = _find(session, here, HOSPITALS, at, needs=(Has.IGD,))[:1]
    return [*first, *sure]


def _has_igd(to: Facility) -> bool:
    said = confirmed(to, Has.IGD)
    return said is not None and said[0]


def _find(
    session: Session,
    here: Spot,
    kinds: Collection[Kind],
    at: datetime,
    *,
    needs: Collection[Has] = (),
) -> list[Way]:
    found = nearest(
        session, here.latitude, here.longitude, at=at, limit=LOOKED_AT, kinds=kinds, needs=needs
    )
    ways = [Way(session.get_one(Facility, one.facility_id), one, here) for one in found]
    # What is kept in memory may be seconds older than the row.
    return [one for one in ways if one.to.ended_on is None]


def _head(one: Way) -> Html:
    key = "emergency.hospital" if one.to.kind in HOSPITALS else "emergency.puskesmas"
    head = words(key, name=title(one.to), distance=distance(one.near.metres),
                 direction=direction(one.near.bearing))  # fmt: skip
    return Html(" ".join([head, *across(one.here.code, one.to)]))


def _place(one: Way, asked: Collection[Has], *, dated: bool) -> Html:
    facts = joined(" · ", [_fact(one.to, what, dated=dated) for what in asked])
    return joined("", [_head(one), Html("\n"), facts, _phone(one.to)])


def _fact(to: Facility, what: Has, *, dated: bool) -> Html:
    said, name = confirmed(to, what), plain(f"fact.{what}")
    if said is None:
        return words("emergency.fact_unknown", what=name)
    key = "emergency.fact_yes" if said[0] else "emergency.fact_no"
    return words(key, what=name, day=_day(said[1], dated=dated))


def _day(on: date, *, dated: bool) -> str:
    return day.text(on) if dated else ""


def _phone(to: Facility) -> Html:
    return Html(f" · {words('emergency.phone', number=to.phone)}") if to.phone else Html()


def _hours(to: Facility) -> Html:
    known = to.open_hours
    return words("emergency.hours", hours=known) if known else words("emergency.no_hours")
