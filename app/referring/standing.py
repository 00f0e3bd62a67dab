"""What a share rests on, read from the records of all of it: the child, the agency, the agreement and the consent.

Each is named unchanged in the decision that rests on it, so that what is withdrawn meanwhile is not shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.desk import Desk, Loaded
from domain import child, prevention_case
from domain.log import Change, EventLog
from domain.prevention_case_events import CaseOpened
from domain.prevention_case_state import PreventionCase, not_sealed
from domain.sharing import agency, agreement, consent
from domain.sharing.agreement_state import covers
from domain.sharing.consent_state import permits
from domain.sharing.refusals import require_shareable


class Family(NamedTuple):
    """A child's profile and those that are of the same child. `own`: the one that stands for it."""

    own: UUID
    members: tuple[UUID, ...]  # the own one first
    erased: bool
    guards: tuple[Change, ...]


class Basis(NamedTuple):
    agency_unit: UUID | None  # None: there is no such agency that takes part
    agreed: bool
    consented: bool
    guards: tuple[Change, ...]


@dataclass(frozen=True)
class Share:
    """What is to be shared with whom, and on what it is to rest."""

    unit: UUID
    agency: UUID
    purpose: str
    fields: Sequence[str]
    agreement: UUID
    consent: UUID


def family_of(desk: Desk, key: UUID) -> Family:
    """A child that has no profile is its own family."""
    loaded = desk.load(child.DECIDER, key)
    survivor = None if loaded.state is None else loaded.state.survivor
    kept = loaded if survivor is None else desk.load(child.DECIDER, survivor)
    own = kept.stream
    merged = () if kept.state is None else kept.state.merged
    members = (own, *merged)
    profiles = {own: kept, key: loaded}
    every = [profiles.get(member) or desk.load(child.DECIDER, member) for member in members]
    return Family(
        own=own,
        members=members,
        erased=any(each.state is not None and each.state.erased for each in every),
        guards=tuple(unchanged(each) for each in every if each.state is not None),
    )


def basis_of(desk: Desk, family: Family, share: Share, at: datetime) -> Basis:
    """Whether the share is covered and permitted at that time. A consent is of one profile; the others of the family
    are the same child's.
    """
    of_agency = desk.load(agency.DECIDER, share.agency)
    of_agreement = desk.load(agreement.DECIDER, share.agreement)
    of_consent = desk.load(consent.DECIDER, share.consent)
    what: dict[str, Any] = {"agency": share.agency, "purpose": share.purpose, "fields": share.fields, "at": at}
    takes_part = of_agency.state is not None and of_agency.state.active
    every: tuple[Loaded[Any], ...] = (of_agency, of_agreement, of_consent)
    return Basis(
        agency_unit=of_agency.state.unit if of_agency.state is not None and takes_part else None,
        agreed=takes_part and covers(of_agreement.state, unit=share.unit, **what),
        consented=any(permits(of_consent.state, child=member, **what) for member in family.members),
        guards=tuple(unchanged(each) for each in every if each.state is not None),
    )


def require_standing(desk: Desk, key: UUID, share: Share, at: datetime) -> None:
    """Of a share that was made about the child `key`: that it still may be. Raises NotAgreed, NotConsented."""
    basis = basis_of(desk, family_of(desk, key), share, at)
    require_shareable(agreed=basis.agreed, consented=basis.consented)


def stands(desk: Desk, key: UUID, share: Share, at: datetime) -> bool:
    """Whether what was shared about the child `key` still may be."""
    basis = basis_of(desk, family_of(desk, key), share, at)
    return basis.agreed and basis.consented


def case_of(desk: Desk, key: UUID) -> Loaded[PreventionCase]:
    return desk.load(prevention_case.DECIDER, key)


def require_unsealed(desk: Desk, case: UUID) -> None:
    """What was shared, or said, of a case that is sealed is opened by nobody. Raises WrongState."""
    state = case_of(desk, case).state
    if state is not None:
        not_sealed(state, case)


def pseudonym_in(log: EventLog, case: UUID) -> str:
    """How the case calls its child."""
    opened = next(iter(log.events(case, until_version=1)))
    assert isinstance(opened, CaseOpened)
    return opened.pseudonym


def unchanged(loaded: Loaded[Any]) -> Change:
    return Change(loaded.stream, loaded.version, ())
