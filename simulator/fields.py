"""Fields of the objects in a call: read or refused in the words of Telegram's JSON reader."""

from typing import Any

from simulator.errors import ApiError, bad_request


def text_field(given: dict[str, Any], name: str) -> str:
    """A string that must be there; a number counts as one."""
    value = _there(given, name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise bad_request(f'Field "{name}" must be of type String')
    return str(value)


def number_field(given: dict[str, Any], name: str) -> int:
    """A whole number that must be there, perhaps in a string."""
    value = _there(given, name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise bad_request(f'Field "{name}" must be of type Number')
    try:
        return int(value)
    except ValueError:
        raise bad_request(f'Field "{name}" must be a valid Number') from None


def decimal_field(given: dict[str, Any], name: str) -> float:
    """A number that must be there, perhaps in a string."""
    value = _there(given, name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise bad_request(f'Field "{name}" must be of type Number')
    try:
        return float(value)
    except ValueError:
        raise bad_request(f'Field "{name}" must be a valid Number') from None


def object_field(given: dict[str, Any], name: str) -> dict[str, Any]:
    """An object that must be there."""
    value = _there(given, name)
    if not isinstance(value, dict):
        raise bad_request(f'Field "{name}" must be of type Object')
    return value


def inside(what: str, error: ApiError) -> ApiError:
    """The refusal of a part, as that of the whole: «can't parse <what>: …»."""
    reason = error.description.removeprefix("Bad Request: ")
    return bad_request(f"can't parse {what}: {reason}")


def _there(given: dict[str, Any], name: str) -> Any:
    value = given.get(name)
    if value is None:
        raise bad_request(f'Can\'t find field "{name}"')
    return value
