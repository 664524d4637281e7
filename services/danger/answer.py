"""What a danger sign sets off: the emergency card at once, and a call to everybody on duty.

The net is the second line behind the closed questions and only ever raises.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.mail import Lane
from models.message import Part, Words
from models.offer import End
from models.role import Role
from models.seal import Unreadable
from services import (
    attempt,
    consent,
    consultation,
    credential,
    dispatch,
    emergency,
    facility,
    relay,
    step,
)
from services.atlas import is_kept
from services.content import Html, whom_to_call, words
from services.danger.net import find
from services.facility.memory import Facilities
from services.intake import asking
from services.mail import say
from services.person import Caller

PRIVATE = {"bunuh_diri": "danger.heavy", "kekerasan": "danger.unsafe"}
"""Groups of signs that have a card of their own, in words that give nobody away."""


def check(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Read what an asker wrote; on a danger sign send the card and alert everybody on duty."""
    groups = find(said.text)
    if not groups:
        return
    try:
        with session.begin_nested():
            _answer(session, caller, said, groups, at=at)
    except Unreadable:
        # A damaged key keeps the record from us, not the card from the one in danger.
        _show_cards(session, caller, groups, "nobody", None, at=at)


def answered(
    session: Session, caller: Caller, mine: Consultation, groups: list[str], *, at: datetime
) -> None:
    """An asker's answer set danger: the card, the call and the first class at once, whatever is
    still unanswered. The groups say which question it was."""
    called = _raise_alarm(session, caller, mine, groups, at=at)
    _show_cards(session, caller, groups, "called" if called else "nobody", mine, at=at)


def _answer(
    session: Session, caller: Caller, said: Words, groups: list[str], *, at: datetime
) -> None:
    here = consultation.open_ones(session, caller)
    mine = next((one for one in here if one.asker_id == caller.person.id), None)
    if any(one.worker_id == caller.person.id for one in here) or (
        mine is None and credential.worker(session, caller.person, at=at)
    ):
        return  # a worker who asks about danger signs is not in danger
    if facility.find_home(session, caller.bot_id) is None:
        _show_cards(session, caller, groups, "nobody", None, at=at)
        return
    is_first = mine is None
    mine = mine or consultation.draft(session, caller, at=at)
    if mine.status is not Status.ACTIVE:
        _keep(session, mine, caller, said, at=at)
    called = _raise_alarm(session, caller, mine, groups, at=at)
    if mine.status is not Status.DRAFT:
        _show_cards(session, caller, groups, "called" if called else "nobody", mine, at=at)
        return
    _show_cards(session, caller, groups, "unread", mine, at=at)
    if is_first:
        consent.ask(session, caller, at=at)


def _show_cards(
    session: Session,
    caller: Caller,
    groups: list[str],
    staff: str,
    mine: Consultation | None,
    *,
    at: datetime,
) -> None:
    """Send the card, and in place of it or after it those of what is told in private."""
    if set(groups) - PRIVATE.keys():
        key = {"called": "card", "nobody": "card_nobody", "unread": "card_unread"}[staff]
        _show_card(session, caller, f"danger.{key}", mine, at=at)
    for group, key in PRIVATE.items():
        if group in groups:
            _show_card(session, caller, key, mine, at=at, staff=words(f"danger_staff.{staff}"))


def _show_card(
    session: Session,
    caller: Caller,
    key: str,
    mine: Consultation | None,
    *,
    at: datetime,
    staff: str = "",
) -> None:
    # No button stands under it: in a panic the one in view is pressed, and none of ours calls 119.
    say(
        session,
        caller.bot_id,
        caller.person,
        key,
        at=at,
        lane=Lane.EMERGENCY,
        consultation=mine,
        repeatable=True,
        numbers=numbers(session, caller, at=at),
        staff=staff,
        call=whom_to_call()["call"],
        whatsapp=whom_to_call()["whatsapp"],
    )


def numbers(session: Session, caller: Caller, *, at: datetime) -> Html:
    """Give whom to call: what is known near the person's village, else the numbers of our
    facility; whatever is wrong with either, the card goes out without it."""
    return attempt.first(
        session,
        lambda: _near_village(session, caller, at=at),
        lambda: emergency.lines(session, facility.behind(session, caller.bot_id)),
        Html,
    )


def _near_village(session: Session, caller: Caller, *, at: datetime) -> Html:
    """Raises LookupError where no village is known, or the directory would have to be read first:
    in danger nobody waits for that."""
    code = emergency.code_of(session, caller.bot_id, caller.person)
    if code is None or not is_kept(session, Facilities):
        raise LookupError
    return emergency.brief(session, caller.bot_id, code, at=at)


def _keep(
    session: Session, mine: Consultation, caller: Caller, said: Words, *, at: datetime
) -> None:
    """Keep the words for whoever takes the consultation, once: an edit is kept as an edit."""
    if relay.find(session, mine.bot_id, said.chat_id, said.message_id) is None:
        relay.keep(session, mine, caller.person, said, Part.COMPLAINT, at=at)
    else:
        relay.correct(session, mine.bot_id, caller.person, said, at=at)
    session.flush()


def _raise_alarm(
    session: Session, caller: Caller, mine: Consultation, groups: list[str], *, at: datetime
) -> Sequence[Role]:
    """Mark the consultation and call for help; give those who were called."""
    document = mine.read(session)
    document["danger"] = sorted({*document.get("danger", []), *groups})
    mine.write(session, **document)
    first_time = mine.danger_at is None
    mine.danger_at = mine.danger_at or at
    mine.rank()
    if mine.status is Status.ACTIVE:
        return _warn_worker(session, caller, mine, at=at)
    if mine.status is Status.DRAFT and not consent.standing(session, caller):
        return []  # nobody may read the words yet; the mark calls for help as soon as they may
    if mine.status is Status.WAITING and first_time:
        dispatch.end_all(
            session, mine, End.WITHDRAWN, words("offer.replaced", number=mine.number), at=at
        )
        session.flush()
    called = dispatch.everybody(session, mine, at=at)
    if mine.status is Status.DRAFT:
        with suppress(Unreadable), session.begin_nested():
            asking.note(session, mine, at=at)
        step.request(session, caller, mine, at=at)
        called = dispatch.everybody(session, mine, at=at)
    elif first_time:
        dispatch.place(session, mine, at=at)
        if not called:
            step.call_admins(session, mine, at=at)
    return called


def _warn_worker(
    session: Session, caller: Caller, mine: Consultation, *, at: datetime
) -> Sequence[Role]:
    assert mine.worker is not None  # noqa: S101 - active, so somebody has it
    say(
        session,
        mine.bot_id,
        mine.worker,
        "danger.worker",
        at=at,
        lane=Lane.EMERGENCY,
        consultation=mine,
        number=mine.number,
        protect=True,
    )
    role = credential.worker(session, mine.worker, at=at)
    if role is None or not dispatch.reachable(session, mine, role):
        step.call_admins(session, mine, at=at)
        return []
    return [role]
