"""What a search may see: cameras × intervals. A pre-filter, always: nothing outside it is ever scored."""

from __future__ import annotations

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """[from_us, to_us): from inclusive, to exclusive, microseconds of UTC."""

    from_us: int
    to_us: int


class Scope(msgspec.Struct, frozen=True):
    """The rows that a search may score: of these cameras, with `at_us` in one of the intervals."""

    cameras: frozenset[str]
    intervals: tuple[Interval, ...]

    def allows(self, camera: str, at_us: int) -> bool:
        return camera in self.cameras and any(i.from_us <= at_us < i.to_us for i in self.intervals)
