"""Outbox rows → the outside → settled, within Telegram's limits and in order per chat.

A row is stamped before its request leaves. After the answer it is settled: sent, dead with its
reason, or later. A stamp without an answer (a crash, a time-out, a 5xx) means that nobody can know
whether it arrived: where a gap would be worse than a repeat such a row goes once more, marked, and
otherwise it is given up. Whoever answers a repeat with a 5xx too gets no third; a crash in a repeat
answers nothing, so it is made again.
"""

import asyncio
import base64
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.database import Database, described, is_outage
from bot.pace import WINDOW, Pace
from bot.telegram import Flood, NoToken, NotSent, Refused, TelegramError, Unknown
from bot.witness import Witness, letter_of
from models.mail import Fate, Outgoing
from models.seal import Unreadable
from services.content import plain
from services.mail import COPY, FILE, Answer
from services.mail.incoming import check_owner
from services.mail.queue import LONGEST_WAIT, earlier_row, mark_unreachable, next_out, owes
from services.step import may_hear

log = structlog.get_logger()

SHORT_FLOOD = 5.0
"""A 429 of at most so many seconds holds its chat; a longer one, or a second chat's, the bot."""
NO_LINE = 2.0
"""Seconds to wait when no connection can be made."""
NO_TOKEN = 60.0
DOUBT = timedelta(seconds=2)
"""How long a repeat of an unknown outcome waits: a 5xx is rarely alone."""

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Letter:
    """One row on its way: everything the sender needs without the database."""

    seq: int
    method: str
    chat_id: int
    params: dict[str, Any]
    name: tuple[str, bytes]


class Outbox:
    """Sends what one bot owes."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        owner: str,
        call: Call,
        clock: Clock,
        *,
        open_copy: Callable[[Session, int], bytes] | None = None,
        reach: Callable[[str], None] = lambda point: None,
    ) -> None:
        self._database, self._bot_id, self._owner = database, bot_id, owner
        self._open_copy = open_copy
        self._call, self._clock, self._reach = call, clock, reach
        self._pace = Pace(clock.time())
        self._witness = Witness()
        self._busy: set[int] = set()
        self._flooded: dict[int, float] = {}
        self.counts = dict.fromkeys(("sent", "dead", "later", "unknown", "floods"), 0)

    async def next(self) -> Letter | float:
        """Give the letter that may leave now, stamped, or the seconds until there may be one
        (infinity: until something new is said or an answer arrives)."""
        now = self._clock.time()
        wait = self._pace.wait(now)
        if wait is None:
            return math.inf
        if wait > 0:
            return wait
        resting = self._pace.resting(now)
        busy = self._busy | resting.keys()
        letter, due = await self._database.write(
            lambda session: self._take(session, busy, self._clock.now())
        )
        if letter is not None:
            return letter
        waits = list(resting.values())
        if due is not None:
            waits.append(max(0.0, (due - self._clock.now()).total_seconds()))
        return min(waits, default=math.inf)

    async def owes(self) -> bool:
        """Tell whether anything is still to be sent."""
        return await self._database.read(lambda session: owes(session, self._bot_id))

    async def send(self, letter: Letter) -> None:
        """Let one letter leave and settle it by its answer."""
        ticket = self._pace.left(self._clock.time())
        self._busy.add(letter.chat_id)
        try:
            self._reach("outbox.stamped")
            outcome = await self._outcome(letter)
            self._reach("outbox.answered")
            if not isinstance(outcome, TelegramError):
                self._witness.saw(letter.name, outcome)
            now = self._clock.time()
            self._pace.answered(ticket, letter.chat_id, now)
            if isinstance(outcome, Flood):
                self._hold(letter.chat_id, outcome.retry_after, now)
            elif isinstance(outcome, NotSent | NoToken):
                self._pace.hold(None, now + (NO_LINE if isinstance(outcome, NotSent) else NO_TOKEN))
            await self._settle_for_sure(letter, outcome)
            self._reach("outbox.settled")
        finally:
            self._busy.discard(letter.chat_id)

    async def run(self, wake: asyncio.Event, closing: asyncio.Event) -> None:
        """Send until closing; then let what is on its way arrive."""
        under_way: set[asyncio.Task[None]] = set()
        # What another process sent for this bot until now is not known.
        self._pace.hold(None, self._clock.time() + WINDOW)

        def arrived(task: asyncio.Task[None]) -> None:
            under_way.discard(task)
            wake.set()
            if not task.cancelled() and task.exception() is not None:
                failed.append(task)

        failed: list[asyncio.Task[None]] = []
        try:
            while not closing.is_set():
                for task in failed:
                    task.result()
                wake.clear()
                try:
                    step = await self.next()
                except Exception as error:
                    if not is_outage(error):
                        raise
                    log.error("outbox.waits", bot=self._bot_id, error=described(error))
                    step = 1.0
                if isinstance(step, Letter):
                    task = asyncio.create_task(self.send(step))
                    under_way.add(task)
                    task.add_done_callback(arrived)
                    await asyncio.sleep(0)
                    continue
                # New rows of other processes ring no bell here: look once a second.
                await _first(wake.wait(), closing.wait(), self._clock.sleep(min(step, 1.0)))
        finally:
            if under_way:
                await asyncio.wait(under_way)

    # ── one letter ──────────────────────────────────────────────────────────────────────────────

    def _take(
        self, session: Session, busy: set[int], at: datetime
    ) -> tuple[Letter | None, datetime | None]:
        check_owner(session, self._bot_id, self._owner)
        while True:
            row, due = next_out(session, self._bot_id, busy, at=at)
            if row is None:
                return None, due
            letter = self._ready(session, row, at)
            if letter is not None:
                row.attempted_at = at
                return letter, None
            session.flush()

    def _ready(self, session: Session, row: Outgoing, at: datetime) -> Letter | None:
        """Give the letter as it goes out, or settle a row that has none: it is dead, or it left
        before the database went back."""
        try:
            params = self._with_copies(session, row.read(session)["params"])
        except Unreadable:
            self._die(session, row, Answer(error="unreadable"), at)
            return None
        name = letter_of(row.key, row.method, params)
        if self._witness.recalls(name):
            log.error("database.went_back", bot=self._bot_id, seq=row.seq, key=row.key)
            self._sent(session, row, self._witness.answer(name), at)
            return None
        if row.consultation_id is not None and not may_hear(session, row):
            self._die(session, row, Answer(error="no longer for this person"), at)
            return None
        if row.attempted_at is not None:
            if not row.repeatable:
                self._die(session, row, Answer(error="outcome unknown", unknown=True), at)
                return None
            row.repeated_at = at
            params = _marked(row.method, params)
        if row.ref_key is not None:
            earlier = earlier_row(session, row)
            message_id = earlier.telegram_message_id if earlier else None
            if message_id is None and "reply_parameters" not in params:
                self._die(session, row, Answer(error="what it changes was never sent"), at)
                return None
            params = _filled(params, message_id)
        return Letter(row.seq, row.method, row.chat_id, params, name)

    def _with_copies(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Put our own copy of a medium where it is pointed at; raises Unreadable without one."""
        for name, value in params.items():
            if isinstance(value, dict) and COPY in value:
                if self._open_copy is None:
                    raise Unreadable("no copies are kept here")
                content = base64.b64encode(self._open_copy(session, value[COPY])).decode()
                return params | {name: {FILE: content, "name": name}}
        return params

    async def _outcome(self, letter: Letter) -> Any:
        try:
            return await self._call(letter.method, letter.params)
        except (Flood, NotSent, Unknown, Refused, NoToken) as outcome:
            return outcome
        except Exception as error:  # noqa: BLE001 - a slot without an answer would stop the pace
            log.error(
                "outbox.call_failed", bot=self._bot_id, seq=letter.seq, error=type(error).__name__
            )
            return Unknown(type(error).__name__)

    async def _settle_for_sure(self, letter: Letter, outcome: Any) -> None:
        """Settle, however long the database is away: this answer comes only once."""
        while True:
            try:
                await self._database.write(
                    lambda session: self._settle(session, letter, outcome),
                    cause=f"then:{self._bot_id}:{letter.seq}",
                )
            except Exception as error:
                if not is_outage(error):
                    raise
                await self._clock.sleep(1.0)
            else:
                return

    def _settle(self, session: Session, letter: Letter, outcome: Any) -> None:
        check_owner(session, self._bot_id, self._owner)
        at = self._clock.now()
        row = session.get(Outgoing, letter.seq)
        if row is None or row.key != letter.name[0]:
            log.error("database.went_back", bot=self._bot_id, seq=letter.seq, key=letter.name[0])
            return
        if isinstance(outcome, Flood | NotSent | NoToken):  # it did not happen: as if never tried
            self.counts["floods" if isinstance(outcome, Flood) else "later"] += 1
            if row.repeated_at is None:
                row.attempted_at = None
            row.repeated_at = None  # a repeat is still to be made, and still marked
            if isinstance(outcome, Flood):
                wait = timedelta(seconds=outcome.retry_after)
                row.not_before_at = at + min(wait, LONGEST_WAIT)
            log.warning("outbox.later", bot=self._bot_id, seq=row.seq, error=str(outcome))
        elif isinstance(outcome, Unknown) and row.repeated_at is not None:
            self._die(session, row, Answer(error="outcome unknown", unknown=True), at)
        elif isinstance(outcome, Unknown):
            self.counts["unknown"] += 1
            row.not_before_at = at + DOUBT
            row.error = str(outcome)[:200]
            log.warning("outbox.unknown", bot=self._bot_id, seq=row.seq, error=str(outcome))
        elif isinstance(outcome, Refused):
            if outcome.unreachable:
                mark_unreachable(session, self._bot_id, row.chat_id, at=at)
            self._die(session, row, Answer(None, str(outcome), outcome.unreachable), at)
        else:
            self.counts["sent"] += 1
            self._sent(session, row, outcome, at)
        self._reach("outbox.settling")

    def _sent(self, session: Session, row: Outgoing, result: Any, at: datetime) -> None:
        row.settled_at, row.fate = at, Fate.SENT
        if isinstance(result, dict):
            row.telegram_message_id = result.get("message_id")
        self._then(session, row, Answer(result), at)

    def _die(self, session: Session, row: Outgoing, answer: Answer, at: datetime) -> None:
        self.counts["dead"] += 1
        row.settled_at, row.fate, row.error = at, Fate.DEAD, (answer.error or "")[:200]
        log.warning("outbox.dead", bot=self._bot_id, seq=row.seq, error=row.error)
        self._then(session, row, answer, at)

    def _then(self, session: Session, row: Outgoing, answer: Answer, at: datetime) -> None:
        """Let the service that waits for the answer have it; its failure unsettles nothing."""
        if row.then is None:
            return
        noun, function = row.then.split(".")
        hear = getattr(import_module(f"services.{noun}"), function)
        cause = session.info["cause"], session.info.get("count", 0)
        session.info["cause"], session.info["count"] = f"then:{row.key}", 0
        try:
            with session.begin_nested():
                hear(session, row, answer, at=at)
        except Exception as error:
            if is_outage(error):
                raise
            row.error = f"then: {type(error).__name__}"
            log.error("outbox.then_failed", bot=self._bot_id, seq=row.seq, error=row.error)
        session.info["cause"], session.info["count"] = cause

    def _hold(self, chat_id: int, seconds: float, now: float) -> None:
        """Keep a 429: its own chat rests; everybody does after a long one or one of two chats."""
        self._flooded = {chat: until for chat, until in self._flooded.items() if until > now}
        others = self._flooded.keys() - {chat_id}
        self._flooded[chat_id] = now + seconds
        whom = None if seconds > SHORT_FLOOD or others else chat_id
        self._pace.hold(whom, now + seconds)


def _marked(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """Say that this may be here twice, wherever there are words to say it in."""
    place = next((name for name in ("text", "caption") if name in params), None)
    if place is None or not method.startswith(("send", "copy")):
        return params  # an edit or a mark made twice is made once
    return params | {place: f"{plain('mail.repeated')}\n{params[place]}"}


def _filled(value: Any, message_id: int | None) -> Any:
    """Put the message id where it is pointed at; without one the pointer goes."""
    if isinstance(value, dict):
        if message_id is None:
            value = {name: inner for name, inner in value.items() if name != "reply_parameters"}
        return (
            message_id if "$ref" in value else {k: _filled(v, message_id) for k, v in value.items()}
        )
    return value


async def _first(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
