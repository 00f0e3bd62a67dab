"""A register of cameras that was taken in at once: whose file, and how many of its rows became cameras.

It stands at the head of the one append that registers them all, so that either it and every one of them is on record,
or nothing is. What a row may say is `domain/camera.py`'s to decide, as of a camera that is registered alone.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid
from domain.event import Event

ROWS_MAX = 100_000


class CamerasImported(Event, frozen=True, kw_only=True):
    TOPIC = "camera-import.completed"

    sha256: str  # of the file
    rows: int
    registered: int
    already: int  # rows that say of a camera what is on record of it
    refused: int
    by: UUID


class ImportCameras(msgspec.Struct, frozen=True, kw_only=True):
    camera_import: UUID
    sha256: str
    registered: int
    already: int
    refused: int
    accept_refused: bool  # the rest is taken though rows are refused
    by: UUID


class CameraImport(msgspec.Struct, frozen=True):
    completed: CamerasImported


def decide_import(state: CameraImport | None, command: ImportCameras) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("camera-import", command.camera_import)
    rows = command.registered + command.already + command.refused
    checks.whole("rows", rows, least=1, most=ROWS_MAX)
    if command.refused and not command.accept_refused:
        fault = f"{command.refused} of {rows} rows are refused"
        raise Invalid("file", fault, "mend them, or send the file with accept_refused=true to leave them out")
    return (
        CamerasImported(
            sha256=checks.sha256("sha256", command.sha256),
            rows=rows,
            registered=command.registered,
            already=command.already,
            refused=command.refused,
            by=command.by,
        ),
    )


def evolve_completed(state: None, event: CamerasImported) -> CameraImport:
    return CameraImport(completed=event)


DECIDER: Decider[ImportCameras, CameraImport] = Decider(
    kind="camera-import",
    decides={ImportCameras: decide_import},
    evolves={CamerasImported: evolve_completed},
)
