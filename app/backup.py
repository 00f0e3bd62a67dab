"""`oberih backup` and `oberih migrate`: a consistent copy while serving; an older deployment brought up to date.

What is copied, in this order: the settings, the log, the keys, the index, the calibrations, the credentials, the
originals and attachments that the copied log names. A later copy may hold more than an earlier one needs, never less:
whatever the copied log says was indexed, archived or attached is there. Views are left out: they are rebuilt. The root
key is left out: a backup that held it would disclose everything; keep it elsewhere.

The copy is built in `DIR.partial` beside the target, made durable, and given its name last: what stands at DIR is
whole, whenever a backup was interrupted. A left-over `DIR.partial` is refused, not replaced: another backup may be
writing it.

To restore, for operators:

1. End the server. Never restore over a data directory: move the old one aside, and keep it until you are done.
2. `cp -a BACKUP DIR`: the copy is served, the backup stays as it was.
3. Put root.key into DIR from where you keep it (mode 0600). The one of another deployment is refused.
4. `oberih serve --data DIR`: the views are folded anew from the log; /health/ready says when they are up to it.
5. What was recorded after the backup is gone: enter it again. An erasure of that time must be done again, too.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from app import deployment
from app.agreement import forget_what_is_ahead
from app.deployment import Deployment, DeploymentFault
from app.event_store.backup import back_up as back_up_record
from app.event_store.backup import events_in, streams_of, subjects_erased
from app.event_store.durable import copy_digested, sync_folder, sync_tree
from app.event_store.faults import StoreRefused
from app.event_store.soundness import gaps_of
from domain.footage_events import FootageArchived
from domain.ids import footage_id
from domain.keeping_events import FootageErased, FootagePurged
from domain.log import Unreadable
from domain.model_events import SwitchCompleted
from domain.prevention_case_events import AttachmentAdded, AttachmentRemoved
from domain.reports.events import ReportSubmitted
from search_index.footage_index import FootageIndex, manifest_of

ENDS = (FootagePurged.TOPIC, FootageErased.TOPIC)


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    folder: str
    position: int  # of the last event in the copy
    originals: int  # copied whole
    footages_ahead: list[str]  # by SHA-256: indexed in the deployment, but not yet in the copied log; left out
    originals_damaged: dict[str, str]  # by SHA-256: why the original that the log names is not in the copy
    segments_damaged: dict[str, str]  # by name: what is wrong with those that could not be copied whole
    record_damaged: dict[str, str]  # by name of the file: what is gone from the record

    @property
    def is_whole(self) -> bool:
        return not self.originals_damaged and not self.segments_damaged and not self.record_damaged


def back_up(folder: Path, to: Path) -> BackedUp:
    """Copy a deployment into a new folder, while it serves. How to restore it: see above.

    What is damaged in the deployment itself does not stop the rest from being saved: it is named in the result.

    Raises:
        DeploymentFault: `folder` is no deployment, or `to` exists, or a backup to it was left unfinished.
        app.event_store.faults.StoreRefused: a database is missing, not sound, or cannot be copied.
        OSError: the copy cannot be written; nothing of it is left.
    """
    place = deployment.load(folder)
    if to.absolute().is_relative_to(folder.absolute()):
        raise DeploymentFault(f"{to} lies in the data directory itself; name a folder elsewhere, best on another disk")
    with _published(to) as aside:
        copy = deployment.create(aside, place.settings)
        position, segments_damaged, ahead = _copy_record_and_index(place, copy)
        _copy_calibrations(place, copy)
        _copy_database(place.credentials, copy.credentials)
        originals, originals_damaged = _copy_originals(place, copy)
        originals_damaged |= _copy_attachments(place, copy)
        gone = gaps_of(copy.log)
    return BackedUp(
        folder=str(to),
        position=position,
        originals=originals,
        footages_ahead=ahead,
        originals_damaged=originals_damaged,
        segments_damaged=segments_damaged,
        record_damaged={copy.log.name: gone} if gone else {},
    )


@contextmanager
def _published(to: Path) -> Iterator[Path]:
    """A new folder beside `to`, which takes its name when the block has ended well and all of it is on the disk."""
    aside = to.with_name(f"{to.name}.partial")
    if to.exists():
        raise DeploymentFault(f"{to} exists already; name a new folder for each backup")
    try:
        aside.mkdir(parents=True, mode=0o700)
    except FileExistsError as fault:
        raise DeploymentFault(
            f"{aside} is there: a backup was interrupted, or is under way; remove it where none is, then repeat"
        ) from fault
    try:
        yield aside
        sync_tree(aside)
        aside.rename(to)
    except BaseException as fault:
        shutil.rmtree(aside, ignore_errors=True)  # what went wrong is raised, whether or not all of this goes
        if isinstance(fault, sqlite3.DatabaseError):
            mend = "free its disk, or name a folder on another one, then copy again"
            raise StoreRefused(to, f"a database was not copied: {fault}", mend) from fault
        raise
    sync_folder(to.absolute().parent)


def _copy_record_and_index(place: Deployment, copy: Deployment) -> tuple[int, dict[str, str], list[str]]:
    """Once more, where another model came into force meanwhile: the copied log would name a generation that the copied
    index may hold no longer."""
    while True:
        position = back_up_record(place.log, place.keys, copy.folder)
        damaged, ahead = _copy_index(place, copy)
        if _switches_in(place.log) == _switches_in(copy.log):
            return position, damaged, ahead
        for path in (copy.log, copy.keys):
            path.unlink()
        shutil.rmtree(copy.index)
        copy.index.mkdir()


def _switches_in(log: Path) -> int:
    return sum(1 for _ in events_in(log, SwitchCompleted))


def _copy_originals(place: Deployment, copy: Deployment) -> tuple[int, dict[str, str]]:
    """How many originals were copied whole, and why the others that the copied log names were not."""
    copied, damaged, faults = 0, dict[str, str](), dict[str, str]()
    gone = streams_of(copy.log, ENDS) | streams_of(place.log, ENDS)  # the second: gone since the log was copied
    for archived in events_in(copy.log, FootageArchived):
        if isinstance(archived, Unreadable):
            damaged[f"at position {archived.position}"] = f"the event that names it is unreadable: {archived.fault}"
            continue
        if footage_id(archived.sha256).hex in gone:
            continue
        fault = _copy_original(archived.sha256, place, copy)
        if fault:
            faults[archived.sha256] = fault
        else:
            copied += 1
    gone = streams_of(place.log, ENDS) if faults else frozenset()  # asked for last: a file goes after its event
    return copied, damaged | {sha256: faults[sha256] for sha256 in faults if footage_id(sha256).hex not in gone}


def _copy_original(sha256: str, place: Deployment, copy: Deployment) -> str:
    """Copy one original. Returns what is wrong with it, if anything is.

    What no longer has its digest is kept beside, as evidence of what is left, never in the place of the original.
    """
    original, target = place.original(sha256), copy.original(sha256)
    target.parent.mkdir(exist_ok=True)
    try:
        source = original.open("rb")
    except FileNotFoundError:
        return "it is missing"
    except OSError as unopened:
        return f"it cannot be opened: {unopened.strerror}"
    with source:
        digest, fault = copy_digested(source, target)
    if not fault and digest != sha256:
        fault = f"its bytes have the digest {digest}"
    if fault:
        kept = target.rename(target.with_name(f"{sha256}.damaged"))
        return f"{fault}; what could be read of it is {kept.relative_to(copy.folder)} in the copy"
    with suppress(FileNotFoundError):  # it went when its bytes were copied: the copied log has it still
        shutil.copystat(original, target)
    return ""


class _Attached(NamedTuple):
    """A sealed file that the log names: of a case, or a picture of a resident's report."""

    key: UUID
    sealed_sha256: str
    subject: UUID  # under whose key it is sealed


def _attached_in(log: Path) -> Iterator[_Attached | Unreadable]:
    for added in events_in(log, AttachmentAdded):
        if isinstance(added, Unreadable):
            yield added
        else:
            yield _Attached(added.attachment, added.sealed_sha256, added.name.subject)
    for report in events_in(log, ReportSubmitted):
        if isinstance(report, Unreadable):
            yield report
        else:
            yield from (_Attached(each.photo, each.sealed_sha256, report.narrative.subject) for each in report.photos)


def _copy_attachments(place: Deployment, copy: Deployment) -> dict[str, str]:
    """Sealed as they are. Why those that the copied log names are not in the copy."""
    damaged = dict[str, str]()
    gone = _removed_in(copy.log) | _removed_in(place.log)
    faults = dict[_Attached, str]()
    for attached in _attached_in(copy.log):
        if isinstance(attached, Unreadable):
            damaged[f"at position {attached.position}"] = f"the event that names it is unreadable: {attached.fault}"
        elif attached.key not in gone and (fault := _copy_attachment(attached, place, copy)):
            faults[attached] = fault
    if faults:  # asked for last: a file goes after its event, or its key
        gone, erased = _removed_in(place.log), subjects_erased(place.keys)
        faults = {each: faults[each] for each in faults if each.key not in gone and each.subject not in erased}
    return damaged | {f"attachment {each.key}": fault for each, fault in faults.items()}


def _removed_in(log: Path) -> frozenset[UUID]:
    return frozenset(each.attachment for each in events_in(log, AttachmentRemoved) if not isinstance(each, Unreadable))


def _copy_attachment(attached: _Attached, place: Deployment, copy: Deployment) -> str:
    """Returns what is wrong with it, if anything is; then nothing of it is in the copy."""
    target = copy.attachment(attached.key)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source = place.attachment(attached.key).open("rb")
    except FileNotFoundError:
        return "it is missing"
    except OSError as unopened:
        return f"it cannot be opened: {unopened.strerror}"
    with source:
        digest, fault = copy_digested(source, target)
    if not fault and digest != attached.sealed_sha256:
        fault = f"its bytes have the digest {digest}"
    if fault:
        target.unlink()
    return fault


def _copy_index(place: Deployment, copy: Deployment) -> tuple[dict[str, str], list[str]]:
    """What is wrong with segments that could not be copied whole, and the footages that the copied log lacks."""
    manifest = manifest_of(place.index)
    if manifest is None:
        return {}, []
    with FootageIndex(place.index, manifest) as index:
        damaged = index.backup(copy.index)
    with FootageIndex(copy.index, manifest) as index:
        return damaged, forget_what_is_ahead(index, copy.log)


def _copy_calibrations(place: Deployment, copy: Deployment) -> None:
    """Each is written whole or not at all, and never changed."""
    copy.calibrations.mkdir()
    for file in place.calibrations.glob("*.nulls"):
        shutil.copyfile(file, copy.calibrations / file.name)


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
    deployment.write_settings(Deployment(folder, msgspec.structs.replace(place.settings, format=deployment.FORMAT)))
    return Migrated(folder=str(folder), from_format=found, to_format=deployment.FORMAT)
