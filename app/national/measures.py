"""What the national picture counts. Another measure is another line of `MEASURES`.

What stands (cameras, officers) is counted at the end of each month; what happens, within it. A measure is sensitive
where what it counts happened to people. Only what happens may be: of what stands, two months that differ by one would
tell of that one. Officers in service are not: theirs is a public office, and how many there are is published.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Connection

from app.access.operations import Operation
from app.lists import Columns, incident_columns
from domain.national.words import NATIONAL_MEASURES
from domain.vocabulary import Label
from projections.national import counts
from projections.national.window import Counts, Window

Count: TypeAlias = Callable[[Connection, Window], Counts]
OwnCount: TypeAlias = Callable[[Connection, Window, ColumnElement[bool]], Counts]


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """How those count who read what is counted one by one: what they may read, to the last one."""

    may: Operation
    rows: Operation  # the list of what they may read
    columns: Callable[[], Columns]
    counted: OwnCount


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    happens: bool  # within a month; else it stands at its end
    counted: Count
    sensitive: bool = False
    own: Own | None = None

    @property
    def label(self) -> Label:
        return NATIONAL_MEASURES[self.code]


def _own_incidents(counted: OwnCount) -> Own:
    return Own(
        may=Operation.INCIDENT_COUNT_OWN, rows=Operation.INCIDENT_LIST, columns=incident_columns, counted=counted
    )


MEASURES = (
    Measure(code="cameras", happens=False, counted=counts.cameras_installed),
    Measure(code="cameras-with-analytics", happens=False, counted=counts.cameras_with_analytics),
    Measure(code="juvenile-officers", happens=False, counted=counts.juvenile_officers),
    Measure(code="community-officers", happens=False, counted=counts.community_officers),
    Measure(code="stations", happens=False, counted=counts.stations_open),
    Measure(code="communities", happens=False, counted=counts.communities_in_project),
    Measure(code="schools", happens=False, counted=counts.schools_registered),
    Measure(code="reports", happens=True, counted=counts.reports_submitted, sensitive=True),
    Measure(
        code="incidents-against",
        happens=True,
        counted=counts.incidents_against,
        sensitive=True,
        own=_own_incidents(counts.incidents_against),
    ),
    Measure(
        code="incidents-by",
        happens=True,
        counted=counts.incidents_by,
        sensitive=True,
        own=_own_incidents(counts.incidents_by),
    ),
)
BY_CODE = {measure.code: measure for measure in MEASURES}
