"""How one message is laid out: a filled-in template, values between slashes, several patients."""

import re
from itertools import zip_longest

from services.intake import span
from services.intake.ways import NUMBER, alternatives, mark, unit, ways

_EACH = re.compile(r"(?:^|(?<=[\s:;]))(?:\d{1,2}[.)]|-)\s+(?=\D)")
"""What begins each of several patients: «1. … 2. …»."""


def people(text: str) -> list[str]:
    """Give the words about each where a message lists several patients, else the message."""
    parts = [part.strip() for part in _EACH.split(text)]
    if len(parts) > 2:
        return [part for part in parts[1:] if part]
    blocks = [
        block for block in re.split(r"\n\s*\n", text) if len(template(block).keys() - {"rest"}) >= 2
    ]
    if len(blocks) > 1:
        return blocks
    return _side_by_side(text)


def _side_by_side(text: str) -> list[str]:
    """«Aldi 5 th sama Alda 3 th, sudah 3 hari»: two who have the same."""
    units = f"{unit('365')}|{unit('30')}"
    person = rf"[A-Z][a-z]+ \(?{NUMBER} ?(?:{units})\)?"
    found = re.search(rf"({person})(?:(?: sama | dan | n |, )({person}))+", text)
    if found is None:
        return [text]
    rest = f"{text[: found.start()]} {{}} {text[found.end() :]}"
    return [rest.format(one) for one in re.findall(person, found[0])]


def template(text: str) -> dict[str, str]:
    """Give the fields that are named with a colon."""
    keys = {way: field for field, said in ways("field").items() for way in said}
    names = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    found = list(re.finditer(rf"(?i)(?<![^\s,;.(])({names})\s*[:=]", text))
    fields = {"rest": text[: found[0].start()].strip(" \n\t,;.")} if found else {}
    for one, after in zip_longest(found, found[1:]):
        value = text[one.end() : after.start() if after else len(text)]
        value = value.strip(" \n\t,;./")
        head, *rest = re.split(r"[\n;]| / |,(?=\s*(?:sdh|sudah|usia|umur))", value)
        fields[keys[one[1].lower()]] = head.strip(" ,.")
        fields["rest"] = f"{fields.get('rest', '')} , {' , '.join(rest)}".strip(" ,")
    return fields


def slashed(text: str) -> dict[str, str]:
    """Give the fields of «L/27/Tarus/panu/3 bulan», in whatever order they stand."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) < 4 or "\n" in text:
        return {}
    fields: dict[str, str] = {}
    for part in parts:
        if re.match(
            rf"(?i)(?:{mark('name')}|{alternatives(ways('title')['words'])})\b\.?\s+\w", part
        ):
            fields.setdefault("name", re.sub(rf"(?i)^(?:{mark('name')})\s+", "", part))
        elif re.match(rf"(?i)(?:{mark('village')})\b\.?\s+\w", part):
            fields["village"] = part
        elif sex_letter(part) and "sex" not in fields:
            fields["sex"] = part
        elif re.fullmatch(rf"{NUMBER}\s*(?:{unit('365')})?", part.lower()) and "age" not in fields:
            fields["age"] = part
        elif span.duration(f"sejak {part.lower()}") is not None:
            fields["duration"] = part
        elif part[:1].isupper() and "village" not in fields:
            fields["village"] = part
        else:
            fields["complaint"] = f"{fields.get('complaint', '')} {part}".strip()
    return fields


def sex_letter(typed: str) -> str | None:
    """Give «L» or «P» for what stands alone for it."""
    bare = typed.strip(" .").lower()
    if bare in ("l", "p"):
        return bare.upper()
    return next((letter for letter, said in ways("sex").items() if bare in said), None)
