"""The road of a file onto the shelf: received (`app/receiving.py`), probed, put in its place, and only then on record.

Originals are kept by content and never changed. The file is durable in its place before the event that names it:
a crash in between leaves a file that nobody names, which the next upload of it finds in place, never an event
without its file.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.camera_days import CameraDays
from app.deployment import Deployment
from app.desk import Desk, expect_nothing
from app.event_store.durable import sync_folder
from app.originals import fault_of
from app.receiving import Received, Receiving
from app.scrubbing import Scrub
from domain import camera, footage
from domain.errors import DomainError
from domain.footage_of_camera import AnnounceFootage, ArchiveFootage, check_announced, decide_archive, span_of
from domain.footage_refusals import FootageArchivedOtherwise
from domain.footage_state import refuse_gone
from domain.ids import footage_id
from domain.log import Change, Receipt
from domain.personal import FileName
from domain.sealed import Sealed
from gpu_jobs.decode_protocol import Probe
from gpu_jobs.decoding import probe
from gpu_jobs.errors import DecodeFailed, FootageRefused


class FootageUnusable(DomainError):
    """The file itself is refused: empty, not a video, cut off, without a video stream, or of another codec."""

    code = "footage-unusable"

    def __init__(self, fault: Exception) -> None:
        kind = type(fault).__name__
        super().__init__(f"file: {fault}", field="file", fault=kind)


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """Whose footage, and when its first frame was taken."""

    camera: UUID
    recorded_at: datetime
    uncertainty_seconds: float
    source: str  # domain.vocabulary.ANCHOR_SOURCES
    name: str  # of the file where it came from


@dataclass(frozen=True)
class Archiving:
    deployment: Deployment
    desk: Desk
    receiving: Receiving
    scrub: Scrub
    _placing: threading.Lock

    def check(self, call: Call, anchor: Anchor, camera_name: str, announced_bytes: int) -> None:
        """Before a byte is received: may the caller archive, is there such a camera, by the name they gave, and can
        what they say of the file be? So nobody sends it to hear of a wrong time.

        Raises:
            domain.errors.DomainError: as `archive` would, or `Receiving.check`.
        """
        self.desk.require(call, Operation.FOOTAGE_ARCHIVE)
        state = self.desk.load(camera.DECIDER, anchor.camera).state
        self.desk.require(call, Operation.CAMERA_READ, relations.camera(camera_name, state))
        expect_nothing(call)
        check_announced(
            state,
            AnnounceFootage(
                camera=anchor.camera,
                recorded_at=anchor.recorded_at,
                uncertainty_seconds=anchor.uncertainty_seconds,
                anchor_source=anchor.source,
                name=FileName(anchor.name),
                at=now(),
            ),
        )
        self.receiving.check(announced_bytes)

    def archive(self, call: Call, received: Received, anchor: Anchor) -> tuple[Receipt, bool]:
        """Put the received file on the shelf. Returns the receipt, and whether it was there already.

        Raises:
            FootageUnusable: it cannot be indexed, now or later.
            domain.errors.DomainError: the camera, the time or an overlap stands against it.
        """
        try:
            command = self._command(received, anchor, self._probed(received.path))
            heals = fault_of(self.deployment, received.sha256) in {"altered", "unreadable"}
            with self._placing:
                return self._place(call, received, command, heals=heals)
        finally:
            received.path.unlink(missing_ok=True)

    def _probed(self, path: Path) -> Probe:
        try:
            return probe(path)
        except (FootageRefused, DecodeFailed) as fault:
            raise FootageUnusable(fault) from fault

    def _command(self, received: Received, anchor: Anchor, facts: Probe) -> ArchiveFootage:
        return ArchiveFootage(
            sha256=received.sha256,
            size_bytes=received.size_bytes,
            camera=anchor.camera,
            recorded_at=anchor.recorded_at,
            uncertainty_seconds=anchor.uncertainty_seconds,
            anchor_source=anchor.source,
            duration_seconds=facts.duration_seconds,
            codec=facts.codec,
            container=facts.container,
            width=facts.width,
            height=facts.height,
            name=Sealed(footage_id(received.sha256), FileName(anchor.name)),
            at=now(),
            cut_off_seconds=facts.cut_off_seconds,
        )

    def _place(self, call: Call, received: Received, command: ArchiveFootage, *, heals: bool) -> tuple[Receipt, bool]:
        place = self.deployment.original(received.sha256)
        self._refuse_gone(received.sha256)  # a retried command is answered without being decided anew
        is_new = not place.exists()
        if is_new or heals:
            keep(received.path, place)
        try:
            receipt = self.desk.commit(call, Operation.FOOTAGE_ARCHIVE, lambda: self._decide(command))
            self._refuse_gone(received.sha256)  # erased meanwhile: its keeper may have come by before the file did
        except DomainError:
            if is_new:
                place.unlink(missing_ok=True)
            raise
        self.scrub.tell(received.sha256, "")
        return receipt, receipt.last_position == 0

    def _refuse_gone(self, sha256: str) -> None:
        state = self.desk.load(footage.DECIDER, footage_id(sha256)).state
        if state is not None:
            refuse_gone(state, sha256)

    def _decide(self, command: ArchiveFootage) -> Sequence[Change]:
        shelved = self.desk.load(footage.DECIDER, footage_id(command.sha256))
        of_camera = self.desk.load(camera.DECIDER, command.camera)
        days = CameraDays.between(self.desk.log, command.camera, *span_of(command))
        try:
            of_footage, of_days = decide_archive(shelved.state, of_camera.state, command, days.taken)
        except FootageArchivedOtherwise as refusal:
            other = self.desk.load(camera.DECIDER, refusal.camera).state
            name = "" if other is None else other.name
            raise FootageArchivedOtherwise(command.sha256, refusal.camera, refusal.recorded_at, name) from None
        return (
            Change(shelved.stream, shelved.version, of_footage),
            Change(of_camera.stream, of_camera.version, ()),  # it is not decommissioned meanwhile
            *days.changes(of_days),
        )


def keep(path: Path, place: Path) -> None:
    """Move a whole, synced file to its place for good, read-only."""
    place.parent.mkdir(exist_ok=True)
    path.chmod(0o400)
    path.rename(place)
    sync_folder(place.parent)
    sync_folder(place.parent.parent)


def sweep(deployment: Deployment) -> int:
    """At start: remove uploads that a crash cut off. Returns how many. Originals are never removed here."""
    left = list(deployment.incoming.iterdir())
    for path in left:
        path.unlink()
    return len(left)
