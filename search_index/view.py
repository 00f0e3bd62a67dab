"""What a search sees: the segments found whole, the rows in them that are gone, and what was covered.

A `View` never changes. The `Reader` makes the next one when any process has changed the catalogue, which it notices
by asking SQLite for one number.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.catalogue import Catalogue
from search_index.coverage import Covered, extended
from search_index.entries import CoveredUnit, SegmentEntry
from search_index.errors import SegmentDamaged
from search_index.segment import Segment
from search_index.selection import Ranges, Selection, without

_NONE: NDArray[np.int64] = np.empty(0, np.int64)


class Living(NamedTuple):
    """A segment and the positions of its rows that are gone."""

    segment: Segment
    gone: NDArray[np.int64]

    def ranges(self, selection: Selection) -> Ranges:
        return without(self.segment.ranges(selection), self.gone)


class View(NamedTuple):
    version: int  # of the catalogue
    living: Mapping[str, Living]
    covered: Covered
    last_unit: int  # up to which `covered` counts
    removed_footages: int
    tombstones: NDArray[np.int64]
    tombstones_state: tuple[int, int]
    unavailable: Mapping[str, list[CoveredUnit]]  # segment set aside -> its units

    def unavailable_in(self, selection: Selection) -> tuple[str, ...]:
        """The segments set aside that may hold rows in the selection."""
        return tuple(
            name
            for name, units in sorted(self.unavailable.items())
            if any(selection.touches(unit.camera, unit.from_us, unit.to_us) for unit in units)
        )


_EMPTY = View(-1, {}, {}, 0, 0, _NONE, (0, 0), {})


class Reader:
    """The current view of one generation, for the threads of one process."""

    def __init__(self, catalogue: Catalogue, segments: Path, generation: str) -> None:
        self._catalogue, self._segments, self._generation = catalogue, segments, generation
        self._lock = threading.Lock()
        self._view = _EMPTY

    def current(self) -> View:
        """The view of what is committed now; segments that are new to it are verified first."""
        with self._lock:
            version = self._catalogue.version()
            if version != self._view.version:
                self._view = self._next(version)
            return self._view

    def forget(self) -> None:
        """Let go of the segments' files."""
        with self._lock:
            self._view = _EMPTY

    def _next(self, version: int) -> View:
        """All of one state of the catalogue: what was removed meanwhile is removed in rows and coverage alike."""
        seen = self._view
        known = {name: living.segment for name, living in seen.living.items()}
        while True:
            with self._catalogue.reading():
                entries = self._catalogue.segments(self._generation)
                aside = {entry.name for entry in entries if entry.fault is not None}
                removed = self._catalogue.removed_footages()
                state = self._catalogue.tombstones_state()
                tombstones = seen.tombstones if state == seen.tombstones_state else self._catalogue.tombstones()
                is_new = aside != seen.unavailable.keys() or removed != seen.removed_footages
                units = self._catalogue.units_after(self._generation, 0 if is_new else seen.last_unit)
                unavailable = self._units_of(aside)
            segments, faults = self._opened([entry for entry in entries if entry.fault is None], known)
            if not faults:
                break
            known |= segments
            for name, fault in faults.items():  # marks nothing where it was merged away while it was being opened
                self._catalogue.mark(name, fault)
        last_unit = units[-1].seq if units else seen.last_unit
        covered = {} if is_new else seen.covered
        return View(
            version=version,
            living=self._living(segments, tombstones),
            covered=extended(covered, units, aside),
            last_unit=last_unit,
            removed_footages=removed,
            tombstones=tombstones,
            tombstones_state=state,
            unavailable=unavailable,
        )

    def _opened(
        self, entries: list[SegmentEntry], known: Mapping[str, Segment]
    ) -> tuple[dict[str, Segment], dict[str, str]]:
        """The segments, those known already as they are, and what is wrong with the rest."""
        segments = {entry.name: known[entry.name] for entry in entries if entry.name in known}
        fresh = [entry for entry in entries if entry.name not in known]
        faults: dict[str, str] = {}
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing releases the interpreter
            for entry, found in zip(fresh, pool.map(self._open, fresh), strict=True):
                if isinstance(found, SegmentDamaged):
                    faults[entry.name] = found.fault
                else:
                    segments[entry.name] = found
        return segments, faults

    def _open(self, entry: SegmentEntry) -> Segment | SegmentDamaged:
        try:
            return Segment.opened(self._segments / entry.name, entry.digest, self._generation)
        except SegmentDamaged as damage:
            return damage

    def _living(self, segments: Mapping[str, Segment], tombstones: NDArray[np.int64]) -> dict[str, Living]:
        kept = self._view.living if tombstones is self._view.tombstones else {}
        return {
            name: kept[name] if name in kept else Living(segment, gone_from(segment, tombstones))
            for name, segment in segments.items()
        }

    def _units_of(self, segments: set[str]) -> dict[str, list[CoveredUnit]]:
        units: dict[str, list[CoveredUnit]] = {name: [] for name in segments}
        for unit in self._catalogue.units_after(self._generation, 0, segments) if segments else ():
            units[str(unit.segment)].append(unit)
        return units


def gone_from(segment: Segment, tombstones: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of a segment's rows that are gone, ascending."""
    first, end = tombstones.searchsorted((segment.row_min, segment.row_max + 1))
    if first == end:
        return _NONE
    return np.flatnonzero(np.isin(segment.columns["id"], tombstones[first:end]))
