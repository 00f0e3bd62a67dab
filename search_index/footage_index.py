"""`FootageIndex`: the port on disk. Segments hold the vectors, a catalogue says which of them count.

Any number of processes commit and search at once. Each finds what the others committed before its next search.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search_index.admission import check_query, check_unit
from search_index.answer import Answer, Coverage
from search_index.beside import Beside
from search_index.catalogue import Catalogue
from search_index.coverage import searched
from search_index.encoder import Manifest
from search_index.entries import IndexedFootage, Pace, Progress, Statistics
from search_index.errors import RowUnknown, SegmentDamaged
from search_index.footage_unit import Box, FootageUnit, RowPlace
from search_index.moments import Grouping
from search_index.scope import Scope
from search_index.search import Search
from search_index.segment_file import draft_of
from search_index.store import CATALOGUE, Store
from search_index.upkeep import back_up, seal, verify
from search_index.view import Reader

_DAY_US = 86_400_000_000


class FootageIndex(Beside):
    """Keeps the contract of `search_index.port.VectorIndex`, in a folder. Threads may share it."""

    def __init__(
        self, folder: Path, manifest: Manifest, *, grouping: Grouping | None = None, beside: bool = False
    ) -> None:
        """Open, or create, the index in `folder` for vectors of `manifest`.

        Segments are read and verified by the first `search`, or by `load`.

        Raises:
            search_index.errors.ManifestMismatch: the folder holds another generation. With `beside`, this one is
                built beside it; the two are never searched together.
            search_index.errors.CatalogueTooNew: written by a newer program.
        """
        self._store = Store(folder, manifest, beside=beside)
        self._reads = Catalogue(self._store.catalogue_path)  # its own connection: it sees this process's commits too
        self._reader = Reader(self._reads, self._store.segments, self._store.generation)
        self._grouping = grouping or Grouping()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Segments that are off the disk take no room on it any more."""
        self._reader.forget()
        self._reads.close()
        self._store.close()

    def load(self) -> None:
        """Open and verify every segment now, so that the first search does not wait for it."""
        self._reader.current()

    # Units

    def commit(self, unit: FootageUnit) -> bool:
        """As in the port. Also raises search_index.errors.FootageRemoved and GenerationClosed."""
        check_unit(unit, self._store.manifest)
        catalogue = self._store.catalogue
        with catalogue.change():
            first_row = catalogue.admit(unit)
            if first_row is None:
                return False
            draft = draft_of(unit, self._store.manifest, first_row)
            entry = self._store.write(draft, unit.from_us // _DAY_US) if unit.rows else None
            catalogue.record(unit, first_row, entry)
        return True

    def committed(self, footage: str) -> frozenset[int]:
        return self._store.catalogue.committed(footage, self._store.generation)

    def pipelines(self, footage: str) -> frozenset[str]:
        """Digests of the configurations that the committed units of a footage were made with."""
        return self._store.catalogue.pipelines(footage, self._store.generation)

    def describe(self, pipeline: str, document: bytes) -> None:
        """Keep what a configuration says, so that its digest can be read years later.

        Raises ValueError where `pipeline` is not the document's SHA-256 (hex).
        """
        if hashlib.sha256(document).hexdigest() != pipeline:
            raise ValueError(f"pipeline: {pipeline} is not the SHA-256 of its document")
        self._store.catalogue.describe(pipeline, document)

    def description(self, pipeline: str) -> bytes | None:
        """The document of a configuration; None for one of before documents were kept."""
        return self._reads.description(pipeline)

    def progress(self, footage: str) -> Progress:
        return self._store.catalogue.progress(footage, self._store.generation)

    def pace(self, footages: Collection[str], *, since_us: int) -> Pace:
        """How far these footages are, and what was committed since then (UTC) of all."""
        return self._reads.pace(self._store.generation, footages, since_us)

    def fence(self, footage: str) -> int:
        """The greatest fence that committed units of a footage; 0 where none did."""
        return self._store.catalogue.fence(footage)

    # Search

    def search(self, query: NDArray[np.float32], scope: Scope, *, moments_max: int) -> Answer:
        """As in the port. `search_index.moments` defines what a moment is."""
        check_query(query, self._store.manifest.dimension, moments_max)
        view = self._reader.current()
        search = Search(query, view.living.values(), scope, self._grouping)
        moments = search.moments(moments_max)
        coverage = Coverage(
            searched=searched(view.covered, search.selection),
            unavailable_segments=view.unavailable_in(search.selection),
            rows_in_scope=search.rows_in_scope,
            generation=self._store.generation,
        )
        return Answer(moments=moments, coverage=coverage, exact=True)

    def row_of(self, place: RowPlace, box: Box) -> int | None:
        """As in the port."""
        for living in self._reader.current().living.values():
            found = np.setdiff1d(living.segment.positions_of(place, box), living.gone)
            if len(found):
                return int(living.segment.columns["id"][found[0]])
        return None

    def fences(self, rows: Collection[int]) -> dict[int, int]:
        """By row that a search found: the fence of the claim that it was made under."""
        return self._reads.fences_of(rows)

    def thumbnail(self, row: int, *, of: RowPlace | None = None) -> bytes:
        """As in the port. Raises search_index.errors.SegmentDamaged where it cannot be read as it was written."""
        tried = None
        while True:
            name = self._reads.segment_of(row, self._store.generation)
            living = self._reader.current().living.get(name)
            if name == tried:  # not merged away meanwhile: missing
                raise SegmentDamaged(name, "it is set aside, or its thumbnails are missing")
            tried = name
            position = living.segment.position_of(row) if living else None
            if living and (position is None or of not in (None, living.segment.place(position))):
                raise RowUnknown(row)
            if living and position is not None:
                try:
                    return next(living.segment.thumbnails(np.array([position])))
                except FileNotFoundError:
                    continue

    # What goes

    def tombstone(self, rows: Iterable[int]) -> int:
        """Make rows invisible, at once and for ever; the next `seal` takes them off the disk. Returns how many were
        visible. Raises search_index.errors.RowUnknown for an id that was never given, and changes nothing."""
        catalogue = self._store.catalogue
        with catalogue.change():
            return catalogue.bury(rows)

    def remove_footage(self, footage: str) -> int:
        """Make all rows of a footage invisible, its time uncovered, and further units refused. Returns how many rows
        were visible."""
        catalogue = self._store.catalogue
        with catalogue.change():
            return catalogue.bury_footage(footage)

    def footages(self) -> list[IndexedFootage]:
        """What is indexed, of every generation, without what was removed."""
        return self._store.catalogue.indexed_footages()

    def forget_footage(self, footage: str, *, fence: int = 0) -> int:
        """Make all rows of a footage invisible and its time uncovered, and take it anew: of claims with this fence or a
        greater one. Without a fence, as one never seen: for an index that is ahead of a restored record.

        Returns how many rows were visible.
        """
        catalogue = self._store.catalogue
        with catalogue.change():
            return catalogue.forget_footage(footage, fence)

    def sweep(self) -> None:
        """Remove what a crash, or a disk that was busy, left of segments that count no more. Raises OSError."""
        with self._store.sealing():
            self._store.sweep()

    def rows_of(self, footage: str) -> tuple[int, int]:
        """How many rows a footage ever had, gone ones too, and how many some segment's files still hold."""
        return self._store.catalogue.rows_of(footage)

    # Damage

    def damaged(self) -> dict[str, str]:
        """Segments that are set aside, and what is wrong with them."""
        entries = self._store.catalogue.segments(self._store.generation)
        return {entry.name: entry.fault for entry in entries if entry.fault is not None}

    def footages_in(self, segment: str) -> tuple[str, ...]:
        """The footages that have units in a segment."""
        return self._store.catalogue.footages_in(segment)

    def drop(self, segment: str) -> bool:
        """Take a segment whose footages were all forgotten or removed off the disk. False where one still counts."""
        with self._store.sealing():
            with self._store.catalogue.change():
                dropped = self._store.catalogue.drop(segment)
            if dropped:
                self._store.discard([segment])
        return dropped

    # Upkeep

    def seal(self, *, rows_max: int = 1_000_000, busy: bool = False) -> int:
        """Merge small segments, and drop rows that are gone, while others commit and search. Ids stay as they are.
        While they do (`busy`), only what is worth it then: `search_index.merge.to_merge`.

        Returns how many segments were merged into others. A crash leaves either the old ones or the new one.
        """
        return seal(self._store, rows_max, busy=busy)

    def verify(self) -> dict[str, str]:
        """Read every byte. Segments found damaged are set aside, those found whole again are taken back.

        Returns what is wrong, by the segment's name ("catalogue" for the database).
        """
        return verify(self._store)

    def backup(self, folder: Path) -> dict[str, str]:
        """Copy the index, as of one instant, to an absent or empty folder, while others commit and search.

        Returns the segments that could not be copied whole, and why. Its catalogue.db is written last: a folder
        without it is not a backup.
        """
        return back_up(self._store, folder)

    def statistics(self) -> Statistics:
        return self._store.catalogue.statistics(self._store.generation)


def manifest_of(folder: Path) -> Manifest | None:
    """The manifest of the oldest generation in a folder: what to open it with when no model is at hand."""
    path = folder / CATALOGUE
    if not path.exists():
        return None
    catalogue = Catalogue(path)
    try:
        return next(iter(catalogue.manifests()), None)
    finally:
        catalogue.close()
