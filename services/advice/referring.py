"""To which poli and hospital, where a referral is needed; the letter itself is the facility's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotAllowed, NotFound
from models.facility import Facility, Kind
from models.form import Question
from models.message import Message, Words
from services import emergency, form, scope
from services.advice import holding
from services.advice.draft import draft_of, is_text, role_of, show
from services.content import one_of, plain, words
from services.facility.named import distance
from services.facility.near import nearest, search
from services.mail import Button, Buttons, change, tell
from services.person import Caller
from services.text import clean, shorten

WHERE = "where"
"""The open question of a closing whose hospital is looked for by name."""
HOSPITALS = (Kind.HOSPITAL, Kind.PRATAMA_HOSPITAL, Kind.MAIN_CLINIC)
OFFERED, LABEL = 4, 40
"""Hospitals at once, and characters of a button."""
LONG = 100
"""Characters of a name that is looked for."""
IN_A_ROW = 2
REACH = 200_000.0
"""Metres: what is farther lies on another island, or has a nearer one between."""

Near = tuple[Facility, str]
"""A hospital, and how far it is where that is known."""


def ask(session: Session, caller: Caller, draft: Message, shown_at: int, *, at: datetime) -> None:
    """Ask to which poli; a worker who may not refer is refused."""
    if not scope.of_role(role_of(session, caller)).refers:
        raise NotAllowed("referral.not_yours")
    polis = plain("referral.polis").split(" · ")
    choices = [
        Button("button.choice", f"poli:{draft.id}:{place}", {"label": name})
        for place, name in enumerate(polis)
    ]
    rows = [choices[place : place + IN_A_ROW] for place in range(0, len(choices), IN_A_ROW)]
    rows.append([Button("button.back", f"form:{draft.id}")])
    text = words("referral.which_poli")
    change(session, caller.bot_id, caller.person, shown_at, text, at=at, buttons=rows)


def choose_poli(
    session: Session, caller: Caller, message_id: int, place: int, shown_at: int, *, at: datetime
) -> None:
    """Keep the poli, and offer the hospitals that are nearest to the patient."""
    draft = draft_of(session, caller, message_id)
    if place >= len(plain("referral.polis").split(" · ")):
        raise NotFound("refusal.expired_button")
    holding.keep(session, draft, poli=str(one_of("referral.polis", place)))
    near = nearest_hospitals(session, draft.consultation, at=at)
    text = words("referral.which_hospital")
    buttons = _offered(draft, near)
    change(session, caller.bot_id, caller.person, shown_at, text, at=at, buttons=buttons)


def look_elsewhere(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Ask for the hospital's name: the worker's next words are it."""
    draft = draft_of(session, caller, message_id)
    form.ask(session, caller, Question.ADVICE, draft.consultation, at=at, field=WHERE)
    tell(session, caller.bot_id, caller.person, words("referral.name_it"), at=at,
         consultation=draft.consultation)  # fmt: skip


def look_for(
    session: Session, caller: Caller, draft: Message, said: Words, *, at: datetime
) -> None:
    """Offer the hospitals that a name may mean; asked again where there is none."""
    if not is_text(session, caller, said, at=at):
        return
    found = [(one, "") for one, _ in search(session, shorten(said.text, LONG), limit=OFFERED)]
    text = words("referral.which_hospital" if found else "referral.not_found")
    buttons = _offered(draft, found)
    tell(session, caller.bot_id, caller.person, text, at=at, consultation=draft.consultation,
         buttons=buttons)  # fmt: skip


def choose_place(
    session: Session,
    caller: Caller,
    message_id: int,
    facility_id: int,
    shown_at: int,
    *,
    at: datetime,
) -> None:
    """Keep the hospital, 0 where the facility is to name it; what is chosen is shown and not sent
    yet."""
    draft = draft_of(session, caller, message_id)
    if not scope.of_role(role_of(session, caller)).refers:
        raise NotAllowed("referral.not_yours")
    found = session.get(Facility, facility_id) if facility_id else None
    if facility_id and (found is None or found.ended_on is not None):
        raise NotFound("refusal.expired_button")
    name = _name(found) if found is not None else holding.UNDECIDED
    holding.keep(session, draft, refer_to=str(name))
    show(session, caller, draft, at=at, in_place_of=shown_at)


def _name(to: Facility) -> str:
    return shorten(clean(to.name), LONG)


def _offered(draft: Message, found: Sequence[Near]) -> Buttons:
    rows = [
        [
            Button(
                "button.choice",
                f"refer:{draft.id}:{one.id}",
                {"label": f"{shorten(_name(one), LABEL - len(far))}{far}"},
            )
        ]
        for one, far in found
    ]
    return [
        *rows,
        [Button("button.other_hospital", f"other_hospital:{draft.id}")],
        [Button("button.undecided", f"refer:{draft.id}:0")],
    ]


def nearest_hospitals(session: Session, found: Consultation, *, at: datetime) -> list[Near]:
    """Give the hospitals nearest to the patient's village, else to the facility that answers, and
    how far each is."""
    code, home = found.patient.village_code, found.facility
    here = emergency.spot(session, code) if code else None
    point = (here.latitude, here.longitude) if here else None
    if point is None and home is not None:
        point = _point(home)
    if point is None:
        return []
    near = nearest(session, *point, at=at, limit=OFFERED, kinds=HOSPITALS, within=REACH)
    return [
        (session.get_one(Facility, one.facility_id), f" · {distance(one.metres)}") for one in near
    ]


def _point(home: Facility) -> tuple[float, float] | None:
    if home.latitude is None or home.longitude is None:
        return None
    return home.latitude, home.longitude
