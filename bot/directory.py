"""What `telekonsul facility …` answers of the directory, and the holidays that it is told."""

import json
import math
import re
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands import reading, transaction
from models.facility import Facility, Has, Kind
from services import pool, region
from services.facility import holiday
from services.facility.coverage import FAR, Coverage, coverage
from services.facility.near import Near, nearest, search
from services.region import Place

WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")

Record = dict[str, Any]


def near(chosen: Namespace) -> int:
    """Print the facilities nearest to a point, or to each point of standard input."""
    if chosen.point == ["-"]:
        return _each_line(lambda session, line: _records(_near(session, line, chosen)))
    with reading() as session:
        try:
            found = _near(session, " ".join(chosen.point), chosen)
        except ValueError as wrong:
            print(f"telekonsul: {wrong}", file=sys.stderr)
            return 2
        if chosen.json:
            print(json.dumps(_records(found), ensure_ascii=False))
        for facility, one in [] if chosen.json else found:
            wind = WINDS[round(one.bearing / 45) % 8]
            kind = facility.kind or "kind not known"
            print(
                f"{one.metres / 1000:9.3f} km {wind:2}  {facility.code}  {facility.name} ({kind})"
            )
    if not found:
        print("telekonsul: no such facility is known", file=sys.stderr)
    return 0 if found else 1


def find(chosen: Namespace) -> int:
    """Print the facilities that words may mean, or those of each line of standard input."""
    if chosen.words == ["-"]:
        return _each_line(_search)
    with reading() as session:
        found = _search(session, " ".join(chosen.words))
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False))
    for one in [] if chosen.json else found:
        print(f"{one['score']:5.1f}  {one['code']}  {one['name']}")
    return 0 if found else 1


def show_coverage(chosen: Namespace) -> int:
    """Print how a region is served and how much is known there."""
    with reading() as session:
        try:
            place = _region(session, " ".join(chosen.region))
        except ValueError as wrong:
            print(f"telekonsul: {wrong}", file=sys.stderr)
            return 1
        found = coverage(session, place.code, kinds=_kinds(chosen))
        record = _coverage(session, place.code, found)
    if chosen.json:
        print(json.dumps(record, ensure_ascii=False))
    else:
        print(_coverage_text(record))
    return 0


def enter_holiday(chosen: Namespace) -> int:
    """Enter a day on which facilities are closed, or take it back."""
    with transaction() as session:
        of = session.scalar(select(Facility).where(Facility.code == chosen.facility))
        if chosen.facility and of is None:
            print(f"telekonsul: no facility {chosen.facility}", file=sys.stderr)
            return 1
        if chosen.name:
            holiday.enter(session, chosen.day, chosen.name, of)
        elif not holiday.remove(session, chosen.day, of):
            print(f"telekonsul: {chosen.day} was not entered", file=sys.stderr)
            return 1
    print(f"{chosen.day}: {chosen.name or 'no longer entered'}")
    return 0


def enter_pool(chosen: Namespace) -> int:
    """Enter that two of our facilities answer for one another, or end it."""
    with transaction() as session:
        found = [
            session.scalar(select(Facility).where(Facility.code == code, Facility.is_ours))
            for code in chosen.codes
        ]
        if None in found:
            missing = ", ".join(
                code for code, one in zip(chosen.codes, found, strict=True) if not one
            )
            print(f"telekonsul: no facility of ours: {missing}", file=sys.stderr)
            return 1
        one, other = (each for each in found if each is not None)
        on = chosen.on or datetime.now(UTC).date()
        if chosen.document is None:
            held = pool.end(session, one, other, on=on)
            print("ended" if held else "there was no agreement")
            return 0 if held else 1
        try:
            pool.agree(session, one, other, chosen.document, on=on)
        except ValueError as wrong:
            print(f"telekonsul: {wrong}", file=sys.stderr)
            return 1
    print(f"{' and '.join(chosen.codes)} answer for one another, where the asker agrees")
    return 0


def _each_line(answer: Callable[[Session, str], list[Record]]) -> int:
    """Answer each line of standard input by a line of JSON; a wrong one by {error}."""
    with reading() as session:
        for line in sys.stdin:
            found: object
            try:
                found = answer(session, line.strip())
            except ValueError as wrong:
                found = {"error": str(wrong)}
            print(json.dumps(found, ensure_ascii=False), flush=True)
            session.rollback()  # the next line sees what has changed meanwhile
    return 0


def _near(session: Session, typed: str, chosen: Namespace) -> list[tuple[Facility, Near]]:
    found = nearest(
        session,
        *_point(typed),
        at=datetime.now(UTC),
        limit=chosen.limit,
        kinds=_kinds(chosen),
        needs=[Has(one) for one in chosen.need],
        open_now=chosen.open,
    )
    return [(session.get_one(Facility, one.facility_id), one) for one in found]


def _search(session: Session, typed: str) -> list[Record]:
    return [
        {"code": facility.code, "name": facility.name, "score": score}
        for facility, score in search(session, typed)
    ]


def _point(typed: str) -> tuple[float, float]:
    try:
        latitude, longitude = map(float, re.split(r"[,;\s]+", typed))
    except ValueError:
        example = "write latitude and longitude in degrees, like -8.49 119.88"
        raise ValueError(f"«{typed}» is no point: {example}") from None
    return latitude, longitude


def _kinds(chosen: Namespace) -> list[Kind]:
    return [Kind(one) for one in chosen.kind]


def _records(found: list[tuple[Facility, Near]]) -> list[Record]:
    return [
        {
            "code": facility.code,
            "name": facility.name,
            "kind": facility.kind,
            "distance_km": round(one.metres / 1000, 3),
            "latitude": facility.latitude,
            "longitude": facility.longitude,
        }
        for facility, one in found
    ]


def _region(session: Session, typed: str) -> Place:
    """Give the region that is meant; raises ValueError where there is none, or several."""
    found = region.find(session, typed)
    if not found:
        raise ValueError("no such region is known: `telekonsul region import` enters them")
    if several := region.is_ambiguous(found):
        names = "; ".join(f"{one.place.code} {one.place.name}" for one in several)
        raise ValueError(f"several regions have that name, give the code: {names}")
    return found[0].place


def _coverage(session: Session, code: str, found: Coverage) -> Record:
    known = found.known
    return {
        "region": {"code": code, "name": region.name(session, code)},
        "facilities": known.facilities,
        "kinds": {kind or "unknown": count for kind, count in found.kinds.items()},
        "villages": found.villages,
        "villages_without_middle": found.without_middle,
        "villages_with_none_within_km": {str(km): found.none_within[km] for km in FAR},
        "farthest": [
            {
                "code": one.code,
                "name": one.name,
                "distance_km": None if one.facility_id is None else round(one.metres / 1000, 3),
                "facility": _code(session, one.facility_id),
            }
            for one in found.farthest
        ],
        "known": {
            "hours": known.hours,
            "igd": known.igd,
            "no_igd": known.no_igd,
            "phone": known.phone,
            "point_approximate": known.approximate,
            "point_missing": known.without_point,
            "checked_first": known.checked_first and str(known.checked_first),
            "checked_last": known.checked_last and str(known.checked_last),
            "never_checked": known.unchecked,
        },
        "facilities_without_region": found.without_region,
    }


def _code(session: Session, facility_id: int | None) -> str | None:
    return None if facility_id is None else session.get_one(Facility, facility_id).code


def _coverage_text(found: Record) -> str:
    known, none_within = found["known"], found["villages_with_none_within_km"]
    lines = [
        f"{found['region']['name']} ({found['region']['code']})",
        f"facilities: {found['facilities']:,}",
        *(f"  {count:7,}  {kind}" for kind, count in found["kinds"].items()),
        f"  and {found['facilities_without_region']:,} in the directory whose region is not known",
        f"villages: {found['villages']:,}, {found['villages_without_middle']:,} on no map",
        *(f"  {count:7,}  have none within {km} km" for km, count in none_within.items()),
        "farthest, in a straight line:",
        *(
            f"  {one['distance_km'] or math.inf:7.1f} km  {one['name']} ({one['code']})"
            f" from {one['facility'] or 'any'}"
            for one in found["farthest"]
        ),
        "what is known of the facilities:",
        f"  {known['hours']:7,}  hours",
        f"  {known['igd']:7,}  an IGD, confirmed; {known['no_igd']:,} confirmed to have none",
        f"  {known['phone']:7,}  phone",
        f"  {known['point_approximate']:7,}  a rough point; {known['point_missing']:,} have none",
        f"  {known['never_checked']:7,}  of no known day{_days(known)}",
    ]
    return "\n".join(lines)


def _days(known: Record) -> str:
    """Name the days of what has one."""
    first, last = known["checked_first"], known["checked_last"]
    if first is None:
        return ", which is all of them" if known["never_checked"] else ""
    return f"; the others of {first}" + (f" to {last}" if last != first else "")
