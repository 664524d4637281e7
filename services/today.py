"""A facility's day in one message: what waits, by skill and why, who has how much, how fast it was
answered; and a tap that calls those who are not on duty."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.facility import Facility
from models.mail import Lane
from models.message import Message, Part
from models.role import Kind, Role
from services import audit, credential, day, desk, dispatch, facility, person
from services.content import Html, joined, plain, words
from services.mail import Button, say, tell
from services.person import Caller

SHOWN = 8
"""Workers in the list."""
AGAIN = timedelta(minutes=15)
"""Between two calls to the same people."""


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Show an admin the day of the facility behind this bot, and offer to call somebody."""
    credential.must_be_admin(session, caller.person)
    home = facility.home(session, caller.bot_id)
    found = dispatch.lines(session, home, at=at)
    head = words("why_staff.head" if found else "why_staff.none", facility=home.name)
    parts = [_figures(session, home, at=at), *_skills(session, home, at=at), head, *found,
             *_crew(session, home, at=at)]  # fmt: skip
    call = [[Button("button.call_out", f"call_out:{home.id}")]] if found else []
    text = joined("\n", parts)
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=call)


def call_out(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Ask everybody of the facility who is not on duty to come; not twice within a quarter of an
    hour, whoever asks."""
    home = credential.administered(session, caller.person, facility_id)
    count, oldest = _waiting(session, home)
    if not count or oldest is None:
        raise NotFound("today.nothing")
    lately = select(Audit.seq).where(
        Audit.act == "call_out", Audit.record == f"facility:{home.id}", Audit.at > at - AGAIN
    )
    if session.scalar(lately.limit(1)) is not None:
        raise NotAllowed("today.called_lately")
    called = [role for role in _away(session, home, at=at) if _is_there(session, caller, role)]
    if not called:
        raise NotFound("today.nobody")
    audit.note(session, caller.person, "call_out", home, at=at)
    for role in called:
        say(session, caller.bot_id, role.person, "today.come", at=at, lane=Lane.OFFER,
            facility=home.name, count=count, span=day.span(at - oldest),
            buttons=[[Button("button.ready", "ready")]])  # fmt: skip
    say(session, caller.bot_id, caller.person, "today.called", at=at, count=len(called))


def _figures(session: Session, home: Facility, *, at: datetime) -> Html:
    begun = day.moment_on(home.zone, home.day(at), 0)
    came = session.scalar(
        select(func.count()).where(
            Consultation.facility_id == home.id, Consultation.arrived_at >= begun
        )
    )
    answer = (
        select(func.min(Message.at))
        .where(
            Message.consultation_id == Consultation.id,
            Message.author_id != Consultation.asker_id,
            Message.part.in_((Part.TALK, Part.ADVICE)),
        )
        .scalar_subquery()
    )
    waits = [
        answered - arrived
        for arrived, answered in session.execute(
            select(Consultation.arrived_at, answer).where(
                Consultation.facility_id == home.id, Consultation.arrived_at >= begun
            )
        )
        if answered is not None and arrived is not None
    ]
    seconds = median(wait.total_seconds() for wait in waits) if waits else 0
    usual = day.span(timedelta(seconds=seconds))
    return words(
        "today.figures",
        facility=home.name,
        came=came or 0,
        answered=len(waits),
        usual=words("today.usual", span=usual) if waits else "",
    )


def _skills(session: Session, home: Facility, *, at: datetime) -> list[Html]:
    """Say how many wait for each skill, and the longest of them."""
    rows = session.execute(
        select(Consultation.skill, func.count(), func.min(Consultation.arrived_at))
        .where(Consultation.facility_id == home.id, Consultation.status == Status.WAITING)
        .group_by(Consultation.skill)
    ).all()
    return [
        words(
            "today.skill",
            skill=plain(f"skill.{skill}") if skill else plain("today.any_skill"),
            count=count,
            span=day.span(at - oldest),
        )
        for skill, count, oldest in sorted(rows, key=lambda row: row[2] or at)
        if oldest is not None
    ]


def _crew(session: Session, home: Facility, *, at: datetime) -> list[Html]:
    roles = session.scalars(
        select(Role).where(Role.facility_id == home.id, *dispatch.on_duty(at)).limit(SHOWN)
    ).all()
    return [
        words("today.worker", name=credential.title(session, role), places=role.places,
              busy=len(desk.place.taken(session, role.person_id)))
        for role in roles
    ] or [words("today.empty")]  # fmt: skip


def _waiting(session: Session, home: Facility) -> tuple[int, datetime | None]:
    row = session.execute(
        select(func.count(), func.min(Consultation.arrived_at)).where(
            Consultation.facility_id == home.id, Consultation.status == Status.WAITING
        )
    ).one()
    return int(row[0]), row[1]


def _away(session: Session, home: Facility, *, at: datetime) -> Sequence[Role]:
    roles = session.scalars(
        select(Role).where(
            Role.facility_id == home.id,
            Role.kind == Kind.WORKER,
            Role.ended_at.is_(None),
            Role.ready_at.is_(None),
        )
    ).all()
    return [role for role in roles if role.may_advise(credential.today(at))]


def _is_there(session: Session, caller: Caller, role: Role) -> bool:
    contact = person.contact_of(session, caller.bot_id, role.person)
    return contact is not None and contact.unreachable_at is None
