"""Footage cut into units of about a minute. A unit depends on the footage and the configuration, on nothing else.

Each unit brings the small frames of a fixed stretch before it (the lead-in of the background model), so that it comes
out the same whether its neighbours were made in this run, by another worker, or never. Decoding always starts at the
beginning of the file, also after a restart: what a decoder shows after a seek may depend on where it started
(references lost, timestamps misplaced), and skipping costs little (the real clips decode at 100 to 300 times real
time, frames of units that need not be made again are dropped at once).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decoding import Frame
from gpu_jobs.timeline import MICROSECONDS, Anchor, without


class TimedFrame(msgspec.Struct, frozen=True):
    at_us: int
    pts: int
    image: NDArray[np.uint8]  # (height, width, 3), RGB
    small: NDArray[np.uint8]  # the copy in which motion is sought


class UnitFrames(msgspec.Struct, frozen=True):
    """The sampled frames of [from_us, to_us), the small frames before it, and the gaps [from_us, to_us) in it."""

    number: int
    from_us: int
    to_us: int
    lead_in: tuple[NDArray[np.uint8], ...]
    frames: tuple[TimedFrame, ...]
    covered: tuple[tuple[int, int], ...]


class Cutting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    unit_seconds: int = 60
    lead_in_seconds: int = 30

    def __post_init__(self) -> None:
        if not 1 <= self.unit_seconds <= 600:
            raise ValueError(f"unit_seconds: {self.unit_seconds} is not within 1 and 600")
        if not 0 <= self.lead_in_seconds <= 600:
            raise ValueError(f"lead_in_seconds: {self.lead_in_seconds} is not within 0 and 600")


class UnitCutter:
    """Cuts the frames of one footage. `ends_us` is the UTC at which the footage ends."""

    def __init__(
        self,
        anchor: Anchor,
        ends_us: int,
        cutting: Cutting,
        shrink: Callable[[NDArray[np.uint8]], NDArray[np.uint8]],
    ) -> None:
        self._anchor, self._ends_us, self._shrink = anchor, ends_us, shrink
        self._unit_us = cutting.unit_seconds * MICROSECONDS
        self._lead_in_us = cutting.lead_in_seconds * MICROSECONDS
        self.gaps: list[tuple[int, int]] = []  # [from_us, to_us) of the whole footage, as far as it was read

    def cut(self, frames: Iterable[Frame], done: frozenset[int]) -> Iterator[UnitFrames]:
        """The units that have frames and are not `done`, in order. A unit is complete when a later frame comes."""
        lead_in: deque[tuple[int, NDArray[np.uint8]]] = deque()
        current: list[TimedFrame] = []
        number = -1
        for frame in frames:
            self.add_gaps(frame.gaps)
            at_us = self._anchor.at_us(frame.pts)
            here = (at_us - self._anchor.recorded_at_us) // self._unit_us
            if here != number:
                yield from self._unit(number, lead_in, current, done)
                lead_in.extend((one.at_us, one.small) for one in current)
                number, current = here, []
            if here in done and not self._leads_into_work(at_us, done):
                continue
            current.append(self._timed(frame, at_us, here in done))
        yield from self._unit(number, lead_in, current, done)

    def add_gaps(self, gaps: Iterable[tuple[int, int]]) -> None:
        """Gaps in PTS, as the decoding process reports them."""
        self.gaps += [(self._anchor.at_us(start), self._anchor.at_us(end)) for start, end in gaps]

    def _leads_into_work(self, at_us: int, done: frozenset[int]) -> bool:
        """Whether a unit that is still to be made needs this frame in its lead-in."""
        offset = at_us - self._anchor.recorded_at_us
        last = (offset + self._lead_in_us) // self._unit_us
        return any(number not in done for number in range(offset // self._unit_us, last + 1))

    def _timed(self, frame: Frame, at_us: int, only_small: bool) -> TimedFrame:
        small = self._shrink(frame.image)
        return TimedFrame(at_us, frame.pts, small if only_small else frame.image, small)

    def _unit(
        self,
        number: int,
        lead_in: deque[tuple[int, NDArray[np.uint8]]],
        frames: list[TimedFrame],
        done: frozenset[int],
    ) -> Iterator[UnitFrames]:
        if number in done or not frames:
            return
        start = self._anchor.recorded_at_us + number * self._unit_us
        while lead_in and lead_in[0][0] < start - self._lead_in_us:
            lead_in.popleft()
        span = start, max(frames[-1].at_us + 1, min(start + self._unit_us, self._ends_us))
        yield UnitFrames(
            number=number,
            from_us=span[0],
            to_us=span[1],
            lead_in=tuple(small for _, small in lead_in),
            frames=tuple(frames),
            covered=without(span, self.gaps),
        )
