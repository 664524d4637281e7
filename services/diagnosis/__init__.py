"""Diagnoses by their ICD-10 code: entered from a list, found by how health workers name them.

code.py      what a code looks like
entering.py  the list that `telekonsul icd10 import` brings
search.py    which diagnosis somebody's words mean
"""

from sqlalchemy.orm import Session

from services.atlas import atlas
from services.diagnosis.code import defects, leading, normal
from services.diagnosis.entering import enter
from services.diagnosis.search import Diagnoses, Match

__all__ = [
    "Diagnoses",
    "Match",
    "defects",
    "enter",
    "find",
    "leading",
    "name",
    "normal",
    "sure",
]


def find(session: Session, text: str, *, limit: int = 5) -> list[Match]:
    """Give the diagnoses that a text may mean, the best first; a code finds itself."""
    return atlas(session, Diagnoses).find(text, limit=limit)


def sure(session: Session, text: str) -> Match | None:
    """Give the one that a text names as we or the list name it, letter by letter, if there is
    one."""
    return atlas(session, Diagnoses).exact(text)


def name(session: Session, code: str) -> str:
    """Give how a code is called; nothing where no list knows it."""
    return atlas(session, Diagnoses).name(code)
