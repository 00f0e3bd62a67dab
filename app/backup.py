"""`oberih backup` and `oberih migrate`: a consistent copy while serving; an older deployment brought up to date.

What is copied, in this order: the settings, the log, the keys, the index, the credentials, the originals. A later copy
may hold more than an earlier one needs, never less: whatever the copied log says was indexed or archived is there.
Views are left out: they are rebuilt. The root key is left out: a backup that held it would disclose everything; keep
it elsewhere.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from app import deployment
from app.event_store.backup import back_up as back_up_record
from app.event_store.durable import sync_folder
from search_index.footage_index import FootageIndex, manifest_of


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    folder: str
    position: int  # of the last event in the copy
    originals: int
    segments_damaged: dict[str, str]  # by name: what is wrong with those that could not be copied whole


def back_up(folder: Path, to: Path) -> BackedUp:
    """Copy a deployment into a new folder, while it serves.

    To restore: put root.key back into the copy and serve it.

    Raises:
        DeploymentFault: `folder` is no deployment, or `to` is not new.
        app.event_store.faults.StoreRefused: a database is missing or not sound.
    """
    place = deployment.load(folder)
    copy = deployment.create(to, place.settings)
    position = back_up_record(place.log, place.keys, to)
    damaged = _copy_index(place.index, copy.index)
    _copy_database(place.credentials, copy.credentials)
    originals = 0
    for original in (place.folder / "footage").glob("??/*"):
        target = copy.original(original.name)
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(original, target)
        originals += 1
    sync_folder(to)
    return BackedUp(folder=str(to), position=position, originals=originals, segments_damaged=damaged)


def _copy_index(source: Path, target: Path) -> dict[str, str]:
    manifest = manifest_of(source)
    if manifest is None:
        return {}
    with FootageIndex(source, manifest) as index:
        return index.backup(target)


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original:
        target.touch(mode=0o600)
        with closing(sqlite3.connect(target)) as copy:
            original.backup(copy)


class Migrated(msgspec.Struct, frozen=True, kw_only=True):
    folder: str
    from_format: int
    to_format: int


def migrate(folder: Path) -> Migrated:
    """Bring a data directory to the format of this program. Databases bring themselves up to date when opened.

    Raises:
        DeploymentFault: it is of a newer format than this program knows.
    """
    place = deployment.load(folder)
    found = place.settings.format
    deployment.write_settings(
        deployment.Deployment(folder, msgspec.structs.replace(place.settings, format=deployment.FORMAT))
    )
    return Migrated(folder=str(folder), from_format=found, to_format=deployment.FORMAT)
