"""Passing words from one side of a consultation to the other, and to nobody else.

Text goes out from our stored copy, masked and headed; only media are copied by Telegram. Every
message has a pair row for each chat it stands in, through which replies and edits find their way.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed
from models.mail import Outgoing
from models.message import Message, Pair, Part, Words
from models.person import Person
from services import credential, person
from services.content import Html, escape, words
from services.mail import Answer, post, reply, say, tell, the_id_of
from services.text import CAPTION_LIMIT, LIMIT, mask, split, units

CAPTIONED = frozenset({"photo", "video", "animation", "audio", "document", "voice"})
"""Media that carry a caption: ours, with the header, in place of the writer's."""
PASSED_ON = CAPTIONED | {"text", "sticker", "video_note", "location", "venue", "contact", "dice"}
ALBUM_WAIT = timedelta(seconds=1)
"""Telegram marks no album's end; its items arrive within about a second (reliability §1)."""
HEADER_ROOM = 200
"""UTF-16 units kept for the header in front of a text."""


def keep(
    session: Session,
    consultation: Consultation,
    author: Person,
    said: Words,
    part: Part,
    *,
    at: datetime,
) -> Message:
    """Store one message of a consultation and where its author wrote it."""
    message = Message(author_id=author.id, part=part, album=said.album, at=at)
    message.consultation = consultation
    message.write(
        session, kind=said.kind, text=said.text, forwarded=said.forwarded, reply_to=said.reply_to
    )
    source = Pair(
        bot_id=consultation.bot_id, chat_id=said.chat_id, telegram_message_id=said.message_id
    )
    source.message = message
    session.add_all([message, source])
    return message


def pass_on(
    session: Session, consultation: Consultation, author: Person, said: Words, *, at: datetime
) -> None:
    """Keep what one side said and give it to the other side.

    Raises NotAllowed for a worker whose licence no longer holds: nothing is passed on.
    """
    if author.id != consultation.asker_id and credential.worker(session, author, at=at) is None:
        raise NotAllowed("refusal.no_licence")
    message = keep(session, consultation, author, said, Part.TALK, at=at)
    copy(session, message, said, author, other_side(session, consultation, author), at=at)


def other_side(session: Session, consultation: Consultation, author: Person) -> Person:
    """Give the one person who may read what this one wrote."""
    if consultation.asker_id == author.id:
        assert consultation.worker is not None  # noqa: S101 - active, so somebody has it
        return consultation.worker
    return consultation.asker


def catch_up(session: Session, consultation: Consultation, worker: Person, *, at: datetime) -> None:
    """Show a worker everything that was said before they took the consultation."""
    earlier = session.execute(
        select(Message, Pair)
        .join(Pair, Pair.message_id == Message.id)
        .where(Message.consultation_id == consultation.id, Pair.outbox_key.is_(None))
        .where(Message.part != Part.ADVICE, Message.sealed.is_not(None))
        .order_by(Message.id)
    )
    for message, source in earlier:
        document = message.read(session)
        said = Words(
            chat_id=source.chat_id,
            message_id=source.telegram_message_id or 0,
            kind=document["kind"],
            text=document["text"],
            album=message.album,
            forwarded=document.get("forwarded", False),
        )
        author = session.get_one(Person, message.author_id)
        if author.id == worker.id:
            continue
        copy(session, message, said, author, worker, at=at)
        if message.newest(session) != said.text:
            _send_correction(session, message, author, worker, at=at)


def copy(
    session: Session, message: Message, said: Words, author: Person, to: Person, *, at: datetime
) -> None:
    """Send one kept message to one person of its consultation."""
    head = _header(session, message.consultation, author, forwarded=said.forwarded)
    answers = _counterpart(session, message.consultation, said, to)
    text = mask(said.text)
    if said.album is not None:
        _copy_album(session, message, said, head, to, at=at)
        if text:
            _send_text(session, message, head, text, to, None, at=at)
    elif said.kind == "text":
        _send_text(session, message, head, text, to, answers, at=at)
    elif said.kind in CAPTIONED and units(text) <= CAPTION_LIMIT - HEADER_ROOM:
        caption = f"{head}\n{escape(text)}" if text else head
        _copy_medium(session, message, said, to, answers, at=at, caption=caption)
    elif said.kind in CAPTIONED:
        _copy_medium(session, message, said, to, answers, at=at, caption=head)
        _send_text(session, message, head, text, to, None, at=at)
    else:
        _send_text(session, message, head, "", to, answers, at=at)
        _copy_medium(session, message, said, to, None, at=at)


def correct(session: Session, bot_id: int, author: Person, said: Words, *, at: datetime) -> None:
    """Keep an edit beside the original, and show it to the other side as a correction."""
    message = session.scalar(
        select(Message)
        .join(Pair, Pair.message_id == Message.id)
        .where(
            Pair.bot_id == bot_id,
            Pair.chat_id == said.chat_id,
            Pair.telegram_message_id == said.message_id,
            Pair.outbox_key.is_(None),
            Message.author_id == author.id,
        )
        .limit(1)
    )
    if message is None or message.sealed is None:
        return
    document = message.read(session)
    if said.text == message.newest(session):
        return
    document["edits"] = [*document.get("edits", []), said.text]
    message.write(session, **document)
    one = message.consultation
    if not one.is_open or author.id not in (one.asker_id, one.worker_id):
        say(session, bot_id, author, "relay.edit_too_late", at=at, reply_to=said.message_id)
    elif one.status is Status.ACTIVE and message.part is not Part.ADVICE:
        if author.id != one.asker_id and credential.worker(session, author, at=at) is None:
            raise NotAllowed("refusal.no_licence")
        _send_correction(session, message, author, other_side(session, one, author), at=at)


def delivered(session: Session, row: Outgoing, answer: Answer, *, at: datetime) -> None:
    """Note where a copy now stands, or tell its writer that it did not arrive."""
    pairs = session.scalars(select(Pair).where(Pair.outbox_key == row.key).order_by(Pair.id)).all()
    if answer.error is None:
        results = answer.result if isinstance(answer.result, list) else [answer.result]
        # An album is copied in the order of its items; one that vanished leaves the rest unknown.
        ordered = sorted(pairs, key=lambda pair: _source_of(session, pair.message) or 0)
        if len(ordered) == len(results):
            for pair, result in zip(ordered, results, strict=True):
                pair.telegram_message_id = result["message_id"]
        return
    for message_id in {pair.message_id for pair in pairs}:
        message = session.get_one(Message, message_id)
        author = session.get_one(Person, message.author_id)
        one = message.consultation
        if one.worker is None or row.chat_id not in (one.asker.telegram_id, one.worker.telegram_id):
            continue  # the next worker gets it, or got it, with everything else
        if author.id not in (one.asker_id, one.worker_id):
            continue  # who has left it cannot say it again
        say(
            session,
            row.bot_id,
            author,
            _trouble(answer),
            at=at,
            consultation=message.consultation,
            reply_to=_source_of(session, message),
        )


def _trouble(answer: Answer) -> str:
    if answer.unknown:
        return "relay.unsure"
    return "relay.unreachable" if answer.unreachable else "relay.failed"


def find(session: Session, bot_id: int, chat_id: int, telegram_message_id: int) -> Message | None:
    """Give the message that stands at this place of a chat, on either side."""
    return session.scalar(
        select(Message)
        .join(Pair, Pair.message_id == Message.id)
        .where(
            Pair.bot_id == bot_id,
            Pair.chat_id == chat_id,
            Pair.telegram_message_id == telegram_message_id,
        )
        .limit(1)
    )


# ── the sending itself ──────────────────────────────────────────────────────────────────────────


def _send_correction(
    session: Session, message: Message, author: Person, to: Person, *, at: datetime
) -> None:
    head = _header(session, message.consultation, author, key="relay.correction")
    place = _standing_in(session, message, to)
    _send_text(session, message, head, mask(message.newest(session)), to, place, at=at)


def _header(
    session: Session,
    consultation: Consultation,
    author: Person,
    *,
    key: str | None = None,
    forwarded: bool = False,
) -> Html:
    if author.id == consultation.asker_id:
        name: object = person.name_of(session, consultation.asker)
        head = words("relay.from_asker", number=consultation.number, name=name)
    elif author.id == consultation.worker_id:
        head = words("relay.from_worker", worker=consultation.read(session)["worker"])
    else:
        former = credential.known_as(session, author)
        head = words("relay.from_worker", worker=former)
    if key is not None:
        head = Html(f"{head}\n{words(key)}")
    return Html(f"{head}\n{words('relay.forwarded')}") if forwarded else head


def _send_text(
    session: Session,
    message: Message,
    head: Html,
    text: str,
    to: Person,
    answers: int | dict[str, str] | None,
    *,
    at: datetime,
) -> None:
    consultation = message.consultation
    parts = split(text, LIMIT - HEADER_ROOM)
    for count, part in enumerate(parts, start=1):
        numbered = f" ({count}/{len(parts)})" if len(parts) > 1 else ""
        row = tell(
            session,
            consultation.bot_id,
            to,
            Html(f"{head}{numbered}\n{escape(part)}".rstrip()),
            at=at,
            consultation=consultation,
            reply_to=answers if count == 1 else None,
            ref=answers["$ref"] if count == 1 and isinstance(answers, dict) else None,
            then="relay.delivered",
            protect=to.id != consultation.asker_id,
        )
        _pair(session, message, row)


def _copy_medium(
    session: Session,
    message: Message,
    said: Words,
    to: Person,
    answers: int | dict[str, str] | None,
    *,
    at: datetime,
    caption: str | None = None,
) -> None:
    consultation = message.consultation
    params: dict[str, Any] = {
        "chat_id": to.telegram_id,
        "from_chat_id": said.chat_id,
        "message_id": said.message_id,
        "protect_content": to.id != consultation.asker_id,
    }
    if caption is not None:
        params |= {"caption": caption, "parse_mode": "HTML"}
    if answers is not None:
        params["reply_parameters"] = reply(answers)
    row = post(
        session,
        consultation.bot_id,
        to.telegram_id,
        "copyMessage",
        params,
        at=at,
        consultation=consultation,
        ref=answers["$ref"] if isinstance(answers, dict) else None,
        then="relay.delivered",
    )
    _pair(session, message, row)


def _copy_album(
    session: Session, message: Message, said: Words, head: Html, to: Person, *, at: datetime
) -> None:
    """Add one item to the album's single row, or begin it with its header."""
    consultation = message.consultation
    session.flush()
    row = session.scalar(
        select(Outgoing)
        .join(Pair, Pair.outbox_key == Outgoing.key)
        .join(Message, Message.id == Pair.message_id)
        .where(
            Message.consultation_id == consultation.id,
            Message.album == said.album,
            Outgoing.method == "copyMessages",
            Outgoing.chat_id == to.telegram_id,
            Outgoing.attempted_at.is_(None),
            Outgoing.settled_at.is_(None),
        )
        .limit(1)
    )
    if row is None:
        _send_text(session, message, head, "", to, None, at=at)
        row = post(
            session,
            consultation.bot_id,
            to.telegram_id,
            "copyMessages",
            {
                "chat_id": to.telegram_id,
                "from_chat_id": said.chat_id,
                "message_ids": [said.message_id],
                "remove_caption": True,
                "protect_content": to.id != consultation.asker_id,
            },
            at=at,
            consultation=consultation,
            then="relay.delivered",
            not_before=at + ALBUM_WAIT,
        )
    else:
        params = row.read(session)["params"]
        params["message_ids"] = sorted({*params["message_ids"], said.message_id})
        row.write(session, params=params)
        row.not_before_at = at + ALBUM_WAIT
    _pair(session, message, row)


def _pair(session: Session, message: Message, row: Outgoing) -> None:
    pair = Pair(bot_id=row.bot_id, chat_id=row.chat_id, outbox_key=row.key)
    pair.message = message
    session.add(pair)


def _counterpart(
    session: Session, consultation: Consultation, said: Words, to: Person
) -> int | dict[str, str] | None:
    """Where the message that this one answers stands in the other chat."""
    if said.reply_to is None:
        return None
    answered = find(session, consultation.bot_id, said.chat_id, said.reply_to)
    if answered is None or answered.consultation_id != consultation.id:
        return None
    return _standing_in(session, answered, to)


def _standing_in(session: Session, message: Message, to: Person) -> int | dict[str, str] | None:
    pair = session.scalar(
        select(Pair)
        .where(Pair.message_id == message.id, Pair.chat_id == to.telegram_id)
        .order_by(Pair.id)
        .limit(1)
    )
    if pair is None:
        return None
    if pair.telegram_message_id is None and pair.outbox_key is not None:
        return the_id_of(pair.outbox_key)
    return pair.telegram_message_id


def _source_of(session: Session, message: Message) -> int | None:
    return session.scalar(
        select(Pair.telegram_message_id)
        .where(Pair.message_id == message.id, Pair.outbox_key.is_(None))
        .limit(1)
    )
