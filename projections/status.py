"""The health of the views."""

from __future__ import annotations

from collections import Counter

import msgspec
from sqlalchemy import distinct, func, select

from domain.log import EventLog
from projections.database import ViewsDatabase, dead_letters, position_of, versions_of

LIVE, BEHIND, REBUILDING, STALE = "live", "behind", "rebuilding", "stale"
RETRYING, STOPPED = "retrying", "stopped"  # troubles of the projector, and so of all views


class Status(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    version: int  # of its tables
    position: int  # the last event of the log that it includes
    head: int  # the last event of the log
    lag: int  # events
    parked: int  # streams that it misses events of
    state: str  # LIVE | BEHIND | REBUILDING | STALE (must be rebuilt) | RETRYING | STOPPED
    fault: str | None  # what the projector waits for, or was stopped by


class Trouble(msgspec.Struct, frozen=True):
    state: str  # RETRYING | STOPPED
    fault: str


def status_of(
    log: EventLog, database: ViewsDatabase, rebuilding: frozenset[str], trouble: Trouble | None
) -> tuple[Status, ...]:
    """Each view's health, in the order of the views."""
    with database.reading() as connection:
        position, versions = position_of(connection), versions_of(connection)
        count = func.count(distinct(dead_letters.c.stream))
        query = select(dead_letters.c.label, count).group_by(dead_letters.c.label)
        parked = Counter(dict(connection.execute(query).tuples().all()))
    head = log.head()
    return tuple(
        Status(
            name=view.name,
            version=versions[view.name],
            position=position,
            head=head,
            lag=max(0, head - position),
            parked=parked[view.name],
            state=_state(view.name in rebuilding, versions[view.name] == view.version, trouble, head - position),
            fault=None if trouble is None else trouble.fault,
        )
        for view in database.views
    )


def _state(rebuilding: bool, current: bool, trouble: Trouble | None, lag: int) -> str:
    if trouble is not None:
        return trouble.state
    if rebuilding:
        return REBUILDING
    if not current:
        return STALE
    return BEHIND if lag > 0 else LIVE
