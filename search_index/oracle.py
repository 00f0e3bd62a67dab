"""`OracleIndex`: the port in memory, in the plainest NumPy. What it answers is right by definition.

It shares with `FootageIndex` the contract and what is refused at the door, nothing else: no faiss, no segments, no
early end. Sums are taken in extended precision, every row in scope is scored and sorted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from search_index.admission import check_query, check_unit
from search_index.answer import Answer, Coverage, Hit, Moment
from search_index.encoder import Manifest
from search_index.errors import FootageRemoved, RowUnknown, StaleClaim
from search_index.footage_unit import Box, FootageUnit, Row, RowPlace
from search_index.moments import Grouping
from search_index.scope import Interval, Scope

_CHUNK_ROWS = 8192
_BEYOND = 2**62  # no row is admitted there


class _Table(NamedTuple):
    """All rows that are not gone, in order of id."""

    id: NDArray[np.int64]
    camera: NDArray[np.int64]  # a place in the list of cameras
    at_us: NDArray[np.int64]
    from_us: NDArray[np.int64]
    to_us: NDArray[np.int64]
    vectors: NDArray[np.float16]


class _Ranked(NamedTuple):
    id: NDArray[np.int64]
    camera: NDArray[np.int64]
    instant: NDArray[np.int64]  # in scope
    score: NDArray[np.int64]  # in millionths


class OracleIndex:
    def __init__(self, manifest: Manifest, *, grouping: Grouping | None = None) -> None:
        self._manifest, self._grouping = manifest, grouping or Grouping()
        self._units: dict[tuple[str, int], FootageUnit] = {}  # by footage and number; without the vectors
        self._vectors: list[NDArray[np.float16]] = []  # of those units
        self._rows: list[tuple[FootageUnit, Row]] = []  # the row with id n is at n - 1
        self._gone: set[int] = set()
        self._fences: dict[str, int] = {}  # that forgetting left
        self._removed: set[str] = set()
        self._table: _Table | None = None
        self._cameras: list[str] = []

    def commit(self, unit: FootageUnit) -> bool:
        check_unit(unit, self._manifest)
        if unit.footage in self._removed:
            raise FootageRemoved(unit.footage)
        newest = max((u.fence for u in self._units.values() if u.footage == unit.footage), default=0)
        newest = max(newest, self._fences.get(unit.footage, 0))
        if unit.fence < newest:
            raise StaleClaim(unit.footage, unit.fence, newest)
        if (unit.footage, unit.number) in self._units:
            return False
        self._vectors.append(unit.vectors.astype(np.float16))
        kept = self._units[unit.footage, unit.number] = msgspec.structs.replace(unit, vectors=unit.vectors[:0])
        self._rows += ((kept, row) for row in unit.rows)
        self._table = None
        return True

    def committed(self, footage: str) -> frozenset[int]:
        return frozenset(number for one, number in self._units if one == footage)

    def tombstone(self, rows: Iterable[int]) -> int:
        rows = set(rows)
        for row in rows:
            if not 0 < row <= len(self._rows):
                raise RowUnknown(row)
        before = len(self._gone)
        self._gone |= rows
        self._table = None
        return len(self._gone) - before

    def remove_footage(self, footage: str) -> int:
        self._removed.add(footage)
        return self.tombstone(row for row, (unit, _) in enumerate(self._rows, start=1) if unit.footage == footage)

    def forget_footage(self, footage: str, *, fence: int = 0) -> int:
        newest = max((u.fence for u in self._units.values() if u.footage == footage), default=0)
        if footage in self._removed or 0 < fence <= max(newest, self._fences.get(footage, 0)):
            return 0
        forgotten = self.tombstone(row for row, (unit, _) in enumerate(self._rows, start=1) if unit.footage == footage)
        self._units = {key: unit for key, unit in self._units.items() if key[0] != footage}
        self._fences[footage] = fence
        return forgotten

    def row_of(self, place: RowPlace, box: Box) -> int | None:
        for row, (unit, found) in enumerate(self._rows, start=1):
            if row not in self._gone and (RowPlace(unit.footage, found.at_us), found.box) == (place, box):
                return row
        return None

    def thumbnail(self, row: int, *, of: RowPlace | None = None) -> bytes:
        if not 0 < row <= len(self._rows) or row in self._gone:
            raise RowUnknown(row)
        unit, found = self._rows[row - 1]
        if of not in (None, RowPlace(unit.footage, found.at_us)):
            raise RowUnknown(row)
        return self._rows[row - 1][1].thumbnail

    def search(self, query: NDArray[np.float32], scope: Scope, *, moments_max: int) -> Answer:
        check_query(query, self._manifest.dimension, moments_max)
        intervals = _union(scope.intervals)
        ranked = self._ranked(query, scope.cameras, intervals)
        coverage = Coverage(
            searched=self._searched(scope.cameras, intervals),
            unavailable_segments=(),
            rows_in_scope=len(ranked.id),
            generation=self._manifest.digest(),
        )
        return Answer(moments=tuple(self._moments(ranked, intervals, moments_max)), coverage=coverage, exact=True)

    def _ranked(self, query: NDArray[np.float32], cameras: frozenset[str], intervals: list[Interval]) -> _Ranked:
        table = self._table = self._table or self._tabled()
        wanted = [code for code, camera in enumerate(self._cameras) if camera in cameras]
        in_time, instant = np.zeros(len(table.id), bool), np.zeros(len(table.id), np.int64)
        for interval in intervals:
            first = np.maximum(table.from_us, max(interval.from_us, -_BEYOND))
            last = np.minimum(table.to_us, min(interval.to_us - 1, _BEYOND))
            nearest = np.clip(table.at_us, first, last)  # to the row's frame, of what the row and the interval share
            nearer = (first <= last) & (~in_time | (abs(nearest - table.at_us) < abs(instant - table.at_us)))
            instant[nearer] = nearest[nearer]
            in_time |= first <= last
        rows = np.flatnonzero(in_time & np.isin(table.camera, wanted))
        score = np.empty(len(rows), np.int64)
        for start in range(0, len(rows), _CHUNK_ROWS):
            some = rows[start : start + _CHUNK_ROWS]
            products = table.vectors[some].astype(np.longdouble) * query
            score[start : start + len(some)] = np.rint(products.sum(axis=1) * 1_000_000)
        order = np.lexsort((table.id[rows], -score))
        rows = rows[order]
        return _Ranked(table.id[rows], table.camera[rows], instant[rows], score[order])

    def _tabled(self) -> _Table:
        alive = np.array([row not in self._gone for row in range(1, len(self._rows) + 1)], bool)
        self._cameras = sorted({unit.camera for unit, _ in self._rows})
        code = {camera: place for place, camera in enumerate(self._cameras)}
        empty = np.empty((0, self._manifest.dimension), np.float16)
        return _Table(
            np.arange(1, len(self._rows) + 1)[alive],
            np.array([code[unit.camera] for unit, _ in self._rows], np.int64)[alive],
            np.array([row.at_us for _, row in self._rows], np.int64)[alive],
            np.array([row.from_us for _, row in self._rows], np.int64)[alive],
            np.array([row.to_us for _, row in self._rows], np.int64)[alive],
            np.concatenate([empty, *self._vectors])[alive],
        )

    def _moments(self, ranked: _Ranked, intervals: list[Interval], moments_max: int) -> list[Moment]:
        free = np.ones(len(ranked.id), bool)  # not within `apart_us` of an earlier best
        moments: list[Moment] = []
        while free.any() and len(moments) < moments_max:
            best = int(np.argmax(free))
            near = ranked.camera == ranked.camera[best]
            near &= np.abs(ranked.instant - ranked.instant[best]) <= self._grouping.apart_us
            close = ranked.score >= ranked.score[best] - round(self._grouping.score_margin * 1_000_000)
            hits = [self._hit(ranked, place, intervals) for place in np.flatnonzero(near & free & close).tolist()]
            moments.append(
                Moment(
                    rank=len(moments) + 1,
                    camera=hits[0].camera,
                    from_us=min(hit.from_us for hit in hits),
                    to_us=max(hit.to_us for hit in hits),
                    best=hits[0],
                    hits=len(hits),
                )
            )
            free &= ~near
        return moments

    def _hit(self, ranked: _Ranked, place: int, intervals: list[Interval]) -> Hit:
        (unit, row), instant = self._rows[ranked.id[place] - 1], int(ranked.instant[place])
        (holding,) = (interval for interval in intervals if interval.from_us <= instant < interval.to_us)
        fields = {**msgspec.structs.asdict(row), "camera": unit.camera, "footage": unit.footage}
        fields |= {"row": int(ranked.id[place]), "score": int(ranked.score[place]) / 1_000_000}
        fields |= {"from_us": max(row.from_us, holding.from_us), "to_us": min(row.to_us, holding.to_us)}
        fields |= {"at_us": instant, "pictured": instant == row.at_us}
        del fields["thumbnail"], fields["pts"]
        return Hit(**fields)

    def _searched(self, cameras: frozenset[str], intervals: list[Interval]) -> dict[str, tuple[Interval, ...]]:
        found = {}
        for camera in sorted(cameras):
            covered = _union(
                Interval(*span)
                for unit in self._units.values()
                if unit.camera == camera and unit.footage not in self._removed
                for span in unit.covered
            )
            shared = [Interval(max(a.from_us, b.from_us), min(a.to_us, b.to_us)) for b in intervals for a in covered]
            if kept := tuple(interval for interval in shared if interval.from_us < interval.to_us):
                found[camera] = kept
        return found


def _union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as the longest intervals, in order."""
    edges = sorted(edge for i in intervals if i.from_us < i.to_us for edge in ((i.from_us, 0), (i.to_us, 1)))
    found: list[Interval] = []
    depth, start = 0, 0
    for instant, closes in edges:  # where one closes and one opens, the opening comes first: they are one
        start = start if depth else instant
        depth += -1 if closes else 1
        if not depth:
            found.append(Interval(start, instant))
    return found
