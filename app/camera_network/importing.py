"""A national register of cameras, taken in whole or not at all.

The file is received, every row is judged, and all that is good goes on record in one append: a server that dies before
leaves nothing, and one that dies after leaves everything. How far it is, and which rows were refused, is told while it
runs, and afterwards as long as this server lives; what was recorded is told by the record.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from itertools import count
from uuid import UUID

import msgspec
import structlog

from app.access.operations import Operation
from app.call import Call, now
from app.camera_network.judging import Judged, judge
from app.camera_network.register_file import RefusedRow, RegisterFile
from app.desk import Desk
from app.receiving import Received
from app.relations import SYSTEM
from domain.camera_network import camera_import
from domain.camera_network.camera_import import CamerasImported, ImportCameras
from domain.errors import CommandIdReused, DomainError, NotFound
from domain.log import Change

TOLD_EVERY_ROWS = 250
KEPT_MAX = 8  # imports whose rows are still told of


class ImportUnderWay(DomainError):
    """One at a time: it writes for everybody at once."""

    code = "import-under-way"

    def __init__(self, camera_import: UUID) -> None:
        super().__init__(
            f"the import {camera_import} is under way; send this one when it has ended",
            camera_import=str(camera_import),
        )


class ReportGone(DomainError):
    code = "report-gone"

    def __init__(self, camera_import: UUID) -> None:
        super().__init__(
            f"which rows the import {camera_import} refused is told no more; send its file again with dry_run=true",
            camera_import=str(camera_import),
        )


class RegisteredMeanwhile(DomainError):
    """Said of the import alone, as `ServerCloses` is."""

    code = "registered-meanwhile"

    def __init__(self) -> None:
        super().__init__("somebody registered a camera of the file meanwhile; nothing was recorded: send it again")


class ServerCloses(DomainError):
    """Said of the import alone, to whoever asks for it later."""

    code = "server-closes"

    def __init__(self) -> None:
        super().__init__("the server was closed; nothing was recorded: send the file again")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    dry_run: bool
    accept_refused: bool


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How an import goes. The counts are of the rows so far; `registered` would be, until `state` is recorded."""

    camera_import: UUID
    state: str  # domain.camera_network.words.IMPORT_STATES
    sha256: str
    size_bytes: int | None  # null of one that an earlier server took in
    read_bytes: int | None
    rows: int = 0
    registered: int = 0
    already: int = 0
    refused: int = 0
    dry_run: bool
    accept_refused: bool | None
    begun_at: datetime | None
    ended_at: datetime | None = None
    position: int | None = None  # of its last event, once it is recorded
    fault: str | None = None  # why nothing was recorded


class _Import:
    """One import, written by the thread that carries it out and read by any."""

    def __init__(self, call: Call, received: Received, wish: Wish) -> None:
        self.call, self.received, self.wish = call, received, wish
        self.refusals: Sequence[RefusedRow] = ()
        self.progress = Progress(
            camera_import=call.new_key(),
            state="judging",
            sha256=received.sha256,
            size_bytes=received.size_bytes,
            read_bytes=0,
            dry_run=wish.dry_run,
            accept_refused=wish.accept_refused,
            begun_at=now(),
        )

    def tell(self, judged: Judged, **more: object) -> None:
        self.refusals = judged.refusals
        self.progress = msgspec.structs.replace(
            self.progress,
            rows=judged.rows,
            registered=len(judged.changes),
            already=judged.already,
            refused=judged.refused_rows,
            **more,
        )

    def end(self, state: str, **more: object) -> None:
        self.progress = msgspec.structs.replace(self.progress, state=state, ended_at=now(), **more)

    @property
    def is_over(self) -> bool:
        return self.progress.ended_at is not None


class CameraImports:
    """The imports of one server. `close` breaks off the one that is under way, unless it is being recorded."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._imports: dict[UUID, _Import] = {}  # the last ones, in the order in which they began
        self._begun = threading.Lock()
        self._closing = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="camera import")

    def close(self) -> None:
        self._closing.set()
        self._thread.shutdown()

    def start(self, call: Call, received: Received, wish: Wish) -> Progress:
        """Begin with a file that came in whole, and take it off the disk at the end. The same command again is told
        how it goes, and begins nothing.

        Raises:
            domain.errors.Invalid: it is no register: its header is wrong.
            domain.errors.CommandIdReused: the command was another import.
            ImportUnderWay: another one is.
        """
        key = call.new_key()
        register: RegisterFile | None = None
        try:
            with self._begun:
                known = self._known(call, key)
                if known is None:
                    for each in self._imports.values():
                        if not each.is_over:
                            raise ImportUnderWay(each.progress.camera_import)
                    register = RegisterFile(received.path)
                    return self._begin(_Import(call, received, wish), register)
                return known
        finally:
            if register is None:
                received.path.unlink(missing_ok=True)

    def progress(self, key: UUID) -> Progress:
        """How it goes; of one that an earlier server recorded, what is on record. Raises NotFound."""
        if (found := self._imports.get(key)) is not None:
            return found.progress
        if (recorded := self._recorded(key)) is not None:
            return recorded
        raise NotFound("camera-import", key)

    def refusals(self, key: UUID) -> Sequence[RefusedRow]:
        """What is wrong with its rows, so far. Raises NotFound, ReportGone."""
        if (found := self._imports.get(key)) is not None:
            return found.refusals
        if (recorded := self.progress(key)).refused:
            raise ReportGone(recorded.camera_import)
        return ()

    def _known(self, call: Call, key: UUID) -> Progress | None:
        """None also of one that failed: nothing of it is on record, and it may begin anew."""
        found = self._imports.get(key)
        if found is not None and found.call.digest != call.digest:
            raise CommandIdReused(call.command_id)
        if found is not None and found.progress.state != "failed":
            return found.progress
        known = self._desk.log.receipt(call.command_id, command_digest=call.digest)
        return None if known is None else self._recorded(key)

    def _recorded(self, key: UUID) -> Progress | None:
        for recorded in self._desk.log.stream(key, until_version=1):
            if not isinstance(recorded.event, CamerasImported):
                return None
            event = recorded.event
            return Progress(
                camera_import=key,
                state="recorded",
                sha256=event.sha256,
                size_bytes=None,
                read_bytes=None,
                rows=event.rows,
                registered=event.registered,
                already=event.already,
                refused=event.refused,
                dry_run=False,
                accept_refused=None,
                begun_at=None,
                ended_at=recorded.meta.recorded_at,
                position=recorded.position + event.registered,
            )
        return None

    def _begin(self, new: _Import, register: RegisterFile) -> Progress:
        for old in list(self._imports)[: max(0, len(self._imports) + 1 - KEPT_MAX)]:
            del self._imports[old]
        self._imports[new.progress.camera_import] = new
        done = self._thread.submit(self._run, new, register)
        done.add_done_callback(_said)
        return new.progress

    def _run(self, running: _Import, register: RegisterFile) -> None:
        try:
            self._carry_out(running, register)
        except DomainError as refusal:
            running.end("failed", fault=refusal.detail)
        except BaseException:
            running.end("failed", fault="the server failed; its log says why")
            raise
        finally:
            register.close()
            running.received.path.unlink(missing_ok=True)

    def _carry_out(self, running: _Import, register: RegisterFile) -> None:
        wish = running.wish

        def watch(judged: Judged, read_bytes: int) -> None:
            if judged.rows % TOLD_EVERY_ROWS == 0:
                if self._closing.is_set():
                    raise ServerCloses
                running.tell(judged, read_bytes=read_bytes)

        judged = judge(self._desk, register, now(), watch)
        running.tell(judged, read_bytes=running.received.size_bytes)
        if wish.dry_run:
            running.end("judged")
        elif judged.refused_rows and not wish.accept_refused:
            running.end("refused", fault=f"{judged.refused_rows} of {judged.rows} rows are refused")
        else:
            self._record(running, judged)

    def _record(self, running: _Import, judged: Judged) -> None:
        """One append, decided once: who was faster with a camera of the file, changed what its row comes to."""
        call, key = running.call, running.progress.camera_import
        command = ImportCameras(
            camera_import=key,
            sha256=running.received.sha256,
            registered=len(judged.changes),
            already=judged.already,
            refused=judged.refused_rows,
            accept_refused=running.wish.accept_refused,
            by=call.principal.account,
        )

        decisions = count()

        def decide() -> Sequence[Change]:
            if next(decisions):
                raise RegisteredMeanwhile
            self._desk.require(call, Operation.CAMERA_IMPORT, SYSTEM)
            loaded = self._desk.load(camera_import.DECIDER, key)
            decided = camera_import.DECIDER.decide(loaded.state, command)
            return Change(key, loaded.version, decided), *judged.changes

        running.tell(judged, state="recording")
        receipt = self._desk.commit(call, Operation.CAMERA_IMPORT, decide)
        running.end("recorded", position=receipt.last_position)


def _said(done: Future[None]) -> None:
    if (fault := done.exception()) is not None:
        structlog.get_logger().error("an import of cameras failed", exc_info=fault)
