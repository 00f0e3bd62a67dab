"""What happens to one archived file, from its arrival to the index."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import FileName
from domain.sealed import Sealed


class FootageArchived(Event, frozen=True, kw_only=True):
    """Its first frame was taken at `recorded_at`, to within ± `uncertainty_seconds`."""

    TOPIC = "footage.archived"

    sha256: str
    size_bytes: int
    camera: UUID
    recorded_at: datetime
    uncertainty_seconds: float
    anchor_source: str  # vocabulary.ANCHOR_SOURCES: who says that it was then
    duration_seconds: float
    codec: str
    container: str
    width: int  # pixels
    height: int
    name: Sealed[FileName]
    cut_off_seconds: float = 0.0  # that the file announces beyond its duration: it was cut off, or damaged


class FootageClaimed(Event, frozen=True, kw_only=True):
    """A worker alone may index it until `lease_until`. The version of this event is the claim's fence."""

    TOPIC = "footage.claimed"

    worker: str
    lease_until: datetime
    attempt: int  # from 1; that of the claim before where that one only fell silent
    units: int = 0  # that the index held of it then
    silences: int = 0  # claims before this one that fell silent, since the last one that left a unit more


class ClaimRenewed(Event, frozen=True, kw_only=True):
    TOPIC = "footage.claim-renewed"

    lease_until: datetime


class ClaimReleased(Event, frozen=True, kw_only=True):
    """The worker gave the footage back in order, before its end: anyone may claim it at once."""

    TOPIC = "footage.claim-released"

    attempts: int  # that count still: without the one given back


class FootageIndexed(Event, frozen=True, kw_only=True):
    """All its units are committed to the index."""

    TOPIC = "footage.indexed"

    generation: str  # digest of the encoder's manifest
    pipeline: str  # digest of the pipeline's configuration
    units: int
    rows: int
    from_at: datetime
    to_at: datetime
    gaps: tuple[tuple[datetime, datetime], ...] = ()  # [from, to) without usable frames
    frames_sampled: int
    codec: str
    width: int
    height: int
    cut_off_seconds: float | None = None  # as in FootageArchived; of events from before it was told, nothing is known


class FootageRejected(Event, frozen=True, kw_only=True):
    """The file itself cannot be indexed, now or later."""

    TOPIC = "footage.rejected"

    reason_code: str
    detail: str  # our own code's technical words, never a file name


class FootageFailed(Event, frozen=True, kw_only=True):
    """This attempt failed; `final` when it was the last one, else nobody claims it again before `retry_at`."""

    TOPIC = "footage.failed"

    reason_code: str
    detail: str
    attempt: int
    final: bool
    retry_at: datetime | None = None


class FootageRetried(Event, frozen=True, kw_only=True):
    """A person put footage that failed back into the queue: attempts count from 1 again, and nothing is waited for."""

    TOPIC = "footage.retried"
