"""Advice on paper: a page or two, made when somebody asks for it."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.message import Message, Part
from services import day, sheet
from services.content import plain
from services.paper.setting import LARGE, Line, printable, wrap, write
from services.text import clean


def make(session: Session, found: Consultation, *, today: date) -> bytes:
    """Give the advice of a consultation and its corrections as a PDF; raises Unreadable."""
    return write(list(_lines(session, found, today)))


def _lines(session: Session, found: Consultation, today: date) -> Iterator[Line]:
    given = sheet.given(session, found)
    yield from wrap(plain("paper.title"), LARGE, is_bold=True)
    about = plain("paper.about", number=found.number, who=sheet.who(session, found))
    yield from wrap(about)
    for message in given:
        yield from _advice(session, found, message)
    yield Line(b"")
    yield from wrap(plain("paper.foot", day=day.text(today)))
    texts = [sheet.text_of(session, message) for message in given]
    if any(len(printable(text)) < len(clean(text).expandtabs(2)) for text in texts):
        yield from wrap(plain("paper.left_out"))


def _advice(session: Session, found: Consultation, message: Message) -> Iterator[Line]:
    under = sheet.signed(session, message)
    on = day.text(date.fromisoformat(under["on"]))
    is_first = message.part is Part.ADVICE
    yield Line(b"")
    yield from wrap(plain("paper.advice" if is_first else "paper.amended", day=on), is_bold=True)
    yield from wrap(sheet.text_of(session, message))
    for line in sheet.beside(session, message):
        yield from wrap(line)
    if is_first and found.outcome is not None:
        yield from wrap(plain(f"paper.{found.outcome}"))
    yield Line(b"")
    yield from wrap(sheet.signature_in_print(session, message))
