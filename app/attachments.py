"""What is attached to cases: received, told by its bytes, sealed block by block, put in its place, then on record.

Nothing of it is on the disk in the clear, not even on its way in. The record names the digest of the sealed file; a
file that is on the disk and not on record is of a command that failed half-way, and can be opened by nobody.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, ClassVar
from uuid import UUID, uuid4

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call
from app.deployment import Deployment
from app.desk import Desk, expect
from app.event_store.durable import digest_of, sync_folder
from app.event_store.vault import Vault
from app.gone_files import gone_files
from app.media_types import HEAD_BYTES, media_type_of
from app.receiving import UploadTooLarge, full_disk_refused
from app.sealed_files import BLOCK_BYTES, FileSealer, opened
from app.unerased import of_child
from domain import prevention_case
from domain.checks import existing
from domain.errors import CommandIdReused, DomainError, Invalid, NotFound
from domain.log import Change, Receipt
from domain.personal import FileName
from domain.prevention_case_commands import AddAttachment, RemoveAttachment
from domain.prevention_case_events import AttachmentAdded
from domain.prevention_case_state import KIND, still_open
from domain.prevention_case_work import ATTACHMENT_BYTES_MAX, check_room
from domain.sealed import Sealed
from projections.database import ViewsDatabase


class AttachmentDamaged(DomainError):
    """It is on record, and what lies on the disk is not what was put there."""

    code: ClassVar[str] = "attachment-damaged"

    def __init__(self, attachment: UUID, fault: str) -> None:
        super().__init__(
            f"the attachment {attachment} {fault}; ask the operator to restore it from a backup",
            attachment=str(attachment),
            fault=fault,
        )


class AttachmentErased(DomainError):
    """It is on record, and nobody opens it any more."""

    code: ClassVar[str] = "attachment-erased"

    def __init__(self, attachment: UUID, erased_at: datetime | None) -> None:
        """`erased_at`: when the erasure of the child that it is about was agreed to, where that is why."""
        super().__init__(
            f"the attachment {attachment} was erased; nothing of it is left"
            if erased_at is None
            else f"the attachment {attachment} was erased at {erased_at:%Y-%m-%dT%H:%M:%SZ}; nothing of it is left",
            attachment=str(attachment),
            erased_at=erased_at,
        )


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came in whole and lies sealed beside its place."""

    aside: Path
    media_type: str
    size_bytes: int
    sha256: str  # of what was sent: it tells a retry from another file, and is kept nowhere
    sealed_sha256: str


@dataclass(frozen=True)
class Attachments:
    deployment: Deployment
    desk: Desk
    vault: Vault
    views: ViewsDatabase
    _placing: threading.Lock = field(default_factory=threading.Lock)  # this is the only server of its directory

    @classmethod
    def swept(cls, deployment: Deployment, desk: Desk, vault: Vault, views: ViewsDatabase) -> Attachments:
        """At start: without the files of attachments that were removed, or erased, a moment before a crash."""
        attachments = cls(deployment, desk, vault, views)
        attachments.sweep()
        return attachments

    def check(self, call: Call, case: UUID, announced_bytes: int) -> None:
        """Whatever can be refused without the file: before a byte of it is read. Raises as `add`."""
        loaded = self.desk.load(prevention_case.DECIDER, case)
        self.desk.require(call, Operation.CASE_ATTACH, relations.prevention_case(case, loaded.state))
        if not self._taken(call):
            expect(call, loaded)
            check_room(still_open(loaded.state, case))
            of_child(self.desk, case, loaded.state)
        if announced_bytes > ATTACHMENT_BYTES_MAX:
            raise UploadTooLarge(ATTACHMENT_BYTES_MAX)

    async def receive(self, call: Call, case: UUID, chunks: AsyncIterator[bytes]) -> Sent:
        """Seal what comes. Nothing is left where it fails. Raises Invalid, UploadTooLarge, LogFull, SubjectErased."""
        key = call.new_key()
        incoming = await asyncio.to_thread(
            lambda: _Incoming(self.deployment.incoming, FileSealer(self.vault, case, key))
        )
        try:
            block = bytearray()
            async for chunk in chunks:
                block += chunk
                while len(block) > BLOCK_BYTES:
                    await asyncio.to_thread(incoming.write, bytes(block[:BLOCK_BYTES]))
                    del block[:BLOCK_BYTES]
            return await asyncio.to_thread(incoming.finish, bytes(block))
        except BaseException:
            await asyncio.shield(asyncio.to_thread(incoming.drop))
            raise

    def add(self, call: Call, case: UUID, sent: Sent, name: str) -> tuple[UUID, Receipt]:
        """Put it in its place, and on record. Raises what `Desk.perform` raises; nothing is left then."""
        key = call.new_key()
        command = AddAttachment(
            case=case,
            attachment=key,
            media_type=sent.media_type,
            size_bytes=sent.size_bytes,
            sealed_sha256=sent.sealed_sha256,
            name=Sealed(case, FileName(name)),
        )
        with self._placing:
            try:
                known = self.desk.log.receipt(call.command_id, command_digest=call.digest)
                if known is not None:
                    return key, known
                return key, self._placed(call, case, sent, command)
            finally:
                sent.aside.unlink(missing_ok=True)

    def _taken(self, call: Call) -> bool:
        """Whether the command was carried out, with whichever file: a retry is told so once its file is in."""
        try:
            return self.desk.log.receipt(call.command_id) is not None
        except CommandIdReused:
            return True

    def _placed(self, call: Call, case: UUID, sent: Sent, command: AddAttachment) -> Receipt:
        place = self.deployment.attachment(command.attachment)

        def decide() -> Sequence[Change]:
            loaded = self.desk.load(prevention_case.DECIDER, case)
            self.desk.require(call, Operation.CASE_ATTACH, relations.prevention_case(case, loaded.state))
            expect(call, loaded)
            decided = prevention_case.DECIDER.decide(loaded.state, command)
            guards = of_child(self.desk, case, loaded.state)
            if sent.aside.exists():  # once nothing more can be refused
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                sent.aside.rename(place)
                sync_folder(place.parent)
                sync_folder(place.parent.parent)
            return Change(case, loaded.version, decided), *guards

        try:
            return self.desk.commit(call, Operation.CASE_ATTACH, decide)
        except DomainError:
            place.unlink(missing_ok=True)
            raise

    def remove(self, call: Call, command: RemoveAttachment) -> Receipt:
        """Its bytes go with it; that it was there stays on record."""
        case = command.case
        receipt = self.desk.perform(
            call,
            Operation.CASE_REMOVE_ATTACHMENT,
            prevention_case.DECIDER,
            case,
            command,
            lambda state: relations.prevention_case(case, state),
            lambda state: of_child(self.desk, case, state),
        )
        self._unlink(command.attachment)
        return receipt

    def added(self, case: UUID, attachment: UUID) -> AttachmentAdded:
        """The event that put it on record. Raises NotFound, also where it was removed."""
        loaded = self.desk.load(prevention_case.DECIDER, case)
        if attachment not in existing(KIND, case, loaded.state).attachments:
            raise NotFound("attachment", attachment)
        return next(
            event
            for event in self.desk.log.events(case)
            if isinstance(event, AttachmentAdded) and event.attachment == attachment
        )

    def open(self, case: UUID, added: AttachmentAdded) -> tuple[BinaryIO, Iterator[bytes]]:
        """The file, to be closed by the caller, and its blocks in the clear; for a reader who is on record already.

        Raises:
            AttachmentDamaged: it is not there, or not what was put there: known before a byte of it is sent.
            SubjectErased: nobody can open it any more.
        """
        place = self.deployment.attachment(added.attachment)
        return open_sealed(place, added.sealed_sha256, self.vault, case, added.attachment)

    def sweep(self, child: UUID | None = None) -> None:
        """Take off the disk the files of attachments that were removed, or whose child was erased: of all cases, or of
        those of one child.
        """
        for attachment in gone_files(self.deployment, self.desk, self.views, child):
            self._unlink(attachment)

    def _unlink(self, attachment: UUID) -> None:
        place = self.deployment.attachment(attachment)
        if place.exists():
            place.unlink()
            sync_folder(place.parent)


def open_sealed(
    place: Path, sealed_sha256: str, vault: Vault, subject: UUID, key: UUID
) -> tuple[BinaryIO, Iterator[bytes]]:
    """A sealed file as it is on record. Raises as `Attachments.open`."""
    try:
        if digest_of(place) != sealed_sha256:
            raise AttachmentDamaged(key, "was altered on the disk")
        file = place.open("rb")
    except FileNotFoundError:
        raise AttachmentDamaged(key, "is missing from the disk") from None
    try:
        return file, opened(file, vault, subject, key)
    except BaseException:
        file.close()
        raise


class _Incoming:
    """The sealed file on its way in."""

    def __init__(self, folder: Path, sealer: FileSealer) -> None:
        self._sealer = sealer
        self._path = folder / uuid4().hex
        self._clear, self._sealed = hashlib.sha256(), hashlib.sha256()
        self._size = 0
        self._media_type: str | None = None
        self._file = self._path.open("xb")
        self._put(sealer.head)

    def write(self, block: bytes, *, last: bool = False) -> None:
        with full_disk_refused():
            self._size += len(block)
            if self._size > ATTACHMENT_BYTES_MAX:
                raise UploadTooLarge(ATTACHMENT_BYTES_MAX)
            if not self._size:
                raise Invalid("file", "is empty", "send its bytes as the body")
            if self._media_type is None:
                self._media_type = media_type_of(block[:HEAD_BYTES])
            self._clear.update(block)
            self._put(self._sealer.seal(block, last=last))

    def finish(self, rest: bytes) -> Sent:
        self.write(rest, last=True)
        assert self._media_type is not None
        with full_disk_refused():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        return Sent(
            aside=self._path,
            media_type=self._media_type,
            size_bytes=self._size,
            sha256=self._clear.hexdigest(),
            sealed_sha256=self._sealed.hexdigest(),
        )

    def drop(self) -> None:
        with suppress(OSError):  # a full disk refuses what is still in the buffer: it is thrown away anyway
            self._file.close()
        self._path.unlink(missing_ok=True)

    def _put(self, sealed: bytes) -> None:
        self._sealed.update(sealed)
        self._file.write(sealed)
