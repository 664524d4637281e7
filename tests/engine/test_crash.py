"""Nothing is lost and nothing happens twice, wherever the process dies."""

from pathlib import Path

from tests.engine import crash
from tests.engine.process import POINTS


async def test_nothing_is_lost_or_doubled_wherever_the_process_is_killed(
    sqlite_url: str, tmp_path: Path
) -> None:
    kills = 24
    report = await crash.run(kills, 1, sqlite_url, tmp_path)
    assert not report.faults, report.faults
    assert report.kills.total() == kills
    assert set(report.kills) >= set(POINTS), "some point was never reached"
    assert report.repeats <= report.in_doubt
    assert report.slowest_answer < 5.0
