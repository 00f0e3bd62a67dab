"""A sharing agreement: which units of the police share which fields with which agencies, for what, and how long.

One person proposes it and another one signs it; the same holds for what widens it. What narrows or ends it takes one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, DomainError, Invalid
from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed
from domain.sharing import scope, words
from domain.sharing.agreement_events import (
    AgreementEnded,
    AgreementExpired,
    AgreementProposed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    FieldsNarrowed,
    PurposeAdded,
    PurposeProposed,
)
from domain.sharing.agreement_state import EVOLVES, KIND, PROPOSED, SIGNED, STANDING, SUSPENDED, Agreement, in_phase

DAYS_MAX = 5 * 366
UNITS_MAX = 50


class SignerIsProposer(DomainError):
    """What lets data leave takes two people."""

    code = "signer-is-proposer"

    def __init__(self) -> None:
        super().__init__("nobody signs what they proposed; ask a data protection officer who did not propose it")


class ProposeAgreement(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    units: tuple[UUID, ...]
    police_units: frozenset[UUID]  # of these, those that there are, and that are of the police
    agencies: tuple[UUID, ...]
    active_agencies: frozenset[UUID]  # of these, those that take part
    purposes: tuple[str, ...]
    fields: tuple[str, ...]
    from_at: datetime
    until: datetime
    by: UUID
    by_unit: UUID
    at: datetime


class SignAgreement(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    by: UUID
    at: datetime


class ProposePurpose(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    purpose: str
    by: UUID
    at: datetime


class AddPurpose(msgspec.Struct, frozen=True, kw_only=True):
    """Sign a purpose that somebody else proposed."""

    agreement: UUID
    purpose: str
    by: UUID
    at: datetime


class NarrowFields(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    fields: tuple[str, ...]  # that are left
    by: UUID
    at: datetime


class SuspendAgreement(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class ResumeAgreement(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class EndAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Also of one that nobody signed."""

    agreement: UUID
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class ExpireAgreement(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    at: datetime


AgreementCommand: TypeAlias = (
    ProposeAgreement
    | SignAgreement
    | ProposePurpose
    | AddPurpose
    | NarrowFields
    | SuspendAgreement
    | ResumeAgreement
    | EndAgreement
    | ExpireAgreement
)


def decide_propose(state: Agreement | None, command: ProposeAgreement) -> tuple[Event, ...]:
    """For units among which is the proposer's own."""
    if state is not None:
        raise AlreadyExists(KIND, command.agreement)
    units = checks.unique("units", command.units, least=1, most=UNITS_MAX)
    for unit in units:
        if unit not in command.police_units:
            raise Invalid("units", f"{unit} is no unit of the police", "name some of GET /units")
    if command.by_unit not in units:
        raise Invalid("units", "do not name your own", "name the unit that you answer for, too")
    from_at, until = checks.span("from_at", command.from_at, "until", command.until)
    if until <= command.at:
        raise Invalid("until", "is over already", "give a day that is to come")
    if until - from_at > timedelta(days=DAYS_MAX):
        raise Invalid("until", f"is more than {DAYS_MAX} days after from_at", "agree on a shorter time")
    return (
        AgreementProposed(
            units=units,
            agencies=scope.agencies(command.agencies, command.active_agencies),
            purposes=scope.purposes(command.purposes),
            fields=scope.fields(command.fields),
            from_at=from_at,
            until=until,
            by=command.by,
        ),
    )


def decide_sign(state: Agreement | None, command: SignAgreement) -> tuple[Event, ...]:
    agreement = in_phase(state, command.agreement, command.at, PROPOSED)
    if command.by == agreement.proposer:
        raise SignerIsProposer
    return (AgreementSigned(by=command.by),)


def decide_propose_purpose(state: Agreement | None, command: ProposePurpose) -> tuple[Event, ...]:
    """Of one that is proposed already, nothing changes."""
    agreement = in_phase(state, command.agreement, command.at, SIGNED)
    purpose = checks.one_of("purpose", command.purpose, words.SHARING_PURPOSES)
    if purpose in agreement.purposes:
        raise Invalid("purpose", f"{purpose} is agreed on already", "leave it out")
    if purpose in dict(agreement.proposed_purposes):
        return ()
    return (PurposeProposed(purpose=purpose, by=command.by),)


def decide_add_purpose(state: Agreement | None, command: AddPurpose) -> tuple[Event, ...]:
    agreement = in_phase(state, command.agreement, command.at, SIGNED)
    proposed = dict(agreement.proposed_purposes)
    purpose = checks.one_of("purpose", command.purpose, words.SHARING_PURPOSES)
    if purpose not in proposed:
        raise Invalid("purpose", f"{purpose} waits for nobody's signature", "have a supervisor propose it first")
    if proposed[purpose] == command.by:
        raise SignerIsProposer
    return (PurposeAdded(purpose=purpose, by=command.by),)


def decide_narrow(state: Agreement | None, command: NarrowFields) -> tuple[Event, ...]:
    """To some of the fields that are agreed on, never to others."""
    agreement = in_phase(state, command.agreement, command.at, SIGNED, SUSPENDED)
    fields = scope.fields(command.fields)
    for field in fields:
        if field not in agreement.fields:
            raise Invalid("fields", f"{field} is not agreed on", "propose another agreement for more")
    return () if fields == agreement.fields else (FieldsNarrowed(fields=fields, by=command.by),)


def decide_suspend(state: Agreement | None, command: SuspendAgreement) -> tuple[Event, ...]:
    in_phase(state, command.agreement, command.at, SIGNED)
    return (AgreementSuspended(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_resume(state: Agreement | None, command: ResumeAgreement) -> tuple[Event, ...]:
    """What was revoked when it was suspended stays revoked: it is shared anew, or not at all."""
    in_phase(state, command.agreement, command.at, SUSPENDED)
    return (AgreementResumed(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_end(state: Agreement | None, command: EndAgreement) -> tuple[Event, ...]:
    in_phase(state, command.agreement, command.at, *STANDING)
    return (AgreementEnded(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_expire(state: Agreement | None, command: ExpireAgreement) -> tuple[Event, ...]:
    """Only says what the clock has done already; nothing where it ended before."""
    agreement = checks.existing(KIND, command.agreement, state)
    if agreement.phase not in STANDING:
        return ()
    if command.at < agreement.until:
        raise Invalid("at", "its time is not over", "end it, where it is to end now")
    return (AgreementExpired(at=agreement.until),)


DECIDER: Decider[AgreementCommand, Agreement] = Decider(
    kind=KIND,
    decides={
        ProposeAgreement: decide_propose,
        SignAgreement: decide_sign,
        ProposePurpose: decide_propose_purpose,
        AddPurpose: decide_add_purpose,
        NarrowFields: decide_narrow,
        SuspendAgreement: decide_suspend,
        ResumeAgreement: decide_resume,
        EndAgreement: decide_end,
        ExpireAgreement: decide_expire,
    },
    evolves=EVOLVES,
)
