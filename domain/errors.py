"""What can be refused, and why. Errors carry fields; how they travel (HTTP status, exit code) is `app`'s.

Every error has a `code`, stable and documented: the last part of its problem type.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID


class DomainError(Exception):
    """A command was refused. Nothing was changed."""

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str, **fields: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = fields


class Invalid(DomainError):
    """A value cannot be accepted."""

    code = "invalid-value"

    def __init__(self, field: str, fault: str, mend: str) -> None:
        super().__init__(f"{field}: {fault}; {mend}", field=field, fault=fault, mend=mend)
        self.field = field
        self.fault = fault
        self.mend = mend


class NotFound(DomainError):
    """There is no such thing, or not for this reader: both answers are the same."""

    code = "not-found"

    def __init__(self, kind: str, key: UUID | str) -> None:
        super().__init__(f"there is no {kind} {key}", kind=kind, key=str(key))
        self.kind = kind
        self.key = key


class AlreadyExists(DomainError):
    code = "already-exists"

    def __init__(self, kind: str, key: UUID | str) -> None:
        super().__init__(
            f"the {kind} {key} exists already; use another id, or change the one that exists",
            kind=kind,
            key=str(key),
        )


class WrongState(DomainError):
    """The thing exists, but what it is now does not take this command."""

    code = "wrong-state"

    def __init__(self, kind: str, key: UUID | str, state: str, mend: str) -> None:
        super().__init__(f"the {kind} {key} is {state}; {mend}", kind=kind, key=str(key), state=state)
        self.state = state


class VersionConflict(DomainError):
    """Someone changed it first."""

    code = "version-conflict"

    def __init__(self, stream: UUID, expected: int, current: int) -> None:
        super().__init__(
            f"expected version {expected} of {stream}, but it is at {current}; read it again and decide anew",
            stream=str(stream),
            expected_version=expected,
            current_version=current,
        )
        self.stream = stream
        self.expected = expected
        self.current = current


class CommandIdReused(DomainError):
    code = "command-id-reused"

    def __init__(self, command_id: UUID) -> None:
        super().__init__(
            f"the command id {command_id} was used for another command; choose a new one for each command",
            command_id=str(command_id),
        )


class LogFull(DomainError):
    code = "log-full"

    def __init__(self, fault: str) -> None:
        super().__init__(
            f"the record cannot be written: {fault}; free space on its disk, then repeat the command",
            fault=fault,
        )


class SearchRefusal(DomainError):
    """A search that was not run. Its `code` goes on record with it."""


class AuthorisationUnknown(SearchRefusal):
    code = "authorisation-unknown"

    def __init__(self, authorisation: UUID | None) -> None:
        super().__init__(
            "a search needs an authorisation; name one that you requested or were named in",
            authorisation=None if authorisation is None else str(authorisation),
        )


class AuthorisationNotApproved(SearchRefusal):
    code = "authorisation-not-approved"

    def __init__(self, authorisation: UUID, state: str) -> None:
        super().__init__(
            f"the authorisation {authorisation} is {state}; wait for its approval or request another",
            state=state,
        )


class AuthorisationExpired(SearchRefusal):
    code = "authorisation-expired"

    def __init__(self, authorisation: UUID, at: datetime) -> None:
        super().__init__(
            f"the authorisation {authorisation} expired at {at.isoformat()}; request another",
            expired_at=at.isoformat(),
        )


class AuthorisationRevoked(SearchRefusal):
    code = "authorisation-revoked"

    def __init__(self, authorisation: UUID) -> None:
        super().__init__(f"the authorisation {authorisation} was revoked; ask its approver, or request another")


class OutsideCameras(SearchRefusal):
    code = "outside-cameras"

    def __init__(self, cameras: tuple[UUID, ...]) -> None:
        super().__init__(
            f"not within the authorisation: {', '.join(map(str, cameras))}; "
            "leave these cameras out, or request an authorisation that names them",
            cameras=[str(camera) for camera in cameras],
        )


class OutsideWindow(SearchRefusal):
    code = "outside-window"

    def __init__(self, allowed_from: datetime, allowed_to: datetime) -> None:
        super().__init__(
            f"the authorisation covers {allowed_from.isoformat()} to {allowed_to.isoformat()}; search within it",
            allowed_from=allowed_from.isoformat(),
            allowed_to=allowed_to.isoformat(),
        )


class QuotaSpent(SearchRefusal):
    code = "quota-spent"

    def __init__(self, quota: int) -> None:
        super().__init__(f"all {quota} searches of the authorisation are used; request another", quota=quota)


class ApproverIsRequester(SearchRefusal):
    """Four eyes: nobody approves what they asked for. Also the refusal of a search under such an approval."""

    code = "approver-is-requester"

    def __init__(self) -> None:
        super().__init__("nobody approves their own request or searches under their own approval; ask somebody else")


class ApproverSameUnit(DomainError):
    code = "approver-same-unit"

    def __init__(self) -> None:
        super().__init__(
            "the approver must belong to another unit than the requester; ask a supervisor of another unit"
        )


class OwnAccount(DomainError):
    """Rights are given and taken by somebody else: nobody widens, or by mistake locks out, themselves."""

    code = "own-account"

    def __init__(self, deed: str) -> None:
        super().__init__(f"nobody {deed} their own account; ask another administrator")


class SeparationOfDuties(DomainError):
    """Who checks the record does nothing that is checked."""

    code = "separation-of-duties"

    def __init__(self, role: str, held: tuple[str, ...]) -> None:
        super().__init__(
            f"an auditor holds no other role: {role} cannot be added to {', '.join(held)}; "
            "withdraw what is held first, or give the role to another account",
            role=role,
            held=list(held),
        )


class PlaceForbidden(DomainError):
    code = "place-forbidden"

    def __init__(self, place_kind: str) -> None:
        super().__init__(
            f"place_kind: no camera may watch a {place_kind}; remove the camera from there",
            field="place_kind",
            place_kind=place_kind,
        )


class OutsideCameraLife(DomainError):
    """The camera did not exist then."""

    code = "outside-camera-life"

    def __init__(self, field: str, at: datetime, installed_at: datetime, decommissioned_at: datetime | None) -> None:
        until = "" if decommissioned_at is None else f" until {decommissioned_at.isoformat()}"
        super().__init__(
            f"{field}: {at.isoformat()} is outside the camera's life, from {installed_at.isoformat()}{until}; "
            "check the time and the camera",
            field=field,
            at=at.isoformat(),
            installed_at=installed_at.isoformat(),
            decommissioned_at=None if decommissioned_at is None else decommissioned_at.isoformat(),
        )


class FootageOverlap(DomainError):
    """One camera cannot have taken two footages at one time."""

    code = "footage-overlap"

    def __init__(self, sha256: str, from_at: datetime, to_at: datetime, overlap_seconds: float) -> None:
        super().__init__(
            f"recorded_at: overlaps by {overlap_seconds:.1f} s the footage {sha256[:12]}… of this camera, "
            f"{from_at.isoformat()} to {to_at.isoformat()}; check the time and the camera of both",
            field="recorded_at",
            sha256=sha256,
            from_at=from_at.isoformat(),
            to_at=to_at.isoformat(),
            overlap_seconds=overlap_seconds,
        )


class FootageArchivedOtherwise(DomainError):
    """The same bytes are on the shelf, of another camera or time."""

    code = "footage-archived-otherwise"

    def __init__(self, sha256: str, camera: UUID, recorded_at: datetime) -> None:
        super().__init__(
            f"the footage {sha256[:12]}… is archived already, of camera {camera} from {recorded_at.isoformat()}; "
            "archive it with that camera and time, or check that this is the file you mean",
            sha256=sha256,
            camera=str(camera),
            recorded_at=recorded_at.isoformat(),
        )


class ClaimLost(DomainError):
    """The worker's claim is no longer the one in force: what it has not committed is dropped."""

    code = "claim-lost"

    def __init__(self, sha256: str, fence: int) -> None:
        super().__init__(
            f"the claim {fence} on footage {sha256[:12]}… was lost; drop what is not committed and claim anew",
            sha256=sha256,
            fence=fence,
        )


class HitNotRelevant(DomainError):
    """Similar appearance is not identity: a person looks before a hit becomes part of an incident."""

    code = "hit-not-relevant"

    def __init__(self, rank: int, verdict: str) -> None:
        super().__init__(
            f"hit {rank} is {verdict or 'not reviewed'}; only a hit reviewed as relevant is attached: review it first",
            rank=rank,
            verdict=verdict,
        )
