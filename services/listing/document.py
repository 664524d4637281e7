"""JSON lists: OpenStreetMap's GeoJSON, or plain objects, read one after the other.

A whole document of 50 MB would take ten times that in memory; one object at a time does not.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from services.listing.packed import CHUNK, opened
from services.listing.table import MAX_COLUMNS, Line, RefusedFile

MAX_OBJECT = 2**20
"""Characters of one feature: the outline of a hospital has a few thousand."""
_DECODER = json.JSONDecoder()
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_KEY = re.compile(r'\s*"(?:[^"\\]|\\.)*"\s*:')
_BETWEEN = re.compile(r"[\s,]*")


def lines(path: Path) -> Callable[[], Iterator[Line]]:
    """Give what reads a JSON list of facilities, the names of its columns first.

    A line's number counts the objects. Raises RefusedFile where there is no list of objects.
    """

    def read() -> Iterator[Line]:
        columns: dict[str, None] = {}
        for one in _objects(path):
            columns.update(dict.fromkeys(_flat(one)))
            if len(columns) > MAX_COLUMNS * 50:
                raise RefusedFile("its objects have thousands of different names")
        kept = [name for name in columns if _wanted(name)][: MAX_COLUMNS - 1]
        yield Line(0, kept)
        for number, one in enumerate(_objects(path), 1):
            flat = _flat(one)
            if flat.get("@health", "yes") == "yes":
                yield Line(number, [flat.get(name, "") for name in kept])

    return read


def _wanted(name: str) -> bool:
    """Tell the tags that say something of a facility from the hundreds of others in OSM."""
    return not name.startswith(("name:", "source", "@health", "roof:", "building:", "note", "alt_"))


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    with io.TextIOWrapper(opened(path), "utf-8-sig", "replace") as file:
        text = file.read(CHUNK)
        inside = _FEATURES.search(text)
        start = inside.end() if inside else len(text) - len(text.lstrip()) + 1
        named = not inside and text.lstrip()[:1] == "{"
        text = text[start:]
        while True:
            text = text[_BETWEEN.match(text).end() :]  # type: ignore[union-attr]  # it may match nothing
            if text[:1] in ("]", "}"):
                return
            key = _KEY.match(text) if named else None
            try:
                if named and not key:
                    raise ValueError("no key")
                found, end = _DECODER.raw_decode(text[key.end() if key else 0 :].lstrip())
            except (ValueError, RecursionError):
                more = file.read(max(CHUNK, len(text)))
                if not more or len(text) > MAX_OBJECT:
                    raise RefusedFile(
                        "it is no JSON list of facilities, or it is cut off"
                    ) from None
                text += more
                continue
            rest = text[key.end() if key else 0 :].lstrip()[end:]
            if not isinstance(found, dict):
                raise RefusedFile("it is no list of facilities: an object a facility is needed")
            text = rest
            yield found


def _flat(one: dict[str, Any]) -> dict[str, str]:
    """Give an object as cells; of a GeoJSON feature its tags, its id and its middle."""
    if one.get("type") != "Feature":
        return {
            key: _text(value) for key, value in one.items() if not isinstance(value, dict | list)
        }
    tags = one.get("properties") or {}
    tags = tags | (tags.get("tags") or {}) if isinstance(tags.get("tags"), dict) else tags
    flat = {key: _text(value) for key, value in tags.items() if not isinstance(value, dict | list)}
    kind = flat.get("healthcare") or flat.get("amenity") or ""
    flat["@health"] = "yes" if kind else "no"
    point = _middle((one.get("geometry") or {}).get("coordinates"))
    if point:
        flat["lat"], flat["lon"] = str(point[1]), str(point[0])
    flat["@id"] = _text(one.get("id") or flat.get("@id") or flat.get("id") or "")
    flat["@kind"] = kind
    street = " ".join(filter(None, (flat.get("addr:street"), flat.get("addr:housenumber"))))
    flat["addr:full"] = flat.get("addr:full") or street
    return flat


def _middle(coordinates: Any) -> tuple[float, float] | None:
    """Give a point, or the middle of the box around an outline."""
    points: list[tuple[float, float]] = []
    left = [coordinates]
    while left:
        one = left.pop()
        if not isinstance(one, list) or not one:
            continue
        if all(isinstance(part, int | float) for part in one[:2]) and len(one) >= 2:
            points.append((float(one[0]), float(one[1])))
        else:
            left += one
    if not points:
        return None
    east, north = [[point[axis] for point in points] for axis in (0, 1)]
    if len(points) == 1:
        return points[0]
    return round((min(east) + max(east)) / 2, 7), round((min(north) + max(north)) / 2, 7)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
