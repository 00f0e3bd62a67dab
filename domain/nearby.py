"""Which cameras may have seen an incident, and the hold on what they recorded.

It is placed with the incident, in the same step: footage whose retention is about to lapse does not wait for anybody
to think of it. What was gone before is listed as lost (`projections/losses.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from domain import checks
from domain.hold import HOURS_MAX, PlaceHold
from domain.ids import incident_hold_id
from domain.personal import Reason
from domain.position import metres_between
from domain.sealed import Sealed
from domain.search_draw import CAMERAS_MAX

RADIUS_METRES_MAX = 20_000
MARGIN_MINUTES_MAX = 7 * 24 * 60
WHY = "Записи камер поблизу події утримано разом із її реєстрацією / held with the incident, as recorded nearby"


class Reach(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far around an incident, and how long before and after it, footage is held."""

    radius_metres: int = 300
    before_minutes: int = 60
    after_minutes: int = 60

    def window(self, occurred_from: datetime, occurred_to: datetime) -> tuple[datetime, datetime]:
        """The times to hold: of an incident that lasted longer than a hold can, the last of them."""
        to_at = occurred_to + timedelta(minutes=self.after_minutes)
        earliest = to_at - timedelta(hours=HOURS_MAX)
        return max(occurred_from - timedelta(minutes=self.before_minutes), earliest), to_at


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A camera that stands somewhere."""

    camera: UUID
    latitude: float
    longitude: float


def check_reach(field: str, reach: Reach) -> Reach:
    checks.whole(f"{field}: radius_metres", reach.radius_metres, least=1, most=RADIUS_METRES_MAX)
    checks.whole(f"{field}: before_minutes", reach.before_minutes, least=0, most=MARGIN_MINUTES_MAX)
    checks.whole(f"{field}: after_minutes", reach.after_minutes, least=0, most=MARGIN_MINUTES_MAX)
    return reach


def nearest(
    cameras: Iterable[Standing], latitude: float, longitude: float, radius_metres: int, *, most: int = CAMERAS_MAX
) -> tuple[UUID, ...]:
    """The cameras within that distance, the nearest first, as many as one hold can name."""
    apart = {
        each.camera: metres
        for each in cameras
        if (metres := metres_between(latitude, longitude, each.latitude, each.longitude)) <= radius_metres
    }
    return tuple(sorted(apart, key=lambda camera: (apart[camera], camera)))[:most]


def hold_of_incident(
    incident: UUID, cameras: tuple[UUID, ...], window: tuple[datetime, datetime], by: UUID, unit: UUID
) -> PlaceHold | None:
    """The hold that comes with an incident; None where no camera stands near it. The cameras are in no order that would
    tell how far each is: more people see a hold than the place of its incident.
    """
    if not cameras:
        return None
    key = incident_hold_id(incident)
    return PlaceHold(
        hold=key,
        cameras=tuple(sorted(cameras)),
        from_at=window[0],
        to_at=window[1],
        incident=incident,
        by=by,
        unit=unit,
        reason=Sealed(key, Reason(WHY)),
    )
