"""What somebody is called, and the village they name, as far as the words say so."""

import re

from services.intake.ways import alternatives, mark, not_names, unit, ways

_PLACE = r"([A-Z][a-z]+(?: [A-Z][a-z]+){0,2})"
_AT = re.compile(rf"(?:[,.]\s*|\b[Kk]atong |\b[Kk]ami |\b[Kk]ita )di {_PLACE}\s*(?:$|[,.])")
_VILLAGE = re.compile(r"(?:[Dd]esa|[Dd]s|[Kk]p|[Kk]ampung|[Dd]usun)\b\.?\s+(Baru|Lama)\b")
"""Names that are ordinary words, too."""
_LISTED = re.compile(rf"\b[A-Z][a-z]{{2,}},\s*\d{{1,3}},\s*{_PLACE}\s*(?:$|,)")
"""«Rudi, 35, Maulafa»."""


def village(text: str) -> str | None:
    """Give the village that a text names."""
    stop = mark("stop")
    marks = rf"(?:{mark('village')})\b\.?\s*(?:di\s+)?(?:(?:desa|ds|kelurahan|kel|kampung)\.?\s+)?"
    word = rf"(?!(?:{stop})\b)[^\W\d_]+(?:['’][^\W\d_]+)?"
    if one := _VILLAGE.search(text):
        return tidy(one[1])
    for one in re.finditer(rf"(?i)\b{marks}({word}(?: {word}){{0,2}})", text):
        return tidy(one[1])
    named = _AT.search(text) or _LISTED.search(text)
    return tidy(named[1]) if named else None


def name(text: str, village: str | None) -> str | None:
    """Give the name that a text says; what it names as the village is none."""
    titles = alternatives(ways("title")["words"])
    stop = rf"(?!(?:{mark('stop')}|{titles}|saya|sy|aku|ini|itu|nya)\b)"
    word = rf"{stop}[^\W\d_]{{3,}}"
    capital = r"[A-Z][a-z]{2,}"
    whose = rf"(?:(?:saya|sy|aku|pasien|lengkap|{titles})\.?\s+){{0,2}}"
    asked = re.search(
        rf"(?i)\b(?:{mark('name')})\s*:?\s+{whose}({word}(?-i:(?: {stop}{capital})?))", text
    )
    if asked:
        return tidy_name(asked[1])
    behind = r"(?=\s*(?:\(?\d|,\s*\d|,?\s*(?:umur|usia|yuswa|kelas)))"
    aged = rf"(?=\s*,?\s*(?:umur|usia|yuswa|\d{{1,3}}\s*(?:{unit('365')}|,)))"
    for pattern in (
        rf"\b(?i:{titles})\.?\s+({capital}(?: {capital})?)",
        rf"(?i)\b(?:{titles})\.?\s+({word}){behind}",
        rf"\b(?i:{mark('myself')}|saya|sy|sya|dari|bernama)\s+({capital}){behind}",
        rf"\b(?:(?i:{mark('myself')})|ini|sya|bernama)\s+({stop}{capital}(?: {stop}{capital})?)",
        rf"(?i)\b(?:{mark('myself')}|sya)\s+({word}){aged}",
        rf"\b({capital}(?: {capital})?)\s*{behind}",
        rf"\bdari ({capital})\b",
    ):
        for one in re.finditer(pattern, text):
            name = tidy_name(one[1])
            if name and name.lower() not in not_names() and name != village:
                return name
    return None


def tidy(place: str) -> str:
    """Give a place without the word for what it is, in capitals as names are written."""
    place = re.sub(rf"(?i)^(?:{mark('village')})\b\.?\s+", "", place.strip())
    return " ".join(part.capitalize() for part in place.split())


def tidy_name(name: str) -> str:
    """Give a name without its titles."""
    titles = alternatives(ways("title")["words"])
    bare = re.sub(rf"(?i)^(?:(?:{titles})\.?\s+)+", "", name.strip(" .,"))
    return " ".join(part.capitalize() if part.islower() else part for part in bare.split())
