"""Why footage is not archived, or a claim on it no longer holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.errors import DomainError
from domain.kyiv_time import shown


class OutsideCameraLife(DomainError):
    """The camera did not exist then."""

    code = "outside-camera-life"

    def __init__(self, field: str, at: datetime, installed_at: datetime, decommissioned_at: datetime | None) -> None:
        until = "" if decommissioned_at is None else f" until {shown(decommissioned_at)}"
        super().__init__(
            f"{field}: {shown(at)} is outside the camera's life, from {shown(installed_at)}{until}; "
            "check the time and the camera",
            field=field,
            at=at.isoformat(),
            installed_at=installed_at.isoformat(),
            decommissioned_at=None if decommissioned_at is None else decommissioned_at.isoformat(),
        )


class OutsideFootage(DomainError):
    """The footage does not show that time."""

    code = "outside-footage"

    def __init__(self, field: str, at: datetime, begins_at: datetime, ends_at: datetime) -> None:
        super().__init__(
            f"{field}: {shown(at)} is outside the footage, which lasts from {shown(begins_at)} to {shown(ends_at)}; "
            "give a stretch of it",
            field=field,
            at=at.isoformat(),
            begins_at=begins_at.isoformat(),
            ends_at=ends_at.isoformat(),
        )


class FootageOverlap(DomainError):
    """One camera cannot have taken two footages at one time."""

    code = "footage-overlap"

    def __init__(self, sha256: str, from_at: datetime, to_at: datetime, overlap_seconds: float) -> None:
        super().__init__(
            f"recorded_at: overlaps by {overlap_seconds:.1f} s the footage {sha256[:12]}… of this camera, "
            f"{shown(from_at)} to {shown(to_at)}; check the time and the camera of both",
            field="recorded_at",
            sha256=sha256,
            from_at=from_at.isoformat(),
            to_at=to_at.isoformat(),
            overlap_seconds=overlap_seconds,
        )


class FootageArchivedOtherwise(DomainError):
    """The same bytes are on the shelf, of another camera or time."""

    code = "footage-archived-otherwise"

    def __init__(self, sha256: str, camera: UUID, recorded_at: datetime, camera_name: str = "") -> None:
        super().__init__(
            f"the footage {sha256[:12]}… is archived already, of camera {camera_name or camera} "
            f"from {shown(recorded_at)}; archive it with that camera and time, or check that this is the file you mean",
            sha256=sha256,
            camera=str(camera),
            recorded_at=recorded_at.isoformat(),
        )
        self.camera = camera
        self.recorded_at = recorded_at


class ClaimLost(DomainError):
    """The worker's claim is no longer the one in force: what it has not committed is dropped."""

    code = "claim-lost"

    def __init__(self, sha256: str, fence: int) -> None:
        super().__init__(
            f"the claim {fence} on footage {sha256[:12]}… was lost; drop what is not committed and claim anew",
            sha256=sha256,
            fence=fence,
        )


class FootageOnHold(DomainError):
    """A hold wins over retention and orders alike: evidence that somebody named is not destroyed."""

    code = "footage-on-hold"

    def __init__(self, sha256: str, hold: UUID) -> None:
        super().__init__(
            f"the footage {sha256[:12]}… is held by {hold}; it stays until that hold is released",
            sha256=sha256,
            hold=str(hold),
        )


class RetentionNotOver(DomainError):
    code = "retention-not-over"

    def __init__(self, sha256: str, kept_until: datetime | None) -> None:
        words = "for good" if kept_until is None else f"until {shown(kept_until)}"
        super().__init__(
            f"the footage {sha256[:12]}… is kept {words}; before that only an order erases it",
            sha256=sha256,
            kept_until=None if kept_until is None else kept_until.isoformat(),
        )


class ErasureBySameAccount(DomainError):
    """Four eyes: who asked for an erasure does not decide on it."""

    code = "erasure-by-same-account"

    def __init__(self, ask: str = "another administrator") -> None:
        super().__init__(f"nobody agrees to an erasure that they asked for; ask {ask}")
