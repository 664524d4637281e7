"""Which skill a complaint asks for, and who has it: content/skill.toml, content/scope.toml."""

import re
from collections.abc import Collection
from functools import cache

from models.role import Profession, Skill
from services import scope
from services.content import skills


@cache
def able(skill: Skill | None) -> frozenset[Profession]:
    """Give the professions that have a skill; all where none is asked for."""
    return frozenset(one for one in Profession if skill is None or skill in scope.of(one).skills)


def needed(complaint: str, *, is_pregnant: bool, had: Collection[Profession]) -> Skill | None:
    """Give the skill that a complaint asks for, of those that somebody has (`had`: their
    professions); None where nobody has it: then everybody may take it."""
    low = " ".join(re.findall(r"\w+", complaint.lower()))
    for one in Skill:
        asks = (is_pregnant and skills()[one].get("pregnant")) or _pattern(one).search(low)
        if asks and not able(one).isdisjoint(had):
            return one
    return None


@cache
def _pattern(one: Skill) -> re.Pattern[str]:
    said = skills()[one].get("words")
    return re.compile(rf"\b(?:{said.replace(' · ', '|')})\b" if said else "")
