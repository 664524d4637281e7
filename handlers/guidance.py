"""The articles of «Panduan JKN», and questions that they do not answer."""

from handlers.call import Call
from services.guidance import inquiry, page, question


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
