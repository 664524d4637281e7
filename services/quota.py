"""«Hemat kuota»: to whom data cost much, media come as a line with their size, and on a tap."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.mail import Outgoing
from models.message import Message, Words
from models.person import Person
from models.seal import Unreadable
from services import consultation, person, relay
from services.content import plain
from services.mail import Button, say
from services.person import Caller

KILO, MEGA = 1000, 1000 * 1000


def offer(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say what it is and whether it is on, with the other choice below."""
    is_on = is_frugal(session, caller.person)
    button = (
        Button("button.frugal_off", "frugal:0") if is_on else Button("button.frugal_on", "frugal:1")
    )
    key = "quota.is_on" if is_on else "quota.is_off"
    say(session, caller.bot_id, caller.person, key, at=at, buttons=[[button]])


def choose(session: Session, caller: Caller, is_on: bool, *, at: datetime) -> None:
    """Turn it on or off, for whatever comes from now on."""
    known = person.document(session, caller.person)
    caller.person.write(session, **known | {"frugal": is_on})
    key = "quota.on" if is_on else "quota.off"
    say(session, caller.bot_id, caller.person, key, at=at)


def is_frugal(session: Session, somebody: Person) -> bool:
    """Tell whether somebody chose it."""
    return bool(person.document(session, somebody).get("frugal"))


def line(said: Words) -> str:
    """Give what stands for a medium until it is wanted: «Foto, 240 KB»."""
    what = plain("medium.album") if said.album is not None else plain(f"medium.{said.kind}")
    size = said.file.size if said.file is not None and said.album is None else None
    if size is None:
        return what
    if size < MEGA:
        return plain("quota.kilo", what=what, count=max(size // KILO, 1))
    return plain("quota.mega", what=what, count=f"{size / MEGA:.1f}".replace(".", ","))


def fetch(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Send a medium, or the whole album, to the one of its consultation who taps; once, however
    often it is tapped while it is on its way."""
    wanted = session.get(Message, message_id)
    if wanted is None or wanted.author_id == caller.person.id:
        raise NotFound
    consultation.access(session, caller, wanted.consultation_id)
    if _is_coming(session, wanted, caller.person):
        return
    for each in [wanted] if wanted.album is None else _album(session, wanted):
        try:
            relay.send_medium(session, each, caller.person, at=at)
        except Unreadable:
            raise NotFound("relay.gone") from None


def _album(session: Session, wanted: Message) -> Sequence[Message]:
    album = select(Message).where(
        Message.consultation_id == wanted.consultation_id, Message.album == wanted.album
    )
    return session.scalars(album.order_by(Message.telegram_message_id)).all()


def _is_coming(session: Session, wanted: Message, to: Person) -> bool:
    rows = select(Outgoing.seq).where(
        Outgoing.message_id == wanted.id,
        Outgoing.chat_id == to.telegram_id,
        Outgoing.method.in_(("copyMessage", "copyMessages")),
        Outgoing.settled_at.is_(None),
    )
    return session.scalar(rows.limit(1)) is not None
