"""Where something is: latitude and longitude (WGS 84, degrees), and how far two places are apart."""

from __future__ import annotations

import math

from domain import checks
from domain.errors import Invalid

# Around Ukraine: exchanged coordinates fall outside.
LATITUDE_MIN, LATITUDE_MAX = 44.0, 53.0
LONGITUDE_MIN, LONGITUDE_MAX = 22.0, 41.0
EARTH_RADIUS_METRES = 6_371_000.0
METRES_OF_LATITUDE = EARTH_RADIUS_METRES * math.pi / 180  # of one degree


def position(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    """Both numbers, or neither. Raises Invalid."""
    if latitude is None and longitude is None:
        return None, None
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        raise Invalid(missing, "is missing", "give both latitude and longitude, or neither")
    return (
        checks.number("latitude", latitude, least=LATITUDE_MIN, most=LATITUDE_MAX),
        checks.number("longitude", longitude, least=LONGITUDE_MIN, most=LONGITUDE_MAX),
    )


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Along the great circle of a sphere: within half a per cent, which is less than a place is known by."""
    north, other_north = math.radians(latitude), math.radians(other_latitude)
    across = math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    half = math.sin((other_north - north) / 2) ** 2 + math.cos(north) * math.cos(other_north) * across
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, half)))


def degrees_around(latitude: float, radius_metres: float) -> tuple[float, float]:
    """How many degrees of latitude and of longitude reach at least so far from there."""
    north = radius_metres / METRES_OF_LATITUDE
    narrowest = math.cos(math.radians(min(89.0, abs(latitude) + north)))
    return north, north / narrowest
