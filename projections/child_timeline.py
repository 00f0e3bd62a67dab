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
    ColumnElement,
    Connection,
    FromClause,
    MetaData,
    Select,
    Table,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from domain import child_events as facts
from domain import concern as concern_facts
from domain import prevention_case_events as case_facts
from domain.incident import ChildLinked, ChildUnlinked, IncidentRecorded
from projections import timeline
from projections.case_board import cases
from projections.case_timeline import entries as of_cases
from projections.child_profiles import links, profiles
from projections.concerns import concerns, state_at
from projections.incident_board import incidents
from projections.incident_timeline import entries as of_incidents
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.view import View

CHILD, INCIDENT, CASE, CASE_SEEN, CONCERN = "child", "incident", "case", "case-seen", "concern"  # strands

metadata = MetaData()
of_profiles = timeline.entry_table("child_events", metadata)
of_concerns = timeline.entry_table("concern_events", metadata)  # but that one expired: then none of them is shown


class ChildEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `child`: whom it concerns, which after a merge may be another profile of the same child.

    Of a case that the reader may only know of, no more than when its state became what it is.
    """

    position: int
    child: UUID
    kind: str  # of the thing that it happened to: CHILD, INCIDENT, CASE or CONCERN
    thing: UUID
    version: int | None
    topic: str
    recorded_at: datetime
    actor: UUID | None
    actor_username: str | None = None
    role: str | None
    purpose: str | None
    facts: str  # a JSON object; a sealed field is {"sealed": part, "subject": UUID}

    def read_facts(self) -> dict[str, Any]:
        return msgspec.json.decode(self.facts, type=dict[str, Any])


# From the children that are meant, and the time, to a SELECT of a ChildEntry's columns. It may be narrowed by the
# reader's condition, so it joins the table which that condition is on.
Strand: TypeAlias = Callable[[Sequence[UUID], datetime], Select[Any]]

_TOLD = ("version", "actor", "role", "purpose")  # that whoever may only know of a thing is not told


def timeline_page(
    connection: Connection,
    child: UUID,
    at: datetime,
    *,
    only: Mapping[str, ColumnElement[bool]],
    cursor: str | None = None,
    limit: int = 100,
) -> Page[ChildEntry]:
    """The child's events from the first, as may be told at the time `at`.

    `only`: by strand, what the reader may see; strands that it does not name are left out. CASE_SEEN is of cases that
    are not in CASE: an event is in one strand at most.
    """
    family = profiles_of(connection, child)
    strands = [strand(family, at).where(only[name]) for name, strand in STRANDS.items() if name in only]
    together = union_all(*strands).subquery("strands")
    query = rows_of(ChildEntry, together, actor_username=username_of(together.c.actor))
    return page(connection, ChildEntry, query, _order(together), cursor=cursor, limit=limit)


def profiles_of(connection: Connection, child: UUID) -> tuple[UUID, ...]:
    """The profile and those that were merged into it."""
    query = select(profiles.c.child).where(profiles.c.survivor == child).order_by(profiles.c.child)
    return (child, *connection.execute(query).scalars())


def entries_of(kind: str, children: ColumnElement[Any], source: Table, *, seen: bool = False) -> Select[Any]:
    """A SELECT of a ChildEntry's columns, from the entries of a kind of things; `seen`: no more than that it was."""
    told = {name: cast(null(), source.c[name].type) if seen else source.c[name] for name in _TOLD}
    return select(
        source.c.position,
        children.label("child"),
        literal(kind).label("kind"),
        source.c.thing,
        source.c.topic,
        source.c.recorded_at,
        (literal("{}") if seen else source.c.facts).label("facts"),
        *(column.label(name) for name, column in told.items()),
    )


def _of_profiles(children: Sequence[UUID], at: datetime) -> Select[Any]:
    joined = of_profiles.join(profiles, profiles.c.child == of_profiles.c.thing)
    return (
        entries_of(CHILD, of_profiles.c.thing, of_profiles).select_from(joined).where(of_profiles.c.thing.in_(children))
    )


def _of_incidents(children: Sequence[UUID], at: datetime) -> Select[Any]:
    """What an incident was recorded as, the links of the child itself, and what happened while it was linked."""
    event = of_incidents.c
    linked = select(links.c.child, links.c.incident).where(links.c.child.in_(children)).distinct().subquery("linked")
    of_child = and_(links.c.child == linked.c.child, links.c.incident == linked.c.incident)
    roles_before = select(func.sum(links.c.change)).where(of_child, links.c.position < event.position)
    own = select(links.c.position).where(of_child, links.c.position == event.position)
    while_linked = and_(
        event.topic.not_in((ChildLinked.TOPIC, ChildUnlinked.TOPIC)), roles_before.scalar_subquery() > 0
    )
    joined = linked.join(of_incidents, event.thing == linked.c.incident).join(
        incidents, incidents.c.incident == linked.c.incident
    )
    return (
        entries_of(INCIDENT, linked.c.child, of_incidents)
        .select_from(joined)
        .where(or_(event.topic == IncidentRecorded.TOPIC, own.exists(), while_linked))
    )


def _of_cases(children: Sequence[UUID], at: datetime) -> Select[Any]:
    joined = cases.join(of_cases, of_cases.c.thing == cases.c.case)
    return entries_of(CASE, cases.c.child, of_cases).select_from(joined).where(cases.c.child.in_(children))


def _of_cases_seen(children: Sequence[UUID], at: datetime) -> Select[Any]:
    """That there is one, and what its state became: what `case_queries.CaseSummary` tells."""
    joined = cases.join(of_cases, of_cases.c.thing == cases.c.case)
    return (
        entries_of(CASE, cases.c.child, of_cases, seen=True)
        .select_from(joined)
        .where(cases.c.child.in_(children), of_cases.c.topic.in_(STATE_TOPICS))
    )


def _of_concerns(children: Sequence[UUID], at: datetime) -> Select[Any]:
    """Which child an expired one was of, nobody is told any more: it is in no timeline (`concerns.CONTENT`)."""
    joined = concerns.join(of_concerns, of_concerns.c.thing == concerns.c.concern)
    return (
        entries_of(CONCERN, concerns.c.child, of_concerns)
        .select_from(joined)
        .where(concerns.c.child.in_(children), state_at(at) != concern_facts.EXPIRED)
    )


def _order(together: FromClause) -> tuple[Any, ...]:
    """One event may concern two profiles of a family, once each."""
    return (together.c.position, together.c.child)


STATE_TOPICS = tuple(
    event.TOPIC
    for event in (case_facts.CaseOpened, case_facts.CaseClosed, case_facts.CaseReopened, case_facts.CaseSealed)
)

STRANDS: Mapping[str, Strand] = MappingProxyType(
    {
        CHILD: _of_profiles,
        INCIDENT: _of_incidents,
        CASE: _of_cases,
        CASE_SEEN: _of_cases_seen,
        CONCERN: _of_concerns,
    }
)

OF_PROFILES = (
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
)
OF_CONCERNS = (
    concern_facts.ConcernRaised,
    concern_facts.ConcernReviewed,
    concern_facts.HelpOffered,
    concern_facts.ConcernDismissed,
)

VIEW = View(
    name="child-timeline",
    version=2,
    metadata=metadata,
    folds={
        **dict.fromkeys(OF_PROFILES, timeline.entering(of_profiles)),
        **dict.fromkeys(OF_CONCERNS, timeline.entering(of_concerns)),
    },
)
