"""A segment that was read and found whole: what a search scans."""

from __future__ import annotations

import errno
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from search_index.answer import Hit
from search_index.durable import FileRecord, record_of
from search_index.errors import SegmentDamaged
from search_index.footage_unit import Box, RowPlace
from search_index.score import MILLION
from search_index.segment_file import COLUMNS, DESCRIPTION, FORMAT, KINDS, ROWS, THUMBNAILS, VECTORS, Description
from search_index.selection import Instants, Ranges, Selection, joined, less, positions_in, with_single

# Made before any thread asks for it: several that make msgspec's first decoder of a type at once crash the process.
_DESCRIPTION = msgspec.json.Decoder(Description)
_TIMES = ("at_us", "from_us", "to_us")


class Segment:
    """Mapped files of one segment. `vectors` (rows, dimension) fp16; `columns` as in `segment_file.COLUMNS`."""

    def __init__(self, folder: Path, description: Description) -> None:
        self.name, self.description = folder.name, description
        self._folder = folder
        self.vectors: NDArray[np.float16] = _mapped(folder / VECTORS, "<f2").reshape(description.rows, -1)
        columns = _mapped(folder / ROWS, "|u1")
        self.columns: dict[str, NDArray[Any]] = {}
        start = 0
        for name, form in COLUMNS.items():
            end = start + description.rows * form.itemsize
            self.columns[name] = columns[start:end].view(form)
            start = end
        self.cameras: NDArray[np.object_] = np.array(description.cameras, object)
        ids = self.columns["id"]
        self.row_min, self.row_max = int(ids.min()), int(ids.max())
        self._code = {camera: code for code, camera in enumerate(description.cameras)}
        self._starts = np.searchsorted(self.columns["camera"], np.arange(len(self._code) + 1))
        at_us = self.columns["at_us"]
        self._after_us = int((self.columns["to_us"] - at_us).max())  # how far rows reach from their frames
        self._before_us = int((at_us - self.columns["from_us"]).max())

    @classmethod
    def opened(cls, folder: Path, digest: str, generation: str) -> Segment:
        """A segment whose vectors and rows are, byte for byte, those that were written.

        Thumbnails are many times larger and each has a checksum of its own: here only their size is compared.

        Raises:
            search_index.errors.SegmentDamaged: something is missing, altered, or of another generation.
        """
        description = _checked_description(folder, digest, generation)
        for name in (VECTORS, ROWS):
            _compare(folder / name, description.files[name])
        _compare(folder / THUMBNAILS, description.files[THUMBNAILS], size_only=True)
        return cls(folder, description)

    def ranges(self, selection: Selection) -> Ranges:
        """The positions of the rows in the selection."""
        reach = selection.widened(self._after_us, self._before_us)  # a frame before an interval may reach into it
        inner, outer = self._framed_in(selection, selection.bounds_us, reach)
        edges = positions_in(less(outer, inner))
        meet = selection.meet(self.columns["from_us"][edges], self.columns["to_us"][edges])
        return with_single(inner, edges[meet])

    def _framed_in(self, selection: Selection, *bounds_us: NDArray[np.int64]) -> list[Ranges]:
        """Of each bounds (n, 2) given, the positions of selected cameras' rows whose frames lie in [from, to)."""
        asked = np.array(bounds_us)
        at_us, cuts = self.columns["at_us"], [np.empty((len(asked), 0, 2), np.int64)]
        for camera in selection.cameras_among(self._code):
            start, end = self._starts[self._code[camera] :][:2]
            cuts.append(at_us[start:end].searchsorted(asked) + start)
        return [joined(found) for found in np.concatenate(cuts, axis=1)]

    def instants(self, positions: NDArray[np.int64], selection: Selection) -> Instants:
        """The instants in scope of selected rows."""
        return selection.instants(*(self.columns[name][positions] for name in _TIMES))

    def spans(self, positions: NDArray[np.int64], instants: Instants, selection: Selection) -> NDArray[np.int64]:
        """What may be told of the times of selected rows (n, 2), which lie at these instants in scope."""
        return selection.cut(instants, *(self.columns[name][positions] for name in _TIMES[1:]))

    def hit(self, position: int, score: int, selection: Selection) -> Hit:
        """The row at a position, with its score in millionths."""
        row = {name: int(column[position]) for name, column in self.columns.items()}
        here = np.array([position])
        instants = self.instants(here, selection)
        ((from_us, to_us),) = self.spans(here, instants, selection).tolist()
        return Hit(
            row=row["id"],
            score=score / MILLION,
            kind=KINDS[row["kind"]],
            camera=self.description.cameras[row["camera"]],
            footage=self.description.footages[row["footage"]],
            at_us=int(instants[0]),
            from_us=from_us,
            to_us=to_us,
            box=Box(row["x"], row["y"], row["width"], row["height"]),
            pictured=row["at_us"] == int(instants[0]),
        )

    def place(self, position: int) -> RowPlace:
        """What the row at a position is of."""
        footage = self.description.footages[int(self.columns["footage"][position])]
        return RowPlace(footage, int(self.columns["at_us"][position]))

    def position_of(self, row: int) -> int | None:
        """Where the row with this id lies, None where it is not here."""
        places = np.flatnonzero(self.columns["id"] == row)
        return int(places[0]) if len(places) else None

    def positions_of(self, place: RowPlace, box: Box) -> NDArray[np.int64]:
        """Where the rows lie that show this part of this footage at this instant."""
        if place.footage not in self.description.footages:
            return np.empty(0, np.int64)
        wanted = {"footage": self.description.footages.index(place.footage), "at_us": place.at_us}
        wanted |= {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        return np.flatnonzero(np.logical_and.reduce([self.columns[name] == value for name, value in wanted.items()]))

    def thumbnails(self, positions: NDArray[np.int64]) -> Iterator[bytes]:
        """The JPEGs of the rows at these positions. Raises search_index.errors.SegmentDamaged."""
        starts, sizes, checks = (self.columns[f"thumbnail_{name}"] for name in ("at", "bytes", "crc"))
        with (self._folder / THUMBNAILS).open("rb") as file:
            for position in positions:
                file.seek(starts[position])
                thumbnail = file.read(sizes[position])
                if zlib.crc32(thumbnail) != checks[position]:
                    raise SegmentDamaged(self.name, f"the thumbnail of row {self.columns['id'][position]} is altered")
                yield thumbnail


def verify(folder: Path, digest: str, generation: str) -> Description:
    """Read every byte of a segment, thumbnails too. Returns what it says of itself.

    Raises search_index.errors.SegmentDamaged.
    """
    description = _checked_description(folder, digest, generation)
    for name, record in description.files.items():
        _compare(folder / name, record)
    return description


def _mapped(path: Path, form: str) -> NDArray[Any]:
    return np.memmap(path, np.dtype(form), mode="r").view(np.ndarray)  # slicing a memmap object is slow


def _checked_description(folder: Path, digest: str, generation: str) -> Description:
    path = folder / DESCRIPTION
    _compare(path, FileRecord(digest, path.stat().st_size if path.is_file() else 0))
    description = _DESCRIPTION.decode(path.read_bytes())
    if description.format != FORMAT:
        raise SegmentDamaged(folder.name, f"its format is {description.format}, this program reads {FORMAT}")
    found = description.manifest.digest()
    if found != generation:
        raise SegmentDamaged(folder.name, f"its vectors are of generation {found}, not of {generation}")
    return description


def _compare(path: Path, expected: FileRecord, *, size_only: bool = False) -> None:
    segment = path.parent.name
    try:
        size = path.stat().st_size
        digest = expected.sha256 if size_only or size != expected.bytes else record_of(path).sha256
    except FileNotFoundError as fault:
        raise SegmentDamaged(segment, f"{path.name} is missing") from fault
    except OSError as fault:
        if fault.errno != errno.EIO:  # no memory, no permission: not the segment's fault
            raise
        raise SegmentDamaged(segment, f"{path.name} cannot be read ({fault.strerror})") from fault
    if size != expected.bytes:
        raise SegmentDamaged(segment, f"{path.name} has {size} bytes instead of {expected.bytes}")
    if digest != expected.sha256:
        raise SegmentDamaged(segment, f"the content of {path.name} is not what was written")
