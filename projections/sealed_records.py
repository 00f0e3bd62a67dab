"""Which sealed records name whom: whoever erases a child destroys the keys of all that name it.

A record that lists whom it names is of these persons. Any other (a reason, what was written in a case) is taken to name
whomever its thing does: those whom that thing's records list, and the children that the incident was ever linked to.
After a child was erased, what is written of an incident or concern that it was merely in is not taken to name it any
more: it is about others. What is written of its own case or concern is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    MetaData,
    Select,
    Table,
    UniqueConstraint,
    Uuid,
    or_,
    select,
    union,
)

from domain import authorisation_events, child_events, concern, footage_search, incident
from domain import prevention_case_events as case_events
from domain.authorisation import MISSING_CHILD
from domain.child_state import ERASED
from domain.event import Recorded
from domain.ids import report_words_id
from domain.reports import events as report_events
from domain.sealed import Sealed
from domain.sharing import conference_events, consent_events, referral_events
from projections.child_profiles import links, profiles
from projections.columns import Position
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
names = Table(
    "sealed_record_names",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("subject", Uuid, primary_key=True),  # of the record
    Column("thing", Uuid, nullable=False),  # that the record is of
    Column("about", Boolean, nullable=False),  # this person, and so is every word of the thing
    UniqueConstraint("subject", "person"),
    UniqueConstraint("thing", "person", "subject"),
)
records = Table(  # that list nobody
    "sealed_records",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("thing", Uuid, nullable=False),
    Column("position", Position, nullable=False),
    UniqueConstraint("thing", "subject"),
)

report_incidents = Table(  # what a report became: what is written in it is of that, too
    "report_incidents",
    metadata,
    Column("report", Uuid, primary_key=True),
    Column("incident", Uuid, primary_key=True),  # more than one, where the first was voided
    UniqueConstraint("incident", "report"),
)
authority_incidents = Table(  # of missing children's authorisations: what is written to find a child is of it, too
    "authority_incidents",
    metadata,
    Column("authorisation", Uuid, primary_key=True),
    Column("incident", Uuid, nullable=False),
    UniqueConstraint("incident", "authorisation"),
)


def records_naming(connection: Connection, person: UUID) -> tuple[UUID, ...]:
    """The subjects of the sealed records that name a person."""
    found = union(*(each.with_only_columns(subject).where(whom == person) for each, subject, whom in _namings()))
    return tuple(sorted(connection.execute(found).scalars()))


def not_destroyed(connection: Connection) -> Mapping[UUID, tuple[UUID, ...]]:
    """Children whose erasure was agreed to, with the records that name them, where a key of these may stand yet:
    nothing was destroyed so far, or something was written since.
    """
    query = select(profiles.c.child, profiles.c.destroyed_at, profiles.c.records_destroyed)
    erased = connection.execute(query.where(profiles.c.phase == ERASED).order_by(profiles.c.child)).all()
    naming = {row.child: records_naming(connection, row.child) for row in erased}
    return {
        row.child: naming[row.child]
        for row in erased
        if row.destroyed_at is None or len(naming[row.child]) > row.records_destroyed
    }


def children_named(connection: Connection, subjects: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """The registered children whose data each subject is of: the child itself, or those that a record names."""
    found = union(
        select(profiles.c.child.label("subject"), profiles.c.child).where(profiles.c.child.in_(subjects)),
        *(
            each.where(profiles.c.child.is_not(None), subject.in_(subjects)).with_only_columns(subject, whom)
            for each, subject, whom in _namings()
        ),
    )
    children = defaultdict[UUID, set[UUID]](set)
    for subject, child in connection.execute(found):
        children[subject].add(child)
    return {subject: frozenset(each) for subject, each in children.items()}


def _namings() -> Iterator[tuple[Select[Any], Column[UUID], Column[UUID]]]:
    """Every way in which a record names somebody, with the columns of its subject and of the person; with the person's
    profile, where there is one.
    """
    profile = profiles.c.child
    erased = profiles.c.erased_position
    before = or_(erased.is_(None), records.c.position < erased)
    listed = names.outerjoin(profiles, profile == names.c.person)
    yield select().select_from(listed), names.c.subject, names.c.person
    of_report = records.join(report_incidents, report_incidents.c.report == records.c.thing)
    of_search = records.join(authority_incidents, authority_incidents.c.authorisation == records.c.thing)
    for of_thing, thing in (
        (records, records.c.thing),
        (of_report, report_incidents.c.incident),
        (of_search, authority_incidents.c.incident),
    ):
        named = of_thing.join(names, names.c.thing == thing).outerjoin(profiles, profile == names.c.person)
        yield select().select_from(named).where(or_(names.c.about, before)), records.c.subject, names.c.person
        children = of_thing.join(links, links.c.incident == thing).outerjoin(profiles, profile == links.c.child)
        yield (
            select().select_from(children).where(before, or_(erased.is_(None), links.c.position < erased)),
            records.c.subject,
            links.c.child,
        )


def _registered(rows: Rows, at: Recorded, event: child_events.ChildRegistered) -> None:
    if event.narrative is not None:
        _naming(rows, at, event.narrative.subject, (at.stream, *event.names))


def _narrative_added(rows: Rows, at: Recorded, event: child_events.NarrativeAdded) -> None:
    _naming(rows, at, event.narrative.subject, (at.stream, *event.names))


def _merged(rows: Rows, at: Recorded, event: child_events.ProfilesMerged | child_events.ProfilesUnmerged) -> None:
    _naming(rows, at, event.reason.subject, (at.stream, event.other))


def _incident_recorded(rows: Rows, at: Recorded, event: incident.IncidentRecorded) -> None:
    _naming(rows, at, event.narrative.subject, event.names)


def _case_opened(rows: Rows, at: Recorded, event: case_events.CaseOpened) -> None:
    """Files, and the words of older events, are sealed under the case itself."""
    _naming(rows, at, at.stream, (event.child,), about=event.child)
    _naming(rows, at, event.reason.subject, (event.child,), about=event.child)


def _concern_raised(rows: Rows, at: Recorded, event: concern.ConcernRaised) -> None:
    _naming(rows, at, event.narrative.subject, (event.child, *event.names), about=event.child)


def _consent_asked(
    rows: Rows, at: Recorded, event: consent_events.ConsentGiven | consent_events.ConsentRefused
) -> None:
    _naming(rows, at, event.giver_name.subject, (event.child,), about=event.child)


def _consent_not_sought(rows: Rows, at: Recorded, event: consent_events.ConsentNotSought) -> None:
    _naming(rows, at, event.reason.subject, (event.child,), about=event.child)


def _referral_sent(rows: Rows, at: Recorded, event: referral_events.ReferralSent) -> None:
    """Of a merged child, what is shared is the surviving profile's, too."""
    of = (event.child,) if event.profile is None else (event.child, event.profile)
    for child in of:
        _naming(rows, at, event.shared.subject, (child,), about=child)


def _conference_called(rows: Rows, at: Recorded, event: conference_events.ConferenceCalled) -> None:
    """What is said in it has records of its own."""
    for child in dict.fromkeys((event.child, event.profile)):
        _naming(rows, at, at.stream, (child,), about=child)


def _child_unlinked(rows: Rows, at: Recorded, event: incident.ChildUnlinked) -> None:
    if event.reason.subject != at.stream:
        _naming(rows, at, event.reason.subject, (event.child,))
    _written(rows, at, event)


def _report_triaged(rows: Rows, at: Recorded, event: report_events.ReportTriaged) -> None:
    _naming(rows, at, report_words_id(at.stream), event.names)


def _report_converted(rows: Rows, at: Recorded, event: report_events.ReportConverted) -> None:
    """Its words, and what the incident keeps of them, name the children whom any incident that it became names or is
    linked to."""
    for subject in (report_words_id(at.stream), event.record):
        if subject is not None:
            rows.put(records, subject=subject, thing=at.stream, position=at.position)
    rows.put(report_incidents, report=at.stream, incident=event.incident)


def _authority_requested(rows: Rows, at: Recorded, event: authorisation_events.AuthorisationRequested) -> None:
    """What it is asked for describes the child, and so does every question that is asked under it."""
    if event.incident is not None and event.legal_basis == MISSING_CHILD:
        rows.put(authority_incidents, authorisation=at.stream, incident=event.incident)
        rows.put(records, subject=event.purpose.subject, thing=at.stream, position=at.position)


def _searched(rows: Rows, at: Recorded, event: footage_search.SearchRun | footage_search.SearchRefused) -> None:
    """With the notes of those who reviewed what it found, which lie under the same key."""
    if event.authorisation is not None:
        rows.put(records, subject=event.query.subject, thing=event.authorisation, position=at.position)


def _written(rows: Rows, at: Recorded, event: object) -> None:
    """What older events say is sealed under their thing, which is listed with its first record."""
    for part in ("reason", "narrative"):
        sealed = getattr(event, part, None)
        if isinstance(sealed, Sealed) and sealed.subject != at.stream:
            rows.put(records, subject=sealed.subject, thing=at.stream, position=at.position)


def _naming(rows: Rows, at: Recorded, subject: UUID, persons: Iterable[UUID], *, about: UUID | None = None) -> None:
    for person in persons:
        rows.put(names, person=person, subject=subject, thing=at.stream, about=person == about)


VIEW = View(
    name="sealed-records",
    version=4,
    metadata=metadata,
    folds={
        child_events.ChildRegistered: _registered,
        child_events.NarrativeAdded: _narrative_added,
        child_events.ProfilesMerged: _merged,
        child_events.ProfilesUnmerged: _merged,
        incident.IncidentRecorded: _incident_recorded,
        incident.IncidentReclassified: _written,
        incident.ChildUnlinked: _child_unlinked,
        incident.IncidentVoided: _written,
        case_events.CaseOpened: _case_opened,
        case_events.RiskAssessed: _written,
        case_events.PlanProposed: _written,
        case_events.PlanRejected: _written,
        case_events.MeasureScheduled: _written,
        case_events.MeasureCompleted: _written,
        case_events.ContactNoted: _written,
        case_events.TermExtended: _written,
        case_events.TransferOffered: _written,
        case_events.TransferDeclined: _written,
        case_events.CaseClosed: _written,
        case_events.CaseReopened: _written,
        case_events.CaseSealed: _written,
        case_events.AttachmentRemoved: _written,
        concern.ConcernRaised: _concern_raised,
        concern.ConcernReviewed: _written,
        concern.HelpOffered: _written,
        concern.ConcernDismissed: _written,
        consent_events.ConsentGiven: _consent_asked,
        consent_events.ConsentRefused: _consent_asked,
        consent_events.ConsentNotSought: _consent_not_sought,
        consent_events.OverrideRequested: _written,
        consent_events.OverrideDenied: _written,
        consent_events.ConsentOverridden: _written,
        consent_events.OverrideLifted: _written,
        consent_events.ConsentWithdrawn: _written,
        referral_events.ReferralSent: _referral_sent,
        referral_events.ReferralDeclined: _written,
        referral_events.ServiceDelivered: _written,
        referral_events.ReferralRevoked: _written,
        conference_events.ConferenceCalled: _conference_called,
        conference_events.DecisionRecorded: _written,
        conference_events.TaskAgreed: _written,
        conference_events.TaskDone: _written,
        conference_events.ConferenceCancelled: _written,
        authorisation_events.AuthorisationRequested: _authority_requested,
        authorisation_events.AuthorisationWithdrawn: _written,
        authorisation_events.AuthorisationRefused: _written,
        authorisation_events.AuthorisationRevoked: _written,
        footage_search.SearchRun: _searched,
        footage_search.SearchRefused: _searched,
        report_events.ReportTriaged: _report_triaged,
        report_events.ReportConverted: _report_converted,
        report_events.ReportDuplicateUndone: _written,
        report_events.ReportRedacted: _written,
        report_events.ReportRedirected: _written,
        report_events.ReporterUpdated: _written,
        report_events.ReportFollowedUp: _written,
        report_events.ReportClosed: _written,
        report_events.ReportReopened: _written,
    },
)
