"""A row as a segment's files have it, whatever a search would tell of it."""

from __future__ import annotations

from typing import Any

from search_index.footage_unit import Box
from search_index.segment import KINDS, Segment


def stored(segment: Segment, place: int) -> dict[str, Any]:
    """Its kind, times and box, by the names of `search_index.footage_unit.Row`."""
    row = {name: int(column[place]) for name, column in segment.columns.items()}
    times = {name: row[name] for name in ("from_us", "to_us", "at_us", "pts")}
    return {"kind": KINDS[row["kind"]], **times, "box": Box(row["x"], row["y"], row["width"], row["height"])}


def origin(segment: Segment, place: int) -> tuple[str, str]:
    """(footage, camera)"""
    columns, names = segment.columns, segment.description
    return names.footages[int(columns["footage"][place])], names.cameras[int(columns["camera"][place])]
