"""Which frames are looked at: one in each period of footage time, or keyframes where they are close enough."""

from __future__ import annotations

import msgspec

from gpu_jobs.timeline import MICROSECONDS, TimeBase


class Sampling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    period_seconds: float = 1.0  # one frame in each period, counted from the start of the footage
    keyframe_gap_seconds_max: float = 2.0  # keyframes alone are enough where none is further from the next
    gap_seconds: float = 3.0  # longer without a frame is a gap in the footage

    def __post_init__(self) -> None:
        if not 0.04 <= self.period_seconds <= 60:
            raise ValueError(f"period_seconds: {self.period_seconds} is not within 0.04 and 60")
        if self.gap_seconds < max(self.period_seconds, self.keyframe_gap_seconds_max):
            raise ValueError(
                f"gap_seconds: {self.gap_seconds} is shorter than what lies between two sampled frames; "
                f"give at least {max(self.period_seconds, self.keyframe_gap_seconds_max)}"
            )

    def keyframes_suffice(self, keyframe_gap_seconds: float) -> bool:
        return keyframe_gap_seconds <= self.keyframe_gap_seconds_max


class Periods:
    """Keeps the first frame of each period. The periods are a grid over the footage, whatever was seen before."""

    def __init__(self, period_seconds: float, time_base: TimeBase, start_pts: int) -> None:
        self._period_us = round(period_seconds * MICROSECONDS)
        self._time_base, self._start_pts = time_base, start_pts
        self._latest = -1

    def keep(self, pts: int) -> bool:
        period = self._time_base.us(pts - self._start_pts) // self._period_us
        if period <= self._latest:
            return False
        self._latest = period
        return True
