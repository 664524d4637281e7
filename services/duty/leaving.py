"""The end of a shift: what becomes of the consultations that are still open.

They are handed over, finished now, or put off to the next shift, and their askers are told. Danger
is never put off.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.person import Person
from services import consultation, credential, step
from services.content import Html, words
from services.duty import roster
from services.facility import opening
from services.facility.times import clock_of
from services.mail import Button, say
from services.person import Caller

WAYS = ("hand", "finish", "tomorrow")
"""What can be done with what is still open."""


def ask(session: Session, bot_id: int, worker: Person, *, at: datetime) -> None:
    """Say goodbye, and ask what shall become of what is still open."""
    still = _open(session, worker)
    if not still:
        say(session, bot_id, worker, "duty.done", at=at)
        return
    say(
        session,
        bot_id,
        worker,
        "duty.done_but_open",
        at=at,
        count=len(still),
        numbers=_numbers(still),
        buttons=[[Button(f"leaving.{way}", f"leave:{way}")] for way in WAYS],
    )


def leave(session: Session, caller: Caller, way: str, *, at: datetime) -> None:
    """Do what a worker chose for everything they still have open in this chat."""
    still = [one for one in _open(session, caller.person) if one.bot_id == caller.bot_id]
    if not still:
        raise NotFound("refusal.expired_button")
    kept = [one for one in still if way == "finish" or (way == "tomorrow" and not one.danger_at)]
    if way == "finish":
        say(session, caller.bot_id, caller.person, "duty.finish", at=at, numbers=_numbers(kept))
    elif kept:
        _put_off(session, caller, kept, at=at)
    for one in still:
        if one not in kept:
            step.hand_back(session, caller, one.id, at=at)


def another(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """An asker whose consultation was put off would rather have somebody else now."""
    found = consultation.access(session, caller, consultation_id)
    if found.asker_id != caller.person.id:
        raise NotFound
    if found.status is not Status.ACTIVE or found.resumes_at is None or found.worker is None:
        raise NotAllowed("refusal.expired_button")
    number = found.number
    say(session, found.bot_id, found.worker, "duty.another_worker", at=at, number=number)
    step.fall_back(session, found, by=caller.person, at=at, key="duty.another")


def put_off(session: Session, worker: Person) -> Html:
    """Say to who comes on duty what they have put off; nothing where that is nothing."""
    found = [one for one in _open(session, worker) if one.resumes_at is not None]
    return words("duty.kept", numbers=_numbers(found)) if found else Html()


def _put_off(
    session: Session, caller: Caller, kept: Sequence[Consultation], *, at: datetime
) -> None:
    role = credential.worker(session, caller.person, at=at)
    if role is None or role.facility is None:
        raise NotAllowed("refusal.no_licence")
    back, zone = roster.next_shift(role, at=at), role.facility.zone
    when = opening.named(clock_of(zone, back), clock_of(zone, at).date())
    for one in kept:
        one.resumes_at = back
        say(session, one.bot_id, one.asker, "duty.put_off_asker", at=at, consultation=one,
            number=one.number, worker=credential.title(session, role), when=when,
            buttons=[[Button("button.another", f"another:{one.id}")]])  # fmt: skip
    say(session, caller.bot_id, caller.person, "duty.put_off", at=at, numbers=_numbers(kept),
        when=when)  # fmt: skip


def _open(session: Session, worker: Person) -> Sequence[Consultation]:
    mine = Consultation.worker_id == worker.id, Consultation.status == Status.ACTIVE
    return session.scalars(select(Consultation).where(*mine).order_by(Consultation.id)).all()


def _numbers(found: Sequence[Consultation]) -> str:
    return ", ".join(str(one.number) for one in found)
