"""What the clock has told people of a consultation; a job that runs twice finds it told."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import new_id
from models.consultation import Consultation, Status, Step
from models.notice import Notice, What


def first(
    session: Session,
    about: Consultation,
    what: What,
    *,
    since: datetime,
    at: datetime,
    count: int = 1,
) -> bool:
    """Remember that this is told now; False where it was told before, also by another process in
    the same moment."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    told = insert(Notice).values(
        id=new_id(), consultation_id=about.id, what=what, since_at=since, count=count, at=at
    )
    return session.scalar(told.on_conflict_do_nothing().returning(Notice.id)) is not None


def last(
    session: Session, about: Consultation, *whats: What, since: datetime | None = None
) -> datetime | None:
    """Give when one of these was last told, of what began at a moment or of anything."""
    told = select(func.max(Notice.at)).where(
        Notice.consultation_id == about.id, Notice.what.in_(whats)
    )
    return session.scalar(told if since is None else told.where(Notice.since_at == since))


def waits_since(session: Session, waiting: Consultation) -> datetime:
    """Give when a consultation last came into the queue."""
    came = session.scalar(
        select(func.max(Step.at)).where(
            Step.consultation_id == waiting.id, Step.after == Status.WAITING
        )
    )
    return came or waiting.opened_at
