"""The rule by itself: who is asked, what a free worker is asked for; and the table of scopes."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.role import Profession, Skill
from services import scope, skill
from services.content import scopes, skills
from services.dispatch.rule import MISSES, Case, Hand, Obstacle, best, first, obstacle

OWN, NEAR, FAR = 1, 2, 3
POOL = {OWN: 0, NEAR: 1, FAR: 2}


def hand(number: int, *, home: int = OWN, load: int = 0, since: int = 0) -> Hand:
    return Hand(number, home, {"umum"}, load, since)


def order(case: Case, *hands: Hand, most: int = 9) -> list[int]:
    return [one.id for one in best(case, hands, most)]


def test_the_own_facility_then_the_nearer_then_least_missed_least_busy_longest_idle() -> None:
    case = Case(9, "umum", POOL, missed={4: 1})
    hands = (
        hand(1, home=FAR),
        hand(2, home=NEAR),
        hand(3, load=1),
        hand(4),
        hand(5, since=2),
        hand(6, since=1),
    )
    assert order(case, *hands) == [6, 5, 3, 4, 2, 1]
    assert order(case, *hands, most=3) == [6, 5, 3]


def test_who_reads_the_asker_language_goes_before_who_is_idle_longer_not_before_the_nearer() -> (
    None
):
    case = Case(9, None, POOL, language="jv")
    speaks = [hand(2, since=2)._replace(language="jv"), hand(3, home=NEAR)._replace(language="jv")]
    assert order(case, hand(1), *speaks) == [2, 1, 3]
    assert order(case._replace(language=None), hand(1), *speaks) == [1, 2, 3]


def test_who_knows_the_patient_is_asked_alone_where_free() -> None:
    follows = Case(9, None, POOL, first=2)
    assert order(follows, hand(1), hand(2, home=FAR)) == [2]
    assert order(follows, hand(1)) == [1]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (Case(9, None, {NEAR: 0}), Obstacle.PLACE),
        (Case(9, "gigi", POOL), Obstacle.SKILL),
        (Case(9, None, POOL, by_sex="P"), Obstacle.SEX),
        (Case(9, None, POOL, asker=1), Obstacle.ASKER),
        (Case(9, None, POOL, missed={1: MISSES}), Obstacle.MISSED),
        (Case(9, "umum", POOL, missed={1: MISSES - 1}), None),
    ],
)
def test_every_obstacle_has_its_name(case: Case, why: Obstacle | None) -> None:
    assert obstacle(case, hand(1)) is why
    assert order(case, hand(1)) == ([] if why else [1])
    assert first(hand(1), [case]) == (None if why else case)


cases = st.builds(
    Case,
    st.integers(1, 50),
    st.sampled_from((None, "umum", "gigi")),
    st.sampled_from((POOL, {OWN: 0}, {FAR: 0})),
    st.integers(0, 5),
    st.sampled_from((None, 1, 2)),
    st.dictionaries(st.integers(1, 5), st.integers(0, MISSES)),
)
hands = st.builds(
    Hand,
    st.integers(1, 5),
    st.sampled_from((OWN, NEAR, FAR)),
    st.sampled_from((frozenset({"umum"}), frozenset({"gigi"}))),
    st.integers(0, 3),
    st.integers(0, 9),
)


@given(st.lists(cases, max_size=6), st.lists(hands, max_size=6, unique_by=lambda one: one.id))
def test_whoever_is_asked_may_be_and_nobody_who_may_be_goes_without(
    waiting: Sequence[Case], free: Sequence[Hand]
) -> None:
    for one in free:
        found = first(one, waiting)
        assert (found is None) == all(obstacle(case, one) for case in waiting)
    for case in waiting:
        asked = best(case, free, 3)
        assert not [one for one in asked if obstacle(case, one)]
        assert bool(asked) == any(obstacle(case, one) is None for one in free)


def test_only_those_whom_the_law_lets_diagnose_and_prescribe() -> None:
    assert set(scopes()) == set(Profession)
    assert set(skills()) == set(Skill)
    may = {one for one in Profession if scope.of(one).assesses or scope.of(one).prescribes}
    assert may == {Profession.DOCTOR, Profession.DENTIST}
    assert all(skill.able(one) for one in Skill)


@pytest.mark.parametrize(
    ("complaint", "is_pregnant", "wanted"),
    [
        ("Gigi geraham saya sakit", False, Skill.DENTAL),
        ("anak tergigit semut", False, Skill.GENERAL),
        ("saya menggigil", False, Skill.GENERAL),
        ("Batuk 3 hari", True, Skill.MATERNAL),
        ("asi saya tidak keluar", False, Skill.MATERNAL),
        ("Obat darah tinggi habis", False, Skill.MEDICINE),
        ("Batuk 3 hari", False, Skill.GENERAL),
    ],
)
def test_a_complaint_asks_for_a_skill(complaint: str, is_pregnant: bool, wanted: Skill) -> None:
    assert skill.needed(complaint, is_pregnant=is_pregnant, had=set(Profession)) is wanted


def test_what_nobody_has_is_not_asked_for() -> None:
    asked = skill.needed("gigi sakit", is_pregnant=False, had={Profession.NURSE})
    assert asked is Skill.GENERAL
    assert skill.needed("gigi sakit", is_pregnant=False, had=set()) is None
