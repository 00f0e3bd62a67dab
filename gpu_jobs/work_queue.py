"""The port through which a worker finds its work. `app` implements it on the event log: there is no second queue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from gpu_jobs.settings import PipelineSettings


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Footage that this worker alone may index until its lease ends."""

    footage: str  # SHA-256, hex
    path: Path  # of the stored file, read only
    camera: str
    recorded_at_us: int  # UTC of the file's first frame
    uncertainty_us: int  # the true time lies within ± this
    fence: int  # version of the claim event; greater is newer
    lease_seconds: float
    anew_since: int = 0  # units committed under an older fence than this do not count
    settings: PipelineSettings | None = None  # that hold for its camera; None: those of whoever works on it


class IndexingSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a footage that was indexed to its end."""

    generation: str
    pipeline: str
    units: int
    rows: int
    from_us: int
    to_us: int
    gaps: tuple[tuple[int, int], ...]  # [from_us, to_us) without usable frames
    frames_sampled: int
    codec: str
    width: int
    height: int
    cut_off_seconds: float = 0.0  # what the file announces beyond its end


class WorkQueue(Protocol):
    def claim(self, worker: str) -> Claim | None:
        """Footage to index, by one event at the expected version; None where there is none."""
        ...

    def renew(self, claim: Claim) -> bool:
        """Extend the lease. False where it was lost: the worker must stop and drop what it has not committed."""
        ...

    def damage(self, claim: Claim, pulse: Callable[[], None]) -> str:
        """What is wrong with its original, and is on record with that; "" where it is bit for bit what was archived.
        `pulse` is called while it is read, and may raise."""
        ...

    def released(self, claim: Claim) -> bool:
        """The worker stops in order: another may go on at once, and no attempt is spent. False where it was lost."""
        ...

    def indexed(self, claim: Claim, summary: IndexingSummary) -> bool:
        """Every unit is committed. False where the claim was lost."""
        ...

    def rejected(self, claim: Claim, reason: str) -> bool:
        """The file itself cannot be indexed, now or later (no video stream, not a video)."""
        ...

    def failed(self, claim: Claim, reason: str) -> bool:
        """This attempt failed; the footage may be tried again until its attempts are spent."""
        ...
