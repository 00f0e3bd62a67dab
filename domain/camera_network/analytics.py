"""Whether a camera recognises cars or persons by itself, and since when: an upgrade comes, or is taken away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain import checks
from domain.errors import Invalid
from domain.event import Event
from domain.footage_refusals import OutsideCameraLife
from domain.kyiv_time import shown


class AnalyticsDeclared(Event, frozen=True, kw_only=True):
    """From that time on, until another declaration; before the first one what was said at registration holds."""

    TOPIC = "camera.analytics-declared"

    analytics: bool
    from_at: datetime


class DeclareAnalytics(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    analytics: bool
    from_at: datetime
    at: datetime


class Analytics(msgspec.Struct, frozen=True):
    """What holds since when."""

    present: bool = False
    since: datetime | None = None  # None: since it was installed


def declared(before: Analytics, installed_at: datetime, command: DeclareAnalytics) -> tuple[Event, ...]:
    """Declarations follow each other in time; one that changes nothing is none."""
    from_at = checks.past("from_at", command.from_at, command.at)
    if from_at < installed_at:
        raise OutsideCameraLife("from_at", from_at, installed_at, None)
    if before.since is not None and from_at <= before.since:
        raise Invalid("from_at", f"the last declaration holds since {shown(before.since)}", "give a later time")
    if command.analytics == before.present:
        return ()
    return (AnalyticsDeclared(analytics=command.analytics, from_at=from_at),)
