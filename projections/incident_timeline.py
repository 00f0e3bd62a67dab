"""Every event of an incident, in order: who, when, in which role, why, and the clear facts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, Connection, MetaData

from domain import incident as facts
from domain.sealed import Token
from projections import timeline
from projections.columns import Packed
from projections.paging import Page
from projections.timeline import Entry
from projections.view import View

metadata = MetaData()
entries = timeline.entry_table(
    "incident_timeline", metadata, Column("sealed", Packed(tuple[Token, ...]), nullable=False)
)


class TimelineEntry(Entry, frozen=True, kw_only=True):
    sealed: tuple[Token, ...]  # by part


def timeline_page(
    connection: Connection, incident: UUID, *, cursor: str | None = None, limit: int = 100
) -> Page[TimelineEntry]:
    """The incident's events from its first."""
    return timeline.entry_page(connection, TimelineEntry, entries, incident, cursor=cursor, limit=limit)


VIEW = View(
    name="incident-timeline",
    version=3,
    metadata=metadata,
    folds=dict.fromkeys(
        (
            facts.IncidentRecorded,
            facts.IncidentReclassified,
            facts.ChildLinked,
            facts.ChildUnlinked,
            facts.CameraLinked,
            facts.CameraUnlinked,
            facts.FootageLinked,
            facts.IncidentVoided,
        ),
        timeline.entering(entries),
    ),
)
