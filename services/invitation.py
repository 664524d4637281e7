"""Invitations: one-time links by which a facility gets its workers, volunteers and admins.

The token is shown once and kept as a hash. An admin or a volunteer has the role at once, and the
inviter can take it back; an invited worker may do nothing before an admin checked the licence.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.errors import NotFound, Refusal
from models.facility import Facility
from models.invitation import LIFE, Invitation
from models.person import Person
from models.role import Kind
from services import applicant, audit, credential, menu
from services.content import plain
from services.mail import Button, say
from services.person import Caller, name_of

BYTES = 24
"""192 bits, 32 characters: no guess finds one, and a link's payload may have 64."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def invite(
    session: Session, facility: Facility, kind: Kind, *, by: Person | None, at: datetime
) -> str:
    """Make an invitation and give its token, which can never be shown again."""
    token = secrets.token_urlsafe(BYTES)
    made = Invitation(
        kind=kind,
        facility_id=facility.id,
        token_hash=_hash(token),
        made_at=at,
        made_by_id=by.id if by else None,
        expires_at=at + LIFE,
    )
    session.add(made)
    audit.note(session, by, "invite", made, at=at)
    session.flush()
    return token


def link(username: str, token: str) -> str:
    """Give the address that opens the bot with this token."""
    return f"https://t.me/{username}?start={token}"


def is_token(payload: str) -> bool:
    """Tell whether what came with /start has the shape of a token."""
    return _TOKEN.fullmatch(payload) is not None


def find(session: Session, token: str) -> Invitation | None:
    """Give the invitation of a token, locked: two who open it at once come one after the other."""
    return session.scalar(
        select(Invitation).where(Invitation.token_hash == _hash(token)).with_for_update()
    )


def open_(session: Session, caller: Caller, token: str, *, at: datetime) -> None:
    """Let somebody in by their link; the first who opens it is the one it is for.

    Raises Refusal for an unknown, used or expired one. Opened again by the same person it says
    what comes next once more.
    """
    found = find(session, token)
    if found is None:
        raise NotFound("invitation.unknown")
    if found.made_by_id == caller.person.id:
        raise Refusal("invitation.your_own")
    if (
        found.opened_by is None
        and found.made_by
        and not credential.is_admin(session, found.made_by)
    ):
        raise Refusal("invitation.over")  # who is no admin any more leaves no doors open
    has_role = credential.role_of(session, caller.person, found.kind) is not None
    if has_role and found.kind is not Kind.WORKER and found.opened_by_id != caller.person.id:
        raise Refusal("invitation.already", kind=_kind(found))
    if found.kind is Kind.WORKER and found.opened_by_id is None and _applies(session, caller):
        raise Refusal("invitation.already_applying")
    if found.open(caller.person, at=at):
        audit.note(session, caller.person, "open", found, at=at)
        if found.kind is not Kind.WORKER:
            credential.grant(
                session, caller.person, found.kind, found.facility, by=found.made_by, at=at
            )
        menu.offer(session, caller.bot_id, caller.person, at=at)
        _tell_inviter(session, caller, found, at=at)
        session.flush()
    if found.kind is Kind.WORKER:
        applicant.begin(session, caller, found, at=at)
    else:
        say(
            session,
            caller.bot_id,
            caller.person,
            f"welcome.{found.kind}",
            at=at,
            facility=found.facility.name,
        )


def take_back(session: Session, caller: Caller, invitation_id: int, *, at: datetime) -> None:
    """End an invitation, and at once the role that it gave; its holder is told."""
    credential.must_be_admin(session, caller.person)
    found = session.get(Invitation, invitation_id, with_for_update=True)
    if found is None:
        raise NotFound
    found.end(at=at)
    audit.note(session, caller.person, "take_back", found, at=at)
    holder = found.opened_by
    if holder is not None:
        if found.kind is not Kind.WORKER:
            credential.revoke(session, holder, found.kind, by=caller.person, at=at)
            menu.offer(session, caller.bot_id, holder, at=at)
        say(session, caller.bot_id, holder, "invitation.taken_back", at=at, kind=_kind(found))
    say(session, caller.bot_id, caller.person, "invitation.cancelled", at=at, kind=_kind(found))


def pending(session: Session, *, at: datetime) -> Sequence[Invitation]:
    """Give the invitations that nobody has opened yet or whose applicant is still filling in."""
    return session.scalars(
        select(Invitation)
        .where(
            Invitation.ended_at.is_(None),
            Invitation.sent_at.is_(None),
            or_(
                and_(Invitation.opened_by_id.is_(None), Invitation.expires_at > at),
                and_(Invitation.opened_by_id.is_not(None), Invitation.kind == Kind.WORKER),
            ),
        )
        .order_by(Invitation.id)
    ).all()


def _tell_inviter(session: Session, caller: Caller, found: Invitation, *, at: datetime) -> None:
    """Tell who opened it: the inviter, or every admin where that was nobody by name or where
    there is one more admin now."""
    told = {found.made_by_id: found.made_by} if found.made_by else {}
    if found.made_by is None or found.kind is Kind.ADMIN:
        told |= {role.person_id: role.person for role in credential.admins(session)}
    told.pop(caller.person.id, None)
    for person in told.values():
        assert person is not None  # noqa: S101 - only those who are somebody
        say(
            session,
            caller.bot_id,
            person,
            "invitation.opened",
            at=at,
            name=name_of(session, caller.person),
            kind=_kind(found),
            facility=found.facility.name,
            buttons=[[Button("button.uninvite", f"uninvite:{found.id}")]],
        )


def _applies(session: Session, caller: Caller) -> bool:
    return caller.person.id in {one.opened_by_id for one in applicant.waiting(session)} or (
        applicant.unfinished(session, caller.person) is not None
    )


def _kind(found: Invitation) -> str:
    return plain(f"kind.{found.kind}")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
