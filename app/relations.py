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
from domain.child_state import Child
from domain.clip import Clip
from domain.concern import Concern, phase_at
from domain.footage_search import FootageSearch
from domain.footage_state import Footage
from domain.hold import Hold
from domain.incident import Incident
from domain.officer import Officer
from domain.prevention_case_state import PreventionCase

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


def prevention_case(key: UUID, state: PreventionCase | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.PreventionCase, key=key)
    return resources.PreventionCase(
        key=key, unit=state.unit, officer=state.officer, offered_unit=state.offered_unit, state=state.phase
    )


def proposed_case(key: UUID, unit: UUID) -> Resource:
    return resources.PreventionCase(key=key, unit=unit, state=PROPOSED)
