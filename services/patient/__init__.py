"""Patients: those for whom an asker asks, themselves among them.

record.py   which record is whose, and what is known of it
birth.py    a birth date as people write it
field.py    the fields of «Lengkapi data»: which apply, how an answer is read, how it is shown
filling.py  one question at a time
page.py     whom somebody asks for, and what of each is known
"""

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
    "earlier",
    "known",
    "label",
    "learn",
    "new",
    "years",
]
