"""The trip card: everything somebody needs on the way to one facility, in one message.

Below it begins the lesson of the online queue. No hospital is ever named for a referral: the letter
names it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome
from models.errors import NotFound, Refusal
from models.facility import Facility, Has, Kind
from models.person import Person
from services import day, emergency, region, sphere
from services.content import Html, escape, words
from services.facility.named import (
    across,
    confirmed,
    direction,
    distance,
    is_approximate,
    map_url,
    title,
)
from services.facility.opening import opening_words
from services.mail import Button, tell
from services.person import Caller
from services.text import shorten

LONGEST = 150
"""Characters of an address; some lists write a story there."""


def show(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Send the card of a facility by itself; Refusal for one that serves nobody any more."""
    found = session.get(Facility, facility_id)
    if found is None:
        raise NotFound
    if found.ended_on is not None:
        raise Refusal("trip.ended", name=title(found), day=day.text(found.ended_on))
    text = card(session, caller.bot_id, caller.person, found, at=at)
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=[[_lesson(found)]])


def send_after(session: Session, closed: Consultation, *, at: datetime) -> None:
    """Send the card of the facility that answered, behind advice to go there: to be seen, or for
    the letter of referral, which is written there first."""
    home = closed.facility
    if home is None or home.ended_on is not None:
        return
    text = card(session, closed.bot_id, closed.asker, home, at=at)
    if closed.outcome is Outcome.REFERRED:
        text = Html(f"{words('trip.letter')}\n\n{text}")
    tell(session, closed.bot_id, closed.asker, text, at=at, consultation=closed,
         buttons=[[_lesson(home)]])  # fmt: skip


def card(session: Session, bot_id: int, person: Person, to: Facility, *, at: datetime) -> Html:
    """Say where it is, how far and in which direction from the person's village where that is
    known, when it is open, how to call it, what to bring; and what to do in danger."""
    url = map_url(to)
    parts = [
        words("trip.head", name=title(to)),
        _address(session, to),
        _way(session, bot_id, person, to),
        _opening(session, to, at),
        words("trip.phone", number=to.phone) if to.phone else words("trip.no_phone"),
        words("trip.map", url=Html(escape(url).replace('"', "%22"))) if url else None,
        words("trip.about") if url and is_approximate(to) else None,
        words("trip.bring"),
        _queue(to),
        words("trip.danger"),
    ]
    return Html("\n".join(part for part in parts if part))


def _address(session: Session, to: Facility) -> Html:
    known = [shorten(to.address, LONGEST)] if to.address else []
    known += [region.name(session, to.region_code)] if to.region_code else []
    return words("trip.address", address=", ".join(known)) if known else words("trip.no_address")


def _way(session: Session, bot_id: int, person: Person, to: Facility) -> Html | None:
    """How far it is from the middle of the village whose emergency card the person asked for."""
    here = emergency.spot_of(session, bot_id, person)
    if here is None or to.latitude is None or to.longitude is None:
        return None
    points = here.latitude, here.longitude, to.latitude, to.longitude
    way = words(
        "trip.way",
        distance=distance(sphere.distance(*points)),
        direction=direction(sphere.bearing(*points)),
        place=region.name(session, here.code),
    )
    return Html("\n".join([way, *across(here.code, to)]))


def _opening(session: Session, to: Facility, at: datetime) -> Html:
    now = opening_words(session, to, at)
    if to.open_hours is None:
        return words("trip.open", opening=now)
    return words("trip.open_hours", opening=now, hours=to.open_hours)


def _lesson(to: Facility) -> Button:
    """Teach how a number is got there from home: a hospital has its own way."""
    name = "rs" if to.kind in (Kind.HOSPITAL, Kind.MAIN_CLINIC) else "fktp"
    return Button("button.learn_queue", f"step:{name}:0")


def _queue(to: Facility) -> Html:
    said = confirmed(to, Has.QUEUE)
    if said is None:
        return words("trip.queue_unknown")
    return words("trip.queue" if said[0] else "trip.no_queue", day=day.text(said[1]))
