"""What a list shows its reader: the gate's answer for every relation and state, as a condition of the query.

The gate works the alternatives out by asking the policies (`app/access/list_scope.py`), so that a list and the gate
cannot disagree; here they only become SQL over the views' columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, not_, or_, select, true

from app.access.list_scope import ListScope
from app.access.operations import Operation
from app.call import Call
from app.composition import Services
from projections import case_queries, child_timeline
from projections import concerns as concern_views
from projections import officers as officer_views
from projections.authorisation_queries import state_at
from projections.authorisations import authorisations
from projections.case_board import cases
from projections.child_profiles import profiles
from projections.clips import clips
from projections.communities.posts import postings, unit_of_posting
from projections.incident_board import OPEN, VOIDED, incidents
from projections.initiatives.board import initiatives
from projections.organisation import accounts
from projections.reports import board as report_views
from projections.schools.board import schools
from projections.search_ledger import searches
from projections.sharing import agreements as agreement_views
from projections.sharing import conference_queries, conferences, referrals, shares
from projections.sharing import consents as consent_views
from projections.webhooks import webhooks

Holds = Callable[[UUID], ColumnElement[bool]]  # whether a field that holds several has this one
Columns = Mapping[str, ColumnElement[object] | Holds]


def condition(house: Services, call: Call, operation: Operation, columns: Columns) -> ColumnElement[bool]:
    """The rows that the caller may read one by one, and no others."""
    scope: ListScope = house.desk.gate.scope_of_lists(call.principal, operation)
    if scope.everything:
        return true()
    alternatives = [
        and_(
            *(_is_own(columns[field], scope.own_value(field)) for field in sorted(alternative.own)),
            true() if alternative.states is None else _is_in(columns["state"], alternative.states),
        )
        for alternative in scope.alternatives
    ]
    return or_(*alternatives) if alternatives else false()


def _is_own(column: ColumnElement[object] | Holds, own: UUID) -> ColumnElement[bool]:
    return column == own if isinstance(column, ColumnElement) else column(own)


def _is_in(column: ColumnElement[object] | Holds, states: frozenset[str]) -> ColumnElement[bool]:
    assert isinstance(column, ColumnElement), "a thing has one state"
    return column.in_(sorted(states))


def incident_columns() -> Columns:
    state = case({OPEN: "recorded", VOIDED: "voided"}, value=incidents.c.state)
    return {"unit": incidents.c.unit, "officer": incidents.c.officer, "state": state}


def child_columns() -> Columns:
    return {"unit": profiles.c.unit, "case_units": case_queries.worked_with_by, "state": profiles.c.phase}


def authorisation_columns(at: datetime) -> Columns:
    decided_by = func.coalesce(
        authorisations.c.approver, case((authorisations.c.state == "refused", authorisations.c.ended_by))
    )
    return {
        "requester": authorisations.c.requester,
        "requester_unit": authorisations.c.requester_unit,
        "approver": decided_by,
        "approver_unit": authorisations.c.approver_unit,
        "state": state_at(at),
    }


def search_columns() -> Columns:
    return {
        "searcher": searches.c.searcher,
        "searcher_unit": searches.c.searcher_unit,
        "requester": _of_authority("requester", searches.c.authorisation),
        "approver": _of_authority("approver", searches.c.authorisation),
        "state": case((searches.c.refused_code.is_(None), "run"), else_="refused"),
    }


def clip_columns() -> Columns:
    return {
        "searcher": clips.c.by,
        "searcher_unit": clips.c.unit,
        "requester": _of_authority("requester", clips.c.authorisation),
        "approver": _of_authority("approver", clips.c.authorisation),
        "state": case((clips.c.refused_code.is_(None), "run"), else_="refused"),
    }


def _of_authority(name: str, key: ColumnElement[object]) -> ColumnElement[object]:
    return select(authorisations.c[name]).where(authorisations.c.authorisation == key).scalar_subquery()


def account_columns() -> Columns:
    return {"account": accounts.c.account, "unit": accounts.c.unit}


def officer_columns() -> Columns:
    return {"account": officer_views.officers.c.account, "unit": officer_views.officers.c.unit}


def concern_columns(at: datetime) -> Columns:
    columns = concern_views.concerns.c
    return {"unit": columns.unit, "raiser": columns.raiser, "state": concern_views.state_at(at)}


def webhook_columns() -> Columns:
    return {"account": webhooks.c.account}


def post_columns() -> Columns:
    return {"account": postings.c.account, "unit": unit_of_posting()}


def report_columns() -> Columns:
    columns = report_views.reports.c
    own = {name: columns[name] for name in ("reporter", "community", "unit")}
    return {**own, "escalated_units": report_views.escalated_to}


def case_columns() -> Columns:
    return {name: cases.c[name] for name in ("unit", "officer", "offered_unit", "state")}


def school_columns() -> Columns:
    return {name: schools.c[name] for name in ("unit", "community", "police_unit", "prevention_unit")}


def initiative_columns() -> Columns:
    return {name: initiatives.c[name] for name in ("community", "unit")}


def agreement_columns() -> Columns:
    """Its state decides nothing: that it is recorded, which every row is, is all the policies know."""
    return {"units": agreement_views.of_unit, "agency_units": agreement_views.of_agency_unit}


def consent_columns() -> Columns:
    return {"unit": consent_views.consents.c.unit, "case_units": consent_views.worked_with_by}


def referral_columns() -> Columns:
    own = {name: referrals.referrals.c[name] for name in ("agency_unit", "state")}
    return {"unit": cases.c.unit, "officer": cases.c.officer, **own}


def of_referrals(house: Services, call: Call, *, inside: bool) -> ColumnElement[bool]:
    """The referrals that the caller is shown. Looked for `inside`, by child or case, none of the caller's own agency:
    of whom these are it is told one by one, on record.
    """
    if not inside:
        return condition(house, call, Operation.REFERRAL_LIST, referral_columns())
    theirs = referrals.referrals.c.agency_unit.is_distinct_from(call.principal.unit)
    return and_(condition(house, call, Operation.REFERRAL_FIND, referral_columns()), theirs)


def of_conferences(house: Services, call: Call, *, inside: bool) -> ColumnElement[bool]:
    """As `of_referrals`, of conferences that the caller's agency is admitted to."""
    if not inside:
        return condition(house, call, Operation.CONFERENCE_LIST, conference_columns())
    found = condition(house, call, Operation.CONFERENCE_FIND, conference_columns())
    return and_(found, not_(conference_queries.admits(call.principal.unit)))


def conference_columns() -> Columns:
    return {
        "unit": cases.c.unit,
        "officer": cases.c.officer,
        "invited_units": conference_queries.invites,
        "admitted_units": conference_queries.admits,
        "state": conferences.conferences.c.state,
    }


def of_shares(house: Services, call: Call) -> ColumnElement[bool]:
    """Of what was shared: the referrals and conferences that the caller is shown where those are listed."""
    letters, meetings, thing = referrals.referrals, conferences.conferences, shares.shares.c.thing
    of_referral, of_conference = (each(house, call, inside=False) for each in (of_referrals, of_conferences))
    return or_(
        exists().where(letters.c.referral == thing, cases.c.case == letters.c.case, of_referral),
        exists().where(meetings.c.conference == thing, cases.c.case == meetings.c.case, of_conference),
    )


def child_timeline_conditions(house: Services, call: Call, at: datetime) -> Mapping[str, ColumnElement[bool]]:
    """What of each strand of a child's timeline the caller may see."""
    read = condition(house, call, Operation.CASE_WORK, case_columns())
    seen = condition(house, call, Operation.CASE_LIST, case_columns())
    return {
        child_timeline.CHILD: condition(house, call, Operation.CHILD_LIST, child_columns()),
        child_timeline.INCIDENT: condition(house, call, Operation.INCIDENT_LIST, incident_columns()),
        child_timeline.CASE: read,
        child_timeline.CASE_SEEN: and_(seen, read.is_not(true())),  # not NOT: a case without officer compares as null
        child_timeline.CONCERN: condition(house, call, Operation.CONCERN_LIST, concern_columns(at)),
    }
