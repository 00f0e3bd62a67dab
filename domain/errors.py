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
        super().__init__("nobody approves their own request; ask a supervisor of another unit")


class ApproverSameUnit(DomainError):
    code = "approver-same-unit"

    def __init__(self) -> None:
        super().__init__(
            "the approver must belong to another unit than the requester; ask a supervisor of another unit"
        )
