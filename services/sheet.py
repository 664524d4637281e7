"""Advice as people read it: one message in clear parts, as it was sent and under which licence."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome
from models.mail import Lane
from models.message import Message, Pair, Part
from models.role import Role
from models.seal import Unreadable
from services import credential, day, patient, privacy
from services.content import Html, escape, plain, words
from services.mail import Button, Buttons, tell
from services.text import LIMIT, mask, split, units

ON_THE_WAY = (Outcome.VISIT_FKTP, Outcome.REFERRED, Outcome.NOT_SUITABLE)
"""Those that send the asker to the facility, at once."""
PRESCRIPTION = "fktp"
"""In place of a medicine: it is prescribed at the facility."""
ROOM = 850
"""UTF-16 units kept for what stands around the advice."""


def sign(
    session: Session, message: Message, role: Role, closing: Mapping[str, Any], *, at: datetime
) -> None:
    """Fix what is sent and what is kept beside it, under which name and licence and on which day:
    no later edit and no later licence changes it."""
    assert role.facility is not None  # noqa: S101 - every verified worker has one
    signed = {
        "title": credential.title(session, role),
        "profession": role.profession,
        "sip": role.read(session).get("sip", ""),
        "facility": role.facility.name,
        "on": role.facility.day(at).isoformat(),
    }
    sent = {"sent": closing["advice"], "signed": signed, "closing": dict(closing)}
    message.write(session, **message.read(session) | sent)


def given(session: Session, found: Consultation) -> list[Message]:
    """Give the advice of a consultation and its corrections that were sent, oldest first; raises
    Unreadable where a key is gone."""
    written = session.scalars(
        select(Message)
        .where(
            Message.consultation_id == found.id,
            Message.part.in_((Part.ADVICE, Part.AMENDMENT)),
            Message.sealed.is_not(None),
        )
        .order_by(Message.id)
    )
    return [one for one in written if "sent" in one.read(session)]


def text_of(session: Session, message: Message) -> str:
    """Give what a piece of advice said when it was sent, numbers of people covered."""
    return mask(str(message.read(session)["sent"]))


def closing(session: Session, message: Message) -> dict[str, Any]:
    """Give what was kept beside a piece of advice: assessment, code, day to come again, …"""
    return dict(message.read(session).get("closing", {}))


def referred(session: Session, found: Consultation) -> Message | None:
    """Give the advice with which a doctor referred the patient, if one did and it can be read."""
    try:
        sent = [one for one in given(session, found) if "referral" in closing(session, one)]
    except Unreadable:
        return None
    return sent[0] if sent else None


def beside(session: Session, message: Message) -> list[str]:
    """Give what the asker reads beside the words: the assessment, medicine, where to and when."""
    told = closing(session, message)
    lines = []
    if text := told.get("assessment"):
        lines.append(plain("closing.assessed", text=mask(text)))
    lines += beside_words(told)
    if referral := told.get("referral"):
        lines.append(plain("closing.referred", to=referral["to"], poli=referral["poli"]))
    return lines


def coded(told: Mapping[str, Any]) -> list[str]:
    """Give what the record keeps besides, and the asker reads only in the file of their data."""
    return [
        plain(f"closing_kept.{key}", text=mask(told[key]))
        for key in ("code", "problem", "action")
        if told.get(key)
    ]


def beside_words(told: Mapping[str, Any]) -> list[str]:
    """Give what belongs to the words themselves: medicine, and the day to come again."""
    lines = []
    if told.get("medicine") == [PRESCRIPTION]:
        lines.append(plain("closing.to_prescribe"))
    elif names := told.get("named"):
        lines.append(plain("closing.medicines", names="; ".join(names)))
    if on := told.get("control_on"):
        lines.append(plain("closing.come_again", day=day.text(date.fromisoformat(on))))
    return lines


def signed(session: Session, message: Message) -> dict[str, Any]:
    """Give under which title, SIP and facility it was sent, and on which day (ISO)."""
    return dict(message.read(session)["signed"])


def who(session: Session, found: Consultation) -> str:
    """Name the patient so that only who knows them understands: «Anak: Bu•••»."""
    identity = patient.known(session, found.patient)
    told = patient.answers(session, found).get("who")
    identity = ({"relation": told} if told else {}) | identity
    return patient.label(identity, day.of(None, found.opened_at)) if "relation" in identity else "-"


def pages(session: Session, message: Message) -> list[Html]:
    """Give a piece of advice as Telegram gets it: from whom and for whom, the words, what comes
    next, the signature, when to call for help. Long words take several messages."""
    room = ROOM + units("\n".join(beside(session, message)))
    parts = split(text_of(session, message), LIMIT - room)
    head = _head(session, message)
    made = []
    for count, part in enumerate(parts, start=1):
        page = f" ({count}/{len(parts)})" if len(parts) > 1 else ""
        made.append(Html(f"{head}{page}\n\n{escape(part)}"))
    made[-1] = Html(f"{made[-1]}\n\n{_end(session, message)}")
    return made


def deliver(
    session: Session,
    message: Message,
    buttons: Buttons,
    *,
    at: datetime,
    about: int | None = None,
    lane: Lane = Lane.ANSWER,
) -> None:
    """Send a piece of advice to its asker, what can be done with it under its last page; `about` is
    the message in their chat that it belongs to."""
    found = message.consultation
    if privacy.of(session, found.asker) is not None:
        _point(session, message, at=at, about=about)
        return
    texts = pages(session, message)
    for count, text in enumerate(texts, start=1):
        row = tell(
            session,
            found.bot_id,
            found.asker,
            text,
            at=at,
            lane=lane,
            consultation=found,
            reply_to=about if count == 1 else None,
            then="advice.delivered",
            buttons=[*buttons, *ways(session, found)] if count == len(texts) else (),
        )
        row.message_id = message.id


def _point(session: Session, message: Message, *, at: datetime, about: int | None) -> None:
    """Say on a shared phone that there is something to read, and nothing of what it is."""
    found = message.consultation
    text = words("privacy.pointer", number=found.number)
    row = tell(
        session,
        found.bot_id,
        found.asker,
        text,
        at=at,
        consultation=found,
        reply_to=about,
        then="advice.delivered",
        buttons=[[Button("button.open", f"read:{found.id}")]],
    )
    row.message_id = message.id


def place(session: Session, found: Consultation) -> int | None:
    """Give where the newest advice of a consultation stands in the asker's chat, once it does."""
    return session.scalar(
        select(Pair.telegram_message_id)
        .join(Message, Message.id == Pair.message_id)
        .where(
            Message.consultation_id == found.id,
            Message.part.in_((Part.ADVICE, Part.AMENDMENT)),
            Pair.bot_id == found.bot_id,
            Pair.chat_id == found.asker.telegram_id,
        )
        .order_by(Pair.id.desc())
        .limit(1)
    )


def outcome(found: Consultation) -> Html:
    """Give what comes next: at home, to the puskesmas, for a letter."""
    return words(f"advice.{found.outcome}")


def signature(session: Session, message: Message) -> Html:
    """Give the lines under advice: name, licence, facility (KKI 74/2020)."""
    under = signed(session, message)
    return words(
        "advice.signature", title=under["title"], sip=under["sip"], facility=under["facility"]
    )


def signature_in_print(session: Session, message: Message) -> str:
    """Give the same with the profession, for a page that is printed."""
    under = signed(session, message)
    return plain(
        "paper.signed",
        title=under["title"],
        profession=plain(f"profession_name.{under['profession']}"),
        sip=under["sip"],
        facility=under["facility"],
    )


def ways(session: Session, found: Consultation) -> list[list[Button]]:
    """Give what stays under advice once it was understood: a page to keep, and the way to the
    facility, where it may be needed later (who was sent there has it); on a shared phone also the
    way to take it all away."""
    is_shared = privacy.of(session, found.asker) is not None
    home, row = found.facility, [Button("button.paper", f"paper:{found.id}")]
    if home is not None and (is_shared or found.outcome not in ON_THE_WAY):
        row.append(Button("button.trip", f"trip:{home.id}"))
    rows = [row]
    if found.outcome is Outcome.REFERRED and referred(session, found) is not None:
        rows.append([Button("button.referral", f"referral:{found.id}")])
    return [*rows, [Button("button.hide", "hide")]] if is_shared else rows


def _head(session: Session, message: Message) -> Html:
    found, under = message.consultation, signed(session, message)
    key = "advice.head" if message.part is Part.ADVICE else "advice.head_amended"
    when = day.text(datetime.fromisoformat(under["on"]).date())
    return words(key, number=found.number, worker=under["title"], who=who(session, found), day=when)


def _end(session: Session, message: Message) -> Html:
    told = beside(session, message)
    lines = [Html(escape("\n".join(told)))] if told else []
    lines += [outcome(message.consultation)] if message.part is Part.ADVICE else []
    return Html("\n\n".join([*lines, signature(session, message), words("advice.foot")]))
