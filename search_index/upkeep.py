"""Merging, verifying and copying an index while it is in use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_index import segment
from search_index.catalogue import Catalogue
from search_index.durable import copy_folder, publish, sync
from search_index.entries import SegmentEntry
from search_index.errors import SegmentDamaged
from search_index.merge import merged_draft, to_merge
from search_index.segment import Segment
from search_index.segment_file import Description
from search_index.store import CATALOGUE, SEGMENTS, Store
from search_index.view import Living, gone_from


def seal(store: Store, rows_max: int, *, busy: bool = False) -> int:
    """Which segments become one the catalogue knows: no other is read."""
    with store.sealing():
        with store.catalogue.reading():
            entries = [entry for entry in store.catalogue.segments(store.generation) if entry.fault is None]
            holed, gone = store.catalogue.holed(store.generation), store.catalogue.tombstones()
        return sum(_merge(store, group, gone) for group in to_merge(entries, holed, rows_max, busy=busy))


def _merge(store: Store, group: list[SegmentEntry], gone: NDArray[np.int64]) -> int:
    """Damage would get a fresh digest in the copy: so every byte of each source is read first."""
    sources = list[Living]()
    for entry in group:
        description = _checked(store, entry)
        if isinstance(description, Description):
            source = Segment(store.segments / entry.name, description)
            sources.append(Living(source, gone_from(source, gone)))
    if len(sources) < len(group):
        return 0
    draft, dropped = merged_draft(sources)
    merged = store.write(draft, group[0].day) if len(draft.columns["id"]) else None
    names = [entry.name for entry in group]
    store.catalogue.replace(names, merged, dropped)
    store.discard(names)
    return len(group)


def verify(store: Store) -> dict[str, str]:
    with store.sealing():
        found = {entry.name: _checked(store, entry) for entry in store.catalogue.segments(None)}
        faults = {name: damage.fault for name, damage in found.items() if isinstance(damage, SegmentDamaged)}
        if fault := store.catalogue.check():
            faults["catalogue"] = fault
        return faults


def _checked(store: Store, entry: SegmentEntry) -> Description | SegmentDamaged:
    """What the segment says of itself, or its fault; the catalogue is told either way."""
    try:
        description = segment.verify(store.segments / entry.name, entry.digest, entry.generation)
    except SegmentDamaged as damage:
        store.catalogue.mark(entry.name, damage.fault)
        return damage
    store.catalogue.mark(entry.name, None)
    return description


def back_up(store: Store, folder: Path) -> dict[str, str]:
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; name a new folder for the backup")
    (folder / SEGMENTS).mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{CATALOGUE}.unfinished"
    faults: dict[str, str] = {}
    with store.sealing():
        store.catalogue.copy_to(unfinished)
        copy = Catalogue(unfinished)
        entries = copy.segments(None)
        copy.close()
        for entry in entries:
            copied = folder / SEGMENTS / entry.name
            try:
                copy_folder(store.segments / entry.name, copied)
                segment.verify(copied, entry.digest, entry.generation)
            except (FileNotFoundError, SegmentDamaged) as damage:
                faults[entry.name] = str(damage)
    sync(folder / SEGMENTS)
    publish(unfinished, folder / CATALOGUE)
    return faults
