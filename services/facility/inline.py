"""Inline mode: «@bot reok» in any chat offers facilities to pass on. All of it is public."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.facility import Facility
from services import region
from services.content import plain
from services.facility import page, show
from services.facility.named import plain_title
from services.facility.near import nearest, search
from services.facility.opening import opening_words
from services.facility.wish import CARE
from services.mail import Chrome, Link, keyboard
from services.text import clean, is_blank, shorten

LONGEST = 100
"""Characters of a question that are read."""
OFFERED = 8
"""Results of one question: a phone shows four, and each brings its whole text."""
SURE = 92.0
"""The score from which words are taken for the name of a place."""
KEPT = 300
"""Seconds for which Telegram may give the same answer to anybody: opening hours age no faster."""
START = "faskes"
"""What the button above the results brings with /start."""


def answer(session: Session, bot_id: int, query_id: str, text: str, *, at: datetime) -> Chrome:
    """Give what is found by name, and what is nearest to a place of that name; for no words only
    the way to the bot."""
    found = [] if is_blank(text) else find(session, clean(text)[:LONGEST], at=at)
    key = "facility.inline" if found or is_blank(text) else "facility.inline_nothing"
    params = {
        "inline_query_id": query_id,
        "results": [_article(session, bot_id, one, at=at) for one in found],
        "cache_time": KEPT,
        "is_personal": False,
        "button": {"text": plain(key), "start_parameter": START},
    }
    return Chrome("answerInlineQuery", params)


def find(session: Session, text: str, *, at: datetime) -> list[Facility]:
    """Give the facilities that a few words may mean, each once."""
    named = [one.id for one, _ in search(session, text, limit=OFFERED)]
    known = show.load(session, named)
    by_name = {number: known[number] for number in named if number in known}
    places = region.find(session, text, limit=1)
    place = places[0].place if places and places[0].score >= SURE else None
    if place is None or place.latitude is None or place.longitude is None:
        return list(by_name.values())
    near = nearest(session, place.latitude, place.longitude, at=at, limit=OFFERED, kinds=CARE)
    by_place = show.load(session, [one.facility_id for one in near])
    first = list(by_name.values())[: OFFERED // 2]
    ordered = {one.id: one for one in first}
    ordered |= {
        one.facility_id: by_place[one.facility_id] for one in near if one.facility_id in by_place
    }
    return list(ordered.values())[:OFFERED]


def _article(session: Session, bot_id: int, found: Facility, *, at: datetime) -> dict[str, Any]:
    where = region.name(session, found.region_code) if found.region_code else ""
    about = [where or plain_title(found), opening_words(session, found, at)]
    article: dict[str, Any] = {
        "type": "article",
        "id": str(found.id),
        "title": plain_title(found),
        "description": shorten(" · ".join(about), 120),
        "input_message_content": {
            "message_text": page.text_of(session, found, at=at),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    }
    link = page.link(session, bot_id, found)
    if link is not None:
        article["reply_markup"] = keyboard([[Link("button.open_in_bot", link)]])
    return article
