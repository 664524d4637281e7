"""Whatever a list or a person writes, what we say about facilities is something Telegram takes."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Accuracy, Facility, Fact, Has, Kind, Poli, Zone
from models.mail import Outgoing
from models.message import Words
from services import atlas
from services.facility import ask, inline, named, page, show
from services.facility.request import request
from services.facility.wish import ANY, GROUPS, NEEDS, PATTERN, Wish
from services.text import units
from simulator.params import check_markup, read_words
from tests.services.cast import AT, BOT, caller

ANYTHING = st.one_of(
    st.text(max_size=80), st.text("<>&\"'`*_[](){}\\/ \u202e\u0000😀a9", max_size=80)
)
EASY = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
FACILITIES = st.builds(
    Facility,
    name=ANYTHING,
    kind=st.none() | st.sampled_from(Kind),
    hospital_class=st.none() | ANYTHING,
    owner=st.none() | ANYTHING,
    is_partner=st.none() | st.booleans(),
    partner_until=st.none() | st.dates(),
    address=st.none() | st.text(max_size=2000),
    region_code=st.none() | st.sampled_from(["53.01.01.2001", "99", ANY]),
    latitude=st.floats(-10.2, -10.0),
    longitude=st.floats(123.6, 123.8),
    accuracy=st.none() | st.sampled_from(Accuracy),
    phone=st.none() | ANYTHING,
    whatsapp=st.none() | ANYTHING,
    hours=st.none() | st.just("Senin–Sabtu 08.00–14.00"),
    zone=st.none() | st.sampled_from(Zone),
    services=st.none() | st.text(max_size=3000),
    doctors=st.none() | st.integers(0, 1000),
    source=st.none() | ANYTHING,
    checked_on=st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    ended_on=st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)


def taken(params: dict[str, Any]) -> None:
    """Read a message as strictly as the simulated Telegram does; raises ApiError."""
    words = read_words(params["text"], "HTML", None)
    assert 0 < units(words.text) <= 4096
    if "reply_markup" in params and "inline_keyboard" in params["reply_markup"]:
        check_markup(params["reply_markup"])


def entered(session: Session, found: Facility, number: int) -> Facility:
    found.code = f"9998{number:04}"
    session.add(found)
    session.flush()
    return found


@EASY
@given(FACILITIES, st.sets(st.sampled_from(Has)), st.booleans(), ANYTHING)
def test_a_page_of_anything_can_be_sent(
    session: Session, found: Facility, known: set[Has], holds: bool, poli: str
) -> None:
    with session.begin_nested() as point:
        found.facts = [
            Fact(what=what, holds=holds, checked_on=date(2026, 5, 12), by="admin") for what in known
        ]
        found.polis = [Poli(name=poli, hours="Senin 08.00–14.00")]
        entered(session, found, 1)
        taken({"text": page.text_of(session, found, at=AT)})
        somebody = caller(session, "Sari")
        page.open_link(session, somebody, f"f_{found.id}", at=AT)
        answered = inline._article(session, BOT, found, at=AT)
        taken({"text": answered["input_message_content"]["message_text"]})
        assert 0 < len(answered["title"]) <= 120
        check_markup(answered["reply_markup"])
        session.flush()
        for row in session.scalars(select(Outgoing)):
            taken(row.read(session)["params"])
        point.rollback()


@EASY
@given(st.lists(FACILITIES, min_size=1, max_size=7), st.sampled_from([*GROUPS, ANY]))
def test_a_list_of_anything_can_be_sent(
    session: Session, found: list[Facility], group: str
) -> None:
    with session.begin_nested() as point:
        for number, one in enumerate(found):
            entered(session, one, number)
        atlas.changed(session)
        somebody = caller(session, "Sari")
        wish = Wish.at_point(-10.1, 123.7).switched(group)
        made = show.answer(session, somebody, wish, at=AT)
        taken({"text": made.text})
        show.send(session, somebody, wish, at=AT)
        session.flush()
        for row in session.scalars(select(Outgoing)):
            taken(row.read(session)["params"])
        point.rollback()


@EASY
@given(ANYTHING, st.sampled_from(["/faskes", "question", "registered"]))
def test_words_of_any_kind_are_answered_with_what_can_be_sent(
    session: Session, typed: str, way: str
) -> None:
    with session.begin_nested() as point:
        somebody = caller(session, "Sari")
        if way == "question":
            ask.ask(session, somebody, ANY, at=AT)
        elif way == "registered":
            ask.near_registered(session, somebody, at=AT)
        session.flush()  # the question was put by an update before
        said = Words(chat_id=1, message_id=1, kind="text", text=typed)
        if way == "/faskes":
            ask.begin(session, somebody, typed, is_helped=False, at=AT)
        else:
            ask.hear(session, somebody, said, at=AT)
        inline.answer(session, BOT, "1", typed, at=AT)
        session.flush()
        rows = session.scalars(select(Outgoing)).all()
        assert rows
        for row in rows:
            taken(row.read(session)["params"])
        point.rollback()


WISHES = st.builds(
    Wish,
    origin=st.one_of(
        st.builds(lambda lat, lon: Wish.at_point(lat, lon).origin,
                  st.floats(-90, 90), st.floats(-180, 180)),
        st.sampled_from(["r53", "r53.01.01.2001", "f1", f"f{2**63 - 1}"]),
    ),
    group=st.sampled_from([*GROUPS, ANY]),
    need=st.sampled_from([*NEEDS, ANY]),
    open_now=st.booleans(),
    skip=st.integers(0, show.LAST + 5),
)  # fmt: skip


@given(WISHES)
def test_what_a_button_carries_is_read_as_it_was_meant(wish: Wish) -> None:
    if wish.origin != f"f{2**63 - 1}":  # no id is so large
        assert re.fullmatch(PATTERN, wish.packed)
    assert Wish.unpack(wish.packed) == wish
    assert len(wish.packed) <= 27


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0, "100 m"),
        (149, "100 m"), (640, "600 m"),
        (949, "900 m"), (951, "1 km"), (2_600, "2,5 km"),
        (9_990, "10 km"),
        (12_400, "12 km"), (1_243_000, "1.240 km"),
    ],
)  # fmt: skip
def test_a_distance_is_said_as_roughly_as_it_is_known(metres: float, said: str) -> None:
    assert named.distance(metres) == said


@pytest.mark.parametrize(
    ("bearing", "said"),
    [(0, "utara"), (22, "utara"), (23, "timur laut"), (135, "tenggara"), (359.9, "utara")],
)
def test_a_direction_is_an_eighth_of_the_circle(bearing: float, said: str) -> None:
    assert named.direction(bearing) == said


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("puskesmas", ("p", "")), ("cari dokter gigi terdekat dong", ("g", "")),
        ("rs di labuan bajo ya", ("r", "labuan bajo")), ("igd terdekat", ("r", "")),
        ("Klinik dekat Reok", ("k", "reok")), ("faskes", (ANY, "")),
        ("saya demam mau ke puskesmas", None), ("dokter", None), ("", None),
        ("puskesmas kemarin bilang anak saya kurang gizi dan harus kontrol", None),
    ],
)  # fmt: skip
def test_a_request_for_a_facility_is_told_from_a_complaint(
    typed: str, asked: tuple[str, str] | None
) -> None:
    assert request(typed) == asked
