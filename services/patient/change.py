"""What a new answer about a patient changes in what is open for them, and who hears of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import OPEN, Consultation, Status
from models.patient import Patient
from services.content import plain
from services.credential import today
from services.intake import asking
from services.mail import say
from services.patient import field as fields
from services.patient import record

ANSWERED = ("sex", "name", "village", "pregnancy")
"""What the questions before the queue ask, too, by the same name; the birth date is their age."""


def spread(session: Session, one: Patient, field: str, *, at: datetime) -> None:
    """Let what is open for a patient know a field's new value; a worker who answers is told."""
    told, on = record.known(session, one), today(at)
    new = {field: told[field]} if field in ANSWERED else {}
    if field in ("birth", "born") and (age := record.age_now(told, on)) is not None:
        new = {"age": age}
    found = select(Consultation).where(
        Consultation.patient_id == one.id, Consultation.status.in_(OPEN)
    )
    for each in session.scalars(found).all():
        if new:
            retell(session, each, new, at=at)
        if each.status is Status.ACTIVE and each.worker is not None:
            say(
                session,
                each.bot_id,
                each.worker,
                "patient.changed",
                at=at,
                consultation=each,
                protect=True,
                number=each.number,
                field=plain(f"field.{field}"),
                value=fields.shown(session, field, told, on),
            )


def retell(session: Session, one: Consultation, new: Mapping[str, Any], *, at: datetime) -> None:
    """Put answers right before or after a request went to the workers. Who waits and belongs to
    another group than we thought is asked about that group's danger signs."""
    before = asking.answers_of(session, one)
    after = regroup(asking.group_of(before), before | dict(new))
    asking.keep(session, one, after)
    if one.status is Status.WAITING and "danger" in before and "danger" not in after:
        asking.ask_signs(session, one, at=at)


def regroup(before: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Take back a «no danger» that was given to the question of another group: whoever belongs to
    this one was asked about the wrong signs."""
    is_other = asking.group_of(answers) != before and answers.get("danger") == "no"
    return {key: answers[key] for key in answers if not (is_other and key == "danger")}
