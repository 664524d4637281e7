"""Keeping what people say in a consultation, and giving it to the other side."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed
from models.message import File, Message, Part, Words
from models.person import Person
from models.seal import Unreadable
from services import credential, desk, identity, media, opinion
from services.content import plain
from services.mail import Button, say
from services.relay.sending import UNSENT, copy, copy_together, send_correction


def keep(
    session: Session,
    consultation: Consultation,
    author: Person,
    said: Words,
    part: Part,
    *,
    at: datetime,
) -> Message:
    """Store one message of a consultation and where its author wrote it; a text that shows a NIK or
    a card number leaves that chat."""
    message = Message(
        author_id=author.id,
        part=part,
        album=said.album,
        at=at,
        chat_id=said.chat_id,
        telegram_message_id=said.message_id,
    )
    message.consultation = consultation
    document: dict[str, Any] = {"kind": said.kind, "text": said.text, "forwarded": said.forwarded}
    if said.file is not None and said.kind in media.COPIED:
        document["file"] = media.want(session, message, said.file, at=at)
        if media.is_too_large(said.file):
            say(session, consultation.bot_id, author, "relay.too_large", at=at,
                consultation=consultation, reply_to=said.message_id)  # fmt: skip
    message.write(session, **document, reply_to=said.reply_to)
    session.add(message)
    if part is not Part.ADVICE and identity.shows(said):  # advice is read once more before it goes
        identity.take_away(session, consultation.bot_id, author, said, at=at)
    return message


def pass_on(
    session: Session, consultation: Consultation, author: Person, said: Words, *, at: datetime
) -> None:
    """Keep what one side said and give it to the other side.

    Raises NotAllowed for a worker whose licence no longer holds, and for a telephone number that
    a worker would give away: nothing is passed on.
    """
    if author.id != consultation.asker_id and credential.worker(session, author, at=at) is None:
        raise NotAllowed("refusal.no_licence")
    if author.id != consultation.asker_id and said.kind == "contact":
        raise NotAllowed("refusal.own_number")
    if consultation.place is None and author.id == consultation.asker_id:
        desk.place.take_up(session, consultation)
    message = keep(session, consultation, author, said, Part.TALK, at=at)
    copy(session, message, said, author, other_side(session, consultation, author), at=at)


def note(
    session: Session, consultation: Consultation, author: Person, said: Words, *, at: datetime
) -> None:
    """Keep what a worker wrote for themselves, for whoever has the consultation, takes it next or
    is asked about it; the asker never reads it."""
    message = keep(session, consultation, author, said, Part.NOTE, at=at)
    treats = [consultation.worker] if consultation.worker is not None else []
    for reader in (*treats, *opinion.readers(session, consultation)):
        if reader.id != author.id:
            copy(session, message, said, author, reader, at=at)


def send_together(
    session: Session, consultation: Consultation, author: Person, *, at: datetime
) -> int:
    """Give the asker in one message what a worker has collected for them; tell how much it was.

    Raises NotAllowed for a worker whose licence no longer holds: nothing is passed on.
    """
    if credential.worker(session, author, at=at) is None:
        raise NotAllowed("refusal.no_licence")
    collected = session.scalars(
        select(Message)
        .where(
            Message.consultation_id == consultation.id,
            Message.author_id == author.id,
            Message.part == Part.BUNDLE,
        )
        .order_by(Message.id)
    ).all()
    for one in collected:
        one.part, one.at = Part.TALK, at
    if collected:
        copy_together(session, collected, author, consultation.asker, at=at)
    return len(collected)


def other_side(session: Session, consultation: Consultation, author: Person) -> Person:
    """Give the one person who may read what this one wrote."""
    if consultation.asker_id == author.id:
        assert consultation.worker is not None  # noqa: S101 - active, so somebody has it
        return consultation.worker
    return consultation.asker


def catch_up(session: Session, consultation: Consultation, worker: Person, *, at: datetime) -> None:
    """Show a worker everything that was said before they took the consultation."""
    earlier = session.scalars(
        select(Message)
        .where(Message.consultation_id == consultation.id)
        .where(Message.part != Part.ADVICE, Message.sealed.is_not(None))
        .order_by(Message.id)
    )
    for message in earlier:
        document = _document(session, message)
        said = _said(message, document)
        author = session.get_one(Person, message.author_id)
        if author.id == worker.id:
            continue
        copy(session, message, said, author, worker, at=at)
        if document.get("edits"):
            send_correction(session, message, author, worker, at=at)


def send_medium(session: Session, message: Message, to: Person, *, at: datetime) -> None:
    """Send a medium to whom a line was shown in its place; the caption stood there already.

    Raises Unreadable where the message is damaged, or is no medium."""
    document = message.read(session)
    if document.get("kind") not in media.COPIED:
        raise Unreadable("no medium")
    said = replace(_said(message, document), text="")
    author = session.get_one(Person, message.author_id)
    copy(session, message, said, author, to, at=at, is_wanted=True)


def _said(message: Message, document: dict[str, Any]) -> Words:
    """Give the words again as they came."""
    file = document.get("file")
    return Words(
        chat_id=message.chat_id,
        message_id=message.telegram_message_id,
        kind=document["kind"],
        text=document["text"],
        album=message.album,
        forwarded=document.get("forwarded", False),
        file=File(file["id"], file["size"]) if file else None,
    )


def _document(session: Session, message: Message) -> dict[str, Any]:
    """A message that is damaged must not keep the consultation from every worker."""
    try:
        return message.read(session)
    except Unreadable:
        return {"kind": "text", "text": plain("relay.unreadable")}


def correct(
    session: Session, bot_id: int, author: Person, said: Words, *, at: datetime
) -> Message | None:
    """Keep an edit beside the original, and show it to the other side as a correction; with a NIK
    or a card number in it, it leaves the chat. Give the message; None where nothing changed."""
    message = session.scalar(
        select(Message)
        .join(Message.consultation)
        .where(
            Consultation.bot_id == bot_id,
            Message.chat_id == said.chat_id,
            Message.telegram_message_id == said.message_id,
            Message.author_id == author.id,
        )
        .order_by(Message.id)
        .limit(1)
    )
    if message is None or message.sealed is None:
        return None
    document = message.read(session)
    if said.text == message.newest(session):
        return None
    document["edits"] = [*document.get("edits", []), said.text]
    message.write(session, **document)
    if message.part is not Part.ADVICE and identity.shows(said):
        identity.take_away(session, bot_id, author, said, at=at)
    elif media.is_kept(session, message):
        identity.take_away_medium(session, message, at=at)
    one = message.consultation
    if message.part in (Part.ADVICE, Part.AMENDMENT) and "sent" not in document:
        return None  # it goes out as it was last written
    if "sent" in document:
        again = [[Button("button.amend", f"amend:{one.id}")]]
        say(session, bot_id, author, "amendment.offer", at=at, number=one.number, buttons=again)
    elif not one.is_open or author.id not in (one.asker_id, one.worker_id):
        say(session, bot_id, author, "relay.edit_too_late", at=at, reply_to=said.message_id)
    elif one.status is Status.ACTIVE and message.part not in (Part.ADVICE, *UNSENT):
        if author.id != one.asker_id and credential.worker(session, author, at=at) is None:
            raise NotAllowed("refusal.no_licence")
        send_correction(session, message, author, other_side(session, one, author), at=at)
    return message
