"""What becomes of an application: the admins are shown what was entered, and one decides."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotAllowed, NotFound, Refusal
from models.form import Question
from models.invitation import Invitation
from models.person import Person
from models.role import Profession
from services import audit, credential, form, menu
from services.applicant.asking import access, begin, details, is_whole, name_in
from services.mail import Button, say
from services.person import Caller, name_of

REASONS = ("numbers", "name", "place", "stranger")
"""Why an admin declines."""
FINAL = "stranger"
"""The one reason that the applicant cannot mend."""


def send(session: Session, caller: Caller, invitation_id: int, *, at: datetime) -> None:
    """Ask the admins to decide; from now on what was entered stays as it is."""
    mine = access(session, caller.person, invitation_id)
    if mine.sent_at is None and is_whole(mine, session):
        mine.sent_at = at
        form.forget(session, caller, Question.LICENCE)
        audit.note(session, caller.person, "apply", mine, at=at)
        for role in credential.admins(session):
            if role.person_id != caller.person.id:
                _show(session, caller.bot_id, role.person, mine, at=at)
    begin(session, caller, mine, at=at)


def waiting(session: Session) -> Sequence[Invitation]:
    """Give the applications that wait for a decision, oldest first."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.sent_at.is_not(None), Invitation.ended_at.is_(None))
        .order_by(Invitation.sent_at)
    ).all()


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Show an admin every application that waits."""
    credential.must_be_admin(session, caller.person)
    found = waiting(session)
    for one in found:
        _show(session, caller.bot_id, caller.person, one, at=at)
    if not found:
        say(session, caller.bot_id, caller.person, "applicant.nobody", at=at)


def admit(session: Session, caller: Caller, invitation_id: int, *, at: datetime) -> None:
    """Make an applicant a worker; the admin answers for having checked the licence.

    Raises Refusal for one's own application, one that was decided, a SIP that has ended, and what
    is marked as made up.
    """
    found = _to_decide(session, caller, invitation_id)
    entered = found.read(session)
    ends_on = date.fromisoformat(entered["sip_ends"])
    if ends_on < credential.today(at):
        raise Refusal("applicant.sip_ended")
    applicant = _applicant(found)
    role = credential.verify(
        session,
        applicant.telegram_id,
        found.facility,
        name=name_in(entered),
        profession=Profession(entered["profession"]),
        str_number=entered["str"],
        sip_number=entered["sip"],
        sip_ends_on=ends_on,
        at=at,
        by=caller.person,
    )
    _end(session, caller, found, "admit", at=at)
    menu.offer(session, caller.bot_id, applicant, at=at)
    title = credential.title(session, role)
    say(
        session,
        caller.bot_id,
        applicant,
        "applicant.admitted",
        at=at,
        title=title,
        facility=found.facility.name,
    )
    _tell_admins(session, caller, "applicant.was_admitted", title, at=at)


def ask_reason(session: Session, caller: Caller, invitation_id: int, *, at: datetime) -> None:
    """Ask an admin why they decline."""
    found = _to_decide(session, caller, invitation_id)
    choices = [[Button(f"reason.{reason}", f"decline:{found.id}:{reason}")] for reason in REASONS]
    say(session, caller.bot_id, caller.person, "applicant.why", at=at, buttons=choices)


def decline(
    session: Session, caller: Caller, invitation_id: int, reason: str, *, at: datetime
) -> None:
    """Tell an applicant why not; what can be mended may be entered again."""
    found = _to_decide(session, caller, invitation_id)
    applicant = _applicant(found)
    name = name_in(found.read(session))
    _end(session, caller, found, "decline", at=at)
    again = [] if reason == FINAL else [[_again(session, found, at=at)]]
    say(session, caller.bot_id, applicant, f"declined.{reason}", at=at, buttons=again,
        facility=found.facility.name)  # fmt: skip
    _tell_admins(session, caller, "applicant.was_declined", name, at=at)


def _again(session: Session, found: Invitation, *, at: datetime) -> Button:
    """Open a new application in place of a declined one: a button under the old one, still on
    some admin's screen, must never admit what that admin has not seen."""
    new = Invitation(
        kind=found.kind,
        facility_id=found.facility_id,
        token_hash=secrets.token_bytes(32),  # nobody knows a token for it, or needs one
        made_at=found.made_at,
        made_by_id=found.made_by_id,
        expires_at=found.expires_at,
        opened_by_id=found.opened_by_id,
        opened_at=at,
    )
    session.add(new)
    return Button("button.restart", f"restart:{new.id}")


def _show(session: Session, bot_id: int, admin: Person, found: Invitation, *, at: datetime) -> None:
    audit.note(session, admin, "show", found, at=at)
    say(
        session,
        bot_id,
        admin,
        "applicant.card",
        at=at,
        account=name_of(session, _applicant(found)),
        buttons=[
            [
                Button("button.admit", f"admit:{found.id}"),
                Button("button.decline", f"decline:{found.id}"),
            ]
        ],
        details=details(session, found),
    )


def _to_decide(session: Session, caller: Caller, invitation_id: int) -> Invitation:
    credential.must_be_admin(session, caller.person)
    found = session.get(Invitation, invitation_id, with_for_update=True)
    if found is None or found.sent_at is None:
        raise NotFound("refusal.expired_button")
    if found.ended_at is not None:
        raise Refusal("applicant.decided")
    if found.opened_by_id == caller.person.id:
        raise NotAllowed("applicant.yourself")
    return found


def _end(session: Session, caller: Caller, found: Invitation, act: str, *, at: datetime) -> None:
    found.end(at=at)
    audit.note(session, caller.person, act, found, at=at)


def _applicant(found: Invitation) -> Person:
    assert found.opened_by is not None  # noqa: S101 - somebody has sent it
    return found.opened_by


def _tell_admins(session: Session, caller: Caller, key: str, name: str, *, at: datetime) -> None:
    by = name_of(session, caller.person)
    for role in credential.admins(session):
        say(session, caller.bot_id, role.person, key, at=at, name=name, by=by)
