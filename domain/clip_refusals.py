"""Why no clip is given out, beside the want of authority (`domain/search_refusals.py`)."""

from __future__ import annotations

from uuid import UUID

from domain.errors import DomainError


class FootageGone(DomainError):
    code = "footage-gone"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"the footage {sha256[:12]}… was purged or erased, and nothing of it is left; "
            "GET /footage/{sha256} (oberih footage show) says when",
            sha256=sha256,
        )


class FootageDamaged(DomainError):
    """What is on the disk is not what was archived: no evidence is made of it."""

    code = "footage-damaged"

    def __init__(self, sha256: str, fault: str) -> None:
        super().__init__(
            f"the original of the footage {sha256[:12]}… is {fault}: what is on the disk is not what was archived; "
            "have an administrator put it back from a backup",
            sha256=sha256,
            fault=fault,
        )


class ClipImpossible(DomainError):
    """Nothing stands against the clip, and still it cannot be made so."""

    code = "clip-impossible"

    def __init__(self, fault: Exception) -> None:
        super().__init__(f"no clip was made: {fault}", fault=type(fault).__name__)


class ClipNotRepeated(DomainError):
    """A retry whose clip would not be the one that is on record."""

    code = "clip-not-repeated"

    def __init__(self, clip: UUID, sha256: str, why: str) -> None:
        super().__init__(
            f"this command gave the clip {clip} (SHA-256 {sha256[:12]}…), which cannot be made again: {why}; "
            "cut anew, under a new Idempotency-Key",
            clip=str(clip),
            sha256=sha256,
        )


class CutsUnderWay(DomainError):
    code = "cuts-under-way"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} clips are being cut already; repeat it in a moment")
