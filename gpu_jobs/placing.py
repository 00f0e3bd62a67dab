"""Which packets of a video have an honest place in time. Decided over the whole file, before a frame is decoded.

In the order of the file the counter by which packets are decoded (DTS; where a container has none, PTS) only grows.
Where it does not, what follows tells what happened: a counter that ran over and began again at zero is carried on; a
stray timestamp, too late or too early, is taken back by those after it; a recorder that set its clock back shows,
from there on, times that are not those of the beginning. What is not on the first packet's clock is not placed: the
time that it leaves is a gap, and never a guess.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.timeline import MICROSECONDS, TimeBase

_NONE = -(1 << 63)
_WRAP = 1 << 33  # MPEG counts 90 kHz in 33 bits and starts again every 26.5 hours
_WRAP_SLACK = _WRAP >> 6  # a stall of up to 25 minutes may lie over the wrap
_GUESSED_US = MICROSECONDS  # in containers without DTS: what libavformat guesses may step back by some frames
_WITH_DTS = frozenset({"mpegts", "mpeg"})
_WITHOUT_PTS = frozenset({"avi"})  # its packets have numbers, in the order of decoding; PTS would be a guess
_STRAYS_MAX = 32  # more packets in a row than these are no strays
_STRAYS_AT_START_MAX = 2


class Packet(Protocol):
    """What is asked of av.Packet."""

    @property
    def pts(self) -> int | None: ...
    @property
    def dts(self) -> int | None: ...
    @property
    def duration(self) -> int | None: ...
    @property
    def is_discard(self) -> bool: ...
    @property
    def is_keyframe(self) -> bool: ...


def has_pts(container: str) -> bool:
    """Whether timestamps of presentation are in the file at all."""
    return container not in _WITHOUT_PTS


class _Stamps:
    """What the packets of a stream say, in the order of the file; wraps carried on. `_NONE` where they say nothing."""

    def __init__(self, packets: Iterable[Packet], *, by_dts: bool, reordered: bool) -> None:
        self.pts, self.counters, self.durations = array("q"), array("q"), array("q")
        self.shown, self.keys = bytearray(), bytearray()
        self.wrapped = carry = 0
        last: int | None = None
        for packet in packets:
            # without B-frames a frame is shown when it is decoded, so that its DTS is its PTS
            at = packet.dts if by_dts or (packet.pts is None and not reordered) else packet.pts
            counter = at if packet.dts is None else packet.dts
            if at is None or counter is None:
                at = counter = _NONE
            else:
                if last is not None and abs(last - counter - carry - _WRAP) < _WRAP_SLACK:
                    carry, self.wrapped = carry + _WRAP, self.wrapped + 1
                at, counter = at + carry, counter + carry
                last = counter
            self.pts.append(at)
            self.counters.append(counter)
            self.durations.append(packet.duration or 0)
            self.shown.append(not packet.is_discard)
            self.keys.append(packet.is_keyframe)


class Placing:
    """The times of a stream's packets, in the order of the file. Figures are steps of the time base."""

    def __init__(self, base: TimeBase, container: str, packets: Iterable[Packet], *, reordered: bool) -> None:
        """Raises OverflowError for timestamps beyond 64 bits."""
        stamps = _Stamps(packets, by_dts=not has_pts(container), reordered=reordered)
        self._pts = np.array(stamps.pts, np.int64)
        counters = np.array(stamps.counters, np.int64)
        timed = np.flatnonzero(counters != _NONE)
        back_steps = 0 if container in _WITH_DTS else base.steps(_GUESSED_US)
        self._placed = np.zeros(len(counters), bool)
        self._placed[timed[_on_first_clock(counters[timed], back_steps)]] = True
        visible = np.flatnonzero(self._placed & np.array(stamps.shown, bool))
        visible = visible[np.argsort(self._pts[visible], kind="stable")]  # in order of time
        self.visible = np.zeros(len(counters), bool)  # by the packet's place in the file: placed, and to be shown
        self.visible[visible] = True
        self.keyframes = np.array(stamps.keys, bool)  # likewise
        self.shown: NDArray[np.int64] = self._pts[visible]
        self.keys: NDArray[np.int64] = self._pts[visible[self.keyframes[visible]]]
        self.step = usual_step(self.shown)
        self.last_duration = int(stamps.durations[visible[-1]]) if len(visible) else 0  # of the frame shown last
        self.wrapped = stamps.wrapped
        self.missing = len(counters) - len(timed)
        placed = np.flatnonzero(self._placed)
        self.unplaced = len(timed) - len(placed)
        # where several frames share one timestamp, as in quiet program streams, `step` is that of many packets
        self.packet_step = min(self.step, _median_forward(np.diff(counters[placed]) // np.diff(placed)) or self.step)
        self.unplaced_at_end = len(counters) - 1 - int(placed[-1]) if len(placed) else 0

    @property
    def times(self) -> NDArray[np.int64]:
        """Of all packets by their place in the file; of those that are not `visible` it means nothing."""
        return self._pts

    def is_placed(self) -> NDArray[np.bool_]:
        """Of all packets by their place in the file: whether they have a time."""
        return self._placed

    def pts(self, number: int) -> int | None:
        """The time of a packet by its place in the file, counted from 0. None where it has none."""
        return int(self._pts[number]) if number < len(self._pts) and self._placed[number] else None


def usual_step(times: NDArray[np.int64]) -> int:
    """The median of the steps forward between times in any order; 0 where there is none."""
    return _median_forward(np.diff(times))


def _median_forward(steps: NDArray[np.int64]) -> int:
    return int(np.median(steps[steps > 0])) if (steps > 0).any() else 0


def _on_first_clock(counters: NDArray[np.int64], back_steps: int) -> array[int]:
    """Which of the counters, by their number, are on the clock of the first. Arrays: a day has millions of packets."""
    leap = 1.5 * usual_step(counters)
    placed = array("q")
    latest = array("q")  # the counter's highest value at each of `placed`
    before = deficit = 0
    for number, counter in enumerate(array("q", counters.tobytes())):
        step, before = counter - before, counter
        if deficit:  # the clock was set back: only a step which undoes that leads back onto the first one
            if not (counter > latest[-1] and step > deficit):
                deficit += max(0, -step)
                continue
            deficit = 0
        elif placed and counter < latest[-1] - back_steps:
            strays = _strays(counter, latest, leap, len(counters) - number)
            if not strays:
                deficit = latest[-1] - counter
                continue
            del placed[-strays:], latest[-strays:]
        placed.append(number)
        latest.append(max(counter, latest[-1]) if latest else counter)
    return placed


def _strays(counter: int, latest: array[int], leap: float, left: int) -> int:
    """How many of the last counters leapt ahead, which this one takes back. 0 where it is this one that fell back."""
    count = 0
    while count < len(latest) and latest[-1 - count] >= counter:
        count += 1
        if count > min(_STRAYS_MAX, left):
            return 0
    if count == len(latest):
        return count if count <= _STRAYS_AT_START_MAX else 0
    return count if latest[-count] - latest[-1 - count] > leap else 0
