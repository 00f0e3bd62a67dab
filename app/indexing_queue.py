"""The log as the work queue: the shelf proposes, a claim event at the expected version decides, its fence protects."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from app.call import now
from app.camera_days import CameraDays
from app.clockwork import system_meta
from app.deployment import Deployment
from app.event_store.faults import EventUnreadable, LogBusy
from app.instants import from_us, to_us
from app.looking import looking
from app.model_loading import models_on_record
from app.originals import fault_of
from domain import camera, footage, model
from domain.camera_indexing import IndexingConfigured
from domain.errors import LogFull, VersionConflict, WrongState
from domain.event import Event
from domain.footage import (
    DETAIL_CHARACTERS_MAX,
    ClaimFootage,
    FailFootage,
    FootageCommand,
    IndexFootage,
    ReleaseClaim,
    RenewClaim,
    ReportOriginal,
)
from domain.footage_events import FootageClaimed
from domain.footage_of_camera import RejectFootage, decide_reject
from domain.footage_refusals import ClaimLost as ClaimLostOnRecord
from domain.footage_state import Footage
from domain.ids import MODEL_STREAM, footage_id
from domain.log import Change, EventLog
from gpu_jobs.work_queue import Claim, IndexingSummary
from projections import shelf_queries
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT
from search_index.footage_index import FootageIndex

PROPOSALS_MAX = 16  # other workers may be quicker with the first ones
ATTEMPTS_MAX = 5
LAST_FOOTAGES, LAST_SECONDS = 4, 3_600.0  # of a switch; and how lately somebody was at it
BEGUN_MAX = 1_000  # proposals among which what was begun is looked for
UNREACHABLE: tuple[type[Exception], ...] = (LogBusy, LogFull, *TRANSIENT)  # the record, now: ask again later


@dataclass(frozen=True)
class IndexingQueue:
    """`gpu_jobs.work_queue.WorkQueue` on the event log."""

    log: EventLog
    views: ViewsDatabase
    deployment: Deployment
    index: FootageIndex
    _unreadable: set[UUID] = field(default_factory=set)  # footage passed over until this process is started anew

    def claim(self, worker: str) -> Claim | None:
        """None also where the record cannot be reached now. Footage whose events cannot be read is passed over: its
        stream is parked in the views, for all to see."""
        try:
            return self._claim_first(worker)
        except UNREACHABLE as fault:
            structlog.get_logger().warning("nothing can be claimed now", fault=f"{type(fault).__name__}: {fault}")
            return None

    def _claim_first(self, worker: str) -> Claim | None:
        is_ending = self._ends_a_switch()
        limit = BEGUN_MAX if is_ending else PROPOSALS_MAX
        with self.views.reading() as views:
            proposed = shelf_queries.next_claimable(views, now(), limit=limit, without=self._unreadable)
        for candidate in proposed:
            if is_ending and not self.index.committed(candidate.sha256):
                continue
            try:
                claim = self._claim(candidate.sha256, worker)
            except EventUnreadable as fault:
                self._unreadable.add(candidate.footage)
                structlog.get_logger().error("footage skipped", footage=candidate.sha256, fault=str(fault))
                continue
            if claim is not None:
                return claim
        return None

    def _ends_a_switch(self) -> bool:
        """Whether so little is left to be made with another model that no new footage is begun with this one: it would
        put the switch off, again and again. What is under way is brought to its end. Not where nobody makes the rest.
        """
        switch = models_on_record(self.log).switch
        if switch is None:
            return False
        old, new = switch.from_generation, switch.to_generation
        left = self.index.unmade(old, new, limit=LAST_FOOTAGES + 1)
        if not 0 < len(left) <= LAST_FOOTAGES or any(each.goes_no_further for each in left):
            return False
        return to_us(now()) - self.index.last_remake_us(new) < LAST_SECONDS * 1_000_000

    def renew(self, claim: Claim) -> bool:
        return self._held(
            claim,
            RenewClaim(sha256=claim.footage, fence=claim.fence, at=now(), lease_seconds=claim.lease_seconds),
        )

    def damage(self, claim: Claim, pulse: Callable[[], None]) -> str:
        if fault := fault_of(self.deployment, claim.footage, pulse):
            self._held(claim, ReportOriginal(sha256=claim.footage, fault=fault))
        return fault

    def released(self, claim: Claim) -> bool:
        return self._held(claim, ReleaseClaim(sha256=claim.footage, fence=claim.fence))

    def indexed(self, claim: Claim, summary: IndexingSummary) -> bool:
        """Not with a model that is no longer in force: another worker is to begin anew."""
        if not models_on_record(self.log).is_in_force(summary.generation):
            self.released(claim)
            return False
        return self._held(
            claim,
            IndexFootage(
                sha256=claim.footage,
                fence=claim.fence,
                generation=summary.generation,
                pipeline=summary.pipeline,
                units=summary.units,
                rows=summary.rows,
                from_at=from_us(summary.from_us),
                to_at=from_us(summary.to_us),
                gaps=tuple((from_us(start), from_us(end)) for start, end in summary.gaps),
                frames_sampled=summary.frames_sampled,
                codec=summary.codec,
                width=summary.width,
                height=summary.height,
                cut_off_seconds=summary.cut_off_seconds,
            ),
        )

    def failed(self, claim: Claim, reason: str) -> bool:
        code, detail = _reason(reason)
        return self._held(
            claim,
            FailFootage(sha256=claim.footage, fence=claim.fence, reason_code=code, detail=detail, at=now()),
        )

    def rejected(self, claim: Claim, reason: str) -> bool:
        code, detail = _reason(reason)
        command = RejectFootage(sha256=claim.footage, fence=claim.fence, reason_code=code, detail=detail)
        key = footage_id(claim.footage)

        def decide() -> Sequence[Change]:
            events = self.log.events(key)
            shelved = footage.DECIDER.fold(events)
            of = UUID(claim.camera)
            camera_events = self.log.events(of)
            days = self._days_of(of, shelved)
            state = camera.DECIDER.fold(camera_events)
            of_footage, of_camera, of_days = decide_reject(shelved, state, command, days.taken)
            return (
                Change(key, len(events), of_footage),
                Change(of, len(camera_events), of_camera),
                *days.changes(of_days),
            )

        return self._append(decide)

    def _days_of(self, camera_key: UUID, shelved: Footage | None) -> CameraDays:
        if shelved is None:
            return CameraDays(())
        return CameraDays.between(self.log, camera_key, shelved.recorded_at, shelved.ends_at)

    def _claim(self, sha256: str, worker: str) -> Claim | None:
        lease = self.deployment.settings.lease_seconds
        key = footage_id(sha256)
        events = self.log.events(key)
        state = footage.DECIDER.fold(events)
        chosen = self._chosen(state)  # before it is claimed: what cannot be read is not claimed
        try:
            command = ClaimFootage(
                sha256=sha256, worker=worker, at=now(), lease_seconds=lease, units=self._units_of(sha256, state)
            )
            decided = footage.DECIDER.decide(state, command)
            self.log.append([Change(key, len(events), decided)], system_meta("indexing"))
        except (VersionConflict, WrongState):
            return None  # another worker was quicker
        if state is None or not isinstance(decided[0], FootageClaimed):
            return None  # too many fell silent over it: that is on record now
        return self._as_claim(sha256, state, chosen, fence=len(events) + 1)

    def _chosen(self, shelved: Footage | None) -> IndexingConfigured:
        """What was chosen for its camera."""
        state = camera.DECIDER.fold(self.log.events(shelved.camera)) if shelved else None
        return state.indexing if state else IndexingConfigured()

    def _units_of(self, sha256: str, state: Footage | None) -> int:
        """How many units of it count: not those that were made before it was to be made anew."""
        if state is None or self.index.fence(sha256) < state.anew_since:
            return 0
        return self.index.progress(sha256).units

    def _as_claim(self, sha256: str, state: Footage, chosen: IndexingConfigured, fence: int) -> Claim:
        return Claim(
            footage=sha256,
            path=self.deployment.original(sha256),
            camera=str(state.camera),
            recorded_at_us=to_us(state.recorded_at),
            uncertainty_us=round(state.uncertainty_seconds * 1_000_000),
            fence=fence,
            lease_seconds=self.deployment.settings.lease_seconds,
            anew_since=state.anew_since,
            settings=looking(self.deployment.settings, chosen).pipeline(self.deployment.settings),
        )

    def _held(self, claim: Claim, command: FootageCommand) -> bool:
        """A word of the claim's holder, or what they found of its original. False where the claim was lost."""
        key = footage_id(claim.footage)

        def decide() -> Sequence[Change]:
            events: Sequence[Event] = self.log.events(key)
            change = Change(key, len(events), footage.DECIDER.decide(footage.DECIDER.fold(events), command))
            return (change, *self._same_model(command))

        return self._append(decide)

    def _same_model(self, command: FootageCommand) -> tuple[Change, ...]:
        """That it is in force still, in the same transaction: footage that a model which is left would be said to have
        indexed, nobody would make with the new one. Raises ClaimLostOnRecord."""
        if not isinstance(command, IndexFootage):
            return ()
        events = self.log.events(MODEL_STREAM)
        models = model.DECIDER.fold(events)
        if models is not None and not models.is_in_force(command.generation):
            raise ClaimLostOnRecord(command.sha256, command.fence)
        return (Change(MODEL_STREAM, len(events), ()),)

    def _append(self, decide: Callable[[], Sequence[Change]]) -> bool:
        meta = system_meta("indexing")
        for left in reversed(range(ATTEMPTS_MAX)):
            try:
                self.log.append(decide(), meta)
                return True
            except ClaimLostOnRecord as lost:
                structlog.get_logger().warning("claim lost", reason=lost.detail)
                return False
            except EventUnreadable as fault:  # of the footage, or of its camera: nothing can be decided on it
                structlog.get_logger().error("not recorded: the record is unreadable", fault=str(fault))
                return False
            except VersionConflict:
                if not left:
                    raise
        raise AssertionError("unreachable")


def _reason(reason: str) -> tuple[str, str]:
    """`code: words` as the worker gives it, fit for the record whatever a library put into it."""
    code, colon, words = reason.partition(": ")
    if not colon or not re.fullmatch(r"[a-z][a-z0-9-]{1,59}", code):
        code, words = "fault", reason
    detail = "".join(c if c.isprintable() else " " for c in words).strip()[:DETAIL_CHARACTERS_MAX]
    return code, detail or "it gave no reason"
