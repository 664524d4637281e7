"""The safety of those who answer: a worker reports an asker, an admin reviews it, and may keep the
asker from asking for a while. Danger is heard all the same, and the worker's number is never sent.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.errors import NotAllowed, NotFound
from models.person import Person
from models.task import Task, What
from services import audit, consultation, credential, danger, day, facility, relay, task
from services.content import plain, words
from services.mail import Button, change, say
from services.person import Caller

REASONS = ("rude", "harassing", "threat", "spam")
TERM = timedelta(days=3)
"""By when an admin looks at a report."""
BLOCKED = timedelta(days=30)


def offer(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Ask the worker what happened."""
    one = consultation.held(session, caller, consultation_id)
    rows = [[Button(f"abuse_what.{came}", f"abuse:{one.id}:{came}")] for came in REASONS]
    say(session, caller.bot_id, caller.person, "abuse.offer", at=at, consultation=one,
        patient=relay.named(session, one), buttons=rows)  # fmt: skip


def report(
    session: Session, caller: Caller, consultation_id: int, what: str, *, at: datetime
) -> None:
    """Give the admins a report to review: who reports, what it was, about which number; nothing of
    what was said. Reported again before it was reviewed, it is one report."""
    if what not in REASONS:
        raise NotFound("refusal.expired_button")
    one = consultation.held(session, caller, consultation_id)
    home = one.facility or facility.home(session, caller.bot_id)
    note = plain("abuse.note", worker=one.read(session)["worker"], number=one.number,
                 what=plain(f"abuse_what.{what}"))  # fmt: skip
    made = task.add(session, What.ABUSE, one.asker, home=home, bot_id=one.bot_id, at=at,
                    due_at=at + TERM, note=note, number=one.number, calls=False)  # fmt: skip
    audit.note(session, caller.person, "report", one, at=at)
    _call(session, made, note, at=at)
    say(session, caller.bot_id, caller.person, "abuse.reported", at=at, number=one.number)


def _call(session: Session, made: Task, note: str, *, at: datetime) -> None:
    buttons = [
        [Button("button.block", f"block:{made.id}")],
        [Button("button.no_block", f"no_block:{made.id}")],
    ]
    for role in credential.admins(session):
        say(session, made.bot_id, role.person, "abuse.came", at=at, note=note, buttons=buttons)


def block(
    session: Session,
    caller: Caller,
    task_id: int,
    is_blocked: bool,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """An admin has looked at a report: the asker may not ask for a month, or nothing changes."""
    credential.must_be_admin(session, caller.person)
    found = session.get(Task, task_id)
    who = _reported(session, found)
    if found is None or who is None:
        raise NotFound("refusal.expired_button")
    if found.done_at is not None:
        raise NotAllowed("abuse.decided")
    task.end(session, found, caller.person, at=at)
    if not is_blocked:
        text = words("abuse.left", number=found.number)
        change(session, caller.bot_id, caller.person, message_id, text, at=at)
        return
    who.blocked_until = at + BLOCKED
    audit.note(session, caller.person, "block", who, at=at)
    until = day.text(found.facility.day(who.blocked_until))
    text = words("abuse.blocked", number=found.number, until=until)
    back = [[Button("button.unblock", f"unblock:{found.id}")]]
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=back)


def unblock(
    session: Session, caller: Caller, task_id: int, message_id: int, *, at: datetime
) -> None:
    """Let them ask again."""
    credential.must_be_admin(session, caller.person)
    found = session.get(Task, task_id)
    who = _reported(session, found)
    if found is None or who is None or who.blocked_until is None:
        raise NotFound("refusal.expired_button")
    who.blocked_until = None
    audit.note(session, caller.person, "unblock", who, at=at)
    text = words("abuse.unblocked", number=found.number)
    change(session, caller.bot_id, caller.person, message_id, text, at=at)


def must_not_be_blocked(session: Session, caller: Caller, said: str, *, at: datetime) -> None:
    """Raise NotAllowed for who may not ask for a while, with where to go instead; never for words
    that show a danger sign."""
    until = caller.person.blocked_until
    if until is None or until <= at or danger.find(said):
        return
    home = facility.home(session, caller.bot_id)
    raise NotAllowed("abuse.is_blocked", until=day.text(home.day(until)), facility=home.name)


def _reported(session: Session, found: Task | None) -> Person | None:
    if found is None or found.what is not What.ABUSE:
        return None
    return session.get(Person, int(found.about.partition(":")[2]))
