"""A worker's own figures: for themselves alone, beside nobody else's, without a number to reach."""

from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome, Status
from models.errors import NotAllowed
from models.followup import Ask, Followup
from models.message import Message, Part
from services import credential, day
from services.mail import say
from services.person import Caller

SPAN = timedelta(days=30)


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Show a worker their last thirty days."""
    if credential.worker(session, caller.person, at=at) is None:
        raise NotAllowed("refusal.no_licence")
    mine = [Consultation.worker_id == caller.person.id, Consultation.status == Status.CLOSED,
            Consultation.ended_at > at - SPAN]  # fmt: skip
    by_outcome = dict(
        session.execute(
            select(Consultation.outcome, func.count()).where(*mine).group_by(Consultation.outcome)
        ).all()
    )
    answer = (
        select(func.min(Message.at))
        .where(
            Message.consultation_id == Consultation.id,
            Message.author_id == Consultation.worker_id,
            Message.part.in_((Part.TALK, Part.ADVICE)),
        )
        .scalar_subquery()
    )
    waits = [
        (answered - accepted).total_seconds()
        for accepted, answered in session.execute(
            select(Consultation.accepted_at, answer).where(*mine)
        )
        if accepted is not None and answered is not None
    ]
    understood = session.scalar(
        select(func.count())
        .select_from(Followup)
        .join(Consultation, Consultation.id == Followup.consultation_id)
        .where(*mine, Followup.ask == Ask.UNDERSTOOD, Followup.answer == "yes")
    )
    count = sum(by_outcome.values())
    say(
        session,
        caller.bot_id,
        caller.person,
        "figures.page",
        at=at,
        count=count,
        home=by_outcome.get(Outcome.ADVISED, 0),
        away=count - by_outcome.get(Outcome.ADVISED, 0) - by_outcome.get(Outcome.NO_CONTACT, 0),
        lost=by_outcome.get(Outcome.NO_CONTACT, 0),
        span=day.span(timedelta(seconds=median(waits))) if waits else "-",
        understood=understood or 0,
    )
