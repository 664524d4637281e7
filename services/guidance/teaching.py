"""Teaching the online queue: one step a message, each with a drawing and «sudah / bingung / tidak
bisa»; somebody who stops today goes on tomorrow. The way over the counter is always open."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.errors import NotFound
from models.lesson import Lesson as Place
from models.role import Kind
from models.task import What
from services import quota, task
from services.content import Html, guidance_picture, plain, words
from services.guidance import article
from services.guidance.lesson import Lesson, Step, lessons, troubles
from services.guidance.page import opens
from services.mail import Button, Buttons, picture, say, tell
from services.person import Caller

TERM = timedelta(hours=2 * 24)
"""Our own: a neighbour who wants to learn is visited within two days."""


def offer(session: Session, caller: Caller, *, at: datetime) -> None:
    """Show the lessons, first of all the one in which somebody stopped."""
    rows: list[list[Button]] = []
    stood = _stood(session, caller)
    begun = lessons().get(stood.name) if stood is not None and stood.ended_at is None else None
    if stood is not None and begun is not None:
        number = min(stood.step, len(begun.steps) - 1)
        rows.append(
            [
                Button(
                    "button.go_on",
                    f"step:{begun.name}:{number}",
                    {"title": begun.title, "step": number + 1},
                )
            ]
        )
    rows += [
        [Button("button.choice", f"step:{one.name}:0", {"label": one.title})]
        for one in lessons().values()
    ]
    rows.append([Button("button.teach", "teach")])
    say(session, caller.bot_id, caller.person, "lesson.menu", at=at, buttons=rows)


def show(session: Session, caller: Caller, name: str, number: int, *, at: datetime) -> None:
    """Show a step, and remember that somebody stands there; behind the last one, the end."""
    taught = _lesson(name)
    if number >= len(taught.steps):
        _end(session, caller, taught, at=at)
        return
    place = _keep(session, caller, name, at=at)
    place.step, place.ended_at = number, None
    step = taught.steps[number]
    text = words(
        "lesson.step",
        title=taught.title,
        number=number + 1,
        count=len(taught.steps),
        text=step.text,
    )
    _send(session, caller, step, text, _ways(taught, number), at=at)


def say_again(session: Session, caller: Caller, name: str, number: int, *, at: datetime) -> None:
    """Say a step otherwise to somebody who is puzzled; a person may show it, too."""
    taught, step = _at(name, number)
    rows = [*_ways(taught, number, is_again=True), [Button("button.teach", "teach")]]
    text = words("lesson.again", text=step.again)
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=rows)


def offer_troubles(
    session: Session, caller: Caller, name: str, number: int, *, at: datetime
) -> None:
    """Ask what goes wrong at a step."""
    _, step = _at(name, number)
    rows = [
        [
            Button(
                "button.choice", f"trouble:{name}:{number}:{one}", {"label": troubles()[one].title}
            )
        ]
        for one in step.troubles
    ]
    rows.append([Button("button.inquire", "inquire:antrean_masalah")])
    rows.append([Button("button.teach", "teach")])
    rows.append([Button("button.back", f"step:{name}:{number}")])
    say(session, caller.bot_id, caller.person, "lesson.stuck", at=at, buttons=rows)


def show_trouble(
    session: Session, caller: Caller, name: str, number: int, trouble: str, *, at: datetime
) -> None:
    """Say what to do about it, with the way back into the lesson."""
    _at(name, number)
    found = troubles().get(trouble)
    if found is None:
        raise NotFound("guidance.unknown")
    more = article.find(found.see, caller.person.reads)
    rows = [
        [Button("button.solved", f"step:{name}:{number}")],
        *([[opens(more)]] if more is not None else []),
        [Button("button.teach", "teach")],
    ]
    text = words("lesson.trouble", title=found.title, text=found.text)
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=rows)


def ask_volunteer(session: Session, caller: Caller, *, at: datetime) -> None:
    """Let a kader teach somebody: who writes to them when and where; of what they learn nothing is
    told but the lesson."""
    stood = _stood(session, caller)
    begun = lessons().get(stood.name) if stood is not None else None
    asked = task.request(
        session,
        caller,
        What.TEACH,
        at=at,
        note=begun.title if begun is not None else plain("lesson.any"),
        term=TERM,
        whose=Kind.VOLUNTEER,
    )
    say(session, caller.bot_id, caller.person, "lesson.asked", at=at, number=asked.number,
        due=task.due(asked))  # fmt: skip


def _lesson(name: str) -> Lesson:
    found = lessons().get(name)
    if found is None:
        raise NotFound("guidance.unknown")
    return found


def _at(name: str, number: int) -> tuple[Lesson, Step]:
    """Give a step; the first where a lesson has become shorter."""
    taught = _lesson(name)
    return taught, taught.steps[number if number < len(taught.steps) else 0]


def _ways(taught: Lesson, number: int, *, is_again: bool = False) -> Buttons:
    here = f"{taught.name}:{number}"
    done = Button("button.step_done", f"step:{taught.name}:{number + 1}")
    stuck = Button("button.stuck", f"stuck:{here}")
    puzzled = [] if is_again else [Button("button.puzzled", f"puzzled:{here}")]
    back = [[Button("button.back", f"step:{taught.name}:{number - 1}")]] if number else []
    return [[done], [*puzzled, stuck], *back]


def _send(
    session: Session, caller: Caller, step: Step, text: Html, buttons: Buttons, *, at: datetime
) -> None:
    """With its drawing, but to somebody to whom data cost much."""
    if quota.is_frugal(session, caller.person):
        tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons)
    else:
        name, data = f"{step.picture}.png", guidance_picture(step.picture)
        picture(session, caller.bot_id, caller.person, name, data, text, at=at, buttons=buttons)


def _end(session: Session, caller: Caller, taught: Lesson, *, at: datetime) -> None:
    _keep(session, caller, taught.name, at=at).ended_at = at
    rows = [[Button("button.lessons", "lessons")], [Button("button.facility", "screen:facility")]]
    if taught.days is not None:
        rows.insert(0, [Button("button.remind", f"turn:{taught.name}")])
    key = "lesson.end" if taught.days is None else "lesson.end_turn"
    say(session, caller.bot_id, caller.person, key, at=at, title=taught.title, buttons=rows)


def _stood(session: Session, caller: Caller) -> Place | None:
    return session.get(Place, (caller.bot_id, caller.person.id))


def _keep(session: Session, caller: Caller, name: str, *, at: datetime) -> Place:
    """Give the row of where somebody stands, in this lesson from now on."""
    place = _stood(session, caller)
    if place is None:
        place = Place(bot_id=caller.bot_id, person_id=caller.person.id, step=0)
        session.add(place)
    place.name, place.at = name, at
    return place
