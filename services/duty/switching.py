"""The switch «Siap / Jeda / Selesai», and who does not answer any more.

Who is on a break is on duty: they are called to danger, and offered nothing else. Who missed three
offers in a row without a word is away, and comes back by whatever they do next.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed
from models.mail import Lane
from models.message import Message
from models.offer import End, Offer
from models.person import Person
from models.role import Kind, Role
from services import credential, dispatch, likeness, menu, person, task
from services.content import Html, words
from services.danger import alert
from services.duty import leaving, roster
from services.facility import opening
from services.facility.times import clock_of
from services.mail import Button, say, tell
from services.person import Caller

RESTS = (10, 20, 30)
"""Minutes of the breaks that can be chosen."""
_BACK = [[Button("button.ready", "ready")], [Button("button.off_duty", "off")]]
AWAY = 3
"""So many offers missed in a row, and the worker counts as away."""


def ready(session: Session, caller: Caller, *, at: datetime) -> None:
    """Put a worker on duty and hand them what waits; ends a break."""
    role = _mine(session, caller, at=at)
    _switch_on(role, at=at)
    menu.offer(session, caller.bot_id, caller.person, at=at)
    assert role.facility is not None  # noqa: S101 - every verified worker has one
    danger = alert.for_the_first(session, role.facility, at=at)
    tasks = task.count(session, caller, at=at)
    listed = [[Button("button.tasks_count", "tasks", {"count": tasks})]] if tasks else []
    say(session, caller.bot_id, caller.person, "duty.ready", at=at, danger=danger,
        kept=leaving.put_off(session, caller.person),
        buttons=[*listed, *_breaks(), *likeness.ask(role)])  # fmt: skip
    session.flush()
    dispatch.match(session, at=at)


def rest(session: Session, caller: Caller, minutes: int, *, at: datetime) -> None:
    """Let a worker rest for so long: what was offered goes on to others; then it ends by itself."""
    role = _mine(session, caller, at=at)
    role.ready_at, role.paused_until = role.ready_at or at, at + timedelta(minutes=minutes)
    caller.person.away_at = None
    zone = role.facility.zone if role.facility else None
    until = f"{clock_of(zone, role.paused_until):%H.%M}"
    say(session, caller.bot_id, caller.person, "duty.rests", at=at, until=until,
        buttons=_BACK)  # fmt: skip
    _let_go(session, caller.person, at=at)


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Offer the breaks."""
    role = _mine(session, caller, at=at)
    key = "duty.choose" if role.ready_at else "duty.hint"
    say(session, caller.bot_id, caller.person, key, at=at, buttons=_breaks())


def done(session: Session, caller: Caller, *, at: datetime) -> None:
    """Take a worker off duty; open offers go on to others, and of open consultations they are asked
    what shall become of them."""
    role = credential.role_of(session, caller.person, Kind.WORKER)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    switch_off(session, caller.bot_id, role, at=at)


def switch_off(session: Session, bot_id: int, role: Role, *, at: datetime) -> None:
    """Take somebody off duty, by their own word or by the roster's."""
    role.ready_at = role.paused_until = role.person.away_at = None
    leaving.ask(session, bot_id, role.person, at=at)
    _let_go(session, role.person, at=at)


def missed(session: Session, worker: Person, *, at: datetime) -> None:
    """Count a worker as away who let three offers pass in a row and wrote to no patient meanwhile;
    they are told once, and how to come back."""
    role = credential.worker(session, worker, at=at)
    if role is None or role.ready_at is None or role.paused_until is not None:
        return
    newest = session.scalars(
        select(Offer)
        .where(Offer.worker_id == worker.id, Offer.made_at >= role.ready_at)
        .order_by(Offer.made_at.desc(), Offer.id.desc())
        .limit(AWAY)
    ).all()
    if len(newest) < AWAY or any(one.end is not End.EXPIRED for one in newest):
        return
    if _wrote(session, worker, since=newest[-1].made_at):
        return
    role.ready_at, worker.away_at = None, at
    bot_id = newest[0].consultation.bot_id
    say(session, bot_id, worker, "duty.away", at=at, lane=Lane.OFFER, count=AWAY,
        buttons=_BACK)  # fmt: skip
    _let_go(session, worker, at=at)


def come_back(session: Session, caller: Caller, *, at: datetime) -> None:
    """Put somebody who was away on duty again: they have just done something here."""
    caller.person.away_at = None
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        return
    _switch_on(role, at=at)
    say(session, caller.bot_id, caller.person, "duty.back", at=at)
    session.flush()
    dispatch.match(session, at=at)


def sweep(session: Session, *, at: datetime) -> None:
    """End the breaks whose time is over; run twice, nobody hears it twice."""
    over = select(Role).where(Role.paused_until <= at, Role.ended_at.is_(None))
    for role in session.scalars(over).all():
        role.paused_until = None
        tell_worker(session, role, words("duty.rested"), at=at)
        session.flush()
        dispatch.feed(session, role.person, at=at)


def keep_roster(session: Session, *, at: datetime) -> None:
    """Put workers on duty where the hours of their roster begin, and take them off where they end;
    what they switch by hand in between stays."""
    known: dict[int | None, roster.Known] = {}
    planned = select(Role).where(
        Role.kind == Kind.WORKER, Role.ended_at.is_(None), Role.roster.is_not(None)
    )
    for role in session.scalars(planned).all():
        if role.facility is None:
            continue
        if role.facility_id not in known:
            known[role.facility_id] = opening.known(role.facility, at, None)
        is_on = roster.is_on_shift(role, at, known[role.facility_id])
        if is_on is not role.on_shift:
            role.on_shift = is_on
            _follow(session, role, at=at)


def _follow(session: Session, role: Role, *, at: datetime) -> None:
    bot_id = person.reached_by(session, role.person)
    if bot_id is None or role.on_shift is (role.ready_at is not None):
        return
    if not role.on_shift:
        switch_off(session, bot_id, role, at=at)
    elif role.may_advise(credential.today(at)):
        _switch_on(role, at=at)
        say(session, bot_id, role.person, "duty.shift", at=at, lane=Lane.OFFER, buttons=_breaks(),
            kept=leaving.put_off(session, role.person))  # fmt: skip
        session.flush()
        dispatch.match(session, at=at)


def on_duty(session: Session, facility_id: int, *, at: datetime) -> Sequence[Role]:
    """Give the facility's workers on duty whose licence holds today, longest ready first."""
    found = select(Role).where(
        Role.facility_id == facility_id, *dispatch.on_duty(credential.today(at))
    )
    return session.scalars(found.order_by(Role.ready_at)).all()


def _mine(session: Session, caller: Caller, *, at: datetime) -> Role:
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    return role


def _switch_on(role: Role, *, at: datetime) -> None:
    role.ready_at, role.paused_until, role.person.away_at = at, None, None


def _let_go(session: Session, worker: Person, *, at: datetime) -> None:
    """Let what was offered to a worker go on to others."""
    session.flush()
    left = dispatch.release(session, worker, at=at)
    session.flush()
    for one in left:
        dispatch.place(session, one, at=at)


def _wrote(session: Session, worker: Person, *, since: datetime) -> bool:
    """Tell whether a worker wrote to one of their patients since then."""
    wrote = (
        select(Message.id)
        .join(Consultation, Consultation.id == Message.consultation_id)
        .where(
            Consultation.worker_id == worker.id,
            Consultation.status == Status.ACTIVE,
            Message.author_id == worker.id,
            Message.at >= since,
        )
    )
    return session.scalar(wrote.limit(1)) is not None


def _breaks() -> list[list[Button]]:
    rests = [Button("button.rest", f"rest:{minutes}", {"count": minutes}) for minutes in RESTS]
    return [rests, [Button("button.off_duty", "off")]]


def tell_worker(session: Session, role: Role, text: Html, *, at: datetime) -> None:
    """Tell a worker something by the clock, in a bot that they have opened, before what they are
    offered then."""
    bot_id = person.reached_by(session, role.person)
    if bot_id is not None:
        tell(session, bot_id, role.person, text, at=at, lane=Lane.OFFER)
