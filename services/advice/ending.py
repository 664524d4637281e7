"""Sent and closed in one step, or not at all."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome, Status
from models.errors import Closed, Later, NotAllowed, NotFound, Refusal
from models.mail import Lane, Outgoing
from models.message import Message, Part
from models.person import Person
from models.role import Role
from services import (
    audit,
    checkin,
    credential,
    danger,
    desk,
    dispatch,
    person,
    privacy,
    referral,
    relay,
    scope,
    sheet,
    understood,
)
from services.advice import holding, page, referring
from services.advice.draft import close_question, draft_of, filled, show
from services.advice.page import MAIN, OTHERS
from services.content import plain
from services.facility import trip
from services.mail import Answer, end_menu, say
from services.mail.incoming import waits_for
from services.person import Caller
from services.sheet import ON_THE_WAY

OUTCOMES = (*MAIN, *OTHERS)
"""How advice can end a consultation."""


def give(
    session: Session,
    caller: Caller,
    message_id: int,
    outcome: Outcome,
    shown_at: int,
    *,
    at: datetime,
) -> None:
    """Send the advice and close the consultation.

    Raises Later while words of either side are stored that were said before: they come first; and
    Refusal while a field is missing: half of a form closes nothing.
    """
    message = session.get(Message, message_id)
    if message is None or message.part is not Part.ADVICE:
        raise NotFound
    found = message.consultation
    if found.status is Status.CLOSED and found.worker_id == caller.person.id:
        raise Closed(number=found.number)
    message = draft_of(session, caller, message_id)
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    closing = filled(session, message, role)
    if closing.missing(scope.of_role(role)) is not None:
        raise Refusal("closing.half")
    if len(closing.named) != len(closing.medicine):  # one was struck off the list meanwhile
        holding.keep(session, message, medicine=page.standing(session, closing, role) or None)
        say(session, caller.bot_id, caller.person, "closing.medicine_gone", at=at)
        end_menu(session, caller.bot_id, caller.person, shown_at, at=at)
        show(session, caller, message, at=at)
        return
    if _is_referral(outcome, role) and not closing.refer_to:
        referring.ask(session, caller, message, shown_at, at=at)
        return
    chats = (found.asker.telegram_id, caller.person.telegram_id)
    if waits_for(session, caller.bot_id, chats, seq=caller.seq):
        raise Later
    found.move(Status.CLOSED, by=caller.person, at=at)
    found.outcome = outcome
    close_question(session, caller, found)
    audit.note(session, caller.person, "close", found, at=at)
    kept = closing.to_document()
    where = {key: kept.pop(key, "") for key in ("poli", "refer_to")}
    if _is_referral(outcome, role):
        kept["referral"] = _referral(session, found, where)
    sheet.sign(session, message, role, kept, at=at)
    if outcome is Outcome.EMERGENCY:
        _send_away(session, message, at=at)
    sheet.deliver(session, message, understood.buttons(found), at=at, lane=_lane(outcome))
    understood.ask(session, found, at=at)
    if _is_referral(outcome, role) and privacy.of(session, found.asker) is None:
        referral.send(session, found, found.asker, at=at)
    if outcome in ON_THE_WAY and privacy.of(session, found.asker) is None:
        trip.send_after(session, found, at=at)
    desk.left(session, found, caller.person, at=at)
    checkin.offer(session, caller, found, at=at, on=closing.control_on)
    end_menu(session, caller.bot_id, caller.person, shown_at, at=at)
    session.flush()
    dispatch.feed(session, caller.person, at=at)


def delivered(session: Session, row: Outgoing, answer: Answer, *, at: datetime) -> None:
    """Note where advice stands now, or tell the worker when it did not arrive: they may know
    another way to the asker."""
    message = session.get_one(Message, row.message_id)
    found = message.consultation
    if answer.error is None:
        relay.note_place(session, row, message.id, answer.result["message_id"])
    else:
        author = session.get_one(Person, message.author_id)
        say(
            session,
            row.bot_id,
            author,
            "advice.undelivered",
            at=at,
            consultation=found if author is found.worker else None,
            number=found.number,
            name=person.name_of(session, found.asker),
        )


def _is_referral(outcome: Outcome, role: Role) -> bool:
    """Tell whether it is for this worker to say to which hospital; who may not refer only says
    that a letter is needed."""
    return outcome is Outcome.REFERRED and scope.of_role(role).refers


def _referral(session: Session, found: Consultation, where: dict[str, str]) -> dict[str, str]:
    """Give what the receiving facility can be told later, and the secret by which it asks."""
    undecided = where["refer_to"] == holding.UNDECIDED
    return {
        "to": plain("referral.undecided") if undecided else where["refer_to"],
        "poli": where["poli"],
        "who": sheet.who(session, found),
        "secret": referral.new_code(),
    }


def _send_away(session: Session, message: Message, *, at: datetime) -> None:
    """Say first, and on a shared phone too, that it is for the IGD now, and whom to call."""
    found = message.consultation
    asker = Caller(found.bot_id, found.asker, None, is_new=False)
    say(
        session,
        found.bot_id,
        found.asker,
        "closing.to_hospital",
        at=at,
        lane=Lane.EMERGENCY,
        consultation=found,
        numbers=danger.numbers(session, asker, at=at),
    )


def _lane(outcome: Outcome) -> Lane:
    return Lane.EMERGENCY if outcome is Outcome.EMERGENCY else Lane.ANSWER
