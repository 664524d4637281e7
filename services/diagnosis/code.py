"""What a code of ICD-10 looks like, however it is typed: «j069», «J06.9», «J 06.9»."""

import re

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
