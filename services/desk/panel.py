"""One patient as their worker sees them: opened by a tap, with everything else one tap away. What
is opened of the record is in the audit trail."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.message import Message, Part
from models.person import Person
from models.seal import Unreadable
from services import audit, consultation, credential, day, dispatch, followup, patient, relay, sheet
from services.content import Html, plain, words
from services.desk import focus, place
from services.mail import Button, tell
from services.patient import twin
from services.person import Caller
from services.text import mask, shorten

SHOWN = 5
"""Past consultations on one screen of a small phone."""
LAST = 300
"""Characters of the words that wait for an answer, and of advice that was given before."""


def ways(one: Consultation) -> list[list[Button]]:
    """Give what a worker can do about a patient they have."""
    return [
        [Button("button.close", f"close:{one.id}")],
        [Button("button.card", f"card:{one.id}"), Button("button.before", f"before:{one.id}")],
        [Button("button.note", f"jot:{one.id}"), Button("button.shortcut", f"shortcut:{one.id}")],
        [Button("button.bundle", f"bundle:{one.id}")],
        [
            Button("button.colleague_help", f"colleague:{one.id}"),
            Button("button.return", f"return:{one.id}"),
        ],
    ]


def open_panel(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Turn to one patient: what the worker writes next is for them; show what waits for an
    answer."""
    found = consultation.held(session, caller, consultation_id)
    if found.place is None:
        place.take_up(session, found)
    focus.begin(session, caller, found, at=at)
    text = words(
        "desk.opened",
        patient=relay.named(session, found),
        about=patient.brief(patient.answers(session, found)),
        last=_last(session, found, at=at),
    )
    tell(session, caller.bot_id, caller.person, text, at=at, consultation=found, protect=True,
         buttons=ways(found))  # fmt: skip


def show_card(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show what is known of the patient, and the notes about them."""
    found = consultation.held(session, caller, consultation_id)
    audit.note(session, caller.person, "open", found.patient, at=at)
    known = Html(patient.card(session, found) + patient.details(session, found, at=at))
    text = words(
        "desk.card",
        patient=relay.named(session, found),
        complaint=dispatch.complaint_of(session, found),
        known=known,
        notes=notes(session, found, at=at),
    )
    tell(session, caller.bot_id, caller.person, text, at=at, consultation=found, protect=True,
         buttons=twin.ways(session, found.patient, found))  # fmt: skip


def show_before(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show what was advised to the same patient at the same facility before, the newest first."""
    found = consultation.held(session, caller, consultation_id)
    earlier = session.scalars(
        select(Consultation)
        .where(
            Consultation.patient_id.in_(twin.together(session, found.patient)),
            Consultation.facility_id == found.facility_id,
            Consultation.status == Status.CLOSED,
        )
        .order_by(Consultation.id.desc())
        .limit(SHOWN)
    ).all()
    for one in earlier:
        audit.note(session, caller.person, "read", one, at=at)
    lines = [_ended(session, one) for one in earlier] or [words("desk.nothing_before")]
    head = words("desk.before", patient=relay.named(session, found))
    text = Html("\n\n".join([head, *lines]))
    tell(session, caller.bot_id, caller.person, text, at=at, consultation=found, protect=True)


def notes(session: Session, one: Consultation, *, at: datetime) -> Html:
    """Give the newest notes about a consultation, with who wrote them and when; each begins a line
    of its own."""
    found = session.scalars(
        select(Message)
        .where(Message.consultation_id == one.id, Message.part == Part.NOTE)
        .order_by(Message.id.desc())
        .limit(SHOWN)
    ).all()
    lines = [
        words(
            "desk.note",
            by=credential.known_as(session, session.get_one(Person, each.author_id)),
            span=day.span(at - each.at),
            text=_words(session, each),
        )
        for each in reversed(found)
    ]
    return Html("".join(f"\n{line}" for line in lines))


def _last(session: Session, one: Consultation, *, at: datetime) -> Html:
    """Give the asker's newest words and how old they are, where the worker has not answered."""
    newest = session.scalar(
        select(Message)
        .where(
            Message.consultation_id == one.id,
            Message.part.in_((Part.COMPLAINT, Part.TALK)),
            Message.sealed.is_not(None),
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    if newest is None or newest.author_id != one.asker_id:
        return words("desk.answered")
    return words("desk.last", span=day.span(at - newest.at), text=_words(session, newest))


def _ended(session: Session, one: Consultation) -> Html:
    """Give a past consultation: when, how it ended, by whom, and the beginning of the advice."""
    try:
        given = sheet.given(session, one)
        text = shorten(sheet.text_of(session, given[-1]), LAST) if given else "-"
        by = str(sheet.signed(session, given[-1])["title"]) if given else "-"
    except Unreadable:
        text, by = plain("relay.unreadable"), "-"
    return words(
        "desk.ended",
        day=day.text(day.of(followup.zone(one), one.ended_at or one.opened_at)),
        number=one.number,
        outcome=words(f"history_outcome.{one.outcome}"),
        by=by,
        text=text,
    )


def _words(session: Session, message: Message) -> str:
    try:
        return shorten(mask(message.newest(session)), LAST) or plain("relay.without_words")
    except Unreadable:
        return plain("relay.unreadable")
