"""The five best in one message, which changes under the finger instead of being sent anew."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.facility import Facility
from models.mail import Outgoing
from services import day, person, region
from services.content import Html, escape, plain, words
from services.facility.named import (
    across,
    direction,
    distance,
    is_approximate,
    known,
    map_url,
    title,
)
from services.facility.near import Near, nearest
from services.facility.opening import opening_words
from services.facility.wish import GROUPS, NEEDS, PAGE, Where, Wish
from services.mail import Button, Buttons, change, tell
from services.person import Caller

FAR = 25_000.0
"""Metres beyond which «nearest» alone is no help: people are told what else there is."""
LAST = 45
"""The most that is skipped: who has seen fifty asks from another place."""
INDONESIA = (-11.5, 6.5, 94.5, 141.5)
"""South, north, west and east of everything that is Indonesia."""


class Answer(NamedTuple):
    """One message, whole."""

    text: Html
    buttons: Buttons


def send(session: Session, caller: Caller, wish: Wish, *, at: datetime) -> Outgoing:
    """Give the five best as a new message."""
    made = answer(session, caller, wish, at=at)
    return tell(session, caller.bot_id, caller.person, made.text, at=at, buttons=made.buttons)


def change_to(
    session: Session, caller: Caller, wish: Wish, message_id: int, *, at: datetime
) -> None:
    """Give them in place of what the message showed before."""
    made = answer(session, caller, wish, at=at)
    change(session, caller.bot_id, caller.person, message_id, made.text, at=at,
           buttons=made.buttons)  # fmt: skip


def offer_needs(
    session: Session, caller: Caller, wish: Wish, message_id: int, *, at: datetime
) -> None:
    """Show what can be asked for besides the kind; the list stays in view."""
    made = answer(session, caller, wish, at=at)
    rows = [
        [_choice(plain(f"facility_need.{letter}"), wish.needing(letter), letter == wish.need)]
        for letter in NEEDS
    ]
    buttons = [*rows, [Button("button.back", f"near:{wish.packed}")]]
    change(session, caller.bot_id, caller.person, message_id, made.text, at=at, buttons=buttons)


def answer(session: Session, caller: Caller, wish: Wish, *, at: datetime) -> Answer:
    """Find the five best and say what is known of them; also where there is nothing to find."""
    where = wish.where(session)
    if where is None:
        return Answer(words("facility.no_point"), [[Button("button.elsewhere", "elsewhere")]])
    found = nearest(
        session, where.latitude, where.longitude, at=at, limit=PAGE + 1, skip=wish.skip,
        kinds=wish.kinds, needs=wish.needs, open_now=wish.open_now,
    )  # fmt: skip
    facilities = load(session, [one.facility_id for one in found[:PAGE]])
    shown, more = [one for one in found if one.facility_id in facilities], len(found) > PAGE
    if not shown:
        text = Html("\n".join([*_head(wish, where), _nothing(wish)]))
        return Answer(text, _filters(wish, more=False))
    lines = [
        _line(session, number, one, facilities[one.facility_id], where, at=at)
        for number, one in enumerate(shown, start=1)
    ]
    head = [*_head(wish, where), *_warning(session, wish, where, shown[0].metres)]
    text = Html("\n".join([*head, *lines, words("facility.foot", age=age(facilities.values()))]))
    numbers = [
        Button("button.number", f"facility:{one.facility_id}:{wish.packed}", {"number": number})
        for number, one in enumerate(shown, start=1)
    ]
    return Answer(text, [numbers, *_filters(wish, more=more), *_memory(session, caller, wish)])


def load(session: Session, ids: Iterable[int]) -> dict[int, Facility]:
    """Give facilities by id, with what was confirmed of them. What ended a moment ago is not among
    them: memory may be seconds old, and nobody is sent to a closed door."""
    wanted = select(Facility).where(Facility.id.in_(list(ids)), Facility.ended_on.is_(None))
    found = session.scalars(wanted.options(selectinload(Facility.facts)))
    return {one.id: one for one in found}


def age(facilities: Iterable[Facility]) -> Html:
    """Say how old the oldest of the data are."""
    days: list[date] = [one.checked_on for one in facilities if one.checked_on is not None]
    return words("facility.age", day=day.text(min(days))) if days else words("facility.ageless")


def _line(
    session: Session, number: int, one: Near, found: Facility, where: Where, *, at: datetime
) -> Html:
    way = distance(one.metres), direction(one.bearing)
    about = f" {words('facility.about')}" if is_approximate(found) else ""
    facts = [
        words("facility.way", distance=way[0], direction=Html(way[1] + about)),
        *across(where.region_code, found),
        opening_words(session, found, at),
        *known(found),
    ]
    url = map_url(found)
    reach = [escape(found.phone)] if found.phone else []
    reach += [words("facility.map", url=url)] if url else []
    return words(
        "facility.line",
        number=number,
        name=title(found),
        facts=Html(" · ".join(facts)),
        reach=Html(" · ".join(reach)),
    )


def _head(wish: Wish, where: Where) -> list[Html]:
    filters = [plain(f"facility_group.{wish.group}")] if wish.group in GROUPS else []
    filters += [plain(f"facility_need.{wish.need}")] if wish.need in NEEDS else []
    filters += [plain("facility.open_now")] if wish.open_now else []
    only = [words("facility.only", filters=" · ".join(filters))] if filters else []
    only += [words("facility.only_known")] if wish.needs or wish.open_now else []
    return [words("facility.near", place=where.name), *only]


def _warning(session: Session, wish: Wish, where: Where, metres: float) -> list[Html]:
    if is_outside(session, where.latitude, where.longitude, metres):
        return [words("facility.outside")]
    far = [words("facility.far")] if metres > FAR and not wish.skip else []
    has_sea = region.has_many_islands(where.region_code)
    return [*far, words("facility.islands")] if has_sea else far


def is_outside(session: Session, latitude: float, longitude: float, metres: float) -> bool:
    """Tell whether a point lies at sea or abroad, as far as regions are known: nothing is near."""
    south, north, west, east = INDONESIA
    if not (south <= latitude <= north and west <= longitude <= east):
        return True
    village = region.around(session, latitude, longitude)
    if metres <= FAR or village is None or village.latitude is None or village.longitude is None:
        return False
    # Half a degree is at least 55 km here, and no village of Indonesia is so wide.
    return max(abs(village.latitude - latitude), abs(village.longitude - longitude)) > 0.5


def _nothing(wish: Wish) -> Html:
    if wish.skip:
        return words("facility.no_more")
    if wish.needs:
        return words("facility.unconfirmed")
    return words("facility.nothing" if wish.is_plain else "facility.none_such")


def _filters(wish: Wish, *, more: bool) -> list[list[Button]]:
    first, second, third, fourth = (
        _choice(plain(f"facility_group.{letter}"), wish.switched(letter), letter == wish.group)
        for letter in GROUPS
    )
    opened = replace(wish, open_now=not wish.open_now, skip=0)
    onward, again = replace(wish, skip=wish.skip + PAGE), replace(wish, skip=0)
    last = [Button("button.more", f"near:{onward.packed}")] if more and wish.skip < LAST else []
    last += [Button("button.first", f"near:{again.packed}")] if wish.skip else []
    return [
        [first, second],
        [third, fourth],
        [
            _choice(plain("facility.open_now"), opened, wish.open_now),
            Button("button.needs", f"needs:{wish.packed}"),
        ],
        *([last] if last else []),
    ]


def _choice(label: str, wish: Wish, is_chosen: bool) -> Button:
    """Give a filter's button; one that is in force has a mark, and pressed again it ends."""
    key = "button.chosen" if is_chosen else "button.choice"
    return Button(key, f"near:{wish.packed}", {"label": label})


def _memory(session: Session, caller: Caller, wish: Wish) -> list[list[Button]]:
    """Offer to keep the facility from which somebody looks, if they say so, and to forget it."""
    if not wish.origin.startswith("f"):
        return []
    kept = person.document(session, caller.person).get("registered")
    if kept == int(wish.origin[1:]):
        return [[Button("button.forget", f"forget:{wish.packed}")]]
    return [[Button("button.remember", f"remember:{wish.packed}")]]
