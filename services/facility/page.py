"""One facility: everything that is known of it, from whom and of which day, and what is not."""

from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from models.bot import Bot
from models.errors import NotFound, Refusal
from models.facility import Facility, Has, Kind
from models.mail import Lane
from services import day, region
from services.content import Html, escape, plain, words
from services.facility.named import (
    confirmed,
    is_approximate,
    kind,
    map_url,
    plain_title,
    title,
)
from services.facility.opening import opening_words
from services.facility.wish import Wish
from services.mail import Button, Buttons, Link, change, post, say, tell
from services.person import Caller
from services.text import clean, shorten

LONGEST = 300
"""Characters of a list's own words: some name every room."""
SHARED = "f_"
"""What begins the payload of a link to one facility; its id follows."""


def access(session: Session, facility_id: int) -> Facility:
    """Give a facility that people may know of: all of the directory. Raises NotFound."""
    found = session.get(Facility, facility_id)
    if found is None:
        raise NotFound("facility.unknown")
    return found


def is_link(payload: str) -> bool:
    """Tell whether what came with /start points at a facility."""
    return payload.startswith(SHARED)


def open_link(session: Session, caller: Caller, payload: str, *, at: datetime) -> None:
    """Show the facility that somebody passed on; a broken or old link is answered kindly."""
    number = payload.removeprefix(SHARED)
    # Eighteen digits are enough for every id of this century, and fit both databases.
    is_id = number.isascii() and number.isdecimal() and len(number) <= 19
    found = session.get(Facility, int(number)) if is_id and int(number) < 2**63 else None
    if found is None:
        elsewhere = [[Button("button.elsewhere", "elsewhere")]]
        say(session, caller.bot_id, caller.person, "facility.unknown", at=at, buttons=elsewhere)
        return
    text, buttons = text_of(session, found, at=at), _buttons(session, caller, found, None)
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons)


def show(
    session: Session,
    caller: Caller,
    facility_id: int,
    wish: Wish | None,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Show a facility in place of the list from which it was chosen, with the way back to it."""
    found = access(session, facility_id)
    text, buttons = text_of(session, found, at=at), _buttons(session, caller, found, wish)
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)


def send_venue(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Send the place itself, which the phone's own map opens, also without a signal later."""
    found = access(session, facility_id)
    if found.latitude is None or found.longitude is None:
        raise Refusal("facility.no_point")
    if is_approximate(found):
        say(session, caller.bot_id, caller.person, "facility.venue_about", at=at)
    chat_id = caller.person.telegram_id
    params = {
        "chat_id": chat_id,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "title": plain_title(found),
        "address": clean(address(session, found)) or plain("facility.unaddressed"),
    }
    post(session, caller.bot_id, chat_id, "sendVenue", params, at=at, lane=Lane.ANSWER)


def address(session: Session, facility: Facility) -> str:
    """Give where it lies in words, as the source has it, with its village, district, regency."""
    parts = [shorten(facility.address, LONGEST)] if facility.address else []
    parts += [region.name(session, facility.region_code)] if facility.region_code else []
    return ", ".join(part for part in parts if part)


def link(session: Session, bot_id: int, facility: Facility) -> str | None:
    """Give the address that opens this facility in the bot, once the bot's name is known."""
    username = session.get_one(Bot, bot_id).username
    return f"https://t.me/{username}?start={SHARED}{facility.id}" if username else None


def text_of(session: Session, facility: Facility, *, at: datetime) -> Html:
    """Say everything that is known of a facility. Nothing here is about any person."""
    if facility.ended_on is not None:
        since = day.text(facility.ended_on)
        return words("facility.ended", name=title(facility), day=since)
    lines = [
        words("facility.title", name=title(facility)),
        *_what(facility),
        _place(session, facility),
        words("facility.hours", hours=facility.open_hours or _unknown(),
              opening=opening_words(session, facility, at)),
        *(words("facility.poli", name=one.name, hours=one.hours) for one in facility.polis),
        words("facility.phone", phone=facility.phone or _unknown()),
        *([words("facility.whatsapp", number=facility.whatsapp)] if facility.whatsapp else []),
        *_facts(facility),
        *_offers(facility),
        _source(facility),
    ]  # fmt: skip
    return Html("\n".join(lines))


def _what(facility: Facility) -> list[Html]:
    said = [kind(facility)] if facility.kind else []
    if facility.hospital_class:
        said.append(plain("facility.hospital_class", letter=facility.hospital_class))
    said += [facility.owner] if facility.owner else []
    if facility.is_partner and facility.partner_until:
        said.append(plain("facility.partner_until", day=day.text(facility.partner_until)))
    elif facility.is_partner is not None:
        said.append(plain("facility.partner" if facility.is_partner else "facility.no_partner"))
    else:
        said.append(plain("facility.partner_unknown"))
    return [Html(escape(" · ".join(said)))]


def _place(session: Session, facility: Facility) -> Html:
    text = words("facility.address", address=address(session, facility) or _unknown())
    if facility.latitude is None:
        return Html(f"{text}\n{words('facility.pointless')}")
    return Html(f"{text}\n{words('facility.approximate')}") if is_approximate(facility) else text


def _facts(facility: Facility) -> list[Html]:
    """Say what was confirmed and what nobody has said; PONED only where there may be one."""
    lines = []
    for what in Has:
        said = confirmed(facility, what)
        if said is None and what is Has.PONED and facility.kind is not Kind.PUSKESMAS:
            continue
        name = plain(f"fact.{what}")
        if said is None:
            lines.append(words("facility.fact_unknown", what=name))
        else:
            key = "facility.fact_yes" if said[0] else "facility.fact_no"
            lines.append(words(key, what=name, day=day.text(said[1])))
    return lines


def _offers(facility: Facility) -> list[Html]:
    staff = [(facility.doctors, "facility.doctors"), (facility.dentists, "facility.dentists")]
    counted = [plain(key, count=count) for count, key in staff if count is not None]
    lines = [words("facility.staff", staff=", ".join(counted))] if counted else []
    if facility.services:
        lines.append(words("facility.services", services=shorten(facility.services, LONGEST)))
    return lines


def _source(facility: Facility) -> Html:
    source = facility.source or _unknown()
    if facility.checked_on is None:
        return words("facility.source_undated", source=source)
    return words("facility.source", source=source, day=day.text(facility.checked_on))


def _unknown() -> Html:
    return words("facility.not_known")


def _buttons(session: Session, caller: Caller, facility: Facility, wish: Wish | None) -> Buttons:
    back = [Button("button.back", f"near:{wish.packed}")] if wish else []
    near_it = Wish(f"f{facility.id}")
    if facility.ended_on is not None:
        return [back or [Button("button.near_it", f"place:{near_it.packed}")]]
    has_point = facility.latitude is not None
    rows: list[list[Button | Link]] = []
    if has_point:
        rows.append([Button("button.venue", f"venue:{facility.id}")])
        rows[0].append(Link("button.map", map_url(facility) or ""))
    shared = link(session, caller.bot_id, facility)
    if shared is not None:
        rows.append([Link("button.share", _share(session, facility, shared))])
    rows.append([Button("button.trip", f"trip:{facility.id}")])
    rows.append([Button("button.report", f"report:{facility.id}")])
    rows.append([*back] or [Button("button.near_it", f"place:{near_it.packed}")])
    return rows


def _share(session: Session, facility: Facility, shared: str) -> str:
    """Give the address with which Telegram asks to whom this goes, its words already written."""
    text = plain("facility.shared", name=plain_title(facility), place=address(session, facility))
    return f"https://t.me/share/url?url={quote(shared, safe='')}&text={quote(text, safe='')}"
