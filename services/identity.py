"""NIK and card number: read however they are typed, and taken out of the chat they were typed in.

By their form only. A NIK keeps the birth date and the place of the day on which it was given, and
both may have been corrected since: nobody is refused for what the digits say.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from models.message import Message, Words
from models.person import Person
from services import person
from services.credential import today
from services.mail import post, say
from services.text import digits, mask, personal_numbers

NIK, CARD = 16, 13
"""Digits of the national number, and of the card of JKN."""
LENGTHS = {"nik": NIK, "card": CARD}
WOMAN = 40
"""What is added to a woman's day of birth in her NIK."""


def read(field: str, typed: str) -> str | None:
    """Give the NIK or card number («nik», «card») in a text as digits 0 to 9; None where there is
    none of that length, or nothing but one digit again and again."""
    every, length = digits(typed), LENGTHS[field]
    found = [every] if len(every) == length else []
    found += [one for one in personal_numbers(typed) if len(one) == length]
    return next((one for one in found if len(set(one)) > 1), None)


def is_odd(nik: str) -> bool:
    """Tell whether a NIK holds a day, month or serial that no office gives: mostly a misprint."""
    return not 1 <= int(nik[6:8]) % WOMAN <= 31 or not _is_month(nik) or nik.endswith("0000")


def birth_in(nik: str, on: date) -> date | None:
    """Give the birth date that a NIK was made from, as far as it holds one; `on` is today."""
    day, month, year = int(nik[6:8]) % WOMAN, int(nik[8:10]), int(nik[10:12])
    for century in (2000, 1900):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if born <= on:
            return born
    return None


def shows(said: Words) -> bool:
    """Tell whether a text shows a NIK or a card number, and may leave the chat at once: a photo
    stays until our copy of it lies in its place."""
    return said.kind == "text" and mask(said.text) != said.text


def take_away_medium(session: Session, message: Message, *, at: datetime) -> None:
    """Delete from its author's chat a medium of which we have a copy, where a NIK or a card number
    stands under it; what is still to be passed on comes from our copy."""
    text = message.newest(session)
    if mask(text) == text:
        return
    author = session.get_one(Person, message.author_id)
    one = message.consultation
    said = Words(message.chat_id, message.telegram_message_id, "text", text)
    take_away(session, one.bot_id, author, said, at=at)


def take_away(
    session: Session, bot_id: int, author: Person, said: Words, *, at: datetime, tells: bool = True
) -> None:
    """Delete a message from its author's chat, and say so, at most once a day; what it says must be
    kept, sealed, by whoever calls."""
    params = {"chat_id": said.chat_id, "message_id": said.message_id}
    post(session, bot_id, said.chat_id, "deleteMessage", params, at=at)
    known, day = person.document(session, author), today(at).isoformat()
    if tells and known.get("taken_away_on") != day:
        author.write(session, **known | {"taken_away_on": day})
        say(session, bot_id, author, "identity.taken_away", at=at)


def _is_month(nik: str) -> bool:
    return 1 <= int(nik[8:10]) <= 12
