"""The services decide as the rule does alone, and the rule as queueing theory says."""

from bench import bare, crowd, dispatch, served
from bot.database import Database
from models.seal import KeyRing


def test_one_skill_is_the_recursion_of_kiefer_and_wolfowitz() -> None:
    people = crowd.steady(1, 1_000, 8, load=0.95)
    apart, mean = dispatch.against_the_recursion(8, people)
    assert apart == 0
    assert mean > 10, "they had to wait, else nothing was compared"


def test_the_services_take_the_decisions_of_the_rule(migrated_sqlite_url: str) -> None:
    """Few workers and a rush, so that some wait, some give up, and shifts begin and end."""
    crew = dispatch.numbered([one for one in crowd.workers(1) if served.serves(one)][::9])
    begin = 6.8 * crowd.HOUR
    everybody = crowd.askers(1, 6_000, begin, begin + crowd.HOUR / 2)
    people = dispatch.numbered([one for one in everybody if served.serves(one)][:50])
    rule = bare.run(bare.OURS, crew, people)
    database = Database(migrated_sqlite_url, KeyRing([b"t" * 32]))
    with database.session(cause="test") as session:
        found = served.Served(session, crew, people).run()
    database.close()
    assert found.decisions == rule.decisions
    assert found.gone == rule.gone
    assert len(rule.gone) > 1
