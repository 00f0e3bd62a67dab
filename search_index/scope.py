"""What a search may see: cameras × intervals. A pre-filter, always: nothing outside it is ever scored."""

from __future__ import annotations

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """[from_us, to_us): from inclusive, to exclusive, microseconds of UTC."""

    from_us: int
    to_us: int


class Scope(msgspec.Struct, frozen=True):
    """The rows that a search may score: of these cameras, with any instant of their [from_us, to_us] in an interval.

    So whoever asks about the middle of a stretch in which nothing changed finds what is there, though its picture was
    made at the beginning. What is told of a row lies within the scope all the same: `search_index.answer.Hit`.
    """

    cameras: frozenset[str]
    intervals: tuple[Interval, ...]

    def allows(self, camera: str, at_us: int) -> bool:
        """Whether this instant may be told of."""
        return self.meets(camera, at_us, at_us)

    def meets(self, camera: str, from_us: int, to_us: int) -> bool:
        """Whether any instant of [from_us, to_us], both inclusive, may be told of."""
        return camera in self.cameras and any(
            max(i.from_us, from_us) <= min(i.to_us - 1, to_us) for i in self.intervals
        )
