"""A region's name as people say it."""

from collections.abc import Sequence

from models.region import Level
from services.content import plain
from services.region.gazetteer import Place

_PAPUA = ("91", "92", "93", "94", "95", "96")
"""Provinces where a kecamatan is called distrik (UU 21/2001)."""


def spoken(path: Sequence[Place]) -> str:
    """Name the smallest region of a path, which comes first, with those around it up to the
    kabupaten or kota; a province only by itself."""
    return ", ".join(_own(one) for one in path if one.level > Level.PROVINCE or len(path) == 1)


def _own(place: Place) -> str:
    match place.level:
        case Level.VILLAGE if place.code.split(".")[-1].startswith("1"):
            return plain("region.kelurahan", name=place.name)
        case Level.VILLAGE:
            return plain("region.desa", name=place.name)
        case Level.DISTRICT if place.code[:2] in _PAPUA:
            return plain("region.distrik", name=place.name)
        case Level.DISTRICT:
            return plain("region.kecamatan", name=place.name)
        case Level.REGENCY if place.name.startswith("Kabupaten "):
            return plain("region.kabupaten", name=place.name.removeprefix("Kabupaten "))
    return place.name
