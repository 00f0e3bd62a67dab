"""What happened with one child, in order: of its profile, of those that were merged into it, and of what it is in.

A timeline is put together when it is read, from strands: each is a query that gives the events of one kind of thing
that concern some children. So merging and parting profiles changes no row, and each reader gets those things alone that
they may read. A further kind of thing is one more strand in `STRANDS`; the reader's condition on it comes from `app`,
and a strand without one is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

from domain import child_events as facts
from domain.event import Event, Recorded
from domain.incident import ChildLinked
from projections.child_profiles import links, profiles
from projections.clear_facts import clear_facts
from projections.columns import Instant, Position
from projections.incident_board import incidents
from projections.incident_timeline import timeline as of_incidents
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

CHILD, INCIDENT = "child", "incident"  # kinds of things

metadata = MetaData()
events = Table(  # of the profiles themselves
    "child_events",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("child", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("actor", Uuid, nullable=False),
    Column("role", String(32), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("child", "version"),
)


class ChildEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `child`: whom it concerns, which after a merge may be another profile of the same child."""

    position: int
    child: UUID
    kind: str  # of the thing that it happened to
    thing: UUID
    version: int
    topic: str
    recorded_at: datetime
    actor: UUID
    actor_username: str | None = None
    role: str
    purpose: str
    facts: str  # a JSON object; a sealed field is {"sealed": part, "subject": UUID}

    def read_facts(self) -> dict[str, Any]:
        return msgspec.json.decode(self.facts, type=dict[str, Any])


# From the children that are meant to a SELECT of a ChildEntry's columns. It may be narrowed by the reader's condition,
# so it joins the table which that condition is on.
Strand: TypeAlias = Callable[[Sequence[UUID]], Select[Any]]

_COMMON = ("version", "topic", "recorded_at", "actor", "role", "purpose", "facts")


def timeline_page(
    connection: Connection,
    child: UUID,
    *,
    only: Mapping[str, ColumnElement[bool]],
    cursor: str | None = None,
    limit: int = 100,
) -> Page[ChildEntry]:
    """The child's events from the first. `only`: by kind of thing, what the reader may see; kinds that it does not
    name are left out.
    """
    family = profiles_of(connection, child)
    strands = [strand(family).where(only[kind]) for kind, strand in STRANDS.items() if kind in only]
    together = union_all(*strands).subquery("strands")
    query = rows_of(ChildEntry, together, actor_username=username_of(together.c.actor))
    return page(connection, ChildEntry, query, _order(together), cursor=cursor, limit=limit)


def profiles_of(connection: Connection, child: UUID) -> tuple[UUID, ...]:
    """The profile and those that were merged into it."""
    query = select(profiles.c.child).where(profiles.c.survivor == child).order_by(profiles.c.child)
    return (child, *connection.execute(query).scalars())


def entries_of(kind: str, children: ColumnElement[Any], things: ColumnElement[Any], source: FromClause) -> Select[Any]:
    """A SELECT of a ChildEntry's columns, from a table that has the common ones."""
    return select(
        source.c.position,
        children.label("child"),
        literal(kind).label("kind"),
        things.label("thing"),
        *(source.c[name] for name in _COMMON),
    )


def _of_profiles(children: Sequence[UUID]) -> Select[Any]:
    joined = events.join(profiles, profiles.c.child == events.c.child)
    return (
        entries_of(CHILD, events.c.child, events.c.child, events)
        .select_from(joined)
        .where(events.c.child.in_(children))
    )


def _of_incidents(children: Sequence[UUID]) -> Select[Any]:
    """All of an incident but the links of other children. A child that has two roles in it has it once."""
    other = links.alias()
    first = select(func.min(other.c.position)).where(
        other.c.incident == links.c.incident, other.c.child == links.c.child
    )
    joined = links.join(of_incidents, of_incidents.c.incident == links.c.incident).join(
        incidents, incidents.c.incident == links.c.incident
    )
    return (
        entries_of(INCIDENT, links.c.child, links.c.incident, of_incidents)
        .select_from(joined)
        .where(
            links.c.child.in_(children),
            or_(
                of_incidents.c.position == links.c.position,
                and_(of_incidents.c.topic != ChildLinked.TOPIC, links.c.position == first.scalar_subquery()),
            ),
        )
    )


def _order(together: FromClause) -> tuple[Any, ...]:
    """One event may concern two profiles of a family, once each."""
    return (together.c.position, together.c.child)


STRANDS: Mapping[str, Strand] = MappingProxyType({CHILD: _of_profiles, INCIDENT: _of_incidents})


def _entered(rows: Rows, at: Recorded, event: Event) -> None:
    meta = at.meta
    rows.put(
        events,
        position=at.position,
        child=at.stream,
        version=at.version,
        topic=event.TOPIC,
        recorded_at=meta.recorded_at,
        actor=meta.actor,
        role=meta.role,
        purpose=meta.purpose,
        facts=clear_facts(event)[0],
    )


VIEW = View(
    name="child-timeline",
    version=1,
    metadata=metadata,
    folds=dict.fromkeys(
        (
            facts.ChildRegistered,
            facts.IdentityCorrected,
            facts.ContactsCorrected,
            facts.NarrativeAdded,
            facts.ProfilesMerged,
            facts.ProfilesUnmerged,
            facts.MergedInto,
            facts.MergeUndone,
            facts.ChildErasureRequested,
            facts.ChildErasureRefused,
            facts.IdentityErased,
            facts.IdentityDestroyed,
        ),
        _entered,
    ),
)
