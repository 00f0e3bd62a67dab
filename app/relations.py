"""From an aggregate's state to what the gate is asked about. A stream without events becomes `Absent`:
the gate answers for it as for a thing that is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.access import resources
from app.access.resources import PROPOSED, Absent, Resource, System
from domain.account import Account
from domain.authorisation_state import Authorisation
from domain.camera import Camera
from domain.camera_network.programme import Programme
from domain.child_state import Child
from domain.clip import Clip
from domain.concern import Concern, phase_at
from domain.footage_search import FootageSearch
from domain.footage_state import Footage
from domain.hold import Hold
from domain.incident import Incident
from domain.initiatives.initiative import Initiative
from domain.national.claim import Claim
from domain.officer import Officer
from domain.prevention_case_state import PreventionCase
from domain.reports.state import Report
from domain.schools.school import School
from domain.sharing.conference_state import Conference
from domain.sharing.referral import Referral
from domain.webhooks.webhook import Webhook

SYSTEM = System()


def incident(key: UUID, state: Incident | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.Incident, key=key)
    return resources.Incident(
        key=key, unit=state.unit, officer=state.officer, state="voided" if state.voided else "recorded"
    )


def proposed_incident(key: UUID, unit: UUID, officer: UUID) -> Resource:
    return resources.Incident(key=key, unit=unit, officer=officer, state=PROPOSED)


def child(key: UUID, state: Child | None, case_units: Iterable[UUID]) -> Resource | Absent:
    """`case_units`: that have an open prevention case of the child."""
    if state is None:
        return Absent(of=resources.Child, key=key)
    return resources.Child(key=key, unit=state.unit, case_units=frozenset(case_units), state=state.phase)


def proposed_child(key: UUID, unit: UUID) -> Resource:
    return resources.Child(key=key, unit=unit, state=PROPOSED)


def camera(key: UUID | str, state: Camera | None) -> Resource | Absent:
    return Absent(of=resources.Camera, key=key) if state is None else resources.Camera(key=key)


def footage(sha256: str, state: Footage | None) -> Resource | Absent:
    return Absent(of=resources.Footage, key=sha256) if state is None else resources.Footage(key=sha256)


def hold(key: UUID, state: Hold | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.Hold, key=key)
    return resources.Hold(key=key, unit=state.unit, officer=state.by)


def authorisation(key: UUID, state: Authorisation | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.Authorisation, key=key)
    return resources.Authorisation(
        key=key,
        requester=state.requester,
        requester_unit=state.requester_unit,
        approver=state.approver,
        approver_unit=state.approver_unit,
        state=state.phase,
    )


def proposed_authorisation(key: UUID, requester: UUID, unit: UUID) -> Resource:
    return resources.Authorisation(key=key, requester=requester, requester_unit=unit, state=PROPOSED)


def account(key: UUID, state: Account | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.AccountRecord, key=key)
    return resources.AccountRecord(key=key, account=key, unit=state.unit)


def proposed_search(key: UUID, searcher: UUID, unit: UUID) -> Resource:
    return resources.Search(key=key, searcher=searcher, searcher_unit=unit, state=PROPOSED)


def search(key: UUID, state: FootageSearch | None, authority: Authorisation | None) -> Resource | Absent:
    """`authority` is the authorisation that the search names, where there is one."""
    if state is None:
        return Absent(of=resources.Search, key=key)
    return resources.Search(
        key=key,
        searcher=state.searcher,
        searcher_unit=state.searcher_unit,
        requester=None if authority is None else authority.requester,
        approver=None if authority is None else authority.approver,
        state="refused" if state.refused else "run",
    )


def clip(key: UUID, state: Clip | None, authority: Authorisation | None) -> Resource | Absent:
    """`authority` is the authorisation that it was asked for under, where there is one."""
    if state is None:
        return Absent(of=resources.Clip, key=key)
    return resources.Clip(
        key=key,
        searcher=state.by,
        searcher_unit=state.unit,
        requester=None if authority is None else authority.requester,
        approver=None if authority is None else authority.approver,
        state="refused" if state.refused else "run",
    )


def officer(key: UUID, state: Officer | None) -> Resource | Absent:
    """`key` is the account."""
    return Absent(of=resources.Officer, key=key) if state is None else proposed_officer(key, state.unit)


def proposed_officer(key: UUID, unit: UUID) -> Resource:
    return resources.Officer(key=key, account=key, unit=unit)


def concern(key: UUID, state: Concern | None, at: datetime) -> Resource | Absent:
    """`at`: time ends it by itself."""
    if state is None:
        return Absent(of=resources.Concern, key=key)
    return resources.Concern(key=key, unit=state.unit, raiser=state.raiser, state=phase_at(state, at))


def proposed_concern(key: UUID, unit: UUID, raiser: UUID) -> Resource:
    return resources.Concern(key=key, unit=unit, raiser=raiser, state=PROPOSED)


def claim(key: UUID, state: Claim | None) -> Resource | Absent:
    return Absent(of=resources.Claim, key=key) if state is None else resources.Claim(key=key)


def prevention_case(key: UUID, state: PreventionCase | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.PreventionCase, key=key)
    return resources.PreventionCase(
        key=key, unit=state.unit, officer=state.officer, offered_unit=state.offered_unit, state=state.phase
    )


def proposed_case(key: UUID, unit: UUID) -> Resource:
    return resources.PreventionCase(key=key, unit=unit, state=PROPOSED)


def webhook(key: UUID, state: Webhook | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.Webhook, key=key)
    return resources.Webhook(key=key, account=state.account)


def school(key: UUID, state: School | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.School, key=key)
    return resources.School(
        key=key,
        unit=state.unit,
        community=state.community,
        police_unit=state.police_unit,
        prevention_unit=state.prevention_unit,
        state="registered",
    )


def proposed_school(
    key: UUID, *, unit: UUID, community: UUID, police_unit: UUID, prevention_unit: UUID
) -> resources.School:
    return resources.School(
        key=key,
        unit=unit,
        community=community,
        police_unit=police_unit,
        prevention_unit=prevention_unit,
        state=PROPOSED,
    )


def initiative(key: UUID, state: Initiative | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.Initiative, key=key)
    return resources.Initiative(key=key, community=state.community, unit=state.unit, state="launched")


def proposed_initiative(key: UUID, *, community: UUID, unit: UUID) -> resources.Initiative:
    return resources.Initiative(key=key, community=community, unit=unit, state=PROPOSED)


def programme(key: UUID, state: Programme | None) -> Resource | Absent:
    return Absent(of=resources.Programme, key=key) if state is None else resources.Programme(key=key)


def referral(key: UUID, state: Referral | None, case: PreventionCase | None) -> Resource | Absent:
    """`case` is the one that it was sent from: who has that now answers for the referral."""
    if state is None or case is None:
        return Absent(of=resources.Referral, key=key)
    return resources.Referral(
        key=key, unit=case.unit, officer=case.officer, agency_unit=state.agency_unit, state=state.phase
    )


def proposed_referral(key: UUID, case: PreventionCase, agency_unit: UUID) -> Resource:
    return resources.Referral(key=key, unit=case.unit, officer=case.officer, agency_unit=agency_unit, state=PROPOSED)


def conference(key: UUID, state: Conference | None, case: PreventionCase | None) -> Resource | Absent:
    """`case` is the one that it was called from: who has that now leads it."""
    if state is None or case is None:
        return Absent(of=resources.Conference, key=key)
    admitted = frozenset(each.unit for each in state.admitted)
    return resources.Conference(
        key=key,
        unit=case.unit,
        officer=case.officer,
        invited_units=admitted.union(each.unit for each in state.invited),
        admitted_units=admitted,
        state=state.phase,
    )


def proposed_conference(key: UUID, case: PreventionCase) -> Resource:
    return resources.Conference(key=key, unit=case.unit, officer=case.officer, state=PROPOSED)


def report(key: UUID, state: Report | None, duty_desks: frozenset[UUID] = frozenset()) -> Resource | Absent:
    """`duty_desks`: of its region, which answer it, too, once nobody acted in time."""
    if state is None:
        return Absent(of=resources.Report, key=key)
    return resources.Report(
        key=key,
        reporter=state.reporter,
        community=state.community,
        unit=state.unit,
        escalated_units=duty_desks if state.escalated else frozenset(),
        state="recorded",
    )


def proposed_report(key: UUID, reporter: UUID, community: UUID, unit: UUID) -> Resource:
    return resources.Report(key=key, reporter=reporter, community=community, unit=unit, state=PROPOSED)
