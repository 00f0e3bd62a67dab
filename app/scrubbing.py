"""Reads every byte again, now and then: originals against their digests, segments against their checksums, the record
as SQLite checks it.

What is found is on record and shown. A damaged segment is made again from its footage, where the originals are whole;
a damaged original is whole again once the same file is archived again, or put back from a backup. A damaged record is
mended by people, from a backup: until then it is shown.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import structlog

from app.background import Notes
from app.clockwork import system_meta
from app.deployment import Deployment
from app.event_store.faults import EventUnreadable, LogBusy
from app.event_store.soundness import faults_of
from app.in_force import InForce
from app.originals import fault_of
from domain import footage
from domain.errors import LogFull, NotFound, VersionConflict, WrongState
from domain.footage import FootageCommand, ReindexFootage, ReportOriginal
from domain.footage_state import DESTROYED, GONE, INDEXED
from domain.ids import footage_id
from domain.log import Change, EventLog
from projections import shelf_queries
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT
from projections.shelf_queries import ShelfFootage
from search_index.footage_index import FootageIndex

DAY_SECONDS = 86_400.0
LOOK_SECONDS = 600.0
STAMP = "last-scrub"  # a file of the data directory: when the last round was whole
WAITS: tuple[type[Exception], ...] = (*TRANSIENT, LogFull, LogBusy)
PAGE = 200


@dataclass
class Found:
    """What one round found: by SHA-256 the fault of an original, by name that of a segment or a file of the record."""

    originals: int = 0
    damaged_originals: dict[str, str] = field(default_factory=dict)
    damaged_segments: dict[str, str] = field(default_factory=dict)
    damaged_record: dict[str, str] = field(default_factory=dict)
    reindexed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Scrub:
    deployment: Deployment
    log: EventLog
    views: ViewsDatabase
    in_force: InForce
    notes: Notes = field(default_factory=Notes)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def run(self, stop: threading.Event) -> None:
        """Mend what reading the index found; then a round whenever the last one is long ago, until `stop` is set."""
        rest_seconds = 0.0
        while not stop.wait(rest_seconds):
            with self.notes.waiting(WAITS, "the scrub"):
                if self.is_due():
                    self.round(stop)
                elif not rest_seconds:
                    with self.in_force.held() as sight:
                        sight.index.load()  # vectors and rows against their checksums, before anybody asks
                        self.mend(sight.index, Found())
                    self.look_at_record()
            rest_seconds = LOOK_SECONDS

    def is_due(self) -> bool:
        """Whether the last whole round, of this server or an earlier one, is long ago. A new deployment begins to count
        when it is first asked; a stamp of a clock that was ahead counts for nothing.
        """
        stamp = self.deployment.folder / STAMP
        try:
            age_seconds = time.time() - stamp.stat().st_mtime
        except FileNotFoundError:
            stamp.touch(mode=0o600)
            return False
        return not 0 <= age_seconds <= self.deployment.settings.scrub_days * DAY_SECONDS

    def round(self, stop: threading.Event | None = None) -> Found:
        """Read everything once. A second round waits for the first."""
        with self._one_at_a_time:
            with self.in_force.held() as sight:
                found = Found(damaged_segments=sight.index.verify())
                self.mend(sight.index, found)
            found.damaged_record = self.look_at_record()
            cursor: str | None = None
            while stop is None or not stop.is_set():
                with self.views.reading() as views:
                    page = shelf_queries.shelf_page(views, cursor=cursor, limit=PAGE)
                for item in page.items:
                    if item.state not in {GONE, DESTROYED}:
                        self._read(item.sha256, found)
                        self._see_indexed(item, found)
                cursor = page.next_cursor
                if cursor is None:
                    (self.deployment.folder / STAMP).touch(mode=0o600)
                    break
            structlog.get_logger().info(
                "scrubbed",
                originals=found.originals,
                damaged_originals=len(found.damaged_originals),
                damaged_segments=len(found.damaged_segments),
            )
            return found

    def look_at_record(self) -> dict[str, str]:
        """What is wrong with its files, shown until it is looked at again."""
        faults = faults_of(self.deployment.log, self.deployment.keys)
        for name, fault in faults.items():
            structlog.get_logger().error("record damaged", file=name, fault=fault)
        self.notes.skipped = faults
        return faults

    def mend(self, index: FootageIndex, found: Found) -> None:
        """Have the footage of damaged segments indexed anew, and take these segments off the disk."""
        for segment, fault in index.damaged_beside().items():  # nobody finds by it yet: it is only made again
            structlog.get_logger().error("segment damaged", segment=segment, fault=fault)
            index.unmake(segment)
        for segment, fault in index.damaged().items():
            footages = index.footages_in(segment)
            structlog.get_logger().error("segment damaged", segment=segment, fault=fault, footages=footages)
            for sha256 in footages:
                if fault_of(self.deployment, sha256) == "":
                    self._index_anew(sha256, found)
            index.drop(segment)

    def _index_anew(self, sha256: str, found: Found) -> None:
        if self._tell(ReindexFootage(sha256=sha256, reason_code="segment-damaged")):
            found.reindexed.append(sha256)

    def _see_indexed(self, item: ShelfFootage, found: Found) -> None:
        """After an older index or log was put back, or where the catalogue is damaged, the record may say more than the
        index holds."""
        with self.in_force.held() as sight:
            if item.generation == sight.generation:
                is_there = sight.index.progress(item.sha256).units >= (item.units or 0)
            else:  # made again since, with another model
                is_there = sight.index.is_remade(item.sha256)
            if item.state == INDEXED and not is_there and item.sha256 not in found.damaged_originals:
                self._index_anew(item.sha256, found)

    def look(self, sha256: str) -> str:
        """What is wrong with one original now, "" where it is whole. Anything new about it is on record."""
        fault = fault_of(self.deployment, sha256)
        self.tell(sha256, fault)
        return fault

    def tell(self, sha256: str, fault: str) -> bool:
        """Put on record what is wrong with an original, "" for nothing. Returns whether it is made anew for that."""
        return self._tell(ReportOriginal(sha256=sha256, fault=fault))

    def _read(self, sha256: str, found: Found) -> None:
        fault = fault_of(self.deployment, sha256)
        found.originals += 1
        if fault:
            found.damaged_originals[sha256] = fault
        if self.tell(sha256, fault):
            found.reindexed.append(sha256)

    def _tell(self, command: FootageCommand) -> bool:
        """Put it on record. Returns whether the footage is to be made anew by that: then, and only then, what the index
        has of it is forgotten. Otherwise nobody would ever make it.

        Raises domain.errors.LogFull, LogBusy: the round is to be made again.
        """
        stream = footage_id(command.sha256)
        try:
            events = self.log.events(stream)
            state = footage.DECIDER.fold(events)
            decided = footage.DECIDER.decide(state, command)
            if not decided:
                return False
            self.log.append([Change(stream, len(events), decided)], system_meta("scrub"))
        except (WrongState, VersionConflict, NotFound, EventUnreadable) as fault:  # the next round sees
            structlog.get_logger().info("scrub: not recorded", footage=command.sha256[:12], fault=str(fault))
            return False
        version = len(events) + len(decided)
        told = footage.DECIDER.fold(decided, state)
        if told is None or told.anew_since != version:
            return False
        with self.in_force.held() as sight:
            sight.index.forget_footage(command.sha256, fence=version)
        return True
