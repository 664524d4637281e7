"""What somebody of a facility has to do by a moment: shown to them, oldest first, until it is
done. Admins see the tasks of all, a worker those of the own facility."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from models.errors import NotAllowed, NotFound
from models.facility import Facility, Zone
from models.mail import Lane
from models.person import Person
from models.role import Kind, Role
from models.seal import Unreadable
from models.task import Task, What
from services import audit, credential, day
from services.content import Html, plain, words
from services.mail import Button, Buttons, change, tell
from services.person import Caller
from services.text import shorten

SHOWN = 8
"""Tasks that are shown at once: the rest comes up as these are done."""
SOON = AGAIN = timedelta(days=1)
"""So long before it is due, and again after so long, a reminder comes."""
NOTE = 300
"""Characters of a note in the list."""


def add(
    session: Session,
    what: What,
    about: object,
    *,
    facility: Facility,
    bot_id: int,
    due_at: datetime,
    at: datetime,
    note: str = "",
    whose: Kind = Kind.ADMIN,
    number: int | None = None,
    asked_by: Person | None = None,
) -> Task:
    """Give somebody of a facility something to do about a record and tell them; where the same is
    still to be done about it, that task is given and nobody is told.

    Done once, it may be added again: `last` knows. Who asked for it is told when it is done.
    """
    standing = last(session, what, about)
    if standing is not None and standing.done_at is None:
        return standing
    made = Task(
        what=what,
        about=_name(about),
        number=number,
        facility=facility,
        whose=whose,
        bot_id=bot_id,
        asked_by=asked_by,
        made_at=at,
        due_at=due_at,
    )
    made.write(session, note=note)
    session.add(made)
    session.flush()
    _tell(session, made, at=at)
    return made


def last(session: Session, what: What, about: object) -> Task | None:
    """Give the newest task of this kind about a record, also when it is done."""
    return session.scalar(
        select(Task)
        .where(Task.what == what, Task.about == _name(about))
        .order_by(Task.id.desc())
        .limit(1)
    )


def count(session: Session, caller: Caller, *, at: datetime) -> int:
    """Count what this person could do."""
    mine = _open_to(session, caller, at=at)
    return session.scalar(select(func.count()).select_from(mine.subquery())) or 0


def show(session: Session, caller: Caller, *, at: datetime, message_id: int | None = None) -> None:
    """Show what is to be done, the first due first, in place of a message or as a new one."""
    found = session.scalars(_open_to(session, caller, at=at).limit(SHOWN)).all()
    for one in found:
        audit.note(session, caller.person, "open", one, at=at)
    text, buttons = _list(session, found, at=at), _buttons(found)
    if message_id is not None:
        change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)
    else:
        tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons, protect=True)


def access(session: Session, caller: Caller, task_id: int, *, at: datetime) -> Task:
    """Give a task, done or not, to somebody who may do it; NotFound to everybody else."""
    found = session.get(Task, task_id)
    if found is None:
        raise NotFound
    if credential.is_admin(session, caller.person):
        return found
    role = credential.worker(session, caller.person, at=at)
    if role is None or (found.whose, found.facility_id) != (Kind.WORKER, role.facility_id):
        raise NotFound
    return found


def finish(
    session: Session, caller: Caller, task_id: int, *, at: datetime, message_id: int
) -> None:
    """Write down that it is done, and by whom, and show what is left; the first who says so has
    done it."""
    found = access(session, caller, task_id, at=at)
    end(session, found, caller.person, at=at)
    session.flush()
    show(session, caller, at=at, message_id=message_id)


def end(session: Session, done: Task, by: Person | None, *, at: datetime, answer: str = "") -> None:
    """End a task, once; `answer` says what was done."""
    if done.done_at is not None:
        return
    done.done_at, done.done_by_id = at, by.id if by else None
    if answer:
        done.write(session, **done.read(session) | {"answer": answer})
    audit.note(session, by, "finish", done, at=at)


def over(session: Session, what: What, about: object, *, at: datetime) -> None:
    """End what is to be done about a record where it has come right by itself."""
    standing = last(session, what, about)
    if standing is not None:
        end(session, standing, None, at=at)


def remind(session: Session, *, at: datetime) -> None:
    """Remind, once a day and by day, of what is late or will be within a day."""
    late = session.scalars(
        select(Task)
        .where(
            Task.done_at.is_(None),
            Task.due_at < at + SOON,
            or_(Task.reminded_at.is_(None), Task.reminded_at <= at - AGAIN),
        )
        .order_by(Task.due_at)
    )
    for one in late.all():
        if not day.is_night(one.facility.zone, at):
            one.reminded_at = at
            _tell(session, one, at=at)


def _tell(session: Session, one: Task, *, at: datetime) -> None:
    """Tell the admins, or the workers on duty, what is to be done; others find it in their list."""
    if one.whose is Kind.ADMIN:
        roles = credential.admins(session)
    else:
        on_duty = select(Role).where(
            Role.facility_id == one.facility_id, Role.ready_at.is_not(None), Role.ended_at.is_(None)
        )
        roles = session.scalars(on_duty).all()
    for role in roles:
        tell(
            session,
            one.bot_id,
            role.person,
            _line(session, one, at=at),
            at=at,
            lane=Lane.REMINDER,
            buttons=[[Button("button.tasks", "tasks")]],
            protect=True,
        )


def _open_to(session: Session, caller: Caller, *, at: datetime) -> Select[Task]:
    mine = select(Task).where(Task.done_at.is_(None)).order_by(Task.due_at, Task.id)
    if credential.is_admin(session, caller.person):
        return mine
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed
    return mine.where(Task.whose == Kind.WORKER, Task.facility_id == role.facility_id)


def _line(session: Session, one: Task, *, at: datetime) -> Html:
    ahead = (one.facility.zone or Zone.WIB).ahead
    due = day.moment(one.due_at + ahead, (at + ahead).date())
    return words(
        "task.late" if one.due_at < at else "task.open",
        what=plain(f"task_what.{one.what}"),
        number=one.number or "-",
        due=f"{due} {one.facility.zone or Zone.WIB}",
        note=shorten(_note(session, one), NOTE),
    )


def _note(session: Session, one: Task) -> str:
    """A task that is damaged is still a task."""
    try:
        return str(one.read(session).get("note", ""))
    except Unreadable:
        return plain("relay.unreadable")


def _list(session: Session, found: Sequence[Task], *, at: datetime) -> Html:
    if not found:
        return words("task.none")
    lines = [_line(session, one, at=at) for one in found]
    return Html("\n\n".join([words("task.list"), *lines]))


def _buttons(found: Sequence[Task]) -> Buttons:
    return [
        [
            Button(
                "button.task_done",
                f"done:{one.id}",
                {"what": plain(f"task_what.{one.what}"), "number": one.number or "-"},
            )
        ]
        for one in found
    ]


def _name(about: object) -> str:
    return f"{type(about).__name__.lower()}:{about.id}"  # type: ignore[attr-defined]  # any Record
