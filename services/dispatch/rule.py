"""The rule: who is asked about what waits, of those who are free now. Nothing is looked up here.

Matched when somebody is free, never bound at arrival. What waits is taken in the order of its rank;
of the free the nearest facility's come first, then who missed it least, who reads the asker's
language, has least to do and has waited longest. `bench/dispatch.py` runs it beside other rules on
the same arrivals.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

MISSES = 3
"""After so many missed offers of one consultation a worker is not asked for it until «Siap»."""


class Hand(NamedTuple):
    """A worker who is free now."""

    id: int
    home: int
    """The facility for which they work."""
    skills: Collection[str]
    load: int
    """How many they answer already."""
    since: Any
    """When they last took one, or came on duty: anything that can be compared."""
    sex: str | None = None
    language: str | None = None
    """What they read best; None for Indonesian, which everybody reads."""


class Case(NamedTuple):
    """One that waits."""

    id: int
    skill: str | None
    """What it needs; None where everybody can take it."""
    homes: Mapping[int, int]
    """The facilities whose workers may have it, and how near each is: 0 is its own."""
    asker: int = 0
    first: int | None = None
    """Who is asked alone, where they are free: who answered what this one follows."""
    missed: Mapping[int, int] = {}
    """How often each worker missed it since they came on duty; `MISSES` for who let it go."""
    by_sex: str | None = None
    """Of which sex who answers shall be, where that was wished."""
    language: str | None = None
    """What its asker reads best; None for Indonesian."""


class Obstacle(StrEnum):
    """Why a worker who is free is not asked."""

    PLACE = "place"
    """works for a facility that may not have it"""
    SKILL = "skill"
    SEX = "sex"
    """is not of the sex that was wished, or did not say"""
    ASKER = "asker"
    """asks it themselves"""
    MISSED = "missed"
    """let it go, or missed it too often"""


def obstacle(case: Case, hand: Hand) -> Obstacle | None:
    """Give why this worker is not asked, though free; None where they may be."""
    if hand.home not in case.homes:
        return Obstacle.PLACE
    if case.skill is not None and case.skill not in hand.skills:
        return Obstacle.SKILL
    if case.by_sex is not None and case.by_sex != hand.sex:
        return Obstacle.SEX
    if hand.id == case.asker:
        return Obstacle.ASKER
    return Obstacle.MISSED if case.missed.get(hand.id, 0) >= MISSES else None


def best(case: Case, free: Iterable[Hand], most: int) -> list[Hand]:
    """Give those who are asked for it in this round, the best first, at most so many."""
    able = [hand for hand in free if obstacle(case, hand) is None]
    former = [hand for hand in able if hand.id == case.first]
    return former or sorted(able, key=lambda hand: _key(case, hand))[:most]


def first(hand: Hand, waiting: Iterable[Case]) -> Case | None:
    """Give what a worker who has become free is to be asked for: the first, in the order given,
    that they may have."""
    return next((case for case in waiting if obstacle(case, hand) is None), None)


def _key(case: Case, hand: Hand) -> tuple[object, ...]:
    return (
        case.homes[hand.home],
        case.missed.get(hand.id, 0),
        case.language is not None and case.language != hand.language,
        hand.load,
        hand.since,
        hand.id,
    )
