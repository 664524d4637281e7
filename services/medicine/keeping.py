"""The admin keeps the list of medicines; a doctor of the facility signs it in the chat, or a
pharmacist on paper, whose name and licence the admin enters."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotAllowed, NotFound
from models.facility import Facility
from models.form import Question
from models.medicine import Medicine, Signer
from models.message import Words
from models.role import Kind, Role
from services import audit, consultation, credential, day, form, specimen
from services.content import Html, means, plain, words
from services.mail import Button, Buttons, change, say, tell
from services.medicine.listed import Signature, add, digest, listed, sign_all, unsigned
from services.person import Caller
from services.text import shorten

SHOWN = 8
"""Medicines on one page, each with a button to take it off."""
TO_SIGN = 25
"""Medicines in one message to whoever signs: 25 of the longest fit into Telegram's 4,096."""
SIGNERS = tuple(str(one) for one in Signer if one is not Signer.PHARMACIST)


def show(
    session: Session,
    caller: Caller,
    facility_id: int,
    skipped: int = 0,
    *,
    at: datetime,
    message_id: int | None = None,
) -> None:
    """Show an admin the list, page by page: what may be named, and what nobody has signed."""
    home = credential.administered(session, caller.person, facility_id)
    text, buttons = _page(session, home, skipped)
    if message_id is None:
        tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons)
    else:
        change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)


def ask_new(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Ask the admin for medicines, one in a line."""
    home = credential.administered(session, caller.person, facility_id)
    consultation.must_be_free(session, caller)
    form.ask(session, caller, Question.MEDICINE, None, at=at, facility=home.id)
    say(session, caller.bot_id, caller.person, "medicine.ask", at=at, facility=home.name)


def ask_paper(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Ask the admin for the pharmacist who signed on paper what waits."""
    home = credential.administered(session, caller.person, facility_id)
    consultation.must_be_free(session, caller)
    waiting = unsigned(session, home)
    if not waiting:
        raise NotFound("medicine.nothing_to_sign")
    form.ask(session, caller, Question.PHARMACIST, None, at=at, facility=home.id,
             mark=digest(waiting))  # fmt: skip
    for page in _to_sign(home, waiting):
        tell(session, caller.bot_id, caller.person, page, at=at)
    say(session, caller.bot_id, caller.person, "medicine.ask_pharmacist", at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take the medicines, or the pharmacist, that an admin was asked for; False when nothing is."""
    question = next((one for one in _TAKES if form.is_open(caller, one, at=at)), None)
    if question is None:
        return False
    home = session.get(Facility, form.kept(session, caller).get("facility", 0))
    if home is None or not credential.is_admin(session, caller.person):
        form.forget(session, caller)
        return False
    if means("button.leave", said.text):
        form.forget(session, caller)
        show(session, caller, home.id, at=at)
    else:
        _TAKES[question](session, caller, home, said.text if said.kind == "text" else "", at=at)
    return True


def strike(
    session: Session, caller: Caller, medicine_id: int, message_id: int, *, at: datetime
) -> None:
    """Take a medicine off the list: from now on nobody can name it."""
    one = session.get(Medicine, medicine_id)
    if one is None or one.ended_at is not None:
        raise NotFound("refusal.expired_button")
    home = credential.administered(session, caller.person, one.facility_id)
    one.ended_at = at
    audit.note(session, caller.person, "remove", one, at=at)
    session.flush()
    show(session, caller, home.id, at=at, message_id=message_id)
    say(session, caller.bot_id, caller.person, "medicine.removed", at=at, medicine=one.label)


def call_doctors(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Send what waits to every doctor of the facility: whoever taps below it first has signed."""
    home = credential.administered(session, caller.person, facility_id)
    waiting = unsigned(session, home)
    if not waiting:
        raise NotFound("medicine.nothing_to_sign")
    doctors = _doctors(session, home, at=at)
    if not doctors:
        raise NotFound("medicine.no_doctor", facility=home.name)
    for role in doctors:
        _ask_signature(session, caller.bot_id, role, home, waiting, at=at)
    say(session, caller.bot_id, caller.person, "medicine.called", at=at,
        names=Html(", ".join(words("medicine.signer", name=credential.title(session, role))
                             for role in doctors)))  # fmt: skip


def sign(session: Session, caller: Caller, facility_id: int, mark: str, *, at: datetime) -> None:
    """A doctor of the facility signs what they have read; a list that has changed since is shown
    anew."""
    role = credential.worker(session, caller.person, at=at)
    home = session.get(Facility, facility_id)
    if home is None or role is None or role.facility_id != home.id:
        raise NotFound
    if str(role.profession) not in SIGNERS:
        raise NotAllowed("medicine.only_doctors")
    waiting = unsigned(session, home)
    if not waiting:
        raise NotFound("medicine.nothing_to_sign")
    if digest(waiting) != mark:
        say(session, caller.bot_id, caller.person, "medicine.changed", at=at)
        _ask_signature(session, caller.bot_id, role, home, waiting, at=at)
        return
    licence = role.read(session)
    by = Signature(str(licence["name"]), Signer(str(role.profession)), str(licence["sip"]))
    _signed(session, caller, home, by, at=at)


def _take_list(
    session: Session, caller: Caller, home: Facility, typed: str, *, at: datetime
) -> None:
    added, left = add(session, home, typed, at=at)
    if added:
        audit.note(session, caller.person, "enter_medicines", home, at=at)
    if left or not typed.strip():
        shown = "\n".join(shorten(line, 80) for line in left[:SHOWN]) or "-"
        say(session, caller.bot_id, caller.person, "medicine.unread", at=at, count=added,
            lines=shown)  # fmt: skip
        return
    form.forget(session, caller)
    show(session, caller, home.id, at=at)


def _take_pharmacist(
    session: Session, caller: Caller, home: Facility, typed: str, *, at: datetime
) -> None:
    name, _, number = typed.rpartition(",")
    read = credential.read_name(name), credential.read_number(number)
    if read[0] is None or read[1] is None or not specimen.allows(home, typed):
        say(session, caller.bot_id, caller.person, "medicine.no_pharmacist", at=at)
        return
    mark = form.kept(session, caller).get("mark")
    form.forget(session, caller)
    if digest(unsigned(session, home)) != mark:
        say(session, caller.bot_id, caller.person, "medicine.changed", at=at)
        show(session, caller, home.id, at=at)
        return
    _signed(session, caller, home, Signature(read[0], Signer.PHARMACIST, read[1]), at=at)


_TAKES = {Question.MEDICINE: _take_list, Question.PHARMACIST: _take_pharmacist}


def _signed(
    session: Session, caller: Caller, home: Facility, by: Signature, *, at: datetime
) -> None:
    """Sign, and tell everybody who keeps the list and whoever did it."""
    signed = sign_all(session, home, by, at=at)
    audit.note(session, caller.person, "sign_medicines", home, at=at)
    heard = {role.person.id: role.person for role in credential.admins(session)}
    for person in (heard | {caller.person.id: caller.person}).values():
        say(session, caller.bot_id, person, "medicine.signed", at=at, count=len(signed),
            facility=home.name, name=titled(by.profession, by.name),
            licence=by.licence)  # fmt: skip


def _ask_signature(
    session: Session,
    bot_id: int,
    role: Role,
    home: Facility,
    waiting: Sequence[Medicine],
    *,
    at: datetime,
) -> None:
    pages = _to_sign(home, waiting)
    digested = digest(waiting)
    sign_it = [[Button("button.sign_medicines", f"sign_medicines:{home.id}:{digested}")]]
    for count, page in enumerate(pages, start=1):
        buttons = sign_it if count == len(pages) else ()
        tell(session, bot_id, role.person, page, at=at, buttons=buttons)


def _to_sign(home: Facility, waiting: Sequence[Medicine]) -> list[Html]:
    pages = [waiting[first : first + TO_SIGN] for first in range(0, len(waiting), TO_SIGN)]
    return [
        words("medicine.to_sign", facility=home.name, lines=_lines("medicine.line", page))
        for page in pages
    ]


def _doctors(session: Session, home: Facility, *, at: datetime) -> list[Role]:
    roles = session.scalars(
        select(Role)
        .where(
            Role.facility_id == home.id,
            Role.kind == Kind.WORKER,
            Role.ended_at.is_(None),
            Role.profession.in_(SIGNERS),
        )
        .order_by(Role.id)
    )
    return [role for role in roles if role.may_advise(credential.today(at))]


def _page(session: Session, home: Facility, skipped: int) -> tuple[Html, Buttons]:
    every, waiting = listed(session, home), len(unsigned(session, home))
    page = every[skipped : skipped + SHOWN] or every[:SHOWN]
    text = words(
        "medicine.page",
        facility=home.name,
        count=len(every) - waiting,
        waiting=waiting,
        lines=Html("\n".join(_line(place, one) for place, one in enumerate(page, start=1))),
    )
    if not every:
        text = words("medicine.empty", facility=home.name)
    strikes = [
        Button("button.strike_medicine", f"strike_medicine:{one.id}", {"place": place})
        for place, one in enumerate(page, start=1)
    ]
    rows: list[list[Button]] = [strikes[first : first + 4] for first in range(0, len(strikes), 4)]
    after = skipped + len(page)
    if len(every) > SHOWN:
        on = after if after < len(every) else 0
        rows.append([Button("button.more" if on else "button.first", f"medicines:{home.id}:{on}")])
    rows.append([Button("button.add_medicines", f"add_medicines:{home.id}")])
    if waiting:
        rows.append([Button("button.call_doctors", f"call_doctors:{home.id}")])
        rows.append([Button("button.pharmacist", f"pharmacist:{home.id}")])
    return text, rows


def _line(place: int, one: Medicine) -> Html:
    if one.signed_at is None:
        return words("medicine.waiting", place=place, medicine=one.label)
    on = day.text(one.facility.day(one.signed_at))
    return words("medicine.allowed", place=place, medicine=one.label, day=on,
                 name=titled(one.signed_as, one.signed_by))  # fmt: skip


def titled(profession: Signer | None, name: str | None) -> str:
    """Give a signer with their title, once also where the name as entered begins with it."""
    title, bare = plain(f"signer.{profession}"), name or ""
    if bare.casefold().startswith(f"{title} ".casefold()):
        return bare
    return plain("medicine.signed_by", profession=title, name=bare)


def _lines(key: str, shown: Sequence[Medicine]) -> Html:
    return Html("\n".join(words(key, medicine=one.label) for one in shown))
