"""A second opinion: a colleague is asked a question, sees this case alone, answers those who treat,
never the asker, and leaves; what they saw is taken out of their chat."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.form import Question
from models.mail import Lane, Outgoing
from models.message import Message, Pair, Words
from models.opinion import Opinion
from models.person import Person
from services import (
    audit,
    colleague,
    consultation,
    credential,
    desk,
    form,
    patient,
    relay,
)
from services.content import Html
from services.mail import Button, post, say, the_id_of
from services.person import Caller
from services.text import clean, is_blank, mask, shorten

MOST = 2
"""Colleagues that are asked about one consultation at a time."""
DELETABLE = timedelta(hours=48)
"""A bot deletes what it wrote within that time, not later (Bot API, deleteMessage)."""
LONGEST = 600
"""Characters of the question: the record keeps it whole."""


def ask_whom(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show who is on duty."""
    one = consultation.held(session, caller, consultation_id)
    if len(standing(session, Opinion.consultation_id == one.id)) >= MOST:
        raise NotAllowed("opinion.enough", number=one.number)
    rows = [
        [
            Button(
                "button.colleague",
                f"opinion_of:{one.id}:{role.id}",
                {
                    "name": credential.title(session, role),
                    "busy": colleague.busy(session, role),
                    "places": role.places,
                },
            )
        ]
        for role in colleague.others(session, caller, one, at=at)
    ]
    say(session, caller.bot_id, caller.person, "opinion.whom", at=at, consultation=one,
        patient=relay.named(session, one), buttons=rows)  # fmt: skip


def ask_question(
    session: Session, caller: Caller, consultation_id: int, role_id: int, *, at: datetime
) -> None:
    """Ask the worker for the question."""
    one = consultation.held(session, caller, consultation_id)
    role = colleague.chosen(session, caller, one, role_id, at=at)
    form.ask(session, caller, Question.OPINION, one, at=at, role=role.id)
    say(session, caller.bot_id, caller.person, "opinion.question", at=at, consultation=one,
        patient=relay.named(session, one), name=credential.title(session, role),
        buttons=[[Button("button.stay", f"desk:{one.id}")]])  # fmt: skip


def invite(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Keep the question as a note, and put it to the colleague with age and sex alone."""
    assert caller.form is not None  # noqa: S101 - only an open question brings words here
    one = consultation.held(session, caller, caller.form.consultation_id or 0)
    if said.kind != "text" or is_blank(said.text):
        say(session, caller.bot_id, caller.person, "advice.needs_text", at=at)
        return
    role_id = form.kept(session, caller).get("role", 0)
    role = colleague.chosen(session, caller, one, role_id, at=at)
    relay.note(session, one, caller.person, said, at=at)
    mine = [each for each in standing(session, Opinion.consultation_id == one.id)
            if each.worker_id == role.person_id]  # fmt: skip
    asked = mine[0] if mine else Opinion(
        consultation=one, worker=role.person, asked_by=caller.person, asked_at=at
    )  # fmt: skip
    session.add(asked)
    session.flush()
    desk.focus.begin(session, caller, one, at=at)
    say(session, caller.bot_id, caller.person, "opinion.asked", at=at, consultation=one,
        patient=relay.named(session, one), name=credential.title(session, role))  # fmt: skip
    say(
        session,
        one.bot_id,
        role.person,
        "opinion.invited",
        at=at,
        consultation=one,
        protect=True,
        number=one.number,
        worker=one.read(session)["worker"],
        about=patient.brief(patient.answers(session, one)),
        text=shorten(mask(clean(said.text)), LONGEST),
        buttons=[
            [Button("button.see_case", f"see_case:{asked.id}")],
            [Button("button.leave_case", f"leave_case:{asked.id}")],
        ],
    )


def join(session: Session, caller: Caller, opinion_id: int, *, at: datetime) -> None:
    """Show the colleague the case and everything that was said, and ask for their opinion."""
    mine = _mine(session, caller, opinion_id, at=at)
    one = mine.consultation
    mine.joined_at = mine.joined_at or at
    audit.note(session, caller.person, "open", one, at=at)
    known = Html(patient.card(session, one) + patient.details(session, one, at=at))
    say(session, one.bot_id, caller.person, "opinion.case", at=at, consultation=one, protect=True,
        number=one.number, known=known)  # fmt: skip
    relay.catch_up(session, one, caller.person, at=at)
    ask(session, caller, mine.id, at=at)


def ask(session: Session, caller: Caller, opinion_id: int, *, at: datetime) -> None:
    """Take the colleague's next message for their opinion."""
    mine = _mine(session, caller, opinion_id, at=at)
    form.ask(session, caller, Question.OPINE, mine.consultation, at=at, opinion=mine.id)
    say(session, caller.bot_id, caller.person, "opinion.write", at=at,
        consultation=mine.consultation, number=mine.consultation.number,
        buttons=[[Button("button.leave_case", f"leave_case:{mine.id}")]])  # fmt: skip


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Give the opinion to whoever treats, as a note that no asker reads."""
    mine = _mine(session, caller, form.kept(session, caller).get("opinion", 0), at=at)
    form.forget(session, caller)
    relay.note(session, mine.consultation, caller.person, said, at=at)
    say(session, caller.bot_id, caller.person, "opinion.given", at=at,
        consultation=mine.consultation, number=mine.consultation.number,
        buttons=[[Button("button.opine", f"opine:{mine.id}")],
                 [Button("button.leave_case", f"leave_case:{mine.id}")]])  # fmt: skip


def leave(session: Session, caller: Caller, opinion_id: int, *, at: datetime) -> None:
    """The colleague leaves, or never joined; who asked them reads it."""
    mine = _mine(session, caller, opinion_id, at=at)
    one, name = mine.consultation, credential.known_as(session, caller.person)
    form.forget(session, caller, Question.OPINE)
    _end(session, mine, at=at)
    say(session, caller.bot_id, caller.person, "opinion.left", at=at, number=one.number)
    if one.worker is not None:
        say(session, one.bot_id, one.worker, "opinion.has_left", at=at, consultation=one,
            patient=relay.named(session, one), name=name)  # fmt: skip


def end_all(session: Session, one: Consultation, *, at: datetime) -> None:
    """Nobody is asked about a consultation any more that its worker has left."""
    for each in standing(session, Opinion.consultation_id == one.id):
        _end(session, each, at=at)
        say(session, one.bot_id, each.worker, "opinion.over", at=at, number=one.number)


def standing(session: Session, *which: ColumnElement[bool]) -> Sequence[Opinion]:
    """Give the invitations that stand: of one consultation, or to one colleague."""
    return session.scalars(select(Opinion).where(Opinion.ended_at.is_(None), *which)).all()


def readers(session: Session, one: Consultation) -> list[Person]:
    """Give the colleagues who see a consultation now, beside whoever treats."""
    found = standing(session, Opinion.consultation_id == one.id, Opinion.joined_at.is_not(None))
    return [each.worker for each in found]


def _mine(session: Session, caller: Caller, opinion_id: int, *, at: datetime) -> Opinion:
    found = session.get(Opinion, opinion_id)
    if found is None or found.worker_id != caller.person.id:
        raise NotFound
    if found.ended_at is not None or found.consultation.status is not Status.ACTIVE:
        raise NotFound("opinion.is_over", number=found.consultation.number)
    if credential.worker(session, caller.person, at=at) is None:
        raise NotAllowed("refusal.no_licence")
    return found


def _end(session: Session, one: Opinion, *, at: datetime) -> None:
    """End it, and take what stands of the case out of the colleague's chat."""
    one.ended_at = at
    session.flush()
    chat_id, bot_id = one.worker.telegram_id, one.consultation.bot_id
    shown = session.scalars(
        select(Pair.telegram_message_id)
        .join(Message, Message.id == Pair.message_id)
        .where(
            Message.consultation_id == one.consultation_id,
            Pair.bot_id == bot_id,
            Pair.chat_id == chat_id,
            Pair.id > one.id,  # ids rise: what they had as its worker before stays as it was
        )
    ).all()
    copies: list[tuple[int | dict[str, str], str | None]] = [(each, None) for each in shown]
    for message_id, key in [*copies, *((the_id_of(key), key) for key in _told(session, one))]:
        params = {"chat_id": chat_id, "message_id": message_id}
        post(session, bot_id, chat_id, "deleteMessage", params, at=at, lane=Lane.REMINDER, ref=key)


def _told(session: Session, one: Opinion) -> Sequence[str]:
    """Give the rows of what we ourselves told the colleague of the case: the question, the card."""
    return session.scalars(
        select(Outgoing.key).where(
            Outgoing.consultation_id == one.consultation_id,
            Outgoing.bot_id == one.consultation.bot_id,
            Outgoing.chat_id == one.worker.telegram_id,
            Outgoing.method == "sendMessage",
            Outgoing.message_id.is_(None),
            Outgoing.created_at >= max(one.asked_at, (one.ended_at or one.asked_at) - DELETABLE),
        )
    ).all()
