"""Which instants of which camera were looked at: "no hit" means something only there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from search_index.entries import CoveredUnit
from search_index.scope import Interval
from search_index.selection import Selection, merged, overlap

Covered = Mapping[str, tuple[Interval, ...]]  # camera -> disjoint intervals in order


def extended(covered: Covered, units: Iterable[CoveredUnit], unavailable: Collection[str]) -> Covered:
    """`covered` and what these units add; nothing for units removed or whose segment cannot be searched."""
    added: defaultdict[str, list[Interval]] = defaultdict(list)
    for unit in units:
        if not unit.removed and unit.segment not in unavailable:
            added[unit.camera].extend(Interval(*span) for span in unit.covered)
    return {**covered, **{camera: merged([*covered.get(camera, ()), *spans]) for camera, spans in added.items()}}


def searched(covered: Covered, selection: Selection) -> dict[str, tuple[Interval, ...]]:
    """The covered intervals within the selection; a camera without any is left out."""
    cameras = selection.cameras_among(covered.keys())
    within = {camera: overlap(covered[camera], selection.intervals) for camera in cameras}
    return {camera: spans for camera, spans in within.items() if spans}
