"""Telephone numbers as lists write them, made one that can be tapped."""

import re

import phonenumbers

_PREFIX = re.compile(r"^\D*0+\s*-\s*(?=0\d)")
"""An area code that was left as 0 before a whole number (0-0812…)."""
_NEXT = re.compile(r"[/;,]|\bext\b|\batau\b", re.IGNORECASE)


def normalised(text: str) -> str | None:
    """Give the first telephone number of a cell as +62…; None where there is no valid one.

    A mobile number may lack its leading 0, as spreadsheets drop it.
    """
    for part in _NEXT.split(text):
        try:
            number = phonenumbers.parse(_PREFIX.sub("", part.strip()), "ID")
        except phonenumbers.NumberParseException:
            continue
        if number.country_code == 62 and phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None
