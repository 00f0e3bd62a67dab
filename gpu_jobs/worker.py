"""A worker claims footage, commits it unit by unit, and says what became of it. Any number of them may run."""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from gpu_jobs.errors import ClaimLost, DecodeFailed, FootageRefused, OriginalDamaged, words_of
from gpu_jobs.pipeline import IndexingRun, Progress, Timings
from gpu_jobs.pipelines import Pipelines
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.work_queue import Claim, WorkQueue
from search_index.encoder import Encoder
from search_index.entries import Progress as Committed
from search_index.errors import GenerationClosed, IndexFault, StaleClaim
from search_index.footage_unit import FootageUnit

_log = logging.getLogger(__name__)


class _Drained(Exception):
    """The worker is to stop, and has begun nothing that it could finish."""


class UnitStore(Protocol):
    """What a worker needs of the index."""

    def commit(self, unit: FootageUnit) -> bool: ...

    def committed(self, footage: str) -> frozenset[int]: ...

    def pipelines(self, footage: str) -> frozenset[str]: ...

    def describe(self, pipeline: str, document: bytes) -> None: ...

    def progress(self, footage: str) -> Committed: ...

    def fence(self, footage: str) -> int: ...

    def forget_footage(self, footage: str, *, fence: int = 0) -> int: ...


class Lease:
    """Renews a claim when half of its lease is over. Raises ClaimLost where somebody else holds the footage now."""

    def __init__(self, queue: WorkQueue, claim: Claim, clock: Callable[[], float]) -> None:
        self._queue, self._claim, self._clock = queue, claim, clock
        self._renew_at = clock() + claim.lease_seconds / 2

    def pulse(self) -> None:
        if self._clock() < self._renew_at:
            return
        if not self._queue.renew(self._claim):
            raise ClaimLost(f"footage {self._claim.footage}: the claim {self._claim.fence} was lost")
        self._renew_at = self._clock() + self._claim.lease_seconds / 2


def _silent(_: Progress) -> None:
    return


class Worker:
    """Indexes what the queue hands out, some footages side by side: their pictures fill common batches.

    A footage is made with one configuration, that of its claim: units of another one, or of another revision of this
    program, that an earlier attempt left are forgotten and made again.
    """

    def __init__(
        self,
        queue: WorkQueue,
        index: UnitStore,
        encoder: Encoder,
        settings: PipelineSettings = PipelineSettings(),  # noqa: B008 (immutable)
        *,
        name: str = "",
        report: Callable[[Progress], None] = _silent,
        clock: Callable[[], float] = time.monotonic,
        threads: int = 0,
        footages_at_once: int = 1,
    ) -> None:
        """Raises ModelUnavailable where a detector is missing. `report` hears of every unit, from several
        threads. `threads` as `FootagePipeline` has it: several workers on one machine share its cores.
        `footages_at_once` is how many claims `run` holds."""
        self._queue, self._index, self._footages_at_once = queue, index, footages_at_once
        self._settings = settings
        self._pipelines = Pipelines(encoder, threads=threads, footages_at_once=footages_at_once)
        self._pipelines.of(settings)  # what is missing is told before anything is claimed
        self._claiming = threading.Lock()
        self._name = name or f"{platform.node()}:{os.getpid()}"
        self._report, self._clock = report, clock
        self.timings: Timings | None = None  # of the footage worked on last

    def run(self, stop: threading.Event, *, poll_seconds: float = 1.0) -> None:
        """Work until `stop` is set; then of each footage the unit that comes next is committed, and what is left of it
        is given back to whoever claims it next.

        A fault that is no footage's ends it all in the same way, and is raised.
        """

        def loop() -> None:
            try:
                while not stop.is_set():
                    with self._claiming:  # one asks for all of them, and waits for all where there is nothing
                        if stop.is_set():
                            return
                        claim = self._queue.claim(self._name)
                        if claim is None:
                            stop.wait(poll_seconds)
                            continue
                    self._work(claim, stop)
            finally:
                stop.set()

        with ThreadPoolExecutor(self._footages_at_once, thread_name_prefix="footage") as pool:
            for done in [pool.submit(loop) for _ in range(self._footages_at_once)]:
                done.result()

    def work_once(self, stop: threading.Event | None = None) -> bool:
        """Claim one footage and index it, in this thread. False where there was none. Raises as `run` does."""
        claim = self._queue.claim(self._name)
        if claim is None:
            return False
        self._work(claim, stop or threading.Event())
        return True

    def _work(self, claim: Claim, stop: threading.Event) -> None:
        """What is no footage's fault (a bug, a full disk under the index) is reported as this attempt's failure, so
        that no footage is tried for ever, and then raised."""
        try:
            self._index_footage(claim, stop)
        except FootageRefused as fault:
            self._queue.rejected(claim, _reason(fault))
        except (_Drained, GenerationClosed):  # the second: another model goes on with it
            self._queue.released(claim)
        except (ClaimLost, StaleClaim) as fault:
            _log.warning("stopped: %s", fault)
        except (DecodeFailed, FileNotFoundError, IndexFault) as fault:
            _log.warning("footage %s: this attempt failed: %s", claim.footage, fault)
            self._queue.failed(claim, _reason(fault))
        except Exception as fault:
            self._queue.failed(claim, _reason(fault))
            raise

    def _index_footage(self, claim: Claim, stop: threading.Event) -> None:
        lease, opened = Lease(self._queue, claim, self._clock), False

        def pulse() -> None:
            lease.pulse()
            if stop.is_set() and not opened:  # a large file takes minutes to be read through, and no unit is under way
                raise _Drained

        pipeline = self._pipelines.of(claim.settings or self._settings)
        if self._index.fence(claim.footage) < claim.anew_since:
            # What is there was made of another clock, or is damaged.
            self._index.forget_footage(claim.footage, fence=claim.anew_since)
        if self._index.pipelines(claim.footage) - {pipeline.digest}:
            self._index.forget_footage(claim.footage, fence=claim.fence)
        self._index.describe(pipeline.digest, pipeline.settings.document())
        pulse()
        if damage := self._queue.damage(claim, pulse):
            raise OriginalDamaged(damage)
        with pipeline.run(claim, self._index.committed(claim.footage), pulse) as run:
            opened = True
            self.timings = run.timings
            for unit in run.units():
                lease.pulse()
                self._commit(run, unit)
                self._report(run.progress())
                if stop.is_set():
                    self._queue.released(claim)
                    return
            total = self._index.progress(claim.footage)
            if not self._queue.indexed(claim, run.summary(units=total.units, rows=total.rows)):
                raise ClaimLost(f"footage {claim.footage}: indexed, but the claim {claim.fence} was lost")

    def _commit(self, run: IndexingRun, unit: FootageUnit) -> None:
        start = time.perf_counter()
        self._index.commit(unit)
        run.timings.commit += time.perf_counter() - start


def _reason(fault: Exception) -> str:
    """`kind: what happened`, the kind in lower case with hyphens."""
    name = type(fault).__name__
    kind = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
    return f"{kind}: {words_of(fault)}"
