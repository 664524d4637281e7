"""Which of Indonesia's three times holds in a region, by its province."""

from models.facility import Zone

_PROVINCES = {  # Keppres 41/1987, carried on to the provinces founded since
    Zone.WIB: "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",
    Zone.WITA: "51 52 53 63 64 65 71 72 73 74 75 76",
    Zone.WIT: "81 82 91 92 93 94 95 96",
}
_ZONES = {province: zone for zone, codes in _PROVINCES.items() for province in codes.split()}


def zone(code: str) -> Zone | None:
    """Give the time that holds in a region, None where its province is not known."""
    return _ZONES.get(code[:2])
