"""What looks as if it had not taken place: each pattern at its bound, and an honest day at none."""

from datetime import UTC, datetime, timedelta

from models.seal import KeyRing
from services.integrity import ALIKE, BURST, CROWD, SILENT, Ended, Pattern, is_drawn, patterns

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def day(count: int, every: int = 30) -> list[Ended]:
    """An honest day: so many ends, one each half hour, each of another patient."""
    return [
        Ended(one, one, NINE + timedelta(minutes=one * every), was_answered=True, mark=str(one))
        for one in range(count)
    ]


def test_an_honest_day_shows_nothing() -> None:
    assert patterns([]) == patterns(day(20)) == []


def test_each_pattern_shows_at_its_bound_and_not_before() -> None:
    def burst(count: int) -> list[Ended]:
        return day(count, every=2)

    def alike(count: int) -> list[Ended]:
        return [one._replace(mark="same") for one in day(count)]

    def silent(count: int) -> list[Ended]:
        return [one._replace(was_answered=False) for one in day(count)]

    def crowd(count: int) -> list[Ended]:
        return [one._replace(asker_id=1) for one in day(count)]

    for made, pattern, odd in (
        (burst, Pattern.BURST, BURST),
        (alike, Pattern.ALIKE, ALIKE),
        (silent, Pattern.SILENT, SILENT),
        (crowd, Pattern.CROWD, CROWD),
    ):
        assert patterns(made(odd - 1)) == [], pattern
        assert patterns(made(odd)) == [(pattern, odd)]


def test_a_few_are_drawn_by_a_key_and_always_the_same() -> None:
    ring = KeyRing([b"k" * 32])
    drawn = [one for one in range(4000) if is_drawn(ring, one)]
    assert 100 < len(drawn) < 300  # a twentieth is 200, give or take seven standard deviations
    assert drawn == [one for one in range(4000) if is_drawn(ring, one)]


def test_one_patient_who_comes_back_is_no_crowd_and_no_advice_is_not_alike() -> None:
    again = [one._replace(asker_id=1, patient_id=1, mark="") for one in day(9)]
    assert patterns(again) == []
