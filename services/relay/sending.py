"""The sending itself: text from our stored copy, masked and headed; media copied by Telegram."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.mail import Fate, Lane, Outgoing
from models.message import Message, Pair, Part, Words
from models.person import Person
from services import media, quota
from services.content import Html, escape
from services.mail import Answer, Button, Buttons, mark, post, reply, say, tell
from services.relay.again import send_again
from services.relay.heading import header
from services.relay.joining import HEADER_ROOM, join
from services.relay.place import counterpart, standing_in
from services.text import CAPTION_LIMIT, LIMIT, mask, split, units

CAPTIONED = frozenset({"photo", "video", "animation", "audio", "document", "voice"})
"""Media that carry a caption: ours, with the header, in place of the writer's."""
PASSED_ON = CAPTIONED | {"text", "sticker", "video_note", "location", "venue", "contact", "dice"}
UNSENT = frozenset({Part.NOTE, Part.BUNDLE})
"""What no asker ever reads."""
ALBUM_WAIT = timedelta(seconds=1)
"""Telegram marks no album's end; its items arrive within about a second."""
PARTS = 50
"""Rows within which all parts of one message stand: they are made together."""


def copy(
    session: Session,
    message: Message,
    said: Words,
    author: Person,
    to: Person,
    *,
    at: datetime,
    is_wanted: bool = False,
) -> None:
    """Send one kept message to one person of its consultation; who saves data gets a line for a
    medium, until they tap it (`is_wanted`)."""
    key = "relay.note" if message.part in UNSENT else None
    head = header(session, message.consultation, author, to, key=key, forwarded=said.forwarded)
    answers = counterpart(session, message.consultation, said, to)
    text = mask(said.text)
    if said.kind in media.COPIED and not is_wanted and quota.is_frugal(session, to):
        _offer_medium(session, message, said, head, text, to, answers, at=at)
    elif said.album is not None:
        _copy_album(session, message, said, head, to, at=at)
        if text:
            _send_text(session, message, head, text, to, None, at=at)
    elif said.kind == "text":
        is_alone = said.reply_to is not None or said.forwarded
        if is_alone or not join(session, message, text, to):
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


def copy_together(
    session: Session, messages: Sequence[Message], author: Person, to: Person, *, at: datetime
) -> None:
    """Send several kept texts of one author as one message; each can be answered and corrected."""
    first = messages[0]
    text = mask("\n\n".join(one.newest(session) for one in messages))
    head = header(session, first.consultation, author, to)
    rows = _send_text(session, first, head, text, to, None, at=at)
    rows[0].write(session, **rows[0].read(session), joined=[one.id for one in messages[1:]])


def put_question(
    session: Session, message: Message, author: Person, to: Person, *, at: datetime
) -> None:
    """Put a kept text as the one question that has to be answered first."""
    head = header(session, message.consultation, author, to, key="relay.question")
    _send_text(session, message, head, mask(message.newest(session)), to, None, at=at)


def send_correction(
    session: Session, message: Message, author: Person, to: Person, *, at: datetime
) -> None:
    """Show the other side what a message was changed to, in answer to what it was before."""
    head = header(session, message.consultation, author, to, key="relay.correction")
    place = standing_in(session, message, to)
    _send_text(session, message, head, mask(message.newest(session)), to, place, at=at)


def delivered(session: Session, row: Outgoing, answer: Answer, *, at: datetime) -> None:
    """Note where a copy now stands, or tell its writer that it did not arrive."""
    carried = _carried(session, row)
    results = answer.result if isinstance(answer.result, list) else [answer.result] * len(carried)
    if not carried:
        return  # its writer erased the account
    if answer.error is None and len(carried) == len(results):
        # An album is copied in the order of its items.
        for message, result in zip(carried, results, strict=True):
            note_place(session, row, message.id, result["message_id"])
        _mark_arrived(session, row, carried[-1], at=at)
        return
    lost = send_again(session, row, carried, answer, at=at)
    for message in lost if row.method != "copyMessages" else lost[:1]:
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
            consultation=one,
            reply_to=message.telegram_message_id,
        )


def note_place(session: Session, row: Outgoing, message_id: int, telegram_message_id: int) -> None:
    """Note where a copy of a message stands, so that replies to it find it."""
    place = {"chat_id": row.chat_id, "telegram_message_id": telegram_message_id}
    session.add(Pair(message_id=message_id, bot_id=row.bot_id, **place))


def _carried(session: Session, row: Outgoing) -> Sequence[Message]:
    """Give the messages of which this row is the copy: one with what joined it, or the items of
    an album."""
    first = session.get_one(Message, row.message_id)
    if row.method != "copyMessages":
        joined = row.read(session).get("joined", [])
        return [first, *(session.get_one(Message, number) for number in joined)]
    items = row.read(session)["params"]["message_ids"]
    return session.scalars(
        select(Message)
        .where(
            Message.consultation_id == first.consultation_id,
            Message.chat_id == first.chat_id,
            Message.telegram_message_id.in_(items),
        )
        .order_by(Message.telegram_message_id)
    ).all()


def _mark_arrived(session: Session, row: Outgoing, message: Message, *, at: datetime) -> None:
    """Put a mark on the newest words of an asker: they stand in the worker's chat, and so does
    what was said before. Where somebody has spoken since, that is the receipt."""
    one = message.consultation
    if message.part is not Part.TALK or message.author_id != one.asker_id:
        return
    if one.worker is None or row.chat_id != one.worker.telegram_id:
        return
    if quota.is_frugal(session, one.asker):
        return  # the answer is receipt enough
    text = message.newest(session)
    if mask(text) != text:
        return  # it has left the chat, and there is nothing to mark
    spoken = select(Message.id).where(
        Message.consultation_id == one.id, Message.id > message.id, Message.part == Part.TALK
    )
    missing = select(Outgoing.seq).where(
        Outgoing.seq.between(row.seq - PARTS, row.seq + PARTS),
        Outgoing.seq != row.seq,
        Outgoing.message_id == message.id,
        Outgoing.chat_id == row.chat_id,
        or_(Outgoing.settled_at.is_(None), Outgoing.fate == Fate.DEAD),
    )
    if session.scalar(spoken.limit(1)) is None and session.scalar(missing.limit(1)) is None:
        mark(
            session,
            row.bot_id,
            one.asker.telegram_id,
            message.telegram_message_id,
            "👀",
            at=at,
            lane=Lane.REMINDER,
        )


def _trouble(answer: Answer) -> str:
    if answer.unknown:
        return "relay.unsure"
    return "relay.unreachable" if answer.unreachable else "relay.failed"


def _send_text(
    session: Session,
    message: Message,
    head: Html,
    text: str,
    to: Person,
    answers: int | dict[str, str] | None,
    *,
    at: datetime,
    buttons: Buttons = (),
) -> list[Outgoing]:
    consultation = message.consultation
    rows = []
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
            buttons=buttons if count == 1 else (),
        )
        row.message_id = message.id
        rows.append(row)
    return rows


def _offer_medium(
    session: Session,
    message: Message,
    said: Words,
    head: Html,
    text: str,
    to: Person,
    answers: int | dict[str, str] | None,
    *,
    at: datetime,
) -> None:
    """Send a line in place of a medium; one line for an album."""
    session.flush()
    earlier = select(Message.id).where(
        Message.consultation_id == message.consultation_id,
        Message.album == said.album,
        Message.id < message.id,
    )
    if said.album is None or session.scalar(earlier.limit(1)) is None:
        line = f"{quota.line(said)}\n{text}".rstrip()
        fetch = [[Button("button.fetch", f"fetch:{message.id}")]]
        _send_text(session, message, head, line, to, answers, at=at, buttons=fetch)
    elif text:
        _send_text(session, message, head, text, to, None, at=at)


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
    row.message_id = message.id


def _copy_album(
    session: Session, message: Message, said: Words, head: Html, to: Person, *, at: datetime
) -> None:
    """Add one item to the album's single row, or begin it with its header."""
    consultation = message.consultation
    session.flush()
    row = session.scalar(
        select(Outgoing)
        .join(Message, Message.id == Outgoing.message_id)
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
        row.message_id = message.id
    else:
        params = row.read(session)["params"]
        params["message_ids"] = sorted({*params["message_ids"], said.message_id})
        row.write(session, params=params)
        row.not_before_at = at + ALBUM_WAIT
