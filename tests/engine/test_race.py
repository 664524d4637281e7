"""Whoever presses first has it; `python -m bench races --full` presses a thousand times."""

from pathlib import Path

from tests.engine import race


async def test_of_two_who_press_in_the_same_instant_one_has_it_each_time(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    races = 6
    report = await race.run(races, 1, migrated_sqlite_url, tmp_path)
    assert not report.faults, report.faults
    assert report.answered == 2 * races
    assert len(report.won) == 2, "always the same one was first"
    assert report.won.total() == races
