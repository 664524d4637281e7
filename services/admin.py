"""What an admin sees of the installation, and does for it in the chat: never a patient's words."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.bot import Bot
from models.consultation import Consultation, Status
from models.errors import NotReady, Refusal
from models.facility import Facility
from models.invitation import Invitation
from models.mail import Ending, Incoming
from models.role import Kind, Role
from services import (
    applicant,
    correction,
    credential,
    day,
    duty,
    emergency,
    facility,
    invitation,
    menu,
    region,
    task,
)
from services.content import Html, escape, plain, words
from services.mail import Button, say, tell
from services.person import Caller, name_of
from services.text import shorten

MINUTE = timedelta(minutes=1)
SHOWN = 10
"""Of each list so many are shown: a message has 4,096 characters and a phone a small screen."""
NAME = 40
"""Characters of a name in a list."""


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say what is set, what is missing, who is on duty and what waits; to anybody else this
    command does not exist."""
    if not credential.is_admin(session, caller.person):
        raise Refusal("refusal.unknown_command")
    menu.offer(session, caller.bot_id, caller.person, at=at)
    home = facility.behind(session, caller.bot_id)
    parts = [_home(session, home, at=at)] if home else [words("admin.no_facility")]
    if home and facility.find_home(session, caller.bot_id) is None:
        parts.append(words("admin.not_ready"))
    parts += [*_waiting(session, at=at), _aside(session)]
    settings = []
    if home:
        settings = [
            [Button("button.waits", "waits"), Button("button.month", "month:0")],
            [Button("button.rosters", "rosters"), Button("button.ledger", "ledger")],
            [Button("button.numbers", f"numbers:{home.id}")],
            [
                Button("button.medicines", f"medicines:{home.id}"),
                Button("button.shortcuts", f"shortcuts:{home.id}"),
            ],
            [Button("button.partners", f"partners:{home.id}")],
        ]
    if home and not home.region_code:
        settings.append([Button("mend.place", f"mend:{home.id}:place")])
    open_count, to_decide = len(invitation.pending(session, at=at)), len(applicant.waiting(session))
    tell(
        session,
        caller.bot_id,
        caller.person,
        Html("\n".join(parts)),
        at=at,
        buttons=[
            [Button("button.invite_worker", "invite:worker")],
            [
                Button("button.invite_volunteer", "invite:volunteer"),
                Button("button.invite_admin", "invite:admin"),
            ],
            [Button("button.invite_officer", "invite:officer")],
            [Button("button.invitations", "invitations", {"count": open_count})],
            [Button("button.applicants", "applicants", {"count": to_decide})],
            *settings,
            [Button("button.corrections", "corrections", {"count": correction.count(session)})],
            [Button("button.tasks_count", "tasks", {"count": task.count(session, caller, at=at)})],
        ],
    )


def invite(session: Session, caller: Caller, kind: Kind, *, at: datetime) -> None:
    """Make an invitation: a message that can be forwarded as it is, and a way to take it back."""
    credential.must_be_admin(session, caller.person)
    home, username = _place(session, caller)
    token = invitation.invite(session, home, kind, by=caller.person, at=at)
    made = invitation.find(session, token)
    assert made is not None  # noqa: S101 - it was made a moment ago
    say(session, caller.bot_id, caller.person, "invitation.forward_this", at=at,
        kind=plain(f"kind.{kind}"),
        buttons=[[Button("button.uninvite", f"uninvite:{made.id}")]])  # fmt: skip
    say(session, caller.bot_id, caller.person, f"invitation.{kind}", at=at,
        facility=home.name, link=invitation.link(username, token))  # fmt: skip


def show_invitations(session: Session, caller: Caller, *, at: datetime) -> None:
    """List the open invitations, each with a way to take it back."""
    credential.must_be_admin(session, caller.person)
    found = invitation.pending(session, at=at)[:SHOWN]
    if not found:
        say(session, caller.bot_id, caller.person, "invitation.none", at=at)
    for one in found:
        back = [[Button("button.uninvite", f"uninvite:{one.id}")]]
        tell(session, caller.bot_id, caller.person, _invitation(session, one), at=at, buttons=back)


def _invitation(session: Session, one: Invitation) -> Html:
    kind = plain(f"kind.{one.kind}")
    if one.opened_by is not None:
        name = name_of(session, one.opened_by)
        return words("invitation.filling", kind=kind, facility=one.facility.name, name=name)
    until = day.text(one.facility.day(one.expires_at))
    return words("invitation.open", kind=kind, facility=one.facility.name, until=until)


def _place(session: Session, caller: Caller) -> tuple[Facility, str]:
    """Give the facility to invite to, and the name of this bot in links."""
    home = facility.behind(session, caller.bot_id)
    username = session.get_one(Bot, caller.bot_id).username
    if home is None:
        raise NotReady("admin.no_facility")
    if not username:
        raise NotReady("admin.no_username")
    return home, username


def _home(session: Session, home: Facility, *, at: datetime) -> Html:
    return words(
        "admin.home",
        facility=home.name,
        responsible=_set(home.responsible),
        contact=_set(home.contact),
        place=_place_of(session, home),
        hours=_set(home.open_hours),
        numbers=_numbers(session, home, at=at),
        workers=_workers(session, home, at=at),
        on_duty=_on_duty(session, home, at=at),
    )


def _set(value: str | None) -> Html:
    return Html(f"✅ {escape(value)}") if value else words("admin.missing")


def _place_of(session: Session, home: Facility) -> Html:
    code = home.region_code
    return _set(region.name(session, code)) if code else words("admin.no_place")


def _numbers(session: Session, home: Facility, *, at: datetime) -> Html:
    """Give the emergency numbers, those to be tried again marked; the server's file is named where
    it cannot be read."""
    today = home.day(at)
    try:
        emergency.adopt(session, home, on=today)
        broken = []
    except ValueError as error:
        broken = [words("admin.numbers_broken", error=error)]
    numbers = [
        words(
            "admin.number_stale" if emergency.is_stale(one, today) else "admin.number",
            label=one.label,
            number=one.number,
            day=day.text(one.checked_on),
        )
        for one in emergency.numbers(session, home)
    ]
    return _listed([*broken, *numbers]) or words("admin.no_number")


def _workers(session: Session, home: Facility, *, at: datetime) -> Html:
    """Give the facility's workers and the ends of their licences, the next to end first."""
    roles = session.scalars(
        select(Role)
        .where(Role.facility_id == home.id, Role.kind == Kind.WORKER, Role.ended_at.is_(None))
        .order_by(Role.sip_ends_on)
    ).all()
    workers = [
        words(
            "admin.worker" if role.may_advise(credential.today(at)) else "admin.worker_ended",
            title=shorten(credential.title(session, role), NAME),
            sip_ends=day.text(role.sip_ends_on) if role.sip_ends_on else "-",
        )
        for role in roles
    ]
    return _listed(workers) or words("admin.no_worker")


def _on_duty(session: Session, home: Facility, *, at: datetime) -> Html:
    roles = duty.on_duty(session, home.id, at=at)
    titles = [shorten(credential.title(session, role), NAME) for role in roles]
    return _listed([Html(escape(title)) for title in titles]) or words("admin.nobody")


def _listed(lines: list[Html]) -> Html:
    """Give one line after the other; of a long list the first, and how many more there are."""
    more = [words("admin.more", count=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return Html("\n".join([*lines[:SHOWN], *more]))


def _waiting(session: Session, *, at: datetime) -> list[Html]:
    """Say how many wait at each facility, and how long the first of them."""
    oldest = func.min(Consultation.arrived_at)
    rows = session.execute(
        select(Facility.name, func.count(), oldest)
        .join(Facility, Facility.id == Consultation.facility_id)
        .where(Consultation.status == Status.WAITING, Consultation.arrived_at.is_not(None))
        .group_by(Facility.id, Facility.name)
        .order_by(oldest)
        .limit(SHOWN)
    )
    found = [
        words(
            "admin.waiting",
            facility=shorten(name, NAME),
            count=count,
            minutes=(at - since) // MINUTE,
        )
        for name, count, since in rows
        if since is not None
    ]
    return found or [words("admin.nobody_waits")]


def _aside(session: Session) -> Html:
    count = session.scalar(select(func.count()).where(Incoming.ending == Ending.ASIDE)) or 0
    return words("admin.aside" if count else "admin.none_aside", count=count)
