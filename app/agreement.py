"""Whether the index says nothing that the record does not: asked of a backup, and where a record was put back.

In a backup the index is copied after the record, so it may hold units of footage that was archived, or claimed, later
than the copied log ends. What is ahead is taken out of the index, and its footage is indexed anew once it is archived
anew. Otherwise units made for another camera or time would be found as those of the footage that is on the shelf then,
and the fence of their claim would keep every later claim from committing.
"""

from __future__ import annotations

from pathlib import Path

from app.event_store.backup import events_in, version_in
from domain.footage_events import FootageArchived
from domain.ids import footage_id
from domain.log import Unreadable
from search_index.entries import IndexedFootage
from search_index.footage_index import FootageIndex


def forget_what_is_ahead(index: FootageIndex, log: Path) -> list[str]:
    """Take out of the index what a log knows nothing of, or knows otherwise. Returns the SHA-256 of those footages.

    The log is a file that nobody writes to. What the log says is indexed and is not there any more is made anew by the
    scrub. Footage whose event is unreadable stays: it is parked, not unknown.
    """
    indexed = {each.footage: each for each in index.footages()}
    ahead = dict(indexed)
    for archived in events_in(log, FootageArchived):
        if isinstance(archived, Unreadable):
            ahead = {sha256: each for sha256, each in ahead.items() if footage_id(sha256) != archived.stream}
        elif archived.sha256 in ahead and _agrees(archived, indexed[archived.sha256], log):
            del ahead[archived.sha256]
    for sha256 in ahead:
        index.forget_footage(sha256)
    return sorted(ahead)


def _agrees(archived: FootageArchived, indexed: IndexedFootage, log: Path) -> bool:
    return indexed.cameras == {str(archived.camera)} and indexed.fence <= version_in(log, footage_id(archived.sha256))
