"""What one listener is told of indexing: how far each footage is, what became of it, how much is left.

What became of footage is read from the log, in its order, so that whoever comes back with the position that they
heard of last misses nothing. How far it is, is of now: only the latest counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

import msgspec

from app.backlog import Backlog, Backlogs, UnderWay
from app.desk import Desk
from app.event_store.faults import EventUnreadable
from domain.event import Recorded, StreamId
from domain.footage_events import FootageArchived, FootageFailed, FootageIndexed, FootageRejected
from domain.footage_state import FAILED, GIVEN_UP, INDEXED, REJECTED
from projections.backlog_queries import Known, known
from projections.database import ViewsDatabase

READ_AT_ONCE = 1_000  # entries of the log


class Became(msgspec.Struct, frozen=True, kw_only=True):
    """What became of footage; once `failed`, it is tried again at `retry_at`."""

    sha256: str
    camera_name: str | None
    state: str  # INDEXED | REJECTED | FAILED | GIVEN_UP
    at: datetime
    rows: int | None = None
    reason_code: str | None = None
    detail: str | None = None
    retry_at: datetime | None = None


class Told(msgspec.Struct, frozen=True):
    """One thing that a listener hears, and the position of the record that it knows everything up to."""

    kind: str  # "became" | "progress" | "backlog" | "end"
    position: int
    about: Became | UnderWay | Backlog


Progress: TypeAlias = tuple[object, ...]


class Watching:
    """One listener. Each `hear` tells what is new since the one before; one thread at a time."""

    def __init__(self, desk: Desk, views: ViewsDatabase, backlogs: Backlogs, *, after: int | None, lasting: bool):
        """`after`: the position that was heard of last; None begins now. Without `lasting` it is over once no footage
        waits for indexing."""
        head = desk.log.head()
        self._desk, self._views, self._backlogs, self._lasting = desk, views, backlogs, lasting
        self._position = head if after is None else min(after, head)  # a record that was put back is shorter
        self._progress: dict[str, Progress] = {}
        self._backlog: Progress = ()
        self.is_over = False

    def hear(self) -> list[Told]:
        backlog = self._backlogs.latest()  # before the log is read: what is no longer under way has become something
        told = list(self._became())
        if self._position < self._desk.log.head():
            return told  # there is more of it
        told += self._progress_of(backlog)
        bare = msgspec.structs.replace(backlog, under_way=[])
        amounts = (backlog.waiting, backlog.claimed, backlog.failed, backlog.given_up, backlog.rejected)
        if self._backlog != (new := (*amounts, round(backlog.left_seconds))):
            self._backlog = new
            told.append(Told("backlog", self._position, bare))
        if backlog.is_empty and not self._lasting and self._is_nothing_left():
            self.is_over = True
            told.append(Told("end", self._position, bare))
        return told

    def _became(self) -> Iterator[Told]:
        entries = self._desk.log.read(after=self._position, limit=READ_AT_ONCE)
        became = [
            entry
            for entry in entries
            if isinstance(entry, Recorded) and isinstance(entry.event, FootageIndexed | FootageRejected | FootageFailed)
        ]
        with self._views.reading() as views:
            of = known(views, {entry.stream for entry in became})
        for entry in became:
            if (footage := of.get(entry.stream) or self._archived(entry.stream)) is not None:
                yield Told("became", entry.position, _became(entry, footage))
        if entries:
            self._position = entries[-1].position

    def _archived(self, stream: StreamId) -> Known | None:
        """Footage that the views have not heard of yet. None where its beginning cannot be read, which they say."""
        try:
            (event,) = self._desk.log.events(stream, until_version=1)
        except EventUnreadable:
            return None
        assert isinstance(event, FootageArchived)
        return Known(footage=stream, sha256=event.sha256, camera_name=None)

    def _progress_of(self, backlog: Backlog) -> Iterator[Told]:
        before, self._progress = self._progress, {}
        for one in backlog.under_way:
            self._progress[one.sha256] = new = (one.state, one.worker, one.lapsed, one.done_seconds, one.rows)
            if before.get(one.sha256) != new:
                yield Told("progress", self._position, one)

    def _is_nothing_left(self) -> bool:
        """Also of what was archived this moment, and what the views have not heard of."""
        head = self._desk.caught_up()
        return head == self._position and self._backlogs.fresh().is_empty and self._desk.log.head() == head


def _became(entry: Recorded, of: Known) -> Became:
    at = entry.meta.recorded_at
    match entry.event:
        case FootageIndexed(rows=rows):
            return Became(sha256=of.sha256, camera_name=of.camera_name, state=INDEXED, at=at, rows=rows)
        case FootageRejected(reason_code=code, detail=detail):
            return Became(
                sha256=of.sha256, camera_name=of.camera_name, state=REJECTED, at=at, reason_code=code, detail=detail
            )
        case FootageFailed(reason_code=code, detail=detail, final=final, retry_at=retry_at):
            return Became(
                sha256=of.sha256,
                camera_name=of.camera_name,
                state=GIVEN_UP if final else FAILED,
                at=at,
                reason_code=code,
                detail=detail,
                retry_at=retry_at,
            )
    raise AssertionError(entry.event)
