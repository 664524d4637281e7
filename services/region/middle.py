"""How far apart two places are."""

from math import asin, cos, radians, sin, sqrt

RADIUS = 6_371_008.8
"""Metres: the earth's mean radius (IUGG)."""


def distance(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Give the metres along the great circle; NaN where a coordinate is."""
    north, east = radians(to_latitude - latitude), radians(to_longitude - longitude)
    flat = cos(radians(latitude)) * cos(radians(to_latitude))
    return 2 * RADIUS * asin(sqrt(min(1.0, sin(north / 2) ** 2 + flat * sin(east / 2) ** 2)))
