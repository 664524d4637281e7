"""Who a message is about, as far as the danger signs ask: a young infant, a mother, a fever's day.

Measured values are read here too: blood pressure, sugar, platelets, temperature, oxygen, pills.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from services.reading import Word

_TENSI = re.compile(r"\b(\d{3})\s*(?:[/-]|per)\s*(\d{2,3})\b")
_UPPER = re.compile(r"\btensi\w*\D{0,30}(1[6-9]\d|2\d\d)(?!\d)")
_SUGAR = re.compile(r"\bgula(?:\s*darah)?(?:nya)?\D{0,12}(\d{2,3})\b")
_PLATELETS = re.compile(r"\btrombo\w*\D{0,12}(\d{1,3})(?:[.,]?000|\s*(?:rb|ribu|k))?\b")
_HEAT = re.compile(
    r"(?:(?:panas|suhu|demam|dmm|termo)\D{0,15})(3[5-9]|4[0-2])(?:[.,](\d))?(?![\d.,]*\s*(?:hari|hr|th))\b"
)
_OXYGEN = re.compile(r"\b(?:satur\w*|spo2|sp02|oksigen\w*)\D{0,12}(\d{2})\b")
_PILLS = re.compile(r"\b(\d{2,3})\s*(?:butir|biji|tablet|tab|pil|kapsul|kaplet|iji)\b")
_DOSE = re.compile(r"\b(?:sehari|tiap|per hari|\d\s*x)\b")
_DAYS = {"hari": 1, "minggu": 7, "bulan": 30, "tahun": 365}
YOUNG = 61
"""Days: a sick infant up to two months is in danger by that alone (MTBM)."""
_HEATS = {"SUHU375": 37.5, "SUHU39": 39.0}
_YOUNG_KIN = {"kakak", "adik", "bungsu", "sulung", "kembar"}
"""Who is a child where an age of a child stands right behind."""
_SAID_OF_A_CHILD = {"anak", "saya", "aku", "sy", "beta", "pung", "kami", "baru", "ini", "si"}
CHILDBED = 42
OXYGEN = 93
"""Percent: less is too little in somebody at rest."""


def whom(text: str, words: Sequence[Word], here: set[str]) -> set[str]:
    """Tell who a message is about, as far as the signs ask for it."""
    who = set()
    ages = list(_ages(words))
    is_child = bool(here & {"anak", "bayi"}) or any(days < 12 * 365 for days in ages)
    if is_child:
        who.add("ANAK")
    if (is_child and any(days < YOUNG for days in ages)) or "baru_lahir" in here:
        who.add("BAYI")
    if "hamil" in here:
        who.add("HAMIL")
    if "melahirkan" in here and _childbed(words):
        who.add("NIFAS")
    if here & {"demam", "panas", "panas_tinggi", "dbd", "demam_berdarah", "trombosit"} or (
        "hari_demam" in here
    ):
        who |= {"DEMAM3"} if _third_day(words) or "dbd" in here else set()
    if "gula" in here:
        who.add("GULA")
    return who | _measured(text)


def _measured(text: str) -> set[str]:
    who = set()
    if any(int(high) >= 160 or int(low) >= 110 for high, low in _TENSI.findall(text)) or (
        _UPPER.search(text)
    ):
        who.add("TENSI160")
    if any(20 <= int(sugar) <= 60 for sugar in _SUGAR.findall(text)):
        who.add("GULA60")
    if any(int(count) <= 100 for count in _PLATELETS.findall(text)):
        who.add("TROMBO100")
    if any(int(percent) < OXYGEN for percent in _OXYGEN.findall(text)):
        who.add("OKSIGEN92")
    if _PILLS.search(text) and not _DOSE.search(text):
        who.add("BUTIR10")
    heat = max((int(whole) + int(part or 0) / 10 for whole, part in _HEAT.findall(text)), default=0)
    return who | {name for name, least in _HEATS.items() if heat >= least}


def _spans(words: Sequence[Word]) -> list[tuple[int, float]]:
    """Give each stretch of time in a message: where it stands, and its days."""
    return [
        (place, float(one.plain.replace(",", ".")) * _DAYS[unit.plain])
        for place, (one, unit) in enumerate(pairwise(words))
        if unit.plain in _DAYS and re.fullmatch(r"\d{1,3}(?:[.,]\d+)?", one.plain)
    ]


def _ages(words: Sequence[Word]) -> list[float]:
    """Give the stretches that are ages: behind «umur» or a child, not behind «sudah» or a sign."""
    return [
        days
        for place, days in _spans(words)
        if _speaks_of_age(_said_before(words, place), days)
        or {word.plain for word in words[place + 2 : place + 3]} == {"lahir"}
        or {word.plain for word in words[max(0, place - 1) : place]} & _YOUNG_KIN
    ]


def _said_before(words: Sequence[Word], place: int) -> set[str]:
    """Give the few words before a number that may say what it is; another number ends them: of
    «umur 34 batuk 4 hari» only the first is an age."""
    said: set[str] = set()
    for word in words[max(0, place - 3) : place]:
        said = set() if word.plain[0].isdigit() else said | {word.plain}
    return said


def _speaks_of_age(before: set[str], days: float) -> bool:
    if before & {"hamil", "melahirkan"}:
        return False
    child = "anak" in before and not before & {"demam", "panas", "panas_tinggi", "sudah"}
    if days < YOUNG and before - _SAID_OF_A_CHILD:
        child = False  # «anak batuk 4 hari» is ill for four days
    return child or bool(before & {"umur", "bayi", "lahir"})


def _childbed(words: Sequence[Word]) -> bool:
    place = next(at for at, word in enumerate(words) if word.plain == "melahirkan")
    spans = [days for at, days in _spans(words) if abs(at - place) <= 5]
    return all(days <= CHILDBED for days in spans)


def _third_day(words: Sequence[Word]) -> bool:
    plain = " ".join(word.plain for word in words)
    counted = re.findall(r"\bhari_demam (\d+)|\bhari (\d+)\b|\b(\d+) hari\b", plain)
    return any(3 <= int(next(filter(None, one))) <= 7 for one in counted)
