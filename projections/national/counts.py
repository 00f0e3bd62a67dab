"""What is counted of each region, by month. What may be shown of it to whom is the policies' to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, true

from projections import incident_counts
from projections.cameras import cameras
from projections.national.certified import certified_officers, certified_periods
from projections.national.window import Counts, Window, stood
from projections.organisation import units

Count: TypeAlias = Callable[[Connection, Window, ColumnElement[bool]], Counts]  # `only`: what its reader may read


def cameras_installed(connection: Connection, window: Window, only: ColumnElement[bool]) -> Counts:
    return _cameras(connection, window, only)


def cameras_with_analytics(connection: Connection, window: Window, only: ColumnElement[bool]) -> Counts:
    return _cameras(connection, window, only & cameras.c.analytics)


def juvenile_officers(connection: Connection, window: Window, only: ColumnElement[bool]) -> Counts:
    """Certified, in the region of their unit."""
    periods = certified_periods.join(certified_officers, certified_officers.c.officer == certified_periods.c.officer)
    return stood(
        connection,
        window,
        source=periods.join(units, units.c.unit == certified_officers.c.unit),
        region=units.c.region,
        from_at=certified_periods.c.from_at,
        to_at=certified_periods.c.to_at,
        only=(only,),
    )


def incidents_against(connection: Connection, window: Window, only: ColumnElement[bool]) -> Counts:
    return incident_counts.counts(connection, "against", window.months, only=only)


def incidents_by(connection: Connection, window: Window, only: ColumnElement[bool]) -> Counts:
    return incident_counts.counts(connection, "by", window.months, only=only)


def _cameras(connection: Connection, window: Window, only: ColumnElement[bool]) -> Counts:
    return stood(
        connection,
        window,
        source=cameras,
        region=cameras.c.region,
        from_at=cameras.c.installed_at,
        to_at=cameras.c.decommissioned_at,
        only=(only,),
    )


ALL = true()
