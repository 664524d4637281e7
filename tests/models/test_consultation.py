"""The life of a consultation: every walk through `move` keeps to MOVES and leaves its steps."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.orm import Session

from models import Base
from models.consultation import DANGER_START, MOVES, OPEN, Consultation, Status, Step
from models.errors import WrongMove
from models.patient import Patient
from models.person import Person

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ENGINE = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
Base.metadata.create_all(ENGINE)

statuses = st.sampled_from(Status)


class Life(RuleBasedStateMachine):
    """A consultation pushed about at random by people and by the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.connection = ENGINE.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        self.at = START
        self.expected: list[tuple[Status, Status, int | None, datetime, str | None]] = []
        self.arrived: datetime | None = None

    @initialize()
    def begin(self) -> None:
        self.people = [Person(telegram_id=1, since_at=START), Person(telegram_id=2, since_at=START)]
        patient = Patient(asker_id=self.people[0].id)
        self.one = Consultation(
            bot_id=1, asker_id=self.people[0].id, patient=patient, opened_at=START,
            status=Status.DRAFT,
        )  # fmt: skip
        self.session.add_all([*self.people, self.one])
        self.session.flush()

    @rule(to=statuses, by=st.sampled_from([None, 0, 1]), why=st.none() | st.just("silent"))
    def move(self, to: Status, by: int | None, why: str | None) -> None:
        self.at += timedelta(seconds=30)
        who = None if by is None else self.people[by]
        before = self.one.status
        if to not in MOVES[before]:
            was = self.state()
            with pytest.raises(WrongMove):
                self.one.move(to, by=who, at=self.at, why=why)
            assert self.state() == was
            return
        self.one.move(to, by=who, at=self.at, why=why)
        self.expected.append((before, to, who.id if who else None, self.at, why))
        if to is Status.WAITING and self.arrived is None:
            self.arrived = self.at
        if to is Status.ACTIVE:
            self.one.worker_id, self.one.place = self.people[1].id, 1
        self.session.flush()

    @rule()
    @precondition(lambda self: self.one.status in OPEN)
    def show_danger(self) -> None:
        self.one.danger_at = self.one.danger_at or self.at
        self.one.rank()
        self.session.flush()

    def state(self) -> tuple[object, ...]:
        one = self.one
        return one.status, one.rank_at, one.arrived_at, one.ended_at, one.worker_id, one.place

    @invariant()
    def every_move_left_one_step(self) -> None:
        if not hasattr(self, "one"):
            return
        steps = self.session.scalars(self.one.steps.select()).all()
        assert [(s.before, s.after, s.by_id, s.at, s.why) for s in steps] == self.expected
        walk = [Status.DRAFT, *(step.after for step in steps)]
        assert [step.before for step in steps] == walk[:-1]
        assert walk[-1] is self.one.status

    @invariant()
    def the_columns_say_what_the_state_says(self) -> None:
        if not hasattr(self, "one"):
            return
        one = self.one
        assert one.is_open == (one.status in OPEN)
        assert (one.ended_at is None) == one.is_open
        assert one.arrived_at == self.arrived
        if one.status is Status.WAITING:
            assert (one.worker_id, one.place) == (None, None)
        if self.arrived is not None:
            head_start = DANGER_START if one.danger_at else timedelta()
            assert one.rank_at == self.arrived - head_start

    def teardown(self) -> None:
        self.session.close()
        self.outer.rollback()
        self.connection.close()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


def test_every_state_has_its_line_and_the_ends_are_ends() -> None:
    assert MOVES.keys() == set(Status)
    assert [state for state in Status if not MOVES[state]] == [Status.CLOSED, Status.WITHDRAWN]
    assert set(OPEN) == {Status.DRAFT, Status.WAITING, Status.ACTIVE}


def test_every_state_can_be_reached() -> None:
    reached, fresh = set(), {Status.DRAFT}
    while fresh:
        reached |= fresh
        fresh = {after for state in fresh for after in MOVES[state]} - reached
    assert reached == set(Status)


def test_danger_goes_before_everybody_of_a_year() -> None:
    calm = Consultation(arrived_at=START)
    danger = Consultation(arrived_at=START + timedelta(days=364), danger_at=START)
    for one in (calm, danger):
        one.rank()
    assert calm.rank_at is not None
    assert danger.rank_at is not None
    assert danger.rank_at < calm.rank_at


def test_who_has_not_arrived_has_no_place() -> None:
    draft = Consultation(danger_at=START)
    draft.rank()
    assert draft.rank_at is None


def test_a_step_is_a_row_of_its_own() -> None:
    assert {"before", "after", "by_id", "at", "why"} <= set(sa.inspect(Step).columns.keys())
