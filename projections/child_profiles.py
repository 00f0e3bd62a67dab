"""The profiles of children, by pseudonym, and in which incidents each is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from domain import child_events as facts
from domain.child_state import ERASED, MERGED, REGISTERED
from domain.event import Recorded
from domain.incident import ChildLinked, ChildUnlinked
from projections.columns import Instant, Position
from projections.organisation import unit_name_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
profiles = Table(
    "child_profiles",
    metadata,
    Column("child", Uuid, primary_key=True),
    Column("pseudonym", String(16), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("survivor", Uuid),
    Column("narratives", Integer, nullable=False),
    Column("erasure_order", String(64)),
    Column("erasure_asked_by", Uuid),
    Column("erased_position", Position),  # of the event that it was erased with
    Column("destroyed_at", Instant),
    Column("records_destroyed", Integer, nullable=False),  # of those that name the child
    Column("registered_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("registered_at", "child"),
    UniqueConstraint("unit", "registered_at", "child"),
    UniqueConstraint("survivor", "child"),
    UniqueConstraint("phase", "child"),
    UniqueConstraint("pseudonym", "registered_at", "child"),
)
links = Table(  # every linking and unlinking there was
    "child_links",
    metadata,
    Column("child", Uuid, primary_key=True),
    Column("incident", Uuid, primary_key=True),
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("change", Integer, nullable=False),  # of the number of roles that the child has in it: 1 or -1
    UniqueConstraint("incident", "child", "position"),
)

PHASES = (REGISTERED, MERGED, ERASED)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """`survivor`: the profile that this one was merged into."""

    child: UUID
    pseudonym: str
    unit: UUID
    unit_name: str | None = None
    phase: str  # domain.vocabulary.CHILD_PHASES
    survivor: UUID | None
    narratives: int
    erasure_order: str | None  # of a request that nobody decided on yet, or of the one that was agreed to
    erasure_asked_by: UUID | None
    destroyed_at: datetime | None  # when the keys were first gone
    registered_at: datetime
    changed_at: datetime
    version: int


def profile_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    phase: str | None = None,
    pseudonym: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Profile]:
    """Profiles, the last registered first. `only` is what the reader may see, as a condition on `profiles`."""
    query = _profiles()
    for name, wanted in {"phase": phase, "pseudonym": pseudonym}.items():
        if wanted is not None:
            query = query.where(profiles.c[name] == wanted)
    if only is not None:
        query = query.where(only)
    order = (profiles.c.registered_at, profiles.c.child)
    return page(connection, Profile, query, order, cursor=cursor, limit=limit, newest_first=True)


def profile(connection: Connection, child: UUID) -> Profile | None:
    return one(connection, Profile, _profiles().where(profiles.c.child == child))


def merged_into(connection: Connection, child: UUID) -> tuple[Profile, ...]:
    """The profiles that were merged into this one."""
    return every(connection, Profile, _profiles().where(profiles.c.survivor == child).order_by(profiles.c.child))


def _profiles() -> Select[Any]:
    return rows_of(Profile, profiles, unit_name=unit_name_of(profiles.c.unit))


def _registered(rows: Rows, at: Recorded, event: facts.ChildRegistered) -> None:
    rows.put(
        profiles,
        child=at.stream,
        pseudonym=event.pseudonym,
        unit=event.unit,
        phase=REGISTERED,
        narratives=0 if event.narrative is None else 1,
        records_destroyed=0,
        registered_at=at.meta.recorded_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )


def _changed(rows: Rows, at: Recorded, event: object, **values: object) -> None:
    rows.change(profiles, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


def _narrative_added(rows: Rows, at: Recorded, event: facts.NarrativeAdded) -> None:
    _changed(rows, at, event, narratives=rows.read(profiles, at.stream)["narratives"] + 1)


def _merged_into(rows: Rows, at: Recorded, event: facts.MergedInto) -> None:
    _changed(rows, at, event, phase=MERGED, survivor=event.survivor)


def _merge_undone(rows: Rows, at: Recorded, event: facts.MergeUndone) -> None:
    _changed(rows, at, event, phase=REGISTERED, survivor=None)


def _erasure_requested(rows: Rows, at: Recorded, event: facts.ChildErasureRequested) -> None:
    _changed(rows, at, event, erasure_order=event.order, erasure_asked_by=event.by)


def _erasure_refused(rows: Rows, at: Recorded, event: facts.ChildErasureRefused) -> None:
    _changed(rows, at, event, erasure_order=None, erasure_asked_by=None)


def _erased(rows: Rows, at: Recorded, event: facts.IdentityErased) -> None:
    _changed(
        rows,
        at,
        event,
        phase=ERASED,
        erasure_order=event.order,
        erasure_asked_by=event.requested_by,
        erased_position=at.position,
    )


def _destroyed(rows: Rows, at: Recorded, event: facts.IdentityDestroyed) -> None:
    """Told once more for what was written later."""
    before = rows.read(profiles, at.stream)
    _changed(
        rows,
        at,
        event,
        destroyed_at=before["destroyed_at"] or at.meta.recorded_at,
        records_destroyed=before["records_destroyed"] + event.records,
    )


def _child_linked(rows: Rows, at: Recorded, event: ChildLinked) -> None:
    rows.put(links, child=event.child, incident=at.stream, position=at.position, change=1)


def _child_unlinked(rows: Rows, at: Recorded, event: ChildUnlinked) -> None:
    rows.put(links, child=event.child, incident=at.stream, position=at.position, change=-1)


VIEW = View(
    name="child-profiles",
    version=3,
    metadata=metadata,
    folds={
        facts.ChildRegistered: _registered,
        facts.IdentityCorrected: _changed,
        facts.ContactsCorrected: _changed,
        facts.NarrativeAdded: _narrative_added,
        facts.ProfilesMerged: _changed,
        facts.ProfilesUnmerged: _changed,
        facts.MergedInto: _merged_into,
        facts.MergeUndone: _merge_undone,
        facts.ChildErasureRequested: _erasure_requested,
        facts.ChildErasureRefused: _erasure_refused,
        facts.IdentityErased: _erased,
        facts.IdentityDestroyed: _destroyed,
        ChildLinked: _child_linked,
        ChildUnlinked: _child_unlinked,
    },
)
