"""What was advised before: for its asker to read again, and for a worker who goes on with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.seal import Unreadable
from services import audit, sheet
from services.mail import tell
from services.person import Caller


def show_before(session: Session, caller: Caller, taken: Consultation, *, at: datetime) -> None:
    """Show a worker the advice that a consultation follows, where it is about the same patient;
    that they read it is noted."""
    before = session.get(Consultation, taken.follows_id) if taken.follows_id else None
    if before is None or before.patient_id != taken.patient_id:
        return
    try:
        pages = [page for one in sheet.given(session, before) for page in sheet.pages(session, one)]
    except Unreadable:
        return  # what is damaged keeps nobody from being helped
    for page in pages:
        tell(session, caller.bot_id, caller.person, page, at=at, consultation=taken, protect=True)
    if pages:
        audit.note(session, caller.person, "read", before, at=at)
