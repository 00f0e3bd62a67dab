"""Every event of a prevention case, in order: who, when, in which role, why, and the clear facts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, MetaData

from domain.prevention_case_state import EVOLVES
from projections import timeline
from projections.paging import Page
from projections.timeline import Entry
from projections.view import View

metadata = MetaData()
entries = timeline.entry_table("case_timeline", metadata)


def entry_page(connection: Connection, case: UUID, *, cursor: str | None = None, limit: int = 100) -> Page[Entry]:
    """The case's events from its first."""
    return timeline.entry_page(connection, Entry, entries, case, cursor=cursor, limit=limit)


VIEW = View(
    name="case-timeline", version=2, metadata=metadata, folds=dict.fromkeys(EVOLVES, timeline.entering(entries))
)
