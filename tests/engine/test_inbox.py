"""Updates: stored once, handled in order, each brought to one of its endings."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, LiteralString
from unittest import mock

import psycopg
import pytest
import sqlalchemy
from sqlalchemy import Connection, event, select, update
from sqlalchemy.orm import Session

from bot.database import is_outage
from bot.inbox import SMALL_BATCH
from bot.intake import address
from models.bot import Bot
from models.errors import Refusal
from models.mail import TRIES, Ending, Incoming, Outgoing
from models.person import Person
from services.mail import NotOwner, say
from services.mail.incoming import replay
from simulator.person import Person as Phone
from tests.engine.conftest import handled_by
from tests.postgres import Postgres
from tests.town import Town

pytestmark = pytest.mark.engine


async def rows(town: Town) -> Sequence[Incoming]:
    return await town.read(
        lambda session: session.scalars(select(Incoming).order_by(Incoming.seq)).all()
    )


async def receive(town: Town) -> None:
    await town.station.intake.poll(town.station.telegram, seconds=0)


def crowd(town: Town, size: int) -> list[Phone]:
    people = [town.telegram.add_person(f"Warga{n}", bot=town.bot) for n in range(size)]
    for one in people:
        one.says(f"halo {one.first_name}")
    return people


async def stop_uncleanly(town: Town) -> None:
    """Leave what waits as a process does that dies with it in hand."""
    await town.write(
        lambda session: session.execute(
            update(Incoming).where(Incoming.ended_at.is_(None)).values(claimed_at=town.clock.now())
        )
    )


# ── storing ─────────────────────────────────────────────────────────────────────────────────────


async def test_an_update_stored_five_times_in_a_row_and_at_once_is_one_row(each_town: Town) -> None:
    town = each_town
    crowd(town, 3)
    updates = [one.to_json() for one in town.bot.updates.waiting()]
    arrived = [address(one) for one in updates]
    await asyncio.gather(*(town.station.intake.keep(arrived + arrived) for _ in range(5)))
    await asyncio.gather(*(town.station.intake.keep_one(one) for one in arrived * 5))
    assert [one.update_id for one in await rows(town)] == [one["update_id"] for one in updates]


async def test_a_repeated_update_is_not_handled_again(each_town: Town) -> None:
    town = each_town
    sari = await town.asker("Sari")
    sari.says("Batuk")
    stored = [address(one.to_json()) for one in town.bot.updates.waiting()]
    await town.settle()
    heard = list(sari.heard)
    await town.station.intake.keep(stored)
    await town.settle()
    assert sari.heard == heard


async def test_numbers_that_begin_again_lower_are_received_too(each_town: Town) -> None:
    town = each_town
    sari = await town.asker("Sari")
    town.bot.updates._next_id -= 50_000_000  # as after a quiet week, while the service runs
    sari.says("Batuk")
    await town.settle()
    assert "Siapa yang sakit?" in sari.heard[-1]


# ── batches ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_batch_takes_the_oldest_of_each_chat_and_keeps_their_order(each_town: Town) -> None:
    town = each_town
    town.station.inbox._batch = SMALL_BATCH
    people = crowd(town, 40)
    people[0].says("kedua")
    people[0].says("ketiga")
    await receive(town)
    handled: list[tuple[int, str]] = []

    def note(_: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        handled.append((update.effective_user.id, update.message.text))

    sizes = []
    with handled_by(note):
        while True:
            before = len(handled)
            if not await town.station.handle():
                break
            sizes.append(len(handled) - before)
    assert sizes == [SMALL_BATCH, 9, 1]  # one of each chat, whatever else it has said
    assert [text for who, text in handled if who == people[0].id] == [
        "halo Warga0",
        "kedua",
        "ketiga",
    ]


async def test_one_bad_update_spoils_neither_rows_nor_objects_of_its_neighbours(
    each_town: Town,
) -> None:
    town = each_town
    town.expects_faults = True
    people = crowd(town, 5)
    await receive(town)
    bad = people[2].id

    def spoil(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        real(session, bot_id, update, seq, **at)
        if update.effective_user.id == bad:
            # The database itself refuses: without a savepoint the whole transaction is over.
            session.execute(
                sqlalchemy.text("INSERT INTO bot (id, username) VALUES (:id, 'dua')"),
                {"id": bot_id},
            )

    with handled_by(spoil):
        await town.station.handle()
    ended = {one.chat_id: one.ending for one in await rows(town)}
    assert ended == {one.id: None if one.id == bad else Ending.DONE for one in people}
    known = await town.read(lambda session: set(session.scalars(select(Person.telegram_id))))
    assert known == {one.id for one in people} - {bad}
    assert set(await town.read(lambda s: s.scalars(select(Outgoing.chat_id)).all())) == known


# ── endings ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_refusal_is_said_and_changes_nothing(each_town: Town) -> None:
    town = each_town
    sari = await town.asker("Sari")
    sari.says("Batuk")

    def refuse(_: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        session.execute(sqlalchemy.update(Bot).values(username="changed"))
        raise Refusal("refusal.wrong_move")

    with handled_by(refuse):
        await town.settle()
    last = (await rows(town))[-1]
    assert (last.ending, last.error) == (Ending.REFUSED, "refusal.wrong_move")
    assert "tidak bisa dilakukan lagi" in sari.heard[-1]
    assert await town.read(lambda s: s.scalars(select(Bot.username)).all()) != ["changed"]


async def test_three_tries_within_ten_seconds_then_apology_and_alarm(each_town: Town) -> None:
    town = each_town
    town.expects_faults = True
    admin = await town.admin("Admin")
    sari, wati = await town.asker("Sari"), await town.asker("Wati")
    began = town.clock.time()
    tries: list[float] = []
    order: list[str] = []

    def fail(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        order.append(update.message.text)
        if update.message.text == "rusak":
            tries.append(town.clock.time() - began)
            anybody = session.scalars(select(Person)).all()[0]
            say(session, bot_id, anybody, "duty.done", at=at["at"])
            raise ZeroDivisionError("her words must not get out")
        real(session, bot_id, update, seq, **at)

    with handled_by(fail):
        sari.says("rusak")
        sari.says("sesudahnya")
        wati.says("Batuk")
        await receive(town)
        assert await town.station.handle()
        assert not await town.station.handle()  # Sari's later words wait, although due themselves
        assert order == ["rusak", "rusak", "Batuk"], "together, then each alone"
        await town.settle()
    assert len(set(tries)) == TRIES
    assert tries[-1] <= 10
    assert order[2:] == ["Batuk", "rusak", "rusak", "sesudahnya"]
    one = next(row for row in await rows(town) if row.attempts == TRIES)
    assert (one.ending, one.error) == (Ending.ASIDE, "ZeroDivisionError")
    assert sum("gangguan di tempat kami" in text for text in sari.heard) == 1
    assert f"disisihkan (nomor {one.seq}, ZeroDivisionError)" in admin.heard[-1]
    assert "words" not in admin.heard[-1]
    assert not any("Anda siap" in text for text in sari.heard + wati.heard), "said by a failed try"


async def test_a_damaged_update_is_set_aside_and_stops_nobody(each_town: Town) -> None:
    town = each_town
    town.expects_faults = True
    people = crowd(town, 3)
    await receive(town)
    await town.write(
        lambda session: session.execute(
            update(Incoming).where(Incoming.chat_id == people[1].id).values(sealed=b"damaged")
        )
    )
    await town.settle()
    found = {one.chat_id: (one.ending, one.error) for one in await rows(town)}
    assert found[people[1].id] == (Ending.ASIDE, "Unreadable")
    assert [found[one.id][0] for one in (people[0], people[2])] == [Ending.DONE] * 2


async def test_eighty_who_fail_at_once_hold_up_nobody_else(each_town: Town) -> None:
    town = each_town
    town.expects_faults = True
    people = crowd(town, 90)
    bad = {one.id for one in people[:80]}
    await receive(town)

    def fail(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        if update.effective_user.id in bad:
            raise ZeroDivisionError
        real(session, bot_id, update, seq, **at)

    with handled_by(fail):
        while await town.station.handle():
            pass  # batches, and no time between them
        done = {one.chat_id for one in await rows(town) if one.ending is Ending.DONE}
        assert done == {one.id for one in people} - bad
        await town.settle()
    assert {one.chat_id for one in await rows(town) if one.ending is Ending.ASIDE} == bad


async def test_a_failed_commit_counts_for_nobody_and_they_are_taken_one_by_one(
    each_town: Town,
) -> None:
    town = each_town
    people = crowd(town, 4)
    await receive(town)
    sizes: list[int] = []
    in_hand: list[int] = []

    def note(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        in_hand.append(seq)
        real(session, bot_id, update, seq, **at)

    def commit(_: Connection) -> None:
        if in_hand:
            sizes.append(len(in_hand))
            in_hand.clear()
            if len(sizes) == 1:
                raise RuntimeError("the commit of the batch fails")

    event.listen(town.app.database.writer, "commit", commit)
    with handled_by(note):
        assert await town.station.handle()
    assert sizes == [4, 1, 1, 1, 1]
    assert [(one.ending, one.attempts) for one in await rows(town)] == [(Ending.DONE, 0)] * 4
    await town.settle()
    assert all(len(one.heard) == 2 for one in people), "said once each"


# ── the database goes away ──────────────────────────────────────────────────────────────────────


async def test_a_locked_sqlite_counts_as_no_try(town: Town, tmp_path: Any) -> None:
    sari = await town.asker("Sari")
    sari.says("Batuk")
    await receive(town)
    await town.write(lambda s: s.connection().exec_driver_sql("PRAGMA busy_timeout=1") and None)
    other = sqlite3.connect(tmp_path / "town.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(TRIES + 1):
        with pytest.raises(sqlalchemy.exc.OperationalError) as caught:
            await town.station.handle()
        assert is_outage(caught.value)
    other.execute("ROLLBACK")
    other.close()
    await town.settle()
    assert "Siapa yang sakit?" in sari.heard[-1]
    assert {one.attempts for one in await rows(town)} == {0}


async def test_a_cut_connection_in_a_handler_counts_as_no_try(
    each_town: Town, request: pytest.FixtureRequest
) -> None:
    town = each_town
    if town.app.database.is_sqlite:
        pytest.skip("SQLite has no connection to cut")
    server: Postgres = request.getfixturevalue("postgres")
    sari = await town.asker("Sari")
    cuts = iter(range(TRIES + 1))

    def cut(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        if next(cuts, None) is not None:
            server.kill_backends()
        real(session, bot_id, update, seq, **at)

    sari.says("Batuk")
    await receive(town)
    with handled_by(cut):
        for _ in range(TRIES + 1):
            with pytest.raises(sqlalchemy.exc.DBAPIError) as caught:
                await town.station.handle()
            assert is_outage(caught.value)
        server.restart()
        await town.settle()
    assert sum("Siapa yang sakit?" in text for text in sari.heard) == 1
    assert {one.attempts for one in await rows(town)} == {0}


async def test_a_deadlock_counts_as_no_try_and_happens_once(each_town: Town) -> None:
    town = each_town
    if town.app.database.is_sqlite:
        pytest.skip("SQLite has one writer: nobody to wait for each other with")
    sari = await town.asker("Sari")
    sari.says("Batuk")
    await receive(town)
    url = town.app.database.url.replace("+psycopg", "")
    lock: LiteralString = "SELECT pg_advisory_xact_lock(%s)"
    tries: list[int] = []
    with psycopg.connect(url) as other, ThreadPoolExecutor(1) as beside:
        # Whoever waits longer than this looks for a deadlock and gives way: it shall be us.
        other.execute("SET deadlock_timeout = '1h'")

        def embrace(
            real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any
        ) -> None:
            real(session, bot_id, update, seq, **at)
            tries.append(seq)
            if len(tries) == 1:
                other.execute(lock, (1,))
                session.connection().exec_driver_sql(lock, (2,))
                waits = beside.submit(other.execute, lock, (2,))
                session.connection().exec_driver_sql(lock, (1,))
                waits.result()

        with handled_by(embrace):
            with pytest.raises(sqlalchemy.exc.OperationalError, match="deadlock") as caught:
                await town.station.handle()
            assert is_outage(caught.value)
            other.rollback()
            await town.settle()
    assert len(tries) == 2
    assert sum("Siapa yang sakit?" in text for text in sari.heard) == 1
    assert {one.attempts for one in await rows(town)} == {0}


async def test_an_outage_while_recovering_counts_once(each_town: Town) -> None:
    town = each_town
    sari = await town.asker("Sari")
    sari.says("Batuk")
    await receive(town)
    await stop_uncleanly(town)
    outages = iter(range(TRIES + 2))

    def away(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        if next(outages, None) is not None:
            raise sqlalchemy.exc.OperationalError("", {}, Exception())
        real(session, bot_id, update, seq, **at)

    with handled_by(away):
        for _ in range(TRIES + 2):
            with pytest.raises(sqlalchemy.exc.OperationalError):
                await town.station.recover()
        await town.station.recover()
    last = (await rows(town))[-1]
    assert (last.ending, last.attempts) == (Ending.DONE, 1)


# ── an unclean stop ─────────────────────────────────────────────────────────────────────────────


async def test_suspects_are_taken_one_by_one_each_counted_first(each_town: Town) -> None:
    town = each_town
    crowd(town, 3)
    await receive(town)
    await stop_uncleanly(town)
    wati = town.telegram.add_person("Wati", bot=town.bot)
    wati.says("halo")  # came after the stop: no suspect
    await receive(town)
    counted: list[int] = []
    commits: list[object] = []
    event.listen(town.app.database.writer, "commit", commits.append)

    def look(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        # Another connection sees only what is committed.
        with Session(town.app.database.reader) as beside:
            counted.append(beside.get_one(Incoming, seq).attempts)
        commits.append(seq)
        real(session, bot_id, update, seq, **at)

    with handled_by(look):
        await town.station.recover()
    assert counted == [1, 1, 1]
    handled = [place for place, what in enumerate(commits) if isinstance(what, int)]
    assert all(after - before > 1 for before, after in pairwise(handled))
    found = await rows(town)
    assert [one.ending for one in found] == [Ending.DONE] * 3 + [None]
    assert Counter(one.attempts for one in found) == {1: 3, 0: 1}


async def test_a_suspect_that_fails_has_three_tries_in_all(each_town: Town) -> None:
    town = each_town
    town.expects_faults = True
    sari = await town.asker("Sari")
    sari.says("rusak")
    await receive(town)
    await stop_uncleanly(town)
    tries: list[int] = []

    def fail(_: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        tries.append(seq)
        raise ZeroDivisionError

    with handled_by(fail):
        await town.station.recover()
        await town.settle()
    assert len(tries) == TRIES
    assert (await rows(town))[-1].ending is Ending.ASIDE


async def test_a_process_that_lost_the_bot_changes_nothing(each_town: Town) -> None:
    town = each_town
    crowd(town, 2)
    await receive(town)
    await stop_uncleanly(town)
    before = [(one.claimed_at, one.attempts, one.ending) for one in await rows(town)]
    real = town.station.inbox._handle

    async def too_late(seqs: Sequence[int], **how: Any) -> Any:
        await town.write(lambda session: session.execute(update(Bot).values(owner="another")))
        return await real(seqs, **how)

    with mock.patch.object(town.station.inbox, "_handle", too_late), pytest.raises(NotOwner):
        await town.station.handle()
    town.clock.move(1)
    with pytest.raises(NotOwner):
        await town.station.handle()
    with pytest.raises(NotOwner):
        await town.station.recover()
    with pytest.raises(NotOwner):
        await town.station.inbox._handle_alone((await rows(town))[0].seq, count_first=True)
    assert [(one.claimed_at, one.attempts, one.ending) for one in await rows(town)] == before


async def test_what_was_replayed_and_fails_again_is_set_aside_again(each_town: Town) -> None:
    town = each_town
    town.expects_faults = True
    admin = await town.admin("Admin")
    sari, wati = await town.asker("Sari"), await town.asker("Wati")

    def fail(real: Any, session: Session, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        if update.effective_user.id == sari.id:
            raise ZeroDivisionError
        real(session, bot_id, update, seq, **at)

    sari.says("Batuk 4 hari")
    for count in (1, 2):
        with handled_by(fail):
            await town.settle()
            wati.says("halo")
            await town.settle()
        (one,) = [row for row in await rows(town) if row.ending is Ending.ASIDE]
        assert sum("disisihkan" in text for text in admin.heard) == count
        await town.write(lambda session, seq=one.seq: replay(session, [seq]))  # type: ignore[misc]  # a default binds each number
    await town.settle()
    assert not [row for row in await rows(town) if row.ending is Ending.ASIDE]
    assert "Siapa yang sakit?" in sari.heard[-1]
