"""A facility, and where it lies, in the words of people."""

from datetime import date

from models.facility import Accuracy, Facility, Has
from services import day, region
from services.content import Html, escape, one_of, plain, words
from services.text import clean, is_blank, shorten

LONGEST = 60
"""Characters of a name: lists have names of whole sentences."""


def title(facility: Facility) -> Html:
    """Give the name, with the kind behind it where the name does not say it."""
    return Html(escape(plain_title(facility)))


def plain_title(facility: Facility) -> str:
    """Give the same for a button: without markup."""
    name = shorten(clean(facility.name), LONGEST)
    name = plain("facility.nameless") if is_blank(name) else name
    said = kind(facility)
    return name if not said or said.lower() in name.lower() else f"{name} ({said})"


def kind(facility: Facility) -> str:
    """Give the kind in words; nothing where no list says it."""
    return plain(f"facility_kind.{facility.kind}") if facility.kind else ""


def is_approximate(facility: Facility) -> bool:
    """Tell whether its point is only the middle of where it lies."""
    return facility.accuracy not in (None, Accuracy.POINT)


def distance(metres: float) -> str:
    """Say a distance as roughly as it is known: «300 m», «2,5 km», «1.240 km»."""
    if metres < 950:
        return plain("facility.metres", count=max(100, round(metres / 100) * 100))
    km = metres / 1_000
    if km < 10:
        text = f"{round(2 * km) / 2:g}".replace(".", ",")
    else:
        text = f"{round(km if km < 100 else round(km, -1)):,}".replace(",", ".")
    return plain("facility.kilometres", count=text)


def across(code: str | None, facility: Facility) -> list[Html]:
    """Say that sea lies between a region and a facility, where that is certain."""
    return [words("facility.across")] if region.is_across(code, facility.region_code) else []


def direction(bearing: float) -> str:
    """Name where something lies, by eighths of the circle."""
    return one_of("facility.directions", round(bearing / 45) % 8)


def confirmed(facility: Facility, what: Has) -> tuple[bool, date] | None:
    """Give what was confirmed, and on which day; None where nobody has said anything."""
    fact = next((one for one in facility.facts if one.what is what), None)
    return (fact.holds, fact.checked_on) if fact else None


def known(facility: Facility) -> list[Html]:
    """Give what somebody confirmed that it has, each with its day; nothing else."""
    found = [(what, confirmed(facility, what)) for what in Has]
    return [
        words("facility.has", what=plain(f"fact.{what}"), day=day.text(said[1]))
        for what, said in found
        if said is not None and said[0]
    ]


def map_url(facility: Facility) -> str | None:
    """Give the address of its point on a map, if it has one."""
    if facility.latitude is None or facility.longitude is None:
        return None
    return f"https://maps.google.com/?q={facility.latitude:.5f},{facility.longitude:.5f}"
