"""Who may advise: licences entered and verified by the facility, never by the worker."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.errors import NotAllowed, NotFound, Refusal
from models.facility import Facility
from models.person import Person
from models.role import Kind, Profession, Role
from services import ahead, audit, specimen
from services.content import Html, plain, words
from services.text import clean

WIT = timedelta(hours=9)
LONGEST = 80
"""Characters of a name or a number on a licence."""


_WORKERS = select(Role).where(
    Role.person_id.in_(bindparam("people", expanding=True)),
    Role.kind == Kind.WORKER,
    Role.ended_at.is_(None),
)


def role_of(session: Session, person: Person, kind: Kind) -> Role | None:
    """Give the person's present role of this kind."""
    return session.scalar(
        select(Role).where(Role.person_id == person.id, Role.kind == kind, Role.ended_at.is_(None))
    )


def today(at: datetime) -> date:
    """Give the day by which licences end: WIT's, the first zone of Indonesia to reach it."""
    return (at + WIT).date()


def worker(session: Session, person: Person, *, at: datetime) -> Role | None:
    """Give the role under which this person may advise patients today, if there is one."""
    role = ahead.answer(session, "worker", person.id, lambda people: _workers(session, people))
    return role if role is not None and role.may_advise(today(at)) else None


def look_ahead(session: Session, people: Sequence[Person]) -> None:
    """Look up at once what `worker` will be asked about these people."""
    ahead.keep(session, "worker", _workers(session, [person.id for person in people]))


def person_for(session: Session, telegram_id: int, *, at: datetime) -> Person:
    """Give the person with this account, also before they ever wrote."""
    found = session.scalar(select(Person).where(Person.telegram_id == telegram_id))
    if found is None:
        found = Person(telegram_id=telegram_id, since_at=at)
        found.write(session, name="")
        session.add(found)
        session.flush()
    return found


def verify(
    session: Session,
    telegram_id: int,
    facility: Facility,
    *,
    name: str,
    profession: Profession,
    str_number: str,
    sip_number: str,
    sip_ends_on: date,
    at: datetime,
    by: Person | None = None,
) -> Role:
    """Enter a worker whose licence somebody responsible has checked against the register: an
    admin in the chat, or nobody by name at the server's own keyboard.

    Raises Refusal for what says of itself that it is made up, where the facility does not."""
    if not specimen.allows(facility, name, str_number, sip_number):
        raise Refusal("refusal.made_up")
    person = person_for(session, telegram_id, at=at)
    role = role_of(session, person, Kind.WORKER)
    if role is None:
        role = Role(person_id=person.id, kind=Kind.WORKER)
        session.add(role)
    role.facility_id, role.profession = facility.id, profession
    role.sip_ends_on, role.verified_at, role.warned = sip_ends_on, at, None
    role.write(session, name=name, str=str_number, sip=sip_number)
    audit.note(session, by, "verify", role, at=at)
    return role


def reject(session: Session, telegram_id: int, *, at: datetime) -> bool:
    """End a worker's role at once; tell whether there was one."""
    person = session.scalar(select(Person).where(Person.telegram_id == telegram_id))
    role = role_of(session, person, Kind.WORKER) if person else None
    if role is None:
        return False
    role.ended_at, role.ready_at = at, None
    audit.note(session, None, "reject", role, at=at)
    return True


def grant_admin(session: Session, telegram_id: int, *, at: datetime) -> Role:
    """Make a person an admin of this installation; run twice, it is one role."""
    return grant(session, person_for(session, telegram_id, at=at), Kind.ADMIN, None, by=None, at=at)


def grant(
    session: Session,
    person: Person,
    kind: Kind,
    home: Facility | None,
    *,
    by: Person | None,
    at: datetime,
) -> Role:
    """Give a person a role that needs no licence; run twice, it is one role."""
    assert kind is not Kind.WORKER  # noqa: S101 - only `verify` makes a worker
    role = role_of(session, person, kind)
    if role is None:
        role = Role(person_id=person.id, kind=kind, facility_id=home.id if home else None)
        session.add(role)
        audit.note(session, by, "grant", role, at=at)
    return role


def revoke(
    session: Session, person: Person, kind: Kind, *, by: Person | None, at: datetime
) -> bool:
    """End a role that needs no licence, at once; tell whether there was one."""
    role = role_of(session, person, kind)
    if role is None:
        return False
    role.ended_at = at
    audit.note(session, by, "revoke", role, at=at)
    return True


def is_admin(session: Session, person: Person) -> bool:
    """Tell whether a person runs this installation."""
    return role_of(session, person, Kind.ADMIN) is not None


def must_be_admin(session: Session, person: Person) -> None:
    """Raise NotAllowed for everybody who does not run this installation."""
    if not is_admin(session, person):
        raise NotAllowed


def administered(session: Session, person: Person, facility_id: int) -> Facility:
    """Give one of our facilities to an admin; to everybody else it is refused."""
    must_be_admin(session, person)
    home = session.get(Facility, facility_id)
    if home is None or not home.is_ours:
        raise NotFound("refusal.expired_button")
    return home


def read_name(typed: str) -> str | None:
    """Understand a name as it stands on a licence; None for what is none."""
    name = " ".join(clean(typed).split())
    letters = sum(one.isalpha() for one in name)
    is_name = letters >= 3 and len(name) <= LONGEST and not re.search(r"\d", name)
    return name if is_name else None


def read_number(typed: str) -> str | None:
    """Understand the number of a STR or SIP; None for what is none."""
    number = " ".join(clean(typed).split())
    is_number = re.fullmatch(r"[\w./:,()& -]+", number) and len(re.findall(r"\d", number)) >= 3
    return number if is_number and len(number) <= LONGEST else None


def admins(session: Session) -> Sequence[Role]:
    """Give the roles of all who run this installation."""
    return session.scalars(
        select(Role).where(Role.kind == Kind.ADMIN, Role.ended_at.is_(None)).order_by(Role.id)
    ).all()


def title(session: Session, role: Role) -> str:
    """Give profession and name as people hear them: «Perawat Budi»."""
    name = str(role.read(session).get("name", ""))
    assert role.profession is not None  # noqa: S101 - every verified worker has one
    return f"{plain(f'profession.{role.profession}')} {name}".strip()


def known_as(session: Session, person: Person) -> str:
    """Give the title under which a person last worked here, also when they no longer may."""
    role = last_role(session, person)
    return title(session, role) if role is not None else ""


def last_role(session: Session, person: Person) -> Role | None:
    """Give the role under which a person last worked here, also when it has ended."""
    return session.scalar(
        select(Role)
        .where(Role.person_id == person.id, Role.kind == Kind.WORKER)
        .order_by(Role.id.desc())
        .limit(1)
    )


def licence(session: Session, role: Role) -> Html:
    """Give the line below a name: the licence and for which facility it is."""
    assert role.facility is not None  # noqa: S101 - every verified worker has one
    sip = role.read(session).get("sip", "")
    return words("advice.licence", sip=sip, facility=role.facility.name)


def signature(session: Session, role: Role) -> Html:
    """Give what stands under advice: name, licence, facility (KKI 74/2020)."""
    assert role.facility is not None  # noqa: S101 - every verified worker has one
    sip = role.read(session).get("sip", "")
    return words(
        "advice.signature", title=title(session, role), sip=sip, facility=role.facility.name
    )


def _workers(session: Session, people: Sequence[int]) -> dict[int, Role | None]:
    found = {role.person_id: role for role in session.scalars(_WORKERS, {"people": people})}
    return {person_id: found.get(person_id) for person_id in people}
