"""What is still to be made of the generation that is switched to, as log and catalogue have it: no third place knows.

The latest indexed footage comes first: the oldest may be gone by retention before the switch is completed. Footage that
a worker has under way is not chased: it is made when its indexing has come to an end.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
import structlog

from app.deployment import Deployment
from app.event_store.faults import EventUnreadable
from app.instants import to_us
from app.looking import looking
from app.model_loading import models_on_record
from app.originals import fault_of
from domain import camera, footage
from domain.camera_indexing import IndexingConfigured
from domain.footage import CLOCKS_APART_SECONDS_MAX
from domain.footage_state import GIVEN_UP, INDEXED, REJECTED, Footage
from domain.ids import footage_id
from domain.log import EventLog
from domain.model import Switch
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.work_queue import Claim
from search_index.entries import Unmade
from search_index.errors import FootageRemoved
from search_index.footage_index import FootageIndex

SETTLED = (INDEXED, GIVEN_UP, REJECTED)  # nobody works on it, or will without being told to
PROPOSALS_MAX = 200
TRIES_AT_ONCE, SILENCES_AT_ONCE = 3, 20  # where no unit comes of them
REST_SECONDS_MIN, REST_SECONDS_MAX = 600.0, 3600.0  # then, longer each time: an original may be put back meanwhile
LOCKS = "remaking.lock"


class FootageLocks:
    """A byte of one file for each footage: whoever holds it makes the footage. The kernel lets go of what a process
    held that has died."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("ab")

    def take(self, sha256: str) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(sha256))
        except (BlockingIOError, PermissionError):
            return False
        return True

    def give_back(self, sha256: str) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _place(sha256))

    def close(self) -> None:
        self._file.close()


def _place(sha256: str) -> int:
    return int(sha256[:15], 16)  # 60 bits


@dataclass(frozen=True)
class RemakeQueue:
    """`gpu_jobs.remaking.RemakeQueue` on log and catalogue. `index` is of the generation that is built."""

    log: EventLog
    deployment: Deployment
    index: FootageIndex
    switch: Switch
    locks: FootageLocks

    @property
    def is_over(self) -> bool:
        return models_on_record(self.log).switch != self.switch

    def take(self) -> Claim | None:
        if self.is_over:
            return None
        old, new = self.switch.from_generation, self.switch.to_generation
        for each in self.index.unmade(old, new, limit=PROPOSALS_MAX):
            if rests(each) or not self.locks.take(each.footage):
                continue
            claim = self._claim(each.footage)
            if claim is not None:
                return claim
            self.locks.give_back(each.footage)
        return None

    def give_back(self, claim: Claim) -> None:
        self.locks.give_back(claim.footage)

    def damage(self, claim: Claim, pulse: Callable[[], None]) -> str:
        return fault_of(self.deployment, claim.footage, pulse)

    def would_lose_seconds(self, claim: Claim) -> float:
        return self.index.uncovered_us(claim.footage, self.switch.from_generation) / 1_000_000

    def _claim(self, sha256: str) -> Claim | None:
        try:
            state = footage.DECIDER.fold(self.log.events(footage_id(sha256)))
            if state is None or state.phase not in SETTLED or state.fence < state.anew_since:
                return None
            settings = self._settings_of(sha256, state)
        except EventUnreadable as fault:
            self._put_on_record(sha256, fault)
            return None
        return Claim(
            footage=sha256,
            path=self.deployment.original(sha256),
            camera=str(state.camera),
            recorded_at_us=to_us(state.recorded_at),
            uncertainty_us=round(state.uncertainty_seconds * 1_000_000),
            fence=state.fence,
            lease_seconds=self.deployment.settings.lease_seconds,
            settings=settings,
        )

    def _put_on_record(self, sha256: str, fault: EventUnreadable) -> None:
        """Where what cannot be made is named for all to see; it is tried again like that."""
        structlog.get_logger().error("footage not made", footage=sha256, fault=str(fault))
        try:
            self.index.try_remake(sha256)
        except FootageRemoved:  # meanwhile: nobody wants it any more
            return
        self.index.fail_remake(sha256, f"{type(fault).__name__}: {fault}")

    def _settings_of(self, sha256: str, state: Footage) -> PipelineSettings:
        """Those that it was made with, where this program makes the same of them; else those that hold now."""
        made_with = self.index.pipelines_of(sha256, self.switch.from_generation)
        if len(made_with) == 1:
            (digest,) = made_with
            settings = self._as_before(self.index.description(digest))
            if settings is not None and settings.digest() == digest:
                return settings
        of_camera = camera.DECIDER.fold(self.log.events(state.camera))
        chosen = of_camera.indexing if of_camera else IndexingConfigured()
        return looking(self.deployment.settings, chosen).pipeline(self.deployment.settings)

    def _as_before(self, document: bytes | None) -> PipelineSettings | None:
        try:
            settings = msgspec.json.decode(document or b"", type=PipelineSettings)
        except msgspec.DecodeError:  # of another revision of this program, or of before documents were kept
            return None
        if settings.revision != PipelineSettings().revision:
            return None
        here = self.deployment.settings.detector
        if settings.detector is not None and here is not None:  # a document does not say where the file lies
            settings = msgspec.structs.replace(
                settings, detector=msgspec.structs.replace(settings.detector, path=here.path)
            )
        return settings


def rests(each: Unmade) -> bool:
    """Whether it is not tried now, after so many tries."""
    tries_max = SILENCES_AT_ONCE if each.fell_silent else TRIES_AT_ONCE
    if each.tries < tries_max:
        return False
    rest_seconds = min(REST_SECONDS_MIN * 2.0 ** min(each.tries - tries_max, 10), REST_SECONDS_MAX)
    rested_seconds = time.time() - each.tried_us / 1_000_000
    return -CLOCKS_APART_SECONDS_MAX <= rested_seconds < rest_seconds  # not until a clock that was ahead is right
