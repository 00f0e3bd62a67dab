"""What is counted of each region, by month. What may be shown of it to whom is the policies' to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_

from domain.officer import JUVENILE
from projections import incident_counts
from projections.camera_network.analytics import had_analytics
from projections.cameras import cameras
from projections.communities.places import communities, stations
from projections.communities.posts import postings
from projections.national.certified import certified_officers, certified_periods
from projections.national.window import Counts, Window, stood
from projections.organisation import units
from projections.reports import public
from projections.schools.board import schools


def cameras_installed(connection: Connection, window: Window) -> Counts:
    return _cameras(connection, window)


def cameras_with_analytics(connection: Connection, window: Window) -> Counts:
    return _cameras(connection, window, that=had_analytics)


def juvenile_officers(connection: Connection, window: Window) -> Counts:
    """Certified for juvenile prevention, in the region of their unit: none in a region that has units, and no such
    officer.
    """
    theirs = and_(certified_officers.c.unit == units.c.unit, certified_officers.c.service == JUVENILE)
    of_units = units.outerjoin(certified_officers, theirs)
    return stood(
        connection,
        window,
        source=of_units.outerjoin(certified_periods, certified_periods.c.officer == certified_officers.c.officer),
        region=units.c.region,
        from_at=certified_periods.c.from_at,
        to_at=certified_periods.c.to_at,
    )


def community_officers(connection: Connection, window: Window) -> Counts:
    """Posted, in the region of their community: none in a region that has communities on record, and nobody there."""
    return stood(
        connection,
        window,
        source=communities.outerjoin(postings, postings.c.community == communities.c.community),
        region=communities.c.region,
        from_at=postings.c.from_at,
        to_at=postings.c.until_at,
    )


def stations_open(connection: Connection, window: Window) -> Counts:
    return stood(
        connection,
        window,
        source=communities.outerjoin(stations, stations.c.community == communities.c.community),
        region=communities.c.region,
        from_at=stations.c.opened_at,
        to_at=stations.c.closed_at,
    )


def communities_in_project(connection: Connection, window: Window) -> Counts:
    return stood(
        connection,
        window,
        source=communities,
        region=communities.c.region,
        from_at=communities.c.joined_at,
    )


def schools_registered(connection: Connection, window: Window) -> Counts:
    """Since they were put on record: none is closed here."""
    return stood(connection, window, source=schools, region=schools.c.region, from_at=schools.c.registered_at)


def reports_submitted(connection: Connection, window: Window) -> Counts:
    """The table of GET /counts/reports, and no other: two of the same reports would be held against each other."""
    return public.counts(connection, window.months)


def incidents_against(connection: Connection, window: Window, only: ColumnElement[bool] | None = None) -> Counts:
    return incident_counts.counts(connection, "against", window.months, only=only)


def incidents_by(connection: Connection, window: Window, only: ColumnElement[bool] | None = None) -> Counts:
    return incident_counts.counts(connection, "by", window.months, only=only)


def _cameras(
    connection: Connection, window: Window, *, that: Callable[[datetime], ColumnElement[bool]] | None = None
) -> Counts:
    return stood(
        connection,
        window,
        source=cameras,
        region=cameras.c.region,
        from_at=cameras.c.installed_at,
        to_at=cameras.c.decommissioned_at,
        that=that,
    )
