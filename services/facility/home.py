"""The facility that answers for what is said here."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bot import Bot
from models.errors import NotReady
from models.facility import Facility
from services import atlas


def home(session: Session, bot_id: int) -> Facility:
    """Give the facility behind a bot.

    Raises NotReady where there is none with a responsible person: then nothing clinical starts.
    """
    found = find_home(session, bot_id)
    if found is None:
        raise NotReady
    return found


def find_home(session: Session, bot_id: int) -> Facility | None:
    """Give the facility behind a bot, if somebody answers for it."""
    found = behind(session, bot_id)
    return found if found is not None and found.responsible and found.contact else None


def behind(session: Session, bot_id: int) -> Facility | None:
    """Give the bot's own facility or the installation's only one, also one not yet set up."""
    bot = session.get_one(Bot, bot_id)
    if bot.facility_id is not None:
        return session.get(Facility, bot.facility_id)
    both = session.scalars(select(Facility).where(Facility.is_ours).limit(2)).all()
    return both[0] if len(both) == 1 else None


def add(
    session: Session,
    code: str,
    name: str,
    responsible: str | None = None,
    contact: str | None = None,
) -> Facility:
    """Enter a facility whose workers answer here, or change what is known of it; the code decides
    which. None changes nothing."""
    found = session.scalar(select(Facility).where(Facility.code == code))
    if found is None:
        found = Facility(code=code)
        session.add(found)
    found.name, found.is_ours = name, True
    found.responsible, found.contact = responsible or found.responsible, contact or found.contact
    session.flush()
    atlas.changed(session)
    return found


def next_number(session: Session, facility: Facility) -> int:
    """Give the facility's next consultation number; one row counts, so none is given twice."""
    session.refresh(facility, with_for_update=True)
    facility.last_number += 1
    session.flush()  # the next refresh would read the number before it
    return facility.last_number
