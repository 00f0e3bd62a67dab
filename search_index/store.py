"""The folder of an index: what lies where, and what may be removed from it.

catalogue.db     database.py, catalogue.py
segments/<name>  segment_file.py; a name that starts with a dot is being written
sealing.lock     held while segments are merged, copied, verified or swept
"""

from __future__ import annotations

import copy
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search_index.catalogue import Catalogue
from search_index.durable import exclusive
from search_index.encoder import Manifest
from search_index.entries import SegmentEntry
from search_index.segment_file import Draft, write_segment

CATALOGUE, SEGMENTS = "catalogue.db", "segments"


class Store:
    """One generation's share of the folder."""

    def __init__(self, folder: Path, manifest: Manifest, *, beside: bool) -> None:
        self.manifest, self.generation = manifest, manifest.digest()
        self.catalogue_path, self.segments = folder / CATALOGUE, folder / SEGMENTS
        self._lock = folder / "sealing.lock"
        self.segments.mkdir(parents=True, exist_ok=True)
        self.catalogue = Catalogue(self.catalogue_path)
        try:
            with self.catalogue.change():
                self.catalogue.register(manifest, beside=beside)
            self._sweep()
        except BaseException:
            self.close()
            raise

    def of(self, manifest: Manifest) -> Store:
        """The share of another generation, over the same catalogue. Closed with this one."""
        other = copy.copy(self)
        other.manifest, other.generation = manifest, manifest.digest()
        return other

    def close(self) -> None:
        self.catalogue.close()

    def write(self, draft: Draft, day: int) -> SegmentEntry:
        """A new segment on disk, durable, which counts once the catalogue names it."""
        name = secrets.token_hex(8)
        aside, final = self.segments / f".{name}", self.segments / name
        try:
            record = write_segment(draft, aside, final)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        size = sum(file.stat().st_size for file in final.iterdir())
        rows = len(draft.columns["id"])
        return SegmentEntry(name=name, generation=self.generation, day=day, rows=rows, bytes=size, digest=record.sha256)

    @contextmanager
    def sealing(self) -> Iterator[None]:
        """While held, no segment leaves the folder but by the holder's hand."""
        with exclusive(self._lock):
            yield

    def discard(self, names: list[str]) -> None:
        """Remove folders that the catalogue no longer names."""
        for name in names:
            shutil.rmtree(self.segments / name, ignore_errors=True)  # what stays is swept at the next start

    def _sweep(self) -> None:
        """Remove what a crash left: folders that the catalogue does not name.

        The catalogue's write lock keeps commits out, the sealing lock merges; where one is under way, the sweep
        is left to a later start.
        """
        with exclusive(self._lock, wait=False) as held:
            if held:
                self.sweep()

    def sweep(self) -> None:
        """Remove every folder that the catalogue does not name. While sealing.

        Raises OSError where one cannot be removed.
        """
        with self.catalogue.change():
            named = {entry.name for entry in self.catalogue.segments(None)}
            for folder in self.segments.iterdir():
                if folder.name not in named:
                    shutil.rmtree(folder)
