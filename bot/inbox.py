"""Inbox rows → handlers → one transaction: the change, what it makes us say, and "done" together.

A batch is one transaction over the oldest update of each of several chats, handled together in one
session. If one of them refuses or fails, nothing of that has happened, and each is handled again in
a session of its own, joined by a savepoint: a bad update spoils nothing of its neighbours.
An update ends done, refused (the person reads why) or, after three failures, set aside.
"""

import faulthandler
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session
from telegram import Update

from bot.clock import Clock
from bot.database import Database, is_outage
from handlers import routes
from models.errors import Later, Refusal
from models.mail import RETRY, TRIES, Ending, Incoming
from services import alarm
from services.content import words
from services.mail import Chrome, NotOwner, tell
from services.mail.incoming import check_owner, claim, next_retry, unfinished

log = structlog.get_logger()

BATCH = 100
"""Chats in one batch; as many as one poll can bring."""
SMALL_BATCH = 32
"""Chats in one batch of a webhook: its sender waits while a batch has the database."""
HANDLER_LIMIT = 10.0
"""Seconds; what takes longer ends the process, and the next start takes the updates one by one."""
TOGETHER_LIMIT = 3.0
"""Seconds after which a batch is handled apart: a slow database is no handler that hangs."""
YIELD = timedelta(milliseconds=500)
"""How long an update waits that has to let another chat's earlier words pass."""

IN_HAND = (
    select(Incoming)
    .where(Incoming.seq.in_(bindparam("seqs", expanding=True)), Incoming.ended_at.is_(None))
    .order_by(Incoming.seq)
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one try made of an update; `ending` is empty when it is to be taken again."""

    seq: int
    ending: Ending | None
    attempts: int
    retry_at: datetime | None = None
    checked_at: datetime | None = None
    error: str | None = None
    chrome: Chrome | None = None
    """What leaves right after the commit: a pressed button's spinner has to stop."""


class Inbox:
    """Works off one bot's updates."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        owner: str,
        clock: Clock,
        *,
        batch: int = BATCH,
        reach: Callable[[str], None] = lambda point: None,
    ) -> None:
        self._database, self._bot_id, self._owner, self._clock = database, bot_id, owner, clock
        self._batch, self._reach = batch, reach
        self._in_hand: list[int] = []
        self._counted: set[int] = set()
        self._may_retry = True
        """Whether the database may hold an update that failed; it is not asked for nothing."""
        self.counts = dict.fromkeys(("done", "refused", "failed", "aside"), 0)

    async def work(self) -> list[Chrome] | None:
        """Handle one batch; give what leaves at once, or None when there was nothing to do."""
        seqs, self._in_hand = self._in_hand, []
        if not seqs:
            seqs = await self._database.write(self._claim)
        if not seqs:
            return None
        self._reach("inbox.claimed")
        try:
            results = await self._handle(seqs, claims_next=True)
        except (NotOwner, MemoryError):
            raise
        except Exception as error:
            if is_outage(error):
                raise
            # The batch's own commit failed: nobody's attempt, so each is tried alone.
            log.warning("batch.failed", bot=self._bot_id, error=type(error).__name__)
            results = [one for seq in seqs for one in await self._handle_alone(seq)]
        return self._note(results)

    async def recover(self) -> list[Chrome]:
        """Take what was in hand at an unclean stop one by one, each attempt counted beforehand.

        An update that kills the process is so set aside after it did that three times alone.
        """
        results: list[Result] = []
        self._in_hand, self._may_retry = [], True
        while True:
            at = self._clock.now()
            seqs = await self._database.write(lambda session, at=at: self._suspects(session, at))  # type: ignore[misc]  # mypy: default arguments
            if not seqs:
                return self._note(results)
            for seq in seqs:
                results += await self._handle_alone(seq, count_first=True)

    async def let_go(self) -> None:
        """Put back what was taken in hand beforehand: after a stop in order nothing is."""
        seqs, self._in_hand = self._in_hand, []
        if seqs:
            await self._database.write(
                lambda session: claim(session, self._bot_id, self._owner, seqs, at=None)
            )

    async def wait(self) -> float | None:
        """Give the seconds until a failed update is due again, or None."""
        if not self._may_retry:
            return None
        due = await self._database.read(lambda session: next_retry(session, self._bot_id))
        self._may_retry = due is not None
        return None if due is None else max(0.0, (due - self._clock.now()).total_seconds())

    def _claim(self, session: Session) -> list[int]:
        at = self._clock.now()
        seqs = unfinished(session, self._bot_id, at=at, limit=self._batch)
        if seqs:
            claim(session, self._bot_id, self._owner, seqs, at=at)
            self._reach("inbox.claiming")
        return seqs

    def _suspects(self, session: Session, at: datetime) -> list[int]:
        check_owner(session, self._bot_id, self._owner)
        return unfinished(session, self._bot_id, at=at, limit=self._batch, suspects=True)

    async def _handle(self, seqs: Sequence[int], *, claims_next: bool = False) -> list[Result]:
        """Handle these, and take the next batch in hand in the same commit where that is wanted."""

        def whole(connection: Connection) -> tuple[list[Result], list[int]]:
            results = self._all(connection, seqs)
            with self._database.session(joined=connection) as session, session.begin():
                return results, self._claim(session) if claims_next else []

        results, self._in_hand = await self._database.batch(whole)
        self._reach("inbox.committed")
        return results

    async def _handle_alone(self, seq: int, *, count_first: bool = False) -> list[Result]:
        # Once a process: when the database goes away meanwhile, that is no second attempt.
        if count_first and seq not in self._counted:
            await self._database.write(lambda session: self._count(session, seq))
            self._counted.add(seq)
            self._reach("inbox.counted")
        try:
            return await self._handle([seq])
        except (NotOwner, MemoryError):
            raise
        except Exception as error:
            if is_outage(error):
                raise
            name = type(error).__name__
            return await self._database.batch(
                lambda connection: self._finish(
                    connection, [self._failed(connection, self._rows(connection, [seq])[0], name)]
                )
            )

    def _count(self, session: Session, seq: int) -> None:
        check_owner(session, self._bot_id, self._owner)
        row = session.get_one(Incoming, seq)
        row.attempts += 1

    def _all(self, connection: Connection, seqs: Sequence[int]) -> list[Result]:
        rows = self._rows(connection, seqs)
        results = self._together(connection, rows) or self._apart(connection, rows)
        self._reach("inbox.handled")
        return self._finish(connection, results)

    def _together(self, connection: Connection, rows: Sequence[Incoming]) -> list[Result] | None:
        """Handle all in one session, if all goes well: else nothing has happened, and None."""
        if any(row.attempts or row.checked_at or row.retry_at for row in rows):
            return None
        give_up_at = self._clock.time() + TOGETHER_LIMIT
        try:
            with _limited(HANDLER_LIMIT), self._database.session(joined=connection) as session:
                raws = [row.read(self._database.ring)["update"] for row in rows]
                updates = [routes.read(raw) for raw in raws]
                routes.expect(session, self._bot_id, updates)
                results = []
                for row, raw, parsed in zip(rows, raws, updates, strict=True):
                    if self._clock.time() > give_up_at:
                        return None
                    results.append(self._one_together(session, row, raw, parsed))
                    self._reach("inbox.handling")
                session.commit()
                return results
        except (NotOwner, MemoryError):
            raise
        except Exception as error:
            if is_outage(error):
                raise
            if not isinstance(error, Refusal | Later):
                log.warning("batch.apart", bot=self._bot_id, error=_where(error))
            return None

    def _one_together(
        self, session: Session, row: Incoming, raw: dict[str, Any], parsed: Update
    ) -> Result:
        at, checked_at = self._clock.now(), None
        if routes.shows_danger(parsed):
            session.info |= {"cause": _cause(row, "net"), "count": 0}
            routes.watch(session, self._bot_id, parsed, at=at)
            checked_at = at
        session.info |= {"cause": _cause(row, "do"), "count": 0}
        chrome = routes.handle(session, self._bot_id, parsed, row.seq, at=at) or _press(raw)
        return Result(row.seq, Ending.DONE, 0, checked_at=checked_at, chrome=chrome)

    def _apart(self, connection: Connection, rows: Sequence[Incoming]) -> list[Result]:
        results = []
        for row in rows:
            with _limited(HANDLER_LIMIT):
                results.append(self._one(connection, row))
            self._reach("inbox.handling")
        return results

    def _rows(self, connection: Connection, seqs: Sequence[int]) -> Sequence[Incoming]:
        """Load the rows and let go of them: an open savepoint would take later ones with it."""
        with self._database.session(joined=connection) as session:
            check_owner(session, self._bot_id, self._owner)
            rows = session.scalars(IN_HAND, {"seqs": seqs}).all()
            session.expunge_all()
            session.commit()
            return rows

    def _one(self, connection: Connection, row: Incoming) -> Result:
        """Bring one update to one of its endings; only an outage gets out of here."""
        chrome = None
        checked_at = row.checked_at
        if row.attempts > TRIES:
            return self._failed(connection, row, "it stopped the process")
        try:
            raw = row.read(self._database.ring)["update"]
            chrome = _press(raw)
            parsed = routes.read(raw)
            if checked_at is None and routes.shows_danger(parsed):
                with self._session(connection, row, "net") as session:
                    routes.watch(session, self._bot_id, parsed, at=self._clock.now())
                checked_at = self._clock.now()
            with self._session(connection, row, "do") as session:
                at = self._clock.now()
                chrome = routes.handle(session, self._bot_id, parsed, row.seq, at=at) or chrome
        except Later:
            at = self._clock.now() + YIELD
            return Result(row.seq, None, row.attempts, retry_at=at, checked_at=checked_at)
        except Refusal as refusal:
            self._say(connection, row, parsed, refusal.key, refusal.words)
            return Result(
                row.seq, Ending.REFUSED, row.attempts, checked_at=checked_at,
                error=refusal.key, chrome=chrome,
            )  # fmt: skip
        except Exception as error:
            if is_outage(error) or isinstance(error, NotOwner | MemoryError):
                raise
            log.error("update.failed", bot=self._bot_id, seq=row.seq, error=_where(error))
            return self._failed(connection, row, type(error).__name__, checked_at)
        return Result(row.seq, Ending.DONE, row.attempts, checked_at=checked_at, chrome=chrome)

    def _failed(
        self,
        connection: Connection,
        row: Incoming,
        error: str,
        checked_at: datetime | None = None,
    ) -> Result:
        attempts = row.attempts + (row.seq not in self._counted)
        at = self._clock.now()
        if attempts < TRIES:
            retry_at = at + RETRY[attempts - 1]
            return Result(row.seq, None, attempts, retry_at, checked_at, error)
        # Each setting-aside is a cause of its own: after a replay the same update may fail again.
        with self._session(connection, row, f"aside:{at:%Y%m%dT%H%M%S%f}") as session:
            alarm.set_aside(session, self._bot_id, row, error, at=at)
        return Result(row.seq, Ending.ASIDE, attempts, None, checked_at, error)

    def _say(
        self,
        connection: Connection,
        row: Incoming,
        parsed: Update,
        key: str,
        values: dict[str, object],
    ) -> None:
        with self._session(connection, row, "say") as session:
            caller = routes.caller_of(session, self._bot_id, parsed, at=self._clock.now())
            if caller is not None:
                text = words(key, **values)
                tell(session, self._bot_id, caller.person, text, at=self._clock.now())

    def _finish(self, connection: Connection, results: list[Result]) -> list[Result]:
        at = self._clock.now()
        changes = [
            {
                "seq": one.seq,
                "ending": one.ending,
                "ended_at": at if one.ending else None,
                "claimed_at": at if one.ending else None,
                "attempts": one.attempts,
                "retry_at": one.retry_at,
                "checked_at": one.checked_at,
                "error": one.error,
            }
            # What was handled needs its number for a repeat by Telegram, never its words again.
            | ({"sealed": None} if one.ending in (Ending.DONE, Ending.REFUSED) else {})
            for one in results
        ]
        with self._database.session(joined=connection) as session:
            session.execute(update(Incoming), changes)
            session.commit()
        return results

    @contextmanager
    def _session(self, connection: Connection, row: Incoming, what: str) -> Iterator[Session]:
        with self._database.session(cause=_cause(row, what), joined=connection) as session:
            yield session
            session.commit()

    def _note(self, results: Sequence[Result]) -> list[Chrome]:
        for one in results:
            self._counted.discard(one.seq)
            self._may_retry |= one.retry_at is not None
            how = one.ending.value if one.ending else "failed" if one.error else "later"
            if how in self.counts:
                self.counts[how] += 1
            log.debug("update.ended", bot=self._bot_id, seq=one.seq, how=how, error=one.error)
        return [one.chrome for one in results if one.chrome]


def _cause(row: Incoming, what: str) -> str:
    return f"{what}:{row.bot_id}:{row.update_id}"


def _press(raw: dict[str, Any]) -> Chrome | None:
    press = (raw.get("callback_query") or {}).get("id")
    return Chrome("answerCallbackQuery", {"callback_query_id": press}) if press else None


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End the process when the block takes longer: a handler that hangs would hold up everybody.

    Only a timer outside the interpreter stops what never lets go of it (a runaway pattern).
    """
    faulthandler.dump_traceback_later(seconds, exit=True, file=2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _where(error: BaseException) -> str:
    """Name an error and the line it came from: its message may hold somebody's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"
