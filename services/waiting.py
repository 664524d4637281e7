"""Waiting in the queue: how it stands, for how long by the days before, and when it ends.

The place is the row's own (`rank_at`) and is never lost; what is told about it is told seldom.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import Closed, NotAllowed, NotFound
from models.facility import Facility
from models.mail import Lane
from models.message import Message, Part
from models.notice import Notice, What
from models.offer import End
from services import consent, consultation, day, dispatch, hours, likeness, notice, pool, privacy
from services.content import Html, joined, words
from services.danger import alert
from services.mail import Button, say
from services.person import Caller

RECENT = timedelta(days=14)
SAMPLE = 200
"""So many of the newest consultations are looked at: the cost of telling does not grow."""
FEWEST = 5
"""Of fewer answers no number is made."""
STEP = timedelta(minutes=5)
"""What is told is rounded to it, so that it promises no minute."""

FIRST = timedelta(minutes=30)
AGAIN = timedelta(hours=1)
TOLD = (What.PLACE, What.UNREAD, What.ENDING)

ENDS = timedelta(hours=24)
"""A day holds a whole working day of any facility; over a longer pause a tap keeps the place."""
ANNOUNCED = timedelta(hours=2)
COMES_BACK = timedelta(days=7)


def estimate(session: Session, home: Facility, *, at: datetime) -> tuple[timedelta, timedelta]:
    """Give the waits until the first human answer between which a new one probably lies, by the
    last 14 days at this hour: a quarter was shorter, a tenth was longer; zeros where too few are
    known. Who was never answered counts with the whole time they waited."""
    answer = (
        select(func.min(Message.at))
        .where(
            Message.consultation_id == Consultation.id,
            Message.author_id != Consultation.asker_id,
            Message.part.in_((Part.TALK, Part.ADVICE)),
        )
        .scalar_subquery()
    )
    found = session.execute(
        select(Consultation.arrived_at, Consultation.status, Consultation.ended_at, answer).where(
            Consultation.facility_id == home.id,
            Consultation.number > home.last_number - SAMPLE,
            Consultation.danger_at.is_(None),
            Consultation.arrived_at.between(at - RECENT, at),
        )
    )
    waits = sorted(
        end - arrived
        for arrived, status, ended, answered in found
        if arrived is not None
        and (end := answered or (ended if status is Status.EXPIRED else None)) is not None
        and (arrived.hour - at.hour + 1) % 24 <= 2
    )
    if len(waits) < FEWEST:
        return timedelta(), timedelta()
    least, most = waits[len(waits) // 4], waits[len(waits) * 9 // 10]
    return max(least // STEP * STEP, timedelta(minutes=1)), -(-most // STEP) * STEP


def tell(session: Session, caller: Caller, waiting: Consultation, *, at: datetime) -> bool:
    """Tell an asker who has just come into the queue how it stands there, and by when an answer is
    likely; False where nobody is on duty."""
    home, crew = waiting.facility, dispatch.crew_size(session, waiting, at=at)
    assert home is not None  # noqa: S101 - what waits waits at a facility
    line = joined(" ", [_ahead(session, waiting), _on_duty(crew)])
    least, most = estimate(session, home, at=at)
    if crew and most and not waiting.danger_at:
        waiting.expected_at = at + most
        usual = words("waiting.usual", least=day.span(least), most=day.span(most))
        line = joined(" ", [_ahead(session, waiting), usual])
    key = "consultation.waiting" if crew else "consultation.waiting_nobody"
    if waiting.read(session).get("explains"):
        key = "understood.waiting" if crew else "understood.waiting_nobody"
    if crew and waiting.danger_at:
        key = "waiting.danger"
    say(
        session,
        caller.bot_id,
        caller.person,
        key,
        at=at,
        consultation=waiting,
        number=waiting.number,
        facility=home.name,
        hours=hours.line(home),
        ahead=_ahead(session, waiting),
        place=line,
        buttons=[
            *_ways_out(waiting),
            *likeness.offer(session, waiting, at=at),
            *_shared(session, waiting),
        ],
    )
    if not crew:
        pool.ask(session, waiting, at=at)
    return bool(crew)


def show(session: Session, one: Consultation, *, at: datetime, lane: Lane = Lane.ANSWER) -> None:
    """Tell an asker how what waits stands now."""
    home = one.facility
    assert home is not None  # noqa: S101 - what waits waits at a facility
    say(
        session,
        one.bot_id,
        one.asker,
        "waiting.still",
        at=at,
        lane=lane,
        consultation=one,
        repeatable=False,
        number=one.number,
        place=joined(" ", [_ahead(session, one), dispatch.told(session, one, at=at)]),
        facility=home.name,
        hours=hours.line(home),
        buttons=[*_ways_out(one), *likeness.offer(session, one, at=at)],
    )


def sweep(session: Session, *, at: datetime) -> None:
    """Tell who waits long how it stands, announce an end that comes, and end what nobody answered;
    run twice, nobody hears it twice. Danger never ends."""
    told = select(Notice.id).where(
        Notice.consultation_id == Consultation.id, Notice.what.in_(TOLD), Notice.at > at - AGAIN
    )
    waiting = session.scalars(
        select(Consultation)
        .where(
            Consultation.status == Status.WAITING,
            Consultation.arrived_at <= at - 2 * STEP,
            or_(~told.exists(), Consultation.arrived_at <= at - ENDS + ANNOUNCED),
        )
        .order_by(Consultation.rank_at)
    )
    for one in waiting.all():
        pool.ask(session, one, at=at)
        since = notice.waits_since(session, one)
        if one.danger_at or not _ends(session, one, since, at=at):
            _keep_informed(session, one, since, at=at)


def add(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Say how a story is added to or changed: by writing."""
    found = _asked(session, caller, consultation_id)
    if not found.is_open:
        raise Closed(number=found.number)
    say(session, caller.bot_id, caller.person, "waiting.add", at=at, number=found.number)


def keep(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The asker still needs it: it goes on waiting, or waits again at its original place."""
    found = _asked(session, caller, consultation_id)
    if found.status is Status.WAITING:
        notice.first(session, found, What.KEPT, since=at, at=at)
        say(session, caller.bot_id, caller.person, "waiting.kept", at=at, number=found.number)
        return
    if found.status is Status.ACTIVE:
        raise NotAllowed("waiting.answered", number=found.number)
    if found.status is not Status.EXPIRED:
        raise Closed(number=found.number)
    if found.ended_at is None or found.ended_at <= at - COMES_BACK:
        raise NotFound("waiting.too_late")
    if any(one.asker_id == caller.person.id for one in consultation.open_ones(session, caller)):
        raise NotAllowed("waiting.another")
    if consent.standing(session, caller) is None:
        consent.ask(session, caller, at=at)
        return
    found.move(Status.WAITING, by=caller.person, at=at)
    session.flush()
    tell(session, caller, found, at=at)
    dispatch.place(session, found, at=at)


def _asked(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    found = consultation.access(session, caller, consultation_id)
    if found.asker_id != caller.person.id or found.number is None:
        raise NotFound
    return found


def _ahead(session: Session, waiting: Consultation) -> Html:
    """Say how many are ahead, whoever they are: nobody learns of anybody's danger by it."""
    count = session.scalar(
        select(func.count()).where(
            Consultation.facility_id == waiting.facility_id,
            Consultation.status == Status.WAITING,
            Consultation.rank_at < waiting.rank_at,
        )
    )
    return words("waiting.ahead", count=count) if count else words("waiting.next")


def _on_duty(crew: int) -> Html:
    return words("waiting.duty", count=crew) if crew else words("waiting.nobody")


def _ways_out(waiting: Consultation) -> list[list[Button]]:
    ways = [
        [
            Button("button.withdraw", f"withdraw:{waiting.id}"),
            Button("button.add", f"add:{waiting.id}"),
        ]
    ]
    if not waiting.danger_at:  # nobody in danger is kept busy with a form
        ways.append([Button("button.complete", f"complete:{waiting.patient_id}")])
    return ways


def _shared(session: Session, waiting: Consultation) -> list[list[Button]]:
    """Who has not said that the phone is shared may say so before there is anything to read."""
    if privacy.of(session, waiting.asker) is not None:
        return []
    return [[Button("button.shared_phone", "privacy")]]


def _ends(session: Session, one: Consultation, since: datetime, *, at: datetime) -> bool:
    """Announce the end, and two hours later let it come; tell whether anything was said."""
    since = max(since, notice.last(session, one, What.KEPT) or since)
    if at - since < ENDS - ANNOUNCED:
        return False
    home = one.facility
    assert home is not None  # noqa: S101 - what waits waits at a facility
    announced = notice.last(session, one, What.ENDING, since=since)
    if announced is None:
        if not notice.first(session, one, What.ENDING, since=since, at=at):
            return True
    elif at - announced < ANNOUNCED:
        return False
    else:
        line = words("offer.expired", number=one.number)
        dispatch.end_all(session, one, End.EXPIRED, line, at=at)
        one.move(Status.EXPIRED, by=None, at=at, why="unanswered")
    say(
        session,
        one.bot_id,
        one.asker,
        "waiting.ending" if announced is None else "waiting.ended",
        at=at,
        lane=Lane.REMINDER,
        consultation=one,
        repeatable=False,
        number=one.number,
        facility=home.name,
        hours=hours.line(home),
        buttons=[[Button("button.keep", f"keep:{one.id}")]],
    )
    return True


def _keep_informed(session: Session, one: Consultation, since: datetime, *, at: datetime) -> None:
    """Tell once that it takes longer than was said, then at most hourly, by day."""
    told = notice.last(session, one, *TOLD)
    begun = max(since, told or since)
    home, crew = one.facility, dispatch.crew_size(session, one, at=at)
    assert home is not None  # noqa: S101 - what waits waits at a facility
    if begun == since:
        is_due = at - since >= _patience(one, since)
    else:
        is_day = not day.is_night(home.zone, at)
        # While nobody is on duty nothing changes, but for danger: that is no place to wait.
        is_due = at - begun >= AGAIN and is_day and bool(crew or one.danger_at)
    if not is_due or not notice.first(session, one, What.PLACE, since=begun, at=at):
        return
    if one.danger_at:
        alert.say_unread(session, one, at - max(since, one.danger_at), at=at)
        return
    show(session, one, at=at, lane=Lane.REMINDER)


def _patience(one: Consultation, since: datetime) -> timedelta:
    """Give how long a wait may last before its asker is told that it lasts longer: twice what was
    said, and never more than half an hour."""
    if one.expected_at is None or one.expected_at <= since:
        return FIRST
    return min(2 * (one.expected_at - since), FIRST)
