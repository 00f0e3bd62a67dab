"""Every event of a report, in order: when, in which role, why, and the clear facts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, MetaData

from domain.reports.report import DECIDER
from projections import timeline
from projections.paging import Page
from projections.timeline import Entry
from projections.view import View

metadata = MetaData()
entries = timeline.entry_table("report_timeline", metadata)


def timeline_page(connection: Connection, report: UUID, *, cursor: str | None = None, limit: int = 100) -> Page[Entry]:
    """The report's events from its first."""
    return timeline.entry_page(connection, Entry, entries, report, cursor=cursor, limit=limit)


VIEW = View(
    name="report-timeline",
    version=1,
    metadata=metadata,
    folds=dict.fromkeys(DECIDER.evolves, timeline.entering(entries)),
)
