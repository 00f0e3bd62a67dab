"""What the catalogue tells of segments, units and footages, and of the whole."""

from __future__ import annotations

import msgspec

SILENT = "its worker has not been heard of since it began"
SILENT_TRIES = 3  # of a remake, from which on it is no accident


class SegmentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What the catalogue says of a segment. `day` is UTC days since 1970; `fault` tells why it is set aside."""

    name: str
    generation: str
    day: int
    rows: int
    bytes: int
    digest: str  # SHA-256 of its segment.json
    fault: str | None = None


class CoveredUnit(msgspec.Struct, frozen=True):
    """A committed unit, as coverage needs it."""

    seq: int
    camera: str
    from_us: int
    to_us: int
    covered: tuple[tuple[int, int], ...]
    segment: str | None
    removed: bool


class IndexedFootage(msgspec.Struct, frozen=True, kw_only=True):
    """What the units of one footage say of it together. `cameras` has more than one only where something went wrong."""

    footage: str
    cameras: frozenset[str]
    fence: int  # the greatest that committed units
    from_us: int
    to_us: int


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """Of one generation, segments set aside included. `bytes` is what the segments take on disk."""

    generation: str
    units: int
    rows: int  # stored: those that are gone count until the next seal
    gone: int  # of those
    segments: int
    unavailable: int
    bytes: int


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the indexing of a footage has come."""

    units: int
    rows: int
    covered_us: int


class Commits(msgspec.Struct, frozen=True):
    """Units that were committed lately: since the first of them, how much footage the others show."""

    first_us: int
    footage_us: int

    def rate(self, now_us: int) -> float | None:
        """Footage time per time, 2.0 being twice as fast as real time. None where one unit says nothing of it yet."""
        elapsed_us = now_us - self.first_us
        return self.footage_us / elapsed_us if self.footage_us and elapsed_us > 0 else None


class FootagePace(msgspec.Struct, frozen=True, kw_only=True):
    """How far a footage is: everything before `reached_us` (UTC) was looked at, or is a gap."""

    units: int
    rows: int
    reached_us: int
    recent: Commits | None


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """`recent` is of all footage, by all workers; `of` has the footages asked for that have units."""

    recent: Commits | None
    of: dict[str, FootagePace]


class Unmade(msgspec.Struct, frozen=True):
    """Footage that one generation holds and another does not hold whole."""

    footage: str
    fence: int  # of the claim that it was indexed by
    tries: int  # to make it there, since the last one that left a unit more
    tried_us: int
    fault: str | None  # of the last of them

    @property
    def fell_silent(self) -> bool:
        """Whether the last try is under way, or ended without a word."""
        return self.fault == SILENT

    @property
    def goes_no_further(self) -> bool:
        """Whether somebody said so, or they fell silent over it again and again."""
        return bool(self.fault) and (not self.fell_silent or self.tries >= SILENT_TRIES)


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """What a generation held when it was taken away. `bytes` is what its segments took on disk."""

    units: int = 0
    rows: int = 0
    bytes: int = 0
