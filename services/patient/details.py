"""What a worker who has taken a consultation reads of the patient beside the story."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from services.content import Html, plain, words
from services.credential import today
from services.patient import field as fields
from services.patient import place, record, twin

ALWAYS = ("allergies", "illness")
"""What a worker must know to be unasked."""
SHOWN = (*ALWAYS, "birth", "pregnancy", "village", "registered", "language", "nik", "card", "adult")


def details(session: Session, one: Consultation, *, at: datetime) -> Html:
    """Give a line for each thing that is known, the numbers covered; and a warning where the same
    number stands in another record, for two records are never joined by themselves."""
    told, on = record.known(session, one.patient), today(at)
    if "adult" in (said := record.answers(session, one)):
        told = told | {"adult": said["adult"]}
    lines = []
    for field in SHOWN:
        value = fields.shown(session, field, told, on)
        if field == "village":
            value = place.village(session, one.patient)
        elif field == "pregnancy" and not fields.is_answered(field, told, on):
            value = ""
        if value or field in ALWAYS:
            value = value or plain("patient.unasked")
            lines.append(words("patient.detail", field=plain(f"field.{field}"), value=value))
    if "others" in said:
        lines.append(words("patient.others"))
    if twin.find(session, one.patient) is not None:
        lines.append(words("patient.perhaps_the_same"))
    return Html("".join(f"\n{line}" for line in lines))
