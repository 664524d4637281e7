"""What an answer to setup means, judged by itself: each gives that, or raises Wrong."""

import re

from bot.ask import Wrong
from models.facility import Zone
from services import emergency, specimen
from services import hours as opening
from services.content import plain
from services.text import clean, is_blank

LONGEST = 120
"""Characters of a name or contact: they stand in the consent text, on a small phone."""


def code(typed: str) -> str:
    """Give BPJS's code of a facility."""
    found = typed.upper()
    if not re.fullmatch("[0-9A-Z]{8}", found):
        raise Wrong("setup_wrong.code")
    return found


def text(typed: str) -> str:
    """Give a name or a contact as people will read it; nothing made up."""
    found = " ".join(clean(typed).split())
    if is_blank(found) or not 3 <= len(found) <= LONGEST:
        raise Wrong("setup_wrong.text", longest=LONGEST)
    if specimen.is_marked(found):
        raise Wrong("setup_wrong.made_up")
    return found


def number(typed: str) -> tuple[str, str]:
    """Give label and number, or label and nothing where the number is to go."""
    label, _, digits = typed.rpartition(":")
    if label and digits.strip().lower() == plain("setup.remove"):
        return " ".join(label.split()), ""
    if specimen.is_marked(typed):
        raise Wrong("setup_wrong.made_up")
    try:
        return emergency.read(label, digits)
    except ValueError:
        raise Wrong("setup_wrong.number") from None


def hours(typed: str) -> tuple[str, Zone]:
    """Give the hours of a week as typed, and by which of the three times they are meant."""
    zones = re.findall(r"\b(?:WIB|WITA|WIT)\b", typed.upper())
    try:
        opening.parse(typed)
    except ValueError:
        raise Wrong("setup_wrong.hours") from None
    if len(zones) != 1:
        raise Wrong("setup_wrong.zone")
    return typed, Zone(zones[0])
