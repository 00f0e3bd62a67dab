"""The form of a segment on disk, and how one is written.

A segment is an immutable folder:

    segment.json     its description: manifest, cameras, sources, and the SHA-256 of the files beside it
    vectors.f16      rows × dimension, little-endian fp16, row-major
    rows.columns     one column after another (`COLUMNS`), each of `rows` little-endian numbers
    thumbnails.pack  the JPEGs, one after another

Rows are sorted by (camera, at_us, id), so a scope of cameras × intervals is a few ranges of rows. The catalogue holds
the SHA-256 of segment.json: a chain from the database to every byte.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from search_index.durable import FileRecord, publish, write_file
from search_index.encoder import Manifest
from search_index.footage_unit import CROP, FRAME, FootageUnit

DESCRIPTION, VECTORS, ROWS, THUMBNAILS = "segment.json", "vectors.f16", "rows.columns", "thumbnails.pack"
FORMAT = 1
KINDS = (FRAME, CROP)  # a row's `kind` is a place in this tuple
COLUMNS: Mapping[str, np.dtype[Any]] = {  # wide ones first, so that every column lies aligned
    name: np.dtype(form)
    for form, names in (
        ("<i8", "id at_us from_us to_us pts thumbnail_at"),
        ("<i4", "camera footage x y width height thumbnail_bytes"),
        ("<u4", "thumbnail_crc"),
        ("|u1", "kind"),
    )
    for name in names.split()
}
Columns = dict[str, NDArray[Any]]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of footage of which the segment holds rows."""

    footage: str
    number: int
    pipeline: str


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """segment.json. A row's `camera` and `footage` are places in the tuples here."""

    format: int
    manifest: Manifest
    rows: int
    cameras: tuple[str, ...]  # ascending
    footages: tuple[str, ...]
    sources: tuple[Source, ...]
    files: dict[str, FileRecord]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A segment about to be written: columns (all of `COLUMNS` but the thumbnails'), in final order.

    `vectors` yields fp16 arrays (any number of rows each), `thumbnails` one JPEG a row, in the same order.
    """

    manifest: Manifest
    cameras: tuple[str, ...]
    footages: tuple[str, ...]
    sources: tuple[Source, ...]
    columns: Columns
    vectors: Iterable[NDArray[np.float16]]
    thumbnails: Iterable[bytes]


def draft_of(unit: FootageUnit, manifest: Manifest, first_row: int) -> Draft:
    """The segment of one unit: its rows get the ids from `first_row` on, in the unit's order."""
    rows = unit.rows
    columns: Columns = {
        name: np.fromiter((getattr(row, name) for row in rows), COLUMNS[name], len(rows))
        for name in ("at_us", "from_us", "to_us", "pts")
    }
    for name in ("x", "y", "width", "height"):
        columns[name] = np.fromiter((getattr(row.box, name) for row in rows), COLUMNS[name], len(rows))
    columns["id"] = np.arange(first_row, first_row + len(rows))
    columns["kind"] = np.fromiter((KINDS.index(row.kind) for row in rows), COLUMNS["kind"], len(rows))
    columns["camera"] = columns["footage"] = np.zeros(len(rows), np.int32)
    order = np.lexsort((columns["id"], columns["at_us"]))
    return Draft(
        manifest=manifest,
        cameras=(unit.camera,),
        footages=(unit.footage,),
        sources=(Source(footage=unit.footage, number=unit.number, pipeline=unit.pipeline),),
        columns={name: column[order] for name, column in columns.items()},
        vectors=(unit.vectors[order].astype(np.float16),),
        thumbnails=(rows[place].thumbnail for place in order),
    )


def write_segment(draft: Draft, aside: Path, final: Path) -> FileRecord:
    """Write a draft to the folder `aside` and publish it as `final`. Returns the record of its segment.json."""
    aside.mkdir()
    count = len(draft.columns["id"])
    sizes, checks = np.zeros(count, np.int64), np.zeros(count, np.int64)
    files = {
        VECTORS: write_file(aside / VECTORS, (_bytes(chunk, "<f2") for chunk in draft.vectors)),
        THUMBNAILS: write_file(aside / THUMBNAILS, _noted(draft.thumbnails, sizes, checks)),
    }
    columns = draft.columns | {
        "thumbnail_at": np.cumsum(sizes) - sizes,
        "thumbnail_bytes": sizes,
        "thumbnail_crc": checks,
    }
    files[ROWS] = write_file(aside / ROWS, (_bytes(columns[name], form) for name, form in COLUMNS.items()))
    assert files[VECTORS].bytes == count * draft.manifest.dimension * 2
    description = Description(
        format=FORMAT,
        manifest=draft.manifest,
        rows=count,
        cameras=draft.cameras,
        footages=draft.footages,
        sources=draft.sources,
        files=files,
    )
    record = write_file(aside / DESCRIPTION, (msgspec.json.encode(description),))
    publish(aside, final)
    return record


def _noted(thumbnails: Iterable[bytes], sizes: NDArray[np.int64], checks: NDArray[np.int64]) -> Iterator[bytes]:
    """The thumbnails as they are, each one's size and CRC noted on the way."""
    for place, thumbnail in enumerate(thumbnails):
        sizes[place], checks[place] = len(thumbnail), zlib.crc32(thumbnail)
        yield thumbnail


def _bytes(array: NDArray[Any], form: np.dtype[Any] | str) -> memoryview:
    return np.ascontiguousarray(array, form).data.cast("B")
