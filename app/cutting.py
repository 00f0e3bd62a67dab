"""The road of a clip out of the house: authorisation, original, cutting, record, answer.

The clip lies in a file without a name while it is made and sent, so that no crash leaves one behind. Before a byte
of it leaves, it is on record with its digest. What is outside of the authorisation's window never gets into it: the
process that cuts is told the window, and a clip that is cut on keyframes begins with the first one within.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from app import relations
from app.access.gate import Forbidden
from app.access.operations import Operation
from app.call import Call, now
from app.deployment import Deployment
from app.desk import Desk
from app.disclosing import Disclosures
from app.instants import from_us, to_us
from app.receiving import Receiving, full_disk_refused
from app.scrubbing import Scrub
from app.searching import AlreadyRefused
from domain import authorisation, camera, clip, footage
from domain.checks import existing
from domain.clip import EXACT, ClipCut, ClipRefused, CutClip, RefuseClip, check_asked, decide_cut, refuse_unusable
from domain.clip_refusals import ClipImpossible, ClipNotRepeated, CutsUnderWay, FootageDamaged
from domain.disclosure import Disclosed
from domain.errors import DomainError
from domain.footage_state import Footage
from domain.ids import footage_id
from domain.log import Change
from domain.search_draw import DrawSearch, check_authority
from domain.search_refusals import SearchRefusal
from gpu_jobs import clipping, errors
from gpu_jobs.clipping import Clip
from gpu_jobs.decode_parent import DecodeLimits
from gpu_jobs.decode_protocol import ClipRequest

CUTS_MAX = 2  # at once: each takes a core, and a thread of the server's
LIMITS = DecodeLimits(cpu_seconds=3600)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: [from_at, to_at) of this footage, under this authorisation."""

    sha256: str
    from_at: datetime
    to_at: datetime
    mode: str
    authorisation: UUID


@dataclass(frozen=True)
class Given:
    """A clip that is on record and may be sent. Whoever takes the file closes it."""

    key: UUID
    cut: ClipCut
    file: BinaryIO


@dataclass(frozen=True)
class Cutting:
    deployment: Deployment
    desk: Desk
    disclosures: Disclosures
    receiving: Receiving
    scrub: Scrub
    _places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(CUTS_MAX))

    def cut(self, call: Call, wish: Wish) -> Given:
        """Cut a clip and put it on record. A command that was answered before gets the same clip again, where it can
        be made again.

        Raises:
            domain.search_refusals.SearchRefusal: no authority for this; that is on record.
            domain.clip_refusals: FootageGone, FootageDamaged, ClipImpossible, ClipNotRepeated, CutsUnderWay.
            domain.errors.DomainError: the question, or the footage, stands against it.
        """
        check_asked(wish.from_at, wish.to_at, wish.mode)
        key = call.new_key()
        if self.desk.log.receipt(call.command_id, command_digest=call.digest) is not None:
            return self._again(call, key, wish)
        shelved = self._footage(call, wish)
        ask = self._ask(call, key, wish, shelved)
        self._refuse_without_authority(call, wish, ask, shelved)
        with self._made(wish, ask, shelved) as (file, made, sha256):
            self._commit(call, wish, _command(wish, ask, shelved, made, sha256))
            return self._given(key, file, sha256)

    def recorded(self, key: UUID) -> ClipCut | ClipRefused:
        (event, *_) = self.desk.log.events(key, until_version=1)
        assert isinstance(event, ClipCut | ClipRefused)
        return event

    def _again(self, call: Call, key: UUID, wish: Wish) -> Given:
        """Bytes leave once more: so all that allowed it must hold once more, and it goes on record once more."""
        event = self.recorded(key)
        if isinstance(event, ClipRefused):
            raise AlreadyRefused(event.code)
        ask, shelved = self._allowed_again(call, key, wish, event)
        with self._made(wish, ask, shelved) as (file, _, sha256):
            given = self._given(key, file, sha256)
            self._allowed_again(call, key, wish, event)  # cutting takes a while, and what allowed it may have ended
            self.disclosures.record(call, Operation.FOOTAGE_CUT, footage_id(wish.sha256))
            return given

    def _allowed_again(self, call: Call, key: UUID, wish: Wish, event: ClipCut) -> tuple[DrawSearch, Footage]:
        """What the clip that is on record may be made of now. Raises as `cut` does."""
        shelved = self._footage(call, wish)
        self.desk.require(call, Operation.FOOTAGE_CUT, relations.footage(wish.sha256, shelved))
        ask = self._ask(call, key, wish, shelved)
        refusal = check_authority(self.desk.load(authorisation.DECIDER, wish.authorisation).state, ask)
        if refusal is not None:
            raise refusal
        refuse_unusable(shelved, wish.sha256, wish.from_at, wish.to_at)
        if (event.recorded_at, event.uncertainty_seconds) != (shelved.recorded_at, shelved.uncertainty_seconds):
            raise ClipNotRepeated(key, event.sha256, "the clock of its footage was corrected since")
        return ask, shelved

    def _given(self, key: UUID, file: BinaryIO, sha256: str) -> Given:
        """Only ever the clip that is on record."""
        event = self.recorded(key)
        if isinstance(event, ClipRefused):
            raise AlreadyRefused(event.code)
        if sha256 != event.sha256:
            raise ClipNotRepeated(key, event.sha256, "cut again, it has other bytes: the software is another now")
        return Given(key, event, file)

    def _footage(self, call: Call, wish: Wish) -> Footage:
        """For whoever may know of it."""
        state = self.desk.load(footage.DECIDER, footage_id(wish.sha256)).state
        self.desk.require(call, Operation.FOOTAGE_READ, relations.footage(wish.sha256, state))
        return existing("footage", wish.sha256, state)

    def _ask(self, call: Call, key: UUID, wish: Wish, shelved: Footage) -> DrawSearch:
        return DrawSearch(
            authorisation=wish.authorisation,
            search=key,
            searcher=call.principal.account,
            searcher_unit=call.principal.unit,
            searcher_investigates="investigator" in call.principal.roles,
            cameras=(shelved.camera,),
            from_at=wish.from_at,
            to_at=wish.to_at,
            at=now(),
        )

    def _refuse_without_authority(self, call: Call, wish: Wish, ask: DrawSearch, shelved: Footage) -> None:
        state = self.desk.load(authorisation.DECIDER, wish.authorisation).state
        refusal: DomainError | None = check_authority(state, ask)
        try:
            self.desk.require(call, Operation.FOOTAGE_CUT, relations.footage(wish.sha256, shelved))
        except Forbidden as forbidden:
            refusal = refusal or forbidden  # what the authorisation says of the asker is the more precise
        if refusal is not None:
            self._record_refusal(call, wish, ask, refusal)

    def _record_refusal(self, call: Call, wish: Wish, ask: DrawSearch, refusal: DomainError) -> None:
        """Put it on record, then raise it."""
        command = RefuseClip(ask=ask, footage_sha256=wish.sha256, code=refusal.code, mode=wish.mode)
        events = clip.DECIDER.decide(None, command)
        self.desk.commit(call, Operation.FOOTAGE_CUT, lambda: (Change(ask.search, 0, events),))
        raise refusal

    @contextmanager
    def _made(self, wish: Wish, ask: DrawSearch, shelved: Footage) -> Iterator[tuple[BinaryIO, Clip, str]]:
        """The clip in a file without a name, and its SHA-256. The file is closed where what follows fails."""
        refuse_unusable(shelved, wish.sha256, wish.from_at, wish.to_at)
        if not self._places.acquire(blocking=False):
            raise CutsUnderWay(CUTS_MAX)
        file: BinaryIO | None = None
        try:
            fault = self.scrub.look(wish.sha256)
            if fault:
                raise FootageDamaged(wish.sha256, fault)
            with full_disk_refused():
                file = tempfile.TemporaryFile(buffering=0, dir=self.deployment.incoming)  # noqa: SIM115
                made = self._cut_into(file, wish, ask, shelved)
                file.seek(0)
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except BaseException:
            if file is not None:
                file.close()
            raise
        finally:
            self._places.release()
        try:
            yield file, made, sha256
        except BaseException:
            file.close()
            raise

    def _cut_into(self, file: BinaryIO, wish: Wish, ask: DrawSearch, shelved: Footage) -> Clip:
        authority = existing(
            "authorisation", wish.authorisation, self.desk.load(authorisation.DECIDER, wish.authorisation).state
        )
        of = existing("camera", shelved.camera, self.desk.load(camera.DECIDER, shelved.camera).state)
        request = ClipRequest(
            recorded_at_us=to_us(shelved.recorded_at),
            from_us=to_us(ask.from_at),
            to_us=to_us(ask.to_at),
            within_from_us=to_us(authority.window_from),
            within_to_us=to_us(authority.window_to),
            exact=wish.mode == EXACT,
            title=f"Oberih: footage SHA-256 {wish.sha256}, camera {of.name}, ± {shelved.uncertainty_seconds:g} s",
            bytes_max=self.deployment.settings.upload_bytes_max,
        )
        try:
            return clipping.cut(
                self.deployment.original(wish.sha256),
                request,
                file,
                limits=LIMITS,
                room=self.receiving.check_room,
            )
        except (errors.ClipImpossible, errors.FootageRefused, errors.DecodeFailed) as fault:
            raise ClipImpossible(fault) from fault

    def _commit(self, call: Call, wish: Wish, command: CutClip) -> None:
        """Where the authority ended meanwhile, the refusal is recorded instead; nor may the footage be gone, or have
        another time."""
        ask = command.ask
        seen = Disclosed(thing=footage_id(wish.sha256), operation=str(Operation.FOOTAGE_CUT))

        def decide() -> Sequence[Change]:
            authority = self.desk.load(authorisation.DECIDER, wish.authorisation)
            shelved = self.desk.load(footage.DECIDER, footage_id(wish.sha256))
            as_of_now = replace(command, ask=replace(ask, at=now()))  # cutting took a while
            of_clip = decide_cut(None, authority.state, shelved.state, as_of_now)
            return (
                Change(ask.search, 0, of_clip),
                Change(uuid5(ask.search, "disclosed"), 0, (seen,)),  # where an auditor looks for who saw what
                Change(authority.stream, authority.version, ()),
                Change(shelved.stream, shelved.version, ()),
            )

        try:
            self.desk.commit(call, Operation.FOOTAGE_CUT, decide)
        except SearchRefusal as refusal:
            self._record_refusal(call, wish, ask, refusal)


def _command(wish: Wish, ask: DrawSearch, shelved: Footage, made: Clip, sha256: str) -> CutClip:
    return CutClip(
        ask=ask,
        footage_sha256=wish.sha256,
        recorded_at=shelved.recorded_at,
        uncertainty_seconds=shelved.uncertainty_seconds,
        from_at=from_us(made.from_us),
        to_at=from_us(made.to_us),
        left_out=tuple((from_us(start), from_us(end)) for start, end in made.left_out),
        mode=wish.mode,
        frames=made.frames,
        container=made.container,
        codec=made.codec,
        software=made.software,
        sha256=sha256,
        size_bytes=made.size_bytes,
    )
