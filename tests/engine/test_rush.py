"""Two owners on PostgreSQL: whatever they press together, nobody has anything twice.

`python -m bench dispatch --full` lets them accept ten thousand.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.engine.rush import Press, Rush
from tests.postgres import Postgres

presses = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), min_size=4, max_size=8)


@pytest.mark.engine
@settings(
    max_examples=2,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=presses, second=presses)
def test_no_interleaving_gives_anybody_anything_twice(
    postgres: Postgres, migrated_postgres: str, first: list[Press], second: list[Press]
) -> None:
    url = postgres.database(template=migrated_postgres)
    try:
        rush = Rush(url, workers=2, count=4, places=2)
        rush.play(first, second)
        assert rush.judge(all_taken=False).faults == []
        rush.empty(1)
        report = rush.judge(all_taken=True)
        assert report.faults == []
    finally:
        postgres.drop(url)
