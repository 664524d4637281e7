"""The articles of «Panduan JKN», and questions that they do not answer."""

from handlers.call import Call
from services.guidance import inquiry, page, question, teaching
from services.guidance import turn as turn_


def show_shelf(call: Call) -> None:
    """Somebody taps a shelf."""
    page.show_shelf(call.session, call.caller, call.text(), at=call.at)


def show(call: Call) -> None:
    """Somebody taps the title of an article."""
    page.show(call.session, call.caller, call.text(), at=call.at)


def turn(call: Call) -> None:
    """Somebody taps «Lanjut» or «Kembali»."""
    page.turn(
        call.session,
        call.caller,
        call.text(),
        call.number(2),
        call.pressed_message_id,
        at=call.at,
    )


def offer_help(call: Call) -> None:
    """Somebody taps «Minta bantuan»."""
    page.offer_help(call.session, call.caller, call.text(), at=call.at)


def inquire(call: Call) -> None:
    """Somebody taps «Tanya petugas»."""
    inquiry.begin(call.session, call.caller, call.text(), at=call.at)


def ask(call: Call) -> None:
    """Somebody taps «Tanya dengan kata sendiri»."""
    question.begin(call.session, call.caller, at=call.at)


def not_that(call: Call) -> None:
    """Somebody taps «Bukan ini» below the article that answered them."""
    question.not_that(call.session, call.caller, call.replied_words, at=call.at)


def forward(call: Call) -> None:
    """Somebody taps «Teruskan ke petugas» below what was not understood."""
    inquiry.forward(call.session, call.caller, call.replied_words, at=call.at)


def offer_lessons(call: Call) -> None:
    """Somebody taps «Belajar antrean online»."""
    teaching.offer(call.session, call.caller, at=call.at)


def show_step(call: Call) -> None:
    """Somebody taps a lesson, «Sudah», or the way back."""
    teaching.show(call.session, call.caller, call.text(), call.number(2), at=call.at)


def say_again(call: Call) -> None:
    """Somebody taps «Bingung»."""
    teaching.say_again(call.session, call.caller, call.text(), call.number(2), at=call.at)


def offer_troubles(call: Call) -> None:
    """Somebody taps «Tidak bisa»."""
    teaching.offer_troubles(call.session, call.caller, call.text(), call.number(2), at=call.at)


def show_trouble(call: Call) -> None:
    """Somebody taps what goes wrong."""
    name, number, trouble = call.text(), call.number(2), call.text(3)
    teaching.show_trouble(call.session, call.caller, name, number, trouble, at=call.at)


def ask_volunteer(call: Call) -> None:
    """Somebody taps «Minta diajari kader»."""
    teaching.ask_volunteer(call.session, call.caller, at=call.at)


def offer_days(call: Call) -> None:
    """Somebody taps «Ingatkan saya»."""
    turn_.offer_days(call.session, call.caller, call.text(), at=call.at)


def choose_day(call: Call) -> None:
    """Somebody taps the day of their queue number."""
    turn_.choose(call.session, call.caller, call.text(), call.number(2), at=call.at)


def forget_turn(call: Call) -> None:
    """Somebody taps «Tidak perlu diingatkan»."""
    turn_.forget(call.session, call.caller, at=call.at)


def refuse(call: Call) -> None:
    """A petugas JKN taps «Ini soal sakit, bukan JKN»."""
    inquiry.refuse(call.session, call.caller, call.number(), at=call.at)
