"""Merging, verifying and copying an index while it is in use."""

from __future__ import annotations

from pathlib import Path

from search_index import segment
from search_index.catalogue import Catalogue
from search_index.durable import copy_folder, publish, sync
from search_index.entries import SegmentEntry
from search_index.errors import SegmentDamaged
from search_index.merge import merged_draft, to_merge
from search_index.store import CATALOGUE, SEGMENTS, Store
from search_index.view import Reader, View


def seal(store: Store, reader: Reader, rows_max: int) -> int:
    with store.sealing():
        view = reader.current()
        entries = [entry for entry in store.catalogue.segments(store.generation) if entry.name in view.living]
        holed = {name for name, living in view.living.items() if len(living.gone)}
        return sum(_merge(store, view, group) for group in to_merge(entries, holed, rows_max))


def _merge(store: Store, view: View, group: list[SegmentEntry]) -> int:
    """Damage since a source was opened would get a fresh digest in the copy: so each is read again first."""
    faults = [name for entry in group for name in _checked(store, entry)]
    if faults:
        return 0
    draft, dropped = merged_draft([view.living[entry.name] for entry in group])
    merged = store.write(draft, group[0].day) if len(draft.columns["id"]) else None
    names = [entry.name for entry in group]
    store.catalogue.replace(names, merged, dropped)
    store.discard(names)
    return len(group)


def verify(store: Store) -> dict[str, str]:
    with store.sealing():
        faults: dict[str, str] = {}
        for entry in store.catalogue.segments(None):
            faults |= _checked(store, entry)
        if fault := store.catalogue.check():
            faults["catalogue"] = fault
        return faults


def _checked(store: Store, entry: SegmentEntry) -> dict[str, str]:
    """The segment's fault, if any; the catalogue is told either way."""
    try:
        segment.verify(store.segments / entry.name, entry.digest, entry.generation)
    except SegmentDamaged as damage:
        store.catalogue.mark(entry.name, damage.fault)
        return {entry.name: damage.fault}
    store.catalogue.mark(entry.name, None)
    return {}


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
