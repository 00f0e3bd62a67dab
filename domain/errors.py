"""What can be refused, and why. Errors carry fields; how they travel (HTTP status, exit code) is `app`'s.

Every error has a `code`, stable and documented: the last part of its problem type.
"""

from __future__ import annotations

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

    def __init__(self, kind: str, key: UUID | str, state: str, mend: str, *, words: str = "", **fields: object) -> None:
        """`words`: the state as a person reads it, where that says more than its code."""
        super().__init__(
            f"the {kind} {key} is {words or state}; {mend}", kind=kind, key=str(key), state=state, **fields
        )
        self.state = state


class VersionConflict(DomainError):
    """Someone changed it first."""

    code = "version-conflict"

    def __init__(self, stream: UUID, expected: int, current: int) -> None:
        super().__init__(
            f"expected version {expected} of {stream}, but it is at {current}; read it again and decide anew"
            if current
            else f"expected version {expected} of {stream}, but this makes it, and it has no version yet; name none",
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
