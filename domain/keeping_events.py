"""How long footage is kept, what holds it, and how it goes: retention, holds, purge, erasure, damage, repair."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed


class RetentionSet(Event, frozen=True, kw_only=True):
    """This camera's footage is kept so long, counted from its end. Nothing goes by it before `effective_at`."""

    TOPIC = "keeping.retention-set"

    camera: UUID
    days: int
    effective_at: datetime
    basis: str  # the order or rule that says so


class FootageHeld(Event, frozen=True, kw_only=True):
    """Nothing of [from_at, to_at) of this camera goes while the hold stands, retention and court orders included."""

    TOPIC = "keeping.footage-held"

    camera: UUID
    hold: UUID
    from_at: datetime
    to_at: datetime


class HoldLifted(Event, frozen=True, kw_only=True):
    TOPIC = "keeping.hold-lifted"

    camera: UUID
    hold: UUID


class HoldPlaced(Event, frozen=True, kw_only=True):
    """Of an incident or a case. Each of the cameras got `FootageHeld` with it."""

    TOPIC = "hold.placed"

    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    incident: UUID | None = None
    case: str = ""
    by: UUID
    unit: UUID
    reason: Sealed[Reason]


class HoldReleased(Event, frozen=True, kw_only=True):
    TOPIC = "hold.released"

    by: UUID
    reason: Sealed[Reason]


class FootagePurged(Event, frozen=True, kw_only=True):
    """Its retention was over and nothing held it. `FootageDestroyed` follows when it is off the disk."""

    TOPIC = "footage.purged"

    kept_until: datetime
    retention_days: int


class ErasureRequested(Event, frozen=True, kw_only=True):
    TOPIC = "footage.erasure-requested"

    order: str  # reference of the court's or authority's order
    by: UUID
    reason: Sealed[Reason]


class ErasureRefused(Event, frozen=True, kw_only=True):
    TOPIC = "footage.erasure-refused"

    by: UUID
    reason: Sealed[Reason]


class FootageErased(Event, frozen=True, kw_only=True):
    """By order, agreed to by somebody else than who asked. `FootageDestroyed` follows when it is off the disk."""

    TOPIC = "footage.erased"

    order: str
    requested_by: UUID
    by: UUID


class FootageDestroyed(Event, frozen=True, kw_only=True):
    """The certificate: original, rows and thumbnails are off the disks of this deployment. Backups are not reached."""

    TOPIC = "footage.destroyed"

    original_bytes: int  # size of the original
    rows: int  # that the index ever held of it
    segments_rewritten: int  # in the same round, for whatever reason


class OriginalDamaged(Event, frozen=True, kw_only=True):
    """The scrub found that the original is not what was archived."""

    TOPIC = "footage.original-damaged"

    fault: str  # vocabulary.ORIGINAL_FAULTS


class OriginalSound(Event, frozen=True, kw_only=True):
    """The scrub found it whole again, put back from a backup."""

    TOPIC = "footage.original-sound"


class FootageReindexed(Event, frozen=True, kw_only=True):
    """It is to be indexed anew. What older claims committed does not count any more."""

    TOPIC = "footage.reindex-requested"

    reason_code: str  # vocabulary.REINDEX_REASONS


class ClockCorrected(Event, frozen=True, kw_only=True):
    """The recorder's clock was off: its first frame was taken at `recorded_at`. It is indexed anew with it."""

    TOPIC = "footage.clock-corrected"

    recorded_at: datetime
    uncertainty_seconds: float
    anchor_source: str  # vocabulary.ANCHOR_SOURCES
    reason: Sealed[Reason]
