"""What can be wrong with a line of a list, and what was done about it."""

from enum import StrEnum
from typing import NamedTuple


class Defect(StrEnum):
    """What was found; the words are those of the report."""

    UNREADABLE = "line cannot be read"
    NO_NAME = "no name"
    NO_FACILITY = "not a facility"
    NO_CODE = "no code"
    SAME_CODE = "code twice"
    BREAK = "line break in a cell"
    LETTERS = "damaged letters"
    KIND = "kind"
    PHONE = "phone"
    HOURS = "hours"
    VALUE = "value"
    REGENCY = "regency not known"
    NOTATION = "point not in decimal degrees"
    SWAPPED = "latitude and longitude swapped"
    SIGN = "minus missing or too much"
    NO_DECIMALS = "decimal point missing"
    PLACEHOLDER = "placeholder point"
    OUTSIDE = "point outside Indonesia"
    ELSEWHERE = "point in another regency"
    APART = "sources disagree on the point"


class Remark(NamedTuple):
    """One defect of one line."""

    defect: Defect
    mended: bool
    """Whether what was meant is certain; otherwise the value was left out, or kept as it is."""
    before: str
    after: str
    done: str
    """What was done, for people."""
