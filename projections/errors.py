"""What can go wrong between the log and the views."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import OperationalError

from domain.errors import DomainError

# A database is busy, full or away: the same work succeeds later. Never a reason to park an event.
TRANSIENT: tuple[type[Exception], ...] = (OperationalError, sqlite3.OperationalError, OSError)


class ProjectionFault(Exception):
    """Base of this room's own errors."""


class ViewsUnusable(ProjectionFault):
    """The file of the views cannot be opened as a database."""

    def __init__(self, path: Path | None, fault: str) -> None:
        super().__init__(f"{path}: {fault}; move it away: the views are folded again from the log")
        self.path, self.fault = path, fault


class NewerDatabase(ProjectionFault):
    """The views were written by a newer version of the program."""

    def __init__(self, what: str, found: int, known: int) -> None:
        super().__init__(
            f"{what} is at version {found}, but this program knows only up to {known}; "
            "start the newer program, or move the views' database away: it is folded again from the log"
        )
        self.what, self.found, self.known = what, found, known


class RowMissing(ProjectionFault):
    """An event changes a row that its stream never made."""

    def __init__(self, table: str, expected: int, found: int) -> None:
        super().__init__(f"{table}: {expected} rows were to change, {found} are there")


class Poison(ProjectionFault):
    """One event that a view cannot take. Its stream is parked in that view; the rest goes on."""

    def __init__(self, view: str, position: int, fault: Exception | str) -> None:
        self.view, self.position = view, position
        self.fault = (fault if isinstance(fault, str) else f"{type(fault).__name__}: {fault}")[:500]
        super().__init__(f"{view}, position {position}: {self.fault}")


class RetryFailed(DomainError):
    """The parked events of a stream still do not fold. They stay parked, and nothing was changed."""

    code = "retry-failed"

    def __init__(self, stream: UUID, view: str, position: int, fault: str) -> None:
        super().__init__(
            f"the events of {stream} still cannot be folded into {view}, at position {position}: {fault}; "
            "mend the cause (usually a newer program), then retry",
            stream=str(stream),
            view=view,
            position=position,
            fault=fault,
        )


class RebuildCancelled(ProjectionFault):
    """Somebody stopped the rebuild. The live view was not touched."""

    def __init__(self, view: str, position: int) -> None:
        super().__init__(f"the rebuild of {view} was cancelled at position {position}; the live view stands as it was")


class RebuildSuperseded(DomainError):
    """Another rebuild of the same view was begun meanwhile, here or in another process: that one goes on."""

    code = "rebuild-under-way"

    def __init__(self, view: str) -> None:
        super().__init__(f"another rebuild of {view} took over; wait for that one", view=view)


class RebuildRefused(DomainError):
    """The rebuilt view would lose what the live one shows."""

    code = "rebuild-refused"

    def __init__(self, view: str, streams: tuple[UUID, ...]) -> None:
        super().__init__(
            f"the rebuilt {view} parks {len(streams)} streams that the live view shows; "
            "the live view stays: mend the cause, then rebuild",
            view=view,
            streams=[str(stream) for stream in streams[:20]],
        )
