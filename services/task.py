"""What somebody of a facility has to do by a moment: shown to them, oldest first, until it is
done. Admins see the tasks of all; a worker, a kader and a petugas JKN those of their kind at their
facility."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from models.errors import NotAllowed, NotFound
from models.facility import Facility, Zone
from models.form import Question
from models.mail import Lane
from models.message import Words
from models.person import Person
from models.role import Kind, Role
from models.seal import Unreadable
from models.task import Task, What
from services import audit, consultation, credential, day, facility, form, person
from services.content import Html, plain, words
from services.facility.times import clock_of
from services.mail import Button, Buttons, change, say, tell
from services.person import Caller
from services.text import clean, shorten

HELPERS = Kind.VOLUNTEER, Kind.OFFICER
"""Who needs no licence for what they do: each has the tasks of their kind at their facility."""
ANSWERS = What.INQUIRY, What.TEACH
"""What is done by what is written: the words themselves are wanted, not that it was done."""
SHOWN = 8
"""Tasks that are shown at once: the rest comes up as these are done."""
TERM = timedelta(hours=3 * 24)
"""To show, correct or restrict somebody's data and to stop using it (UU 27/2022 art. 30, 32, 40,
41)."""
SOON = AGAIN = timedelta(days=1)
"""So long before it is due, and again after so long, a reminder comes."""
LONGEST = 2000
"""Characters that are noted of one request, however often it is repeated."""
NOTE, ANSWER = 300, 1000
"""Characters of a note in the list, and of what somebody is told that was done."""


def add(
    session: Session,
    what: What,
    about: object,
    *,
    home: Facility,
    bot_id: int,
    due_at: datetime,
    at: datetime,
    note: str = "",
    whose: Kind = Kind.ADMIN,
    number: int | None = None,
    asked_by: Person | None = None,
    calls: bool = True,
) -> Task:
    """Give somebody of a facility something to do about a record and tell them (unless it will
    probably do itself); where the same is still to be done, that task is given and nobody told.

    Done once, it may be added again: `last` knows. Who asked for it is told when it is done.
    """
    standing = last(session, what, about)
    if standing is not None and standing.done_at is None:
        return standing
    made = Task(
        what=what,
        about=_name(about),
        number=number,
        facility=home,
        whose=whose,
        bot_id=bot_id,
        asked_by=asked_by,
        made_at=at,
        due_at=due_at,
    )
    made.write(session, note=note)
    session.add(made)
    session.flush()
    if calls:
        call(session, made, at=at)
    return made


def request(
    session: Session,
    caller: Caller,
    what: What,
    *,
    at: datetime,
    note: str = "",
    calls: bool = True,
    term: timedelta = TERM,
    whose: Kind = Kind.ADMIN,
) -> Task:
    """Give the admins (or whose it is, where there is somebody) what a person asks for, by default
    within the term of the law; asked again before it is done, it stays one request with everything
    that was noted."""
    standing = last(session, what, caller.person)
    if standing is not None and standing.done_at is None:
        if note:
            who, _, before = noted(session, standing).partition("\n")
            standing.write(session, note=f"{who}\n{note}\n{before}"[:LONGEST])
            call(session, standing, at=at)
        return standing
    home = facility.home(session, caller.bot_id)
    name = plain("task.who", name=person.shown_name(session, caller.person))
    return add(
        session,
        what,
        caller.person,
        home=home,
        bot_id=caller.bot_id,
        due_at=at + term,
        at=at,
        note=f"{name}\n{note}".strip(),
        number=facility.next_number(session, home),
        asked_by=caller.person,
        calls=calls,
        whose=whose if _holders(session, whose, home) else Kind.ADMIN,
    )


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
    if (found.whose, found.facility_id) not in _held(session, caller, at=at):
        raise NotFound
    return found


def finish(
    session: Session, caller: Caller, task_id: int, *, at: datetime, message_id: int
) -> None:
    """Write down that it is done, and by whom, and show what is left; the first who says so has
    done it. Where somebody asked for it, ask first what they shall read."""
    found = access(session, caller, task_id, at=at)
    if found.done_at is None and found.asked_by is not None and not found.asked_by.is_erased:
        consultation.must_be_free(session, caller)
        form.ask(session, caller, Question.DONE, None, at=at, task=found.id)
        is_answer = found.what in ANSWERS
        say(
            session,
            caller.bot_id,
            caller.person,
            "task.what_to_answer" if is_answer else "task.what_was_done",
            at=at,
            what=plain(f"task_what.{found.what}"),
            number=found.number,
            buttons=[[Button("button.no_inquiry", f"no_inquiry:{found.id}")]]
            if found.what is What.INQUIRY
            else (),
        )
        return
    end(session, found, caller.person, at=at)
    session.flush()
    show(session, caller, at=at, message_id=message_id)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take what was done about a request, and tell it to who asked; False when nothing is asked."""
    if not form.is_open(caller, Question.DONE, at=at):
        return False
    kept = form.kept(session, caller)
    found = session.get(Task, kept.get("task", 0))
    if found is None or said.kind != "text":
        say(session, caller.bot_id, caller.person, "task.write_it", at=at)
        return True
    form.forget(session, caller)
    if said.text.strip() != plain("button.leave"):
        access(session, caller, found.id, at=at)
        if found.done_at is None:
            end(session, found, caller.person, at=at, answer=shorten(clean(said.text), ANSWER))
            _answer(session, found, caller.person, at=at)
    session.flush()
    show(session, caller, at=at)
    return True


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
            call(session, one, at=at)


def call(session: Session, one: Task, *, at: datetime) -> None:
    """Tell the admins, or the workers on duty, what is to be done; others find it in their list."""
    if one.whose is Kind.ADMIN:
        roles = credential.admins(session)
    elif one.whose is not Kind.WORKER:
        roles = _holders(session, one.whose, one.facility)
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


def _answer(session: Session, done: Task, by: Person, *, at: datetime) -> None:
    assert done.asked_by is not None  # noqa: S101 - only what somebody asked for is answered
    if done.what in ANSWERS:
        say(
            session,
            done.bot_id,
            done.asked_by,
            "task.replied",
            at=at,
            kind=plain(f"kind.{done.whose}"),
            name=person.shown_name(session, by),
            number=done.number,
            answer=done.read(session)["answer"],
            buttons=[[Button("button.ask", "ask")]],
        )
        return
    say(
        session,
        done.bot_id,
        done.asked_by,
        "task.answered",
        at=at,
        what=plain(f"task_what.{done.what}"),
        number=done.number,
        answer=done.read(session)["answer"],
    )


def due(one: Task) -> str:
    """Give by when it has to be done, on the clocks of its facility."""
    local = clock_of(one.facility.zone, one.due_at)
    return f"{day.text(local.date())} {local:%H.%M} {one.facility.zone or Zone.WIB}"


def _open_to(session: Session, caller: Caller, *, at: datetime) -> Select[Task]:
    mine = select(Task).where(Task.done_at.is_(None)).order_by(Task.due_at, Task.id)
    if credential.is_admin(session, caller.person):
        return mine
    held = _held(session, caller, at=at)
    if not held:
        raise NotAllowed
    return mine.where(
        or_(*(and_(Task.whose == kind, Task.facility_id == place) for kind, place in held))
    )


def _held(session: Session, caller: Caller, *, at: datetime) -> set[tuple[Kind, int | None]]:
    """Give as whom, and where, this person does tasks beside the admins."""
    roles = [credential.worker(session, caller.person, at=at)]
    roles += [credential.role_of(session, caller.person, kind) for kind in HELPERS]
    return {(role.kind, role.facility_id) for role in roles if role is not None}


def _holders(session: Session, kind: Kind, home: Facility) -> Sequence[Role]:
    """Give the present roles of a kind at a facility."""
    return session.scalars(
        select(Role)
        .where(Role.kind == kind, Role.facility_id == home.id, Role.ended_at.is_(None))
        .order_by(Role.id)
    ).all()


def _line(session: Session, one: Task, *, at: datetime) -> Html:
    return words(
        "task.late" if one.due_at < at else "task.open",
        what=plain(f"task_what.{one.what}"),
        number=one.number or "-",
        due=due(one),
        note=shorten(noted(session, one), NOTE),
    )


def noted(session: Session, one: Task) -> str:
    """Give what stands with a task; one that is damaged is still a task."""
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
