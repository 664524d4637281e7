"""People and consultations as the service's own verbs make them, for tests below the chat."""

from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy.orm import Session

from models.bot import Contact
from models.consultation import Consultation, Status
from models.facility import Facility
from models.message import Part, Words
from models.role import Profession, Role
from services import consultation, credential, facility, person, relay, step
from services.person import Caller

BOT = 1
FACILITY = "99990001"
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

_accounts = count(5001)


def home(session: Session) -> Facility:
    return facility.home(session, BOT)


def caller(session: Session, name: str) -> Caller:
    """Somebody who writes to the bot for the first time."""
    return person.whoever(session, BOT, next(_accounts), name, at=AT)


def worker(session: Session, name: str, *, ready_at: datetime | None = AT) -> Role:
    """A licensed worker of the facility who has opened the bot."""
    account = next(_accounts)
    role = credential.verify(
        session,
        account,
        home(session),
        name=name,
        profession=Profession.NURSE,
        str_number="CONTOH-STR",
        sip_number="CONTOH-SIP",
        sip_ends_on=date(2028, 1, 1),
        at=AT,
    )
    session.flush()
    session.add(Contact(bot_id=BOT, person_id=role.person_id, opened_at=AT))
    role.ready_at = ready_at
    session.flush()
    session.refresh(role)
    return role


def as_caller(role: Role) -> Caller:
    """The same worker, speaking."""
    return Caller(BOT, role.person, None, is_new=False)


def draft(session: Session, who: Caller, text: str = "Demam tiga hari") -> Consultation:
    """A complaint that is not yet in the queue."""
    drafted = consultation.draft(session, who, at=AT)
    said = Words(chat_id=who.person.telegram_id, message_id=1, kind="text", text=text)
    relay.keep(session, drafted, who.person, said, Part.COMPLAINT, at=AT)
    session.flush()
    return drafted


def waiting(session: Session, name: str, *, at: datetime = AT) -> Consultation:
    """A complaint in the queue; whoever is free is offered it at once."""
    who = caller(session, name)
    drafted = draft(session, who)
    step.request(session, who, drafted, at=at)
    session.flush()
    return drafted


def busy(session: Session, role: Role, count: int) -> None:
    """Give a worker so many active consultations."""
    for place in range(1, count + 1):
        one = draft(session, caller(session, "Sari"))
        one.facility_id, one.number = role.facility_id, facility.next_number(session, home(session))
        one.move(Status.WAITING, by=None, at=AT)
        one.move(Status.ACTIVE, by=role.person, at=AT)
        one.worker, one.place = role.person, place
        session.flush()
