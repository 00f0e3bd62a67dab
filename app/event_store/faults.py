"""What can go wrong with the stored record itself, beside the refusals that the domain names."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from domain.errors import DomainError
from domain.log import Unreadable


class StoreRefused(Exception):
    """A file of the store was not opened: what is wrong with it, and how to mend it."""

    def __init__(self, path: Path, fault: str, mend: str) -> None:
        super().__init__(f"{path}: {fault}; {mend}")
        self.path = path
        self.fault = fault
        self.mend = mend


class NewerSchema(StoreRefused):
    """The database was written by a newer version of this program."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            path,
            f"its schema is version {found}, and this program knows versions up to {known}",
            "start the newer program again, or restore a backup from before the upgrade",
        )
        self.found = found
        self.known = known


class WrongRootKey(StoreRefused):
    """The root key is a key, but not the one that these subject keys are wrapped with."""

    def __init__(self, path: Path, keys_path: Path) -> None:
        super().__init__(
            path,
            f"this root key does not open {keys_path.name}",
            "put back the root key that was made with it (nothing was changed)",
        )


class EventUnreadable(Exception):
    """A stream cannot be folded over a row that does not decode."""

    def __init__(self, row: Unreadable) -> None:
        super().__init__(
            f"event {row.version} of stream {row.stream} (position {row.position}, topic {row.topic!r}) "
            f"cannot be read: {row.fault}; its upcaster is missing, or the row was altered"
        )
        self.row = row


class TokenRefused(Exception):
    """A sealed value does not open with its subject's key in the place where it was found."""

    def __init__(self, stream: UUID, version: int, part: int) -> None:
        super().__init__(
            f"part {part} of event {version} of stream {stream} was not sealed in this place: the record was altered; "
            "compare it with a backup"
        )
        self.stream = stream
        self.version = version
        self.part = part


class ErasureIncomplete(Exception):
    """The keys are gone from the database, but their bytes may stand in the write-ahead log still."""

    def __init__(self, *subjects: UUID) -> None:
        first, *others = subjects
        whose = f"{first} and {len(others)} others" if others else str(first)
        super().__init__(
            f"the key of {whose} is erased, but a reader kept its traces from being overwritten; erase it again"
        )
        self.subjects = subjects


class SubjectErased(DomainError):
    """Nothing new is sealed for a subject whose key was destroyed."""

    code = "subject-erased"

    def __init__(self, subject: UUID) -> None:
        super().__init__(
            f"the personal data of {subject} was erased and takes nothing new; use a new subject",
            subject=str(subject),
        )
        self.subject = subject


class LogBusy(DomainError):
    """Another process held the log's write lock for longer than an append waits."""

    code = "log-busy"

    def __init__(self, waited_seconds: float) -> None:
        super().__init__(
            f"the record was being written by another process for {waited_seconds:.0f} s; repeat the command",
            waited_seconds=waited_seconds,
        )
