"""Many small segments become one: same rows, same ids, less what is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from search_index.entries import SegmentEntry
from search_index.segment import Segment
from search_index.segment_file import COLUMNS, Columns, Draft, Source
from search_index.view import Living

_CHUNK_ROWS = 8192
_SMALL_ROWS = 50_000  # about 50 MB: segments below this are merged without a second thought
SEGMENTS_MAX = 128  # of one group
OPEN_SEGMENTS_MAX = 512  # in groups that could take more, before they are merged while units are committed
_THUMBNAIL_COLUMNS = ("thumbnail_at", "thumbnail_bytes", "thumbnail_crc")


def to_merge(
    entries: Sequence[SegmentEntry], holed: Collection[str], rows_max: int, *, busy: bool = False
) -> list[list[SegmentEntry]]:
    """Which segments become one: the smaller ones of a day, up to `rows_max` rows and `SEGMENTS_MAX` of them together,
    since the files of all of a group are open at once.

    A large segment joins only where a quarter of its rows come new, so each row is rewritten about five times at
    most. One with holes (rows that are gone) is rewritten by itself.

    While units are committed (`busy`) those groups only that take nothing more, so that not every unit that comes has
    its day written anew; and all, once they have many segments together.
    """
    whole = sorted((entry for entry in entries if entry.name not in holed), key=lambda e: (e.day, e.rows))
    full, open_ones = list[list[SegmentEntry]](), list[list[SegmentEntry]]()
    for _, day in groupby(whole, key=lambda e: e.day):
        group: list[SegmentEntry] = []
        rows = 0
        for entry in day:
            if group and entry.rows > max(4 * rows, _SMALL_ROWS):
                break
            if group and (rows + entry.rows > rows_max or len(group) == SEGMENTS_MAX):
                full.append(group)
                group, rows = [], 0
            group.append(entry)
            rows += entry.rows
        open_ones.append(group)
    full, open_ones = ([group for group in groups if len(group) > 1] for groups in (full, open_ones))
    if busy:
        return full + (open_ones if sum(map(len, open_ones)) > OPEN_SEGMENTS_MAX else [])
    return [[entry] for entry in entries if entry.name in holed] + full + open_ones


def merged_draft(sources: Sequence[Living]) -> tuple[Draft, NDArray[np.int64]]:
    """One draft of the sources' rows in order of camera, time and id, and the ids of those left out as gone."""
    segments = [source.segment for source in sources]
    cameras = sorted({camera for segment in segments for camera in segment.description.cameras})
    footages = sorted({footage for source in sources for footage in _footages_left(source)})
    columns = _columns(segments, cameras, footages)
    alive = np.ones(len(columns["id"]), bool)
    starts = np.cumsum([0, *(len(segment.vectors) for segment in segments)])
    for source, start in zip(sources, starts, strict=False):
        alive[source.gone + start] = False
    order = np.lexsort((columns["id"], columns["at_us"], columns["camera"]))
    order = order[alive[order]]
    draft = Draft(
        manifest=segments[0].description.manifest,
        cameras=tuple(cameras),
        footages=tuple(footages),
        sources=_sources(segments, footages),
        columns={name: column[order] for name, column in columns.items()},
        vectors=_vectors(segments, starts, order),
        thumbnails=_thumbnails(segments, starts, order),
    )
    return draft, columns["id"][~alive]


def _columns(segments: Sequence[Segment], cameras: list[str], footages: list[str]) -> Columns:
    """All rows of all sources, one after another; cameras and footages by their places in the merged lists, -1 where
    all rows of a footage are gone."""
    columns = {
        name: np.concatenate([segment.columns[name] for segment in segments])
        for name in COLUMNS
        if name not in _THUMBNAIL_COLUMNS
    }
    for name, merged in (("camera", cameras), ("footage", footages)):
        place = {one: number for number, one in enumerate(merged)}
        columns[name] = np.concatenate(
            [
                np.array([place.get(one, -1) for one in getattr(segment.description, f"{name}s")])[
                    segment.columns[name]
                ]
                for segment in segments
            ]
        )
    return columns


def _footages_left(source: Living) -> list[str]:
    """The footages that have a row left in it: of one that is gone, not even the name goes on."""
    left = np.delete(source.segment.columns["footage"], source.gone)
    return [source.segment.description.footages[place] for place in np.unique(left)]


def _sources(segments: Sequence[Segment], footages: Collection[str]) -> tuple[Source, ...]:
    found = {source for segment in segments for source in segment.description.sources if source.footage in footages}
    return tuple(sorted(found, key=lambda source: (source.footage, source.number)))


def _vectors(
    segments: Sequence[Segment], starts: NDArray[np.int64], order: NDArray[np.int64]
) -> Iterator[NDArray[np.float16]]:
    for first in range(0, len(order), _CHUNK_ROWS):
        rows = order[first : first + _CHUNK_ROWS]
        chunk = np.empty((len(rows), segments[0].vectors.shape[1]), np.float16)
        owner = starts.searchsorted(rows, side="right") - 1
        for number in np.unique(owner):
            here = owner == number
            chunk[here] = segments[number].vectors[rows[here] - starts[number]]
        yield chunk


def _thumbnails(segments: Sequence[Segment], starts: NDArray[np.int64], order: NDArray[np.int64]) -> Iterator[bytes]:
    """In runs of one source, so that its file is opened once a run."""
    owner = starts.searchsorted(order, side="right") - 1
    runs = np.flatnonzero(np.diff(owner, prepend=-1))
    for first, end in zip(runs, [*runs[1:], len(order)], strict=True):
        number = owner[first]
        yield from segments[number].thumbnails(order[first:end] - starts[number])
