"""What is known of one archived file after its events. `domain/footage.py` says what may happen to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.errors import WrongState
from domain.event import Event
from domain.footage_events import (
    ClaimReleased,
    ClaimRenewed,
    FootageArchived,
    FootageClaimed,
    FootageFailed,
    FootageIndexed,
    FootageRejected,
    FootageRetried,
)
from domain.keeping_events import (
    ClockCorrected,
    ErasureRefused,
    ErasureRequested,
    FootageDestroyed,
    FootageErased,
    FootagePurged,
    FootageReindexed,
    OriginalDamaged,
    OriginalSound,
)

ARCHIVED, CLAIMED, INDEXED, REJECTED = "archived", "claimed", "indexed", "rejected"
FAILED, GIVEN_UP = "failed", "given up"  # after an attempt, and after the last one
GONE, DESTROYED = "gone", "destroyed"  # purged or erased: on record, and then off the disk
PHASES = (ARCHIVED, CLAIMED, INDEXED, REJECTED, FAILED, GIVEN_UP, GONE, DESTROYED)


class Erasure(msgspec.Struct, frozen=True):
    """What was asked for, and by whom."""

    order: str
    by: UUID


class Footage(msgspec.Struct, frozen=True):
    camera: UUID
    recorded_at: datetime
    duration_seconds: float
    uncertainty_seconds: float
    size_bytes: int
    version: int = 1  # of the last event: what the next claim's fence is counted from
    phase: str = ARCHIVED
    attempt: int = 0  # the one under way, or the last one
    units: int = 0  # that the index held of it at the last claim
    silences: int = 0  # claims that fell silent since the last one that left a unit more, up to the last claim
    fence: int = 0  # version of the last claim
    lease_until: datetime | None = None  # while claimed
    retry_at: datetime | None = None  # after a failed attempt
    anew_since: int = 0  # units that older claims than this version committed do not count
    kept_from: datetime | None = None  # retention counts from here where a correction would make it end earlier
    erasure: Erasure | None = None  # asked for, and neither agreed to nor refused
    damage: str = ""  # what the scrub found wrong with the original
    altered: bool = False  # so it was since it was last whole: what was indexed may be of other bytes

    @property
    def ends_at(self) -> datetime:
        return self.recorded_at + timedelta(seconds=self.duration_seconds)

    @property
    def is_gone(self) -> bool:
        return self.phase in {GONE, DESTROYED}


def refuse_gone(footage: Footage, sha256: str) -> None:
    """Raises WrongState: its bytes are not taken again."""
    if footage.is_gone:
        raise WrongState("footage", sha256, footage.phase, "it was purged or erased, and is not taken again")


def evolve_archived(state: None, event: FootageArchived) -> Footage:
    return Footage(
        camera=event.camera,
        recorded_at=event.recorded_at,
        duration_seconds=event.duration_seconds,
        uncertainty_seconds=event.uncertainty_seconds,
        size_bytes=event.size_bytes,
    )


def evolve_claimed(state: Footage, event: FootageClaimed) -> Footage:
    claimed = _next(state, phase=CLAIMED, attempt=event.attempt, fence=state.version + 1)
    claimed = replace(claimed, units=event.units, silences=event.silences)
    return replace(claimed, lease_until=event.lease_until, retry_at=None)


def evolve_renewed(state: Footage, event: ClaimRenewed) -> Footage:
    return _next(state, lease_until=event.lease_until)


def evolve_released(state: Footage, event: ClaimReleased) -> Footage:
    return _next(state, phase=FAILED if event.attempts else ARCHIVED, attempt=event.attempts, lease_until=None)


def evolve_indexed(state: Footage, event: FootageIndexed) -> Footage:
    return _next(state, phase=INDEXED, lease_until=None)


def evolve_rejected(state: Footage, event: FootageRejected) -> Footage:
    return _next(state, phase=REJECTED, lease_until=None)


def evolve_failed(state: Footage, event: FootageFailed) -> Footage:
    return _next(state, phase=GIVEN_UP if event.final else FAILED, lease_until=None, retry_at=event.retry_at)


def evolve_retried(state: Footage, event: FootageRetried) -> Footage:
    return _next(state, phase=ARCHIVED, attempt=0, silences=0, retry_at=None)


def evolve_reindexed(state: Footage, event: FootageReindexed) -> Footage:
    return _anew(state)


def evolve_clock_corrected(state: Footage, event: ClockCorrected) -> Footage:
    kept_from = max(state.kept_from or state.ends_at, state.ends_at)
    anew = replace(_anew(state), recorded_at=event.recorded_at, uncertainty_seconds=event.uncertainty_seconds)
    return replace(anew, kept_from=kept_from)


def evolve_erasure_requested(state: Footage, event: ErasureRequested) -> Footage:
    return _next(state, erasure=Erasure(event.order, event.by))


def evolve_erasure_refused(state: Footage, event: ErasureRefused) -> Footage:
    return _next(state, erasure=None)


def evolve_gone(state: Footage, event: FootagePurged | FootageErased) -> Footage:
    return _next(state, phase=GONE, erasure=None, lease_until=None, retry_at=None)


def evolve_destroyed(state: Footage, event: FootageDestroyed) -> Footage:
    return _next(state, phase=DESTROYED)


def evolve_damaged(state: Footage, event: OriginalDamaged) -> Footage:
    return _next(state, damage=event.fault, altered=state.altered or event.fault == "altered")


def evolve_sound(state: Footage, event: OriginalSound) -> Footage:
    return _next(state, damage="", altered=False)


def _next(state: Footage, **changes: Any) -> Footage:
    return replace(state, version=state.version + 1, **changes)


def _anew(state: Footage) -> Footage:
    """Whoever holds it loses it: the next claim starts from nothing."""
    anew = _next(state, phase=ARCHIVED, attempt=0, lease_until=None, retry_at=None, anew_since=state.version + 1)
    return replace(anew, units=0, silences=0)


EVOLVES: Mapping[type[Event], Callable[..., Footage]] = {
    FootageArchived: evolve_archived,
    FootageClaimed: evolve_claimed,
    ClaimRenewed: evolve_renewed,
    ClaimReleased: evolve_released,
    FootageIndexed: evolve_indexed,
    FootageRejected: evolve_rejected,
    FootageFailed: evolve_failed,
    FootageRetried: evolve_retried,
    FootageReindexed: evolve_reindexed,
    ClockCorrected: evolve_clock_corrected,
    ErasureRequested: evolve_erasure_requested,
    ErasureRefused: evolve_erasure_refused,
    FootagePurged: evolve_gone,
    FootageErased: evolve_gone,
    FootageDestroyed: evolve_destroyed,
    OriginalDamaged: evolve_damaged,
    OriginalSound: evolve_sound,
}
