"""What reporters added to their reports, and whether anybody heard it: opened the words after it was written. Where the
report became an incident, its officer is to hear it, too, who reads it with the narrative.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    ScalarSelect,
    Table,
    Uuid,
    exists,
    func,
    select,
)

from domain.event import Recorded
from domain.reports.events import ReportFollowedUp
from projections.columns import Position
from projections.disclosures import disclosures
from projections.rows import Rows
from projections.sealed_records import report_incidents
from projections.view import View

WITH_THE_NARRATIVE = "incident.read-narrative"
OPENING = ("report.read-words", WITH_THE_NARRATIVE)  # of the operations: those that open what was added

metadata = MetaData()
follow_ups = Table(
    "report_follow_ups",
    metadata,
    Column("report", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("position", Position, nullable=False),
    Column("subject", Uuid, nullable=False),  # of the record of what was added
)


def unheard_of(report: ColumnElement[Any]) -> ScalarSelect[Any]:
    """How many of a report's nobody opened."""
    unheard = select(func.count()).where(follow_ups.c.report == report, ~_opened())
    return unheard.correlate_except(follow_ups).scalar_subquery()


def unheard_in(incident: ColumnElement[Any], officer: ColumnElement[Any]) -> ScalarSelect[Any]:
    """How many of the reports that became an incident the officer in charge did not open with its narrative."""
    became = follow_ups.join(report_incidents, report_incidents.c.report == follow_ups.c.report)
    unheard = select(func.count()).select_from(became).where(report_incidents.c.incident == incident)
    opened = _opened(disclosures.c.operation == WITH_THE_NARRATIVE, disclosures.c.actor == officer)
    return unheard.where(~opened).correlate_except(follow_ups, report_incidents).scalar_subquery()


def reports_of(connection: Connection, incident: UUID) -> tuple[UUID, ...]:
    """The reports that became it."""
    query = select(report_incidents.c.report).where(report_incidents.c.incident == incident)
    return tuple(connection.execute(query.order_by(report_incidents.c.report)).scalars())


def _opened(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Or looked for in vain, once its key was destroyed."""
    of_it = (disclosures.c.thing == follow_ups.c.report, disclosures.c.subject == follow_ups.c.subject)
    since = disclosures.c.position > follow_ups.c.position
    return exists().where(*of_it, since, disclosures.c.operation.in_(OPENING), *more).correlate_except(disclosures)


def _followed_up(rows: Rows, at: Recorded, event: ReportFollowedUp) -> None:
    rows.put(follow_ups, report=at.stream, version=at.version, position=at.position, subject=event.narrative.subject)


VIEW = View(name="report-follow-ups", version=1, metadata=metadata, folds={ReportFollowedUp: _followed_up})
