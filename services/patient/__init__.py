"""Patients: those for whom an asker asks, themselves among them.

record.py   which record is whose, and what is known of it
birth.py    a birth date as people write it
field.py    the fields of «Lengkapi data»: which apply, how an answer is read, how it is shown
twin.py     another record of perhaps the same person; joining.py a worker joins them or not
details.py  what the worker who has taken it reads
place.py    the village, and the kecamatan for those who have not
filling.py  what people do there; course.py which question is next, and how it is put
typed.py    answers in words; choice.py by a tap; change.py what they change elsewhere
page.py     whom somebody asks for, and what of each is known
"""

from services.patient.details import details
from services.patient.place import district, locate
from services.patient.record import (
    AGES,
    ASKED,
    BABY,
    CHILD,
    FERTILE,
    MINOR,
    age_now,
    age_text,
    answers,
    brief,
    card,
    choose,
    earlier,
    known,
    label,
    learn,
    new,
    years,
)

__all__ = [
    "AGES",
    "ASKED",
    "BABY",
    "CHILD",
    "FERTILE",
    "MINOR",
    "age_now",
    "age_text",
    "answers",
    "brief",
    "card",
    "choose",
    "details",
    "district",
    "earlier",
    "known",
    "label",
    "learn",
    "locate",
    "new",
    "years",
]
