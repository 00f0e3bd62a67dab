"""Carries out what retention and orders bring about: footage goes on record first, then off the disk.

Every step may be repeated: what a crash left half done is found again by what the record says is gone, and not yet
destroyed. A certificate is written when nothing is left: the original unlinked and the folder synced, the rows out of
every segment that held them (rewritten, not only marked), the old segments unlinked, and the key destroyed under which
its file name and the words of who decided on it were sealed. So goes a generation of vectors that another one replaced,
or that was abandoned, once nobody looks with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from app.background import Bell, Notes
from app.call import now
from app.camera_days import given_up
from app.clock_watch import ClockAhead, unwatched
from app.clockwork import system_meta
from app.deployment import Deployment
from app.event_store.durable import sync_folder
from app.event_store.faults import ErasureIncomplete, EventUnreadable, LogBusy
from app.event_store.vault import Vault
from app.in_force import InForce
from app.model_loading import models_on_record
from domain import footage, footage_keeping, keeping, model
from domain.errors import DomainError, LogFull, NotFound
from domain.footage_keeping import PurgeFootage, RecordDestruction
from domain.ids import MODEL_STREAM, footage_id, keeping_id
from domain.log import Change, EventLog
from domain.model import RecordRemoval
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT
from projections.keeping import destroyed_footage, due, going
from search_index.footage_index import FootageIndex

TICK_SECONDS = 600.0
PURGES_AT_ONCE = 500


@dataclass(frozen=True)
class Keeper:
    deployment: Deployment
    log: EventLog
    views: ViewsDatabase
    in_force: InForce
    vault: Vault
    notes: Notes = field(default_factory=Notes)
    watched: Callable[[], None] = unwatched  # raises ClockAhead
    _bell: Bell = field(default_factory=Bell)
    _looked: threading.Event = field(default_factory=threading.Event)  # at what was destroyed before this start

    def run(self, stop: threading.Event) -> None:
        """Look now and then, and when `wake` is called, until `stop` is set."""
        while not stop.is_set():
            with self.notes.waiting((*TRANSIENT, ClockAhead), "the keeper"):
                self.watched()
                self.tick()
            self._bell.rest(stop, TICK_SECONDS)

    def wake(self) -> None:
        """Somebody agreed to an erasure: do not let it wait."""
        self._bell.ring()

    def tick(self) -> int:
        """Purge what is due, destroy what is gone. Returns how many certificates were written.

        Raises OSError, sqlite3.OperationalError, sqlalchemy.exc.OperationalError: a disk or database is busy or away.
        """
        skipped: dict[str, str] = {}
        default_days = self.deployment.settings.retention_days
        with self.views.reading() as views:
            overdue = due(views, now(), default_days=default_days, limit=PURGES_AT_ONCE)
        purged = [sha256 for sha256 in overdue if self._purge(sha256, default_days, skipped)]
        with self.views.reading() as views:
            proposed = dict.fromkeys((*going(views), *purged))
            ended = destroyed_footage(views) if not self._looked.is_set() else ()
        gone = [sha256 for sha256 in proposed if self._is_gone(sha256, skipped)]
        for sha256 in ended:
            self._destroy_again(sha256, skipped)
        self._looked.set()
        with self.in_force.held() as sight:
            destroyed = self._destroy(sight.index, gone, skipped) if gone else 0
            self._take_away(sight.index, skipped)
        self.notes.skipped = skipped
        return destroyed

    def _purge(self, sha256: str, default_days: int | None, skipped: dict[str, str]) -> bool:
        stream = footage_id(sha256)
        try:
            events = self.log.events(stream)
            state = footage.DECIDER.fold(events)
            if state is None:
                raise NotFound("footage", sha256)
            rules = self.log.events(keeping_id(state.camera))
            command = PurgeFootage(sha256=sha256, default_days=default_days, at=now())
            decided = footage_keeping.decide_purge(state, keeping.DECIDER.fold(rules), command)
            guard = Change(keeping_id(state.camera), len(rules), ())
            freed = given_up(self.log, state, sha256)
            self.log.append([Change(stream, len(events), decided), guard, *freed], system_meta("retention"))
        except (DomainError, EventUnreadable) as fault:  # held meanwhile, changed meanwhile: the next tick sees
            skipped[sha256] = str(fault)
            structlog.get_logger().info("footage not purged", footage=sha256[:12], fault=str(fault))
            return False
        return True

    def _is_gone(self, sha256: str, skipped: dict[str, str]) -> bool:
        """As the log itself says: the views may be of a newer one than was put back."""
        try:
            state = footage.DECIDER.fold(self.log.events(footage_id(sha256)))
        except EventUnreadable as fault:
            skipped[sha256] = str(fault)
            return False
        if state is not None and state.is_gone:
            return True
        skipped[sha256] = "the record does not say that it is gone; it is left as it is"
        structlog.get_logger().error("footage not destroyed", footage=sha256[:12], fault=skipped[sha256])
        return False

    def _destroy_again(self, sha256: str, skipped: dict[str, str]) -> None:
        """What there is again of destroyed footage: a crash while it was sent again may have put its original back, and
        a program may have destroyed it that kept its key.
        """
        has_key = self.vault.has_key(footage_id(sha256))
        if (has_key or self.deployment.original(sha256).exists()) and self._is_gone(sha256, skipped):
            self._unlink(sha256)
            if has_key:
                self._forget_words(sha256, skipped)

    def _destroy(self, index: FootageIndex, gone: list[str], skipped: dict[str, str]) -> int:
        """All at once, so that a segment that held several of them is rewritten once."""
        for sha256 in gone:
            index.remove_footage(sha256)
            self._unlink(sha256)
        rewritten = index.seal_all()
        index.sweep()
        whole = []
        for sha256 in gone:
            if left := index.rows_of(sha256)[1]:
                skipped[sha256] = f"{left} rows lie in segments that are set aside; the scrub takes these off the disk"
            elif self._forget_words(sha256, skipped):
                whole.append(sha256)
        return sum(self._certify(sha256, index.rows_of(sha256)[0], rewritten, skipped) for sha256 in whole)

    def _forget_words(self, sha256: str, skipped: dict[str, str]) -> bool:
        """Nothing that was sealed of it can be opened any more: its file's name may name a person."""
        try:
            self.vault.erase(footage_id(sha256))
        except (ErasureIncomplete, LogBusy, LogFull) as fault:  # the next tick tries again
            skipped[sha256] = str(fault)
            structlog.get_logger().warning("key not destroyed", footage=sha256[:12], fault=str(fault))
            return False
        return True

    def _certify(self, sha256: str, rows: int, rewritten: int, skipped: dict[str, str]) -> bool:
        stream: UUID = footage_id(sha256)
        try:
            events = self.log.events(stream)
            state = footage.DECIDER.fold(events)
            command = RecordDestruction(
                sha256=sha256,
                original_bytes=0 if state is None else state.size_bytes,
                rows=rows,
                segments_rewritten=rewritten,
            )
            decided = footage_keeping.decide_destroyed(state, command)
            self.log.append([Change(stream, len(events), decided)], system_meta("destruction"))
        except (DomainError, EventUnreadable) as fault:
            skipped[sha256] = str(fault)
            structlog.get_logger().warning("destruction not recorded", footage=sha256[:12], fault=str(fault))
            return False
        return bool(decided)

    def _take_away(self, index: FootageIndex, skipped: dict[str, str]) -> None:
        """Generations that are to go, and that nobody looks with."""
        try:
            leaving = models_on_record(self.log).leaving
            for generation in sorted(leaving):
                if not self.in_force.is_read(generation):
                    self._remove_generation(index, generation)
        except (DomainError, EventUnreadable) as fault:  # the next tick tries again
            skipped[str(MODEL_STREAM)] = str(fault)
            structlog.get_logger().warning("generation not removed", fault=str(fault))
            return
        for generation in index.removed_generations() - leaving:  # a crash came before it was forgotten
            index.forget_generation(generation)

    def _remove_generation(self, index: FootageIndex, generation: str) -> None:
        removed = index.remove_generation(generation)
        events = self.log.events(MODEL_STREAM)
        command = RecordRemoval(generation=generation, units=removed.units, rows=removed.rows, bytes=removed.bytes)
        decided = model.DECIDER.decide(model.DECIDER.fold(events), command)
        self.log.append([Change(MODEL_STREAM, len(events), decided)], system_meta("model switch"))
        index.forget_generation(generation)
        structlog.get_logger().info("generation removed", generation=generation, rows=removed.rows, bytes=removed.bytes)

    def _unlink(self, sha256: str) -> None:
        place = self.deployment.original(sha256)
        if place.exists():
            place.unlink()
            sync_folder(place.parent)
