"""Where can I go: looking for a facility, and looking at one."""

from datetime import datetime

from sqlalchemy.orm import Session
from telegram import InlineQuery

from handlers.call import Call
from services import talk
from services.facility import ask, inline, page, show
from services.facility.wish import Wish
from services.mail import Chrome


def find(call: Call) -> None:
    """Somebody says /faskes, perhaps with a place behind it."""
    talk.find_facility(call.session, call.caller, call.payload, at=call.at)


def ask_place(call: Call) -> None:
    """Somebody taps «Cari dari tempat lain»."""
    talk.find_facility(call.session, call.caller, "", at=call.at)


def choose(call: Call) -> None:
    """Somebody taps one of several places."""
    ask.choose(call.session, call.caller, Wish.unpack(call.text()), at=call.at)


def change(call: Call) -> None:
    """Somebody taps a filter, «Lagi» or «Kembali» under a list."""
    wish = Wish.unpack(call.text())
    show.change_to(call.session, call.caller, wish, call.pressed_message_id, at=call.at)


def offer_needs(call: Call) -> None:
    """Somebody taps «Syarat lain»."""
    wish = Wish.unpack(call.text())
    show.offer_needs(call.session, call.caller, wish, call.pressed_message_id, at=call.at)


def open_(call: Call) -> None:
    """Somebody taps the number of a facility in a list."""
    page.show(
        call.session,
        call.caller,
        call.number(),
        Wish.unpack(call.text(2)),
        call.pressed_message_id,
        at=call.at,
    )


def send_venue(call: Call) -> None:
    """Somebody taps «Titik di peta»."""
    page.send_venue(call.session, call.caller, call.number(), at=call.at)


def remember(call: Call) -> None:
    """Somebody taps «Ingat sebagai faskes saya»."""
    _keep(call, keep=True)


def forget(call: Call) -> None:
    """Somebody taps «Lupakan faskes saya»."""
    _keep(call, keep=False)


def is_complaint(call: Call) -> None:
    """Somebody taps «Ini keluhan»: the words above were no place."""
    talk.complain(call.session, call.caller, call.replied_words, at=call.at)


def answer_inline(session: Session, bot_id: int, query: InlineQuery, *, at: datetime) -> Chrome:
    """Somebody writes the bot's name and a few words in any chat; nobody is got to know by it."""
    return inline.answer(session, bot_id, query.id, query.query, at=at)


def _keep(call: Call, *, keep: bool) -> None:
    wish = Wish.unpack(call.text())
    ask.remember(call.session, call.caller, wish, keep=keep)
    show.change_to(call.session, call.caller, wish, call.pressed_message_id, at=call.at)
