"""Cards in people's chats: shown, pinned, and kept true as long as they stand there.

A pinned card that is no longer true is sent anew, so that the person notices, and pinned in place
of the old one, of which one line is left. One that was only shown is put right where it stands.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from models.bot import Contact
from models.emergency import EmergencyCard
from models.errors import NotFound
from models.mail import Lane, Outgoing
from models.person import Person
from models.region import Region
from services import day, region
from services.content import Html, joined, words
from services.emergency.card import Card, card
from services.mail import Answer, Button, change, end_menu, post, say, tell, the_id_of
from services.person import Caller

CALM = timedelta(hours=1)
"""Nobody is sent a card again within so long: who changes one number often changes the next."""
VILLAGES = 50
"""Villages looked at in one run: it holds up everybody else for some tens of milliseconds."""
SENT = 200
"""Cards sent anew in one run; the next finds the others."""


def show(session: Session, caller: Caller, code: str, *, at: datetime) -> None:
    """Show the card of a village, and remember the village; a pinned card stays the one that is
    kept true until another is pinned."""
    now = card(session, caller.bot_id, code, at=at)
    row = _send(session, caller.bot_id, caller.person, code, now, now.text, at=at)
    kept = _kept(session, caller)
    if kept is None or not kept.is_pinned:
        mine = _keep(session, caller.bot_id, caller.person, code, now, row, at=at)
        mine.telegram_message_id = None


def pin(
    session: Session, caller: Caller, code: str, mark: str, message_id: int, *, at: datetime
) -> None:
    """Pin the card whose button was pressed; if it is no longer true, the present one."""
    if session.get(Region, code) is None:
        raise NotFound("refusal.expired_button")
    now, kept = card(session, caller.bot_id, code, at=at), _kept(session, caller)
    if kept is not None and kept.is_pinned and kept.telegram_message_id == message_id:
        return
    old = kept.telegram_message_id if kept is not None and kept.is_pinned else None
    if now.mark == mark:
        mine = _keep(session, caller.bot_id, caller.person, code, now, None, at=at)
        mine.telegram_message_id = message_id
        end_menu(session, caller.bot_id, caller.person, message_id, at=at)
        _pin(session, caller.bot_id, caller.person, message_id, None, at=at)
        if old is not None:
            _unpin(session, caller.bot_id, caller.person, old, at=at)
    else:
        gone = words("emergency.replaced")
        change(session, caller.bot_id, caller.person, message_id, gone, at=at)
        mine = _send_pinned(session, caller.bot_id, caller.person, code, now, now.text, at=at)
        mine.telegram_message_id = old
    mine.is_pinned = True
    say(session, caller.bot_id, caller.person, "emergency.pinned", at=at)


def delivered(session: Session, row: Outgoing, answer: Answer, *, at: datetime) -> None:
    """Remember where a card stands, and take down the one whose place it takes; one that did not
    arrive is due again, when they are back."""
    person_id = select(Person.id).where(Person.telegram_id == row.chat_id).scalar_subquery()
    kept = session.scalar(
        select(EmergencyCard).where(
            EmergencyCard.bot_id == row.bot_id,
            EmergencyCard.person_id == person_id,
            EmergencyCard.outbox_key == row.key,
        )
    )
    if kept is None:
        return
    if answer.error is None:
        old, kept.telegram_message_id = kept.telegram_message_id, row.telegram_message_id
        if kept.is_pinned and old is not None:
            person = session.get_one(Person, kept.person_id)
            _unpin(session, row.bot_id, person, old, at=at)
            gone = words("emergency.replaced")
            change(session, row.bot_id, person, old, gone, at=at, lane=Lane.REMINDER)
    elif kept.is_pinned and (answer.unreachable or answer.unknown):
        kept.digest = b""


def refresh(session: Session, *, at: datetime) -> None:
    """Hold the cards that stand in chats against what is true, the longest unseen first, and put
    right those that say something else: by day, and for nobody who blocked the bot."""
    villages = session.execute(
        select(EmergencyCard.bot_id, EmergencyCard.region_code)
        .group_by(EmergencyCard.bot_id, EmergencyCard.region_code)
        .order_by(func.min(EmergencyCard.looked_at))
    ).all()
    awake = [one for one in villages if not day.is_night(region.zone(one.region_code), at)]
    left = SENT
    for bot_id, code in awake[:VILLAGES]:
        left -= _refresh(session, bot_id, code, left, at=at)
        if left <= 0:
            return
        here = EmergencyCard.bot_id == bot_id, EmergencyCard.region_code == code
        session.execute(update(EmergencyCard).where(*here).values(looked_at=at))


def _refresh(session: Session, bot_id: int, code: str, most: int, *, at: datetime) -> int:
    """Put right the cards of one village; tell how many were not."""
    now = card(session, bot_id, code, at=at)
    wrong = session.execute(
        select(EmergencyCard, Person)
        .join(Person, Person.id == EmergencyCard.person_id)
        .join(
            Contact,
            (Contact.person_id == EmergencyCard.person_id)
            & (Contact.bot_id == EmergencyCard.bot_id),
        )
        .where(
            EmergencyCard.bot_id == bot_id,
            EmergencyCard.region_code == code,
            EmergencyCard.digest != now.digest,
            or_(
                and_(EmergencyCard.is_pinned, EmergencyCard.sent_at <= at - CALM),
                and_(~EmergencyCard.is_pinned, EmergencyCard.telegram_message_id.is_not(None)),
            ),
            Contact.unreachable_at.is_(None),
        )
        .order_by(EmergencyCard.person_id)
        .limit(most)
        # Whoever pins at this moment, or keeps time beside us, waits and then sees what we did.
        .with_for_update(of=EmergencyCard)
    ).all()
    for kept, person in wrong:
        if kept.is_pinned:
            text = joined("\n\n", [words("emergency.changed"), now.text])
            _send_pinned(session, bot_id, person, code, now, text, at=at, lane=Lane.REMINDER)
        else:
            buttons = _buttons(code, now)
            place = kept.telegram_message_id or 0
            change(session, bot_id, person, place, now.text, at=at, buttons=buttons,
                   lane=Lane.REMINDER)  # fmt: skip
            kept.digest = now.digest
    return len(wrong)


def _send_pinned(
    session: Session,
    bot_id: int,
    person: Person,
    code: str,
    now: Card,
    text: Html,
    *,
    at: datetime,
    lane: Lane = Lane.EMERGENCY,
) -> EmergencyCard:
    row = _send(session, bot_id, person, code, None, text, at=at, lane=lane)
    mine = _keep(session, bot_id, person, code, now, row, at=at)
    _pin(session, bot_id, person, the_id_of(row.key), row.key, at=at)
    return mine


def _send(
    session: Session,
    bot_id: int,
    person: Person,
    code: str,
    now: Card | None,
    text: Html,
    *,
    at: datetime,
    lane: Lane = Lane.EMERGENCY,
) -> Outgoing:
    buttons = _buttons(code, now) if now is not None else []
    return tell(session, bot_id, person, text, at=at, lane=lane, buttons=buttons,
                then="emergency.delivered")  # fmt: skip


def _buttons(code: str, now: Card) -> list[list[Button]]:
    return [
        [Button("button.pin", f"pin:{code}:{now.mark}")],
        [Button("button.other_village", "village")],
    ]


def _kept(session: Session, caller: Caller) -> EmergencyCard | None:
    key = caller.bot_id, caller.person.id
    return session.get(EmergencyCard, key, with_for_update=True)


def _keep(
    session: Session,
    bot_id: int,
    person: Person,
    code: str,
    now: Card,
    row: Outgoing | None,
    *,
    at: datetime,
) -> EmergencyCard:
    mine = session.get(EmergencyCard, (bot_id, person.id))
    if mine is None:
        mine = EmergencyCard(bot_id=bot_id, person_id=person.id)
        session.add(mine)
    mine.region_code, mine.digest = code, now.digest
    mine.outbox_key = row.key if row is not None else ""
    mine.sent_at = mine.looked_at = at
    return mine


def _pin(
    session: Session,
    bot_id: int,
    person: Person,
    message_id: int | dict[str, str],
    ref: str | None,
    *,
    at: datetime,
) -> None:
    # The card itself rings where it has to; its pin need not ring again.
    params = {
        "chat_id": person.telegram_id, "message_id": message_id, "disable_notification": True,
    }  # fmt: skip
    post(session, bot_id, person.telegram_id, "pinChatMessage", params, at=at,
         lane=Lane.REMINDER, ref=ref)  # fmt: skip


def _unpin(session: Session, bot_id: int, person: Person, message_id: int, *, at: datetime) -> None:
    params = {"chat_id": person.telegram_id, "message_id": message_id}
    post(session, bot_id, person.telegram_id, "unpinChatMessage", params, at=at,
         lane=Lane.REMINDER)  # fmt: skip
