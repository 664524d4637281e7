"""The pace against the strictest judge: any window of a second, wherever in it a send is judged."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pace import BURST, WINDOW, Pace

Journey = tuple[float, float, int]
"""How long the answer takes, where in between the send is judged (0: at once), to which chat."""

DELAYS = st.one_of(
    st.sampled_from([0.0, 0.02, 0.5, 0.95]), st.floats(0.0, 0.4), st.floats(0.0, 8.0)
)
FEW_CHATS = st.lists(st.tuples(DELAYS, st.floats(0.0, 1.0), st.integers(0, 20)), max_size=120)
MANY_CHATS = st.lists(
    st.tuples(DELAYS, st.sampled_from([0.0, 1.0]), st.integers(0, 500)), min_size=40, max_size=120
)
JOURNEYS = st.one_of(FEW_CHATS, MANY_CHATS)
DOUBT = 1e-6
"""Sums of floats."""


def drive(journeys: list[Journey], start: float = 100.0) -> list[tuple[float, int]]:
    """Send as fast as the pace lets it, chats in turn; give when each send was judged."""
    pace, now = Pace(start), start
    waiting, under_way = list(journeys), list[tuple[float, int, int]]()
    judged = []
    while waiting:
        for answer in sorted(under_way):
            if answer[0] <= now:
                under_way.remove(answer)
                pace.answered(answer[1], answer[2], answer[0])
        busy = {chat for _, _, chat in under_way}
        resting = pace.resting(now)
        wait = pace.wait(now)
        free = next((one for one in waiting if one[2] not in busy | resting.keys()), None)
        if wait == 0 and free is not None:
            waiting.remove(free)
            delay, where, chat = free
            under_way.append((now + delay, pace.left(now), chat))
            judged.append((now + delay * where, chat))
            continue
        later = [now + max(wait, 1e-9)] if wait else []
        later += [at for at, _, _ in under_way] + [now + left for left in resting.values()]
        now = max(min(later, default=math.inf), math.nextafter(now, math.inf))
    return sorted(judged)


@given(JOURNEYS)
@settings(max_examples=60, deadline=None)
def test_no_second_sees_more_than_thirty_and_no_chat_two(journeys: list[Journey]) -> None:
    judged = drive(journeys)
    assert len(judged) == len(journeys)
    for (first, _), (last, _) in zip(judged, judged[BURST:], strict=False):
        assert last - first >= WINDOW - DOUBT
    for chat in {chat for _, chat in judged}:
        times = [at for at, whose in judged if whose == chat]
        assert all(after - before >= WINDOW - DOUBT for before, after in pairwise(times))


@given(JOURNEYS)
@settings(max_examples=30, deadline=None)
def test_what_another_process_sent_just_before_is_allowed_for(journeys: list[Journey]) -> None:
    start = 100.0
    before = [(start, chat) for chat in range(BURST)]  # a full burst, all judged at the last moment
    judged = sorted(before + drive(journeys, start))
    for (first, _), (last, _) in zip(judged, judged[BURST:], strict=False):
        assert last - first >= WINDOW - DOUBT


def test_a_burst_that_arrives_late_is_not_followed_by_one_that_arrives_at_once() -> None:
    late = [(0.95, 1.0, n) for n in range(30)]
    judged = drive(late + [(0.0, 0.0, 30 + n) for n in range(60)])
    for (first, _), (last, _) in zip(judged, judged[BURST:], strict=False):
        assert last - first >= WINDOW - DOUBT


def test_with_quick_answers_it_is_nearly_as_fast_as_allowed() -> None:
    judged = drive([(0.02, 0.5, n) for n in range(300)])
    assert judged[-1][0] - judged[0][0] < 300 / BURST + 0.5


def test_a_slow_answer_stops_the_thirtieth_send_after_it_and_no_earlier_one() -> None:
    pace, now = Pace(0.0), 2.0
    late = pace.left(now)
    for _ in range(BURST - 1):
        now += 0.05
        assert pace.wait(now) == 0
        pace.answered(pace.left(now), 1, now)
    assert pace.wait(now + 60) is None
    pace.answered(late, 2, now + 60)
    assert pace.wait(now + 60) == pytest.approx(WINDOW)
