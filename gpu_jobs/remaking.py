"""Footage that is indexed is made again with another model, whose generation of vectors is built beside the one that
answers. Its units are those of any indexing: a pure function of footage, model and configuration.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from gpu_jobs.errors import DecodeFailed, FootageRefused, OriginalDamaged, RemakeFailed, words_of
from gpu_jobs.pipeline import Progress
from gpu_jobs.pipelines import Pipelines
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.work_queue import Claim
from search_index.encoder import Encoder
from search_index.errors import FootageRemoved, GenerationClosed, IndexFault, StaleClaim
from search_index.footage_unit import FootageUnit

_log = logging.getLogger(__name__)
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 1.0, 600.0  # after what is no footage's fault: the next may meet it, too


class _Drained(Exception):
    """It is to stop: what is committed stays."""


class RemakeQueue(Protocol):
    """What is still to be made. `app` implements it."""

    def take(self) -> Claim | None:
        """Footage that this process alone makes until it gives it back or ends; None where there is none now. Its fence
        is that of the claim that it was indexed by."""
        ...

    def give_back(self, claim: Claim) -> None: ...

    def damage(self, claim: Claim, pulse: Callable[[], None]) -> str:
        """What is wrong with its original; "" where it is bit for bit what was archived. `pulse` is called while it is
        read, and may raise."""
        ...

    def would_lose_seconds(self, claim: Claim) -> float:
        """How much of the time that is searched of it now would not be, in what was made so far."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether that generation is no longer to be built."""
        ...


class RemakeStore(Protocol):
    """What is needed of the index of the generation that is built."""

    def commit(self, unit: FootageUnit) -> bool: ...

    def committed(self, footage: str) -> frozenset[int]: ...

    def pipelines(self, footage: str) -> frozenset[str]: ...

    def describe(self, pipeline: str, document: bytes) -> None: ...

    def try_remake(self, footage: str) -> None: ...

    def spare_remake(self, footage: str) -> None: ...

    def fail_remake(self, footage: str, fault: str) -> None: ...

    def finish_remake(self, footage: str, fence: int) -> None: ...

    def forget_made(self, footage: str) -> int: ...


def _silent(_: Progress) -> None:
    return


class Remaker:
    """Makes one footage after another. Any number of processes may: each footage is held by one."""

    def __init__(
        self,
        queue: RemakeQueue,
        index: RemakeStore,
        encoder: Encoder,
        settings: PipelineSettings = PipelineSettings(),  # noqa: B008 (immutable)
        *,
        report: Callable[[Progress], None] = _silent,
        threads: int = 0,
    ) -> None:
        """Raises ModelUnavailable where a detector is missing. `settings` hold for footage whose own are not known."""
        self._queue, self._index, self._report = queue, index, report
        self._settings = settings
        self._pipelines = Pipelines(encoder, threads=threads, footages_at_once=1)
        self._pipelines.of(settings)

    def run(self, stop: threading.Event, *, poll_seconds: float = 1.0) -> None:
        """Work until `stop` is set (what is committed stays), until nothing is ever to be made any more, or the
        generation is closed: where it was abandoned and begun anew meanwhile, whoever opens it again makes it. After
        what is no footage's fault it goes on with the next footage, and pauses before: twice as long each time, until
        one comes through."""
        pause_seconds = PAUSE_SECONDS_MIN
        while not stop.is_set() and not self._queue.is_over:
            try:
                made = self.remake_once(stop)
            except GenerationClosed as fault:
                _log.warning("stopped: %s", fault)
                return
            except RemakeFailed as fault:
                _log.error("%s; goes on in %.0f s", fault, pause_seconds, exc_info=fault.__cause__)
                stop.wait(pause_seconds)
                pause_seconds = min(2 * pause_seconds, PAUSE_SECONDS_MAX)
                continue
            if made:
                pause_seconds = PAUSE_SECONDS_MIN
            else:
                stop.wait(poll_seconds)

    def remake_once(self, stop: threading.Event | None = None) -> bool:
        """Make one footage, in this thread. False where there was none. Raises RemakeFailed where it was not made by no
        fault of its own."""
        claim = self._queue.take()
        if claim is None:
            return False
        try:
            self._remake(claim, stop or threading.Event())
        finally:
            self._queue.give_back(claim)
        return True

    def _remake(self, claim: Claim, stop: threading.Event) -> None:
        footage = claim.footage
        try:
            self._index.try_remake(footage)
            self._make(claim, stop)
            self._index.finish_remake(footage, claim.fence)
        except _Drained:
            self._index.spare_remake(footage)
        except (StaleClaim, FootageRemoved) as fault:  # nobody wants this any more
            _log.warning("stopped: %s", fault)
        except GenerationClosed:  # no fault of this footage, though an `IndexFault`: `run` ends
            raise
        except (DecodeFailed, FootageRefused, FileNotFoundError, IndexFault) as fault:
            lost_seconds = self._queue.would_lose_seconds(claim)
            if not lost_seconds:  # it never was whole, and goes no less far now than it did then
                self._index.finish_remake(footage, claim.fence)
                return
            reason = f"{_reason(fault)}; {lost_seconds:.1f} s that are searched now would not be"
            _log.warning("footage %s: not made: %s", footage, reason)
            self._index.fail_remake(footage, reason)
        except Exception as fault:
            self._index.fail_remake(footage, _reason(fault))
            raise RemakeFailed(footage, fault) from fault

    def _make(self, claim: Claim, stop: threading.Event) -> None:
        def pulse() -> None:
            if stop.is_set():
                raise _Drained

        pipeline = self._pipelines.of(claim.settings or self._settings)
        if self._index.pipelines(claim.footage) - {pipeline.digest}:
            self._index.forget_made(claim.footage)
            self._index.try_remake(claim.footage)  # that it is tried was forgotten with it
        if damage := self._queue.damage(claim, pulse):
            raise OriginalDamaged(damage)
        self._index.describe(pipeline.digest, pipeline.settings.document())
        with pipeline.run(claim, self._index.committed(claim.footage), pulse) as run:
            for unit in run.units():
                self._index.commit(unit)
                self._report(run.progress())


def _reason(fault: Exception) -> str:
    return f"{type(fault).__name__}: {words_of(fault)}"
