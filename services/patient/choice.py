"""What can be tapped under a question of «Lengkapi data», and what a tap stands for."""

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


def chosen(session: Session, one: Patient, field: str, value: str, asked: dict[str, Any]) -> Any:
    """Give what a tapped value stands for; None where there is no such choice."""
    told = record.known(session, one)
    if value == SAME:
        return asked.get("pending")
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


def buttons(
    session: Session,
    caller: Caller,
    one: Patient,
    field: str,
    asked: dict[str, Any],
) -> list[list[Button]]:
    """Give the buttons of a question: its choices, and the ways past it, back and out."""
    told, what = record.known(session, one), field
    rows: list[list[Button]] = []
    for tapped, label in _choices(session, caller, one, field, asked):
        is_chosen = field == "illness" and tapped in told.get("illness", [])
        key = "button.chosen" if is_chosen else "button.choice"
        rows.append([Button(key, f"fill:{one.id}:{what}:{tapped}", {"label": label})])
    if field in SIDE_BY_SIDE:
        rows = [[each[0] for each in rows]]
    if field == "illness":
        rows.append([Button("button.finished", f"fill:{one.id}:{what}:done")])
    steps = [Button("button.skip", f"fill:{one.id}:{what}:skip")]
    if asked["trail"]:
        steps.insert(0, Button("button.back", f"fill:{one.id}:{what}:back"))
    return [*rows, steps, [Button("button.enough", f"fill:{one.id}:{what}:stop")]]


def _choices(
    session: Session, caller: Caller, one: Patient, field: str, asked: dict[str, Any]
) -> list[tuple[str, str]]:
    """Give the values that can be tapped, each with its label."""
    if asked.get("pending") is not None:
        return [(SAME, plain("fill.same"))]
    if asked.get("choices"):
        return [(value, label) for value, label in asked["choices"]]
    told = record.known(session, one)
    if field == "name" and told.get("relation") == "me":
        name = fields.name_of_asker(session, one)
        return [("mine", shorten(name, 40))] if typed.is_name(name) else []
    if field == "registered":
        home = facility.behind(session, caller.bot_id)
        return [(str(home.id), shorten(plain_title(home), 60))] if home is not None else []
    labels = fields.LABELS.get(field, "")
    return [
        (value, plain(f"{labels}{value}"))
        for value in fields.CHOICES.get(field, ())
        if (field, value) != ("adult", "self")
    ]
