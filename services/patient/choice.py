"""What can be tapped under a question of «Lengkapi data», and what a tap stands for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from models.facility import Facility
from models.patient import Patient
from services import facility, region
from services.content import plain
from services.facility.named import plain_title
from services.mail import Button
from services.patient import field as fields
from services.patient import record, typed
from services.person import Caller
from services.text import shorten

SAME = "same"
"""Keeps what looked like a mistake as it was typed."""
DONE = "done"
"""Stands behind a list of which several can be chosen."""
SIDE_BY_SIDE = ("sex", "born")


def chosen(session: Session, one: Patient, field: str, value: str, pending: Any) -> Any:
    """Give what a tapped value stands for; None where there is no such choice."""
    told = record.known(session, one)
    if value == SAME:
        return pending
    if field == "name" and value == "mine":
        return fields.name_of_asker(session, one) or None
    if field == "registered" and value.isdigit():
        found = session.get(Facility, int(value))
        return found.id if found is not None else None
    if field == "village":
        return region.get(session, value)
    if field == "illness":
        return _toggled(told.get("illness", []), value)
    return value if value in fields.CHOICES.get(field, ()) else None


def _toggled(chosen: list[str], value: str) -> list[str] | None:
    if value == DONE:
        return chosen or ["none"]
    if value not in fields.CHOICES["illness"]:
        return None
    if value == "none":
        return [value]
    rest = [each for each in chosen if each not in ("none", value)]
    return rest if value in chosen else [*rest, value]


def rows(
    one: Patient, what: str, offered: Sequence[tuple[str, str]], told: Mapping[str, Any]
) -> list[list[Button]]:
    """Give the values that can be tapped as buttons."""
    made: list[list[Button]] = []
    for tapped, label in offered:
        is_chosen = what == "illness" and tapped in told.get(what, [])
        key = "button.chosen" if is_chosen else "button.choice"
        made.append([Button(key, f"fill:{one.id}:{what}:{tapped}", {"label": label})])
    if what in SIDE_BY_SIDE:
        made = [[each[0] for each in made]]
    if what == "illness":
        made.append([Button("button.finished", f"fill:{one.id}:{what}:done")])
    return made


def offered(session: Session, caller: Caller, one: Patient, what: str) -> list[tuple[str, str]]:
    """Give the values of a field that can be tapped, each with its label."""
    if what == "name" and record.known(session, one).get("relation") == "me":
        name = fields.name_of_asker(session, one)
        return [("mine", shorten(name, 40))] if typed.is_name(name) else []
    if what == "registered":
        home = facility.behind(session, caller.bot_id)
        return [(str(home.id), shorten(plain_title(home), 60))] if home is not None else []
    return [
        (value, plain(f"{fields.LABELS[what]}{value}"))
        for value in fields.CHOICES.get(what, ())
        if (what, value) != ("adult", "self")
    ]
