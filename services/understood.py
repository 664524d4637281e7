"""Whether advice was understood: asked with it, gently once more, then somebody looks after it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotFound
from models.followup import Ask, Followup
from models.mail import Lane
from models.message import Part, Words
from models.role import Kind
from models.task import What
from services import consent, day, followup, privacy, rating, relay, sheet, step, task
from services.content import plain
from services.mail import Button, end_menu, say
from services.person import Caller

REPEAT = timedelta(hours=4)
"""So long nothing is said: people read when they have signal."""
TASK = timedelta(hours=24)
"""So long after the repeat, or after a question that nobody answered, somebody looks after it."""
UNCLEAR = ("unclear", "explain")


def ask(session: Session, closed: Consultation, *, at: datetime) -> None:
    """Begin to wait for the answer to the buttons under the advice."""
    due_at = day.by_day(followup.zone(closed), at + REPEAT)
    followup.begin(session, closed, Ask.UNDERSTOOD, due_at=due_at, asked_at=at)


def buttons(closed: Consultation) -> list[list[Button]]:
    """Give what stands under advice until it is understood."""
    return [
        [Button("button.understood", f"understood:{closed.id}")],
        [
            Button("button.unclear", f"unclear:{closed.id}"),
            Button("button.explain", f"explain:{closed.id}"),
        ],
    ]


def yes(
    session: Session, caller: Caller, consultation_id: int, message_id: int, *, at: datetime
) -> None:
    """The asker has understood; pressed twice, or under both messages, it is said once."""
    closed, row = _asked(session, caller, consultation_id)
    end_menu(
        session,
        caller.bot_id,
        caller.person,
        message_id,
        at=at,
        buttons=sheet.ways(session, closed),
    )
    if row.take("yes", at=at):
        task.over(session, What.EXPLAIN, closed, at=at)
        rating.ask(session, caller, closed, "understood.thanks", at=at)


def no(
    session: Session,
    caller: Caller,
    consultation_id: int,
    how: str,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """The asker has not: a short consultation goes to who gave the advice, or to whoever is there,
    and what the asker writes next goes with it."""
    closed, row = _asked(session, caller, consultation_id)
    here = followup.open_one(session, caller)
    row.take(how, at=at)
    row.due_at = day.by_day(followup.zone(closed), at + TASK)
    if here is not None:
        say(session, caller.bot_id, caller.person, "understood.write_here", at=at)
        return
    drafted = followup.follow(session, caller, closed, at=at)
    told = drafted.read(session)
    told["intake"]["complaint"] = True
    drafted.write(session, **told | {"explains": closed.number})
    text = plain(f"unclear.{how}", number=closed.number)
    said = Words(caller.person.telegram_id, message_id, "text", text)
    relay.keep(session, drafted, caller.person, said, Part.COMPLAINT, at=at)
    session.flush()
    if consent.standing(session, caller) is None:
        consent.ask(session, caller, at=at)
        return
    step.request(session, caller, drafted, at=at)


def sweep(session: Session, *, at: datetime) -> None:
    """Repeat the question once, gently, and then let somebody look after it; run twice, nobody
    hears it twice."""
    for row in followup.due(session, Ask.UNDERSTOOD, at=at):
        if row.answer in UNCLEAR:
            _look_after_question(session, row, at=at)
        elif row.repeated_at is None and followup.may_ask(session, row, at=at):
            _repeat(session, row, at=at)
        else:
            _hand_over(session, row, at=at)


def _repeat(session: Session, row: Followup, *, at: datetime) -> None:
    closed = row.consultation
    row.repeated_at, row.due_at = at, day.by_day(followup.zone(closed), at + TASK)
    is_shared = privacy.of(session, closed.asker) is not None
    opened = [[Button("button.open", f"read:{closed.id}")]] if is_shared else []
    say(
        session,
        closed.bot_id,
        closed.asker,
        "understood.repeat",
        at=at,
        lane=Lane.REMINDER,
        consultation=closed,
        reply_to=sheet.place(session, closed),
        repeatable=False,
        number=closed.number,
        buttons=[*opened, *buttons(closed)],
    )


def _look_after_question(session: Session, row: Followup, *, at: datetime) -> None:
    """What was asked about the advice was answered, is on its way, or came to nothing."""
    newest = session.scalar(
        select(Consultation)
        .where(Consultation.follows_id == row.consultation_id)
        .order_by(Consultation.id.desc())
        .limit(1)
    )
    if newest is not None and newest.status is Status.EXPIRED:
        _hand_over(session, row, at=at)
    else:
        row.due_at = None if newest is None or not newest.is_open else at + TASK


def _hand_over(session: Session, row: Followup, *, at: datetime) -> None:
    """Let the workers of the facility look after it: they may know another way to the asker."""
    closed, row.due_at = row.consultation, None
    if closed.facility is None:
        return
    key = "understood.unexplained" if row.answer in UNCLEAR else "understood.unanswered"
    task.add(
        session,
        What.EXPLAIN,
        closed,
        home=closed.facility,
        bot_id=closed.bot_id,
        due_at=day.by_day(followup.zone(closed), at + TASK),
        at=at,
        note=plain(key, worker=closed.read(session)["worker"]),
        whose=Kind.WORKER,
        number=closed.number,
    )


def _asked(session: Session, caller: Caller, consultation_id: int) -> tuple[Consultation, Followup]:
    closed = followup.of_asker(session, caller, consultation_id)
    row = followup.find(session, closed, Ask.UNDERSTOOD)
    if row is None:
        raise NotFound("refusal.expired_button")
    return closed, row
