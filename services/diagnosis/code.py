"""What a code of ICD-10 looks like, however it is typed: «j069», «J06.9», «J 06.9»."""

import re
from collections.abc import Iterable, Mapping

_CODE = re.compile(r"\s*([A-Za-z])[ ]?([0-9]{2})(?:[ ]?[.,]?[ ]?([0-9]{1,2}))?[*+†]?(?![\w])")


def leading(text: str) -> tuple[str, str]:
    """Give the code that a text begins with, and what stands behind it; no code is empty."""
    found = _CODE.match(text)
    if found is None:
        return "", text.strip()
    letter, whole, part = found.groups()
    code = f"{letter.upper()}{whole}" + (f".{part}" if part else "")
    return code, text[found.end() :].strip(" \t\n·:-,.()")


def normal(text: str) -> str:
    """Give a code in its one form, «J06.9»; nothing for what is none."""
    code, rest = leading(text)
    return "" if rest else code


def defects(listed: Iterable[Mapping[str, object]]) -> list[str]:
    """Tell what is wrong with content/diagnosis.toml, a line for each; none where all is well."""
    found, seen = [], set[str]()
    for place, one in enumerate(listed, start=1):
        code = one.get("code")
        if not isinstance(code, str) or normal(code) != code:
            found.append(f"diagnosis {place}: {code!r} is no code of the form A00 or A00.0")
        elif code in seen:
            found.append(f"diagnosis {place}: {code} stands there twice")
        elif not all(isinstance(one.get(key), str) and one[key] for key in ("name", "also")):
            found.append(f"diagnosis {place}: {code} needs a name, and in also how people write it")
        seen.add(str(code))
    return found
