"""What the gate is asked about, of agreements and consents; what a decision on them rests on beside their stream."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.access import resources
from app.access.resources import PROPOSED, Absent, Resource
from app.desk import Desk
from domain import unit
from domain.ids import agency_id
from domain.log import Change
from domain.sharing import agency
from domain.sharing.agency import Agency
from domain.sharing.agreement_state import Agreement
from domain.sharing.consent_state import Consent
from domain.vocabulary import UNIT_KINDS
from projections.case_queries import case_units_of
from projections.database import ViewsDatabase

RECORDED = "recorded"
OF_OTHERS = ("school", agency.UNIT_KIND)  # kinds of units that are none of the police


def of_agency(key: UUID, state: Agency | None) -> Resource | Absent:
    return Absent(of=resources.Agency, key=key) if state is None else resources.Agency(key=key)


def of_agreement(desk: Desk, key: UUID, state: Agreement | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.SharingAgreement, key=key)
    return resources.SharingAgreement(
        key=key, units=frozenset(state.units), agency_units=agency_units(desk, state.agencies), state=RECORDED
    )


def proposed_agreement(key: UUID, units: Iterable[UUID]) -> Resource:
    return resources.SharingAgreement(key=key, units=frozenset(units), state=PROPOSED)


def of_consent(views: ViewsDatabase, key: UUID, state: Consent | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.Consent, key=key)
    with views.reading() as reading:
        case_units = case_units_of(reading, state.child)
    return resources.Consent(key=key, unit=state.unit, case_units=frozenset(case_units), state=RECORDED)


def proposed_consent(key: UUID, asker: UUID, case_units: Iterable[UUID]) -> Resource:
    return resources.Consent(key=key, unit=asker, case_units=frozenset(case_units), state=PROPOSED)


def agency_units(desk: Desk, agencies: Iterable[UUID]) -> frozenset[UUID]:
    """In which the people of these agencies serve."""
    states = (desk.load(agency.DECIDER, key).state for key in agencies)
    return frozenset(state.unit for state in states if state is not None)


def active_agencies(desk: Desk, agencies: Iterable[UUID]) -> tuple[frozenset[UUID], tuple[Change, ...]]:
    """Those that take part, and their streams, to be named unchanged in a decision that rests on it: where one is
    withdrawn meanwhile, it is decided anew.
    """
    active, guards = set[UUID](), []
    for key in dict.fromkeys(agencies):
        loaded = desk.load(agency.DECIDER, key)
        if loaded.state is not None and loaded.state.active:
            active.add(key)
            guards.append(Change(key, loaded.version, ()))
    return frozenset(active), tuple(guards)


def police_units(desk: Desk, units: Iterable[UUID]) -> frozenset[UUID]:
    kinds = {key: unit_kind(desk, key) for key in units}
    return frozenset(key for key, kind in kinds.items() if kind in UNIT_KINDS and kind not in OF_OTHERS)


def unit_kind(desk: Desk, key: UUID) -> str:
    """Empty where there is no such unit."""
    state = desk.load(unit.DECIDER, key).state
    return "" if state is None else state.kind


def own_agency(desk: Desk, of_unit: UUID) -> UUID | None:
    """The agency whose people serve in the unit, where there is one."""
    key = agency_id(of_unit)
    return None if desk.load(agency.DECIDER, key).state is None else key
