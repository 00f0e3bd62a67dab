"""A referral: an officer asks an agency to help a child of a prevention case, and shares for that what both the
agreement with the agency and somebody's consent allow: these fields, for this purpose, and no others.

What is shared is a copy, made when it is sent: what is written later is not shared by that. The agency sees who the
child is only once it has accepted, and nothing any more once the referral is declined, completed or revoked.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.incident import NARRATIVE_CHARACTERS_MAX
from domain.personal import Narrative, Reason, SharedFields
from domain.sealed import Sealed
from domain.sharing import referral_words
from domain.sharing.referral_events import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralDeclined,
    ReferralRevoked,
    ReferralSent,
    ServiceDelivered,
)
from domain.sharing.refusals import require_shareable

KIND = "referral"
FIELDS_MAX = 20
DELIVERIES_MAX = 200

SENT, ACCEPTED, DECLINED, COMPLETED, REVOKED = "sent", "accepted", "declined", "completed", "revoked"
PHASES = (SENT, ACCEPTED, DECLINED, COMPLETED, REVOKED)
STANDING = (SENT, ACCEPTED)  # that may still be revoked: something is shared, or is about to be


class SendReferral(msgspec.Struct, frozen=True, kw_only=True):
    """`agreed` and `consented`: what the agreement's and the consent's own records say at this time, of exactly this
    unit, agency, purpose and fields, and of this child.
    """

    referral: UUID
    child: UUID
    pseudonym: str
    case: UUID
    case_open: bool
    unit: UUID
    agency: UUID
    agency_unit: UUID | None  # None: there is no such agency that takes part
    service: str
    purpose: str
    fields: tuple[str, ...]
    agreement: UUID
    consent: UUID
    agreed: bool
    consented: bool
    profile: UUID | None = None
    by: UUID
    shared: Sealed[SharedFields]


class AcceptReferral(msgspec.Struct, frozen=True, kw_only=True):
    """`agreed` and `consented` as they are now."""

    referral: UUID
    agreed: bool
    consented: bool
    by: UUID


class DeclineReferral(msgspec.Struct, frozen=True, kw_only=True):
    referral: UUID
    cause: str
    reason: Sealed[Reason]
    by: UUID


class DeliverService(msgspec.Struct, frozen=True, kw_only=True):
    referral: UUID
    service: str
    delivered_at: datetime
    narrative: Sealed[Narrative]
    by: UUID
    at: datetime


class CompleteReferral(msgspec.Struct, frozen=True, kw_only=True):
    referral: UUID
    outcome: str
    by: UUID


class RevokeReferral(msgspec.Struct, frozen=True, kw_only=True):
    """Without a reason it follows from the cause, and is nothing where nothing is shared any more."""

    referral: UUID
    cause: str
    by: UUID
    reason: Sealed[Reason] | None = None


ReferralCommand: TypeAlias = (
    SendReferral | AcceptReferral | DeclineReferral | DeliverService | CompleteReferral | RevokeReferral
)


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    case: UUID
    unit: UUID
    agency: UUID
    agency_unit: UUID
    service: str
    purpose: str
    fields: tuple[str, ...]
    agreement: UUID
    consent: UUID
    phase: str = SENT
    deliveries: int = 0


def sendable(state: Referral | None, command: SendReferral) -> SendReferral:
    """The command as it is recorded, whatever is shared: what can be refused is, before anything of the child is
    opened. Raises AlreadyExists, Invalid, NotAgreed, NotConsented, WrongState.
    """
    if state is not None:
        raise AlreadyExists(KIND, command.referral)
    if not command.case_open:
        raise WrongState("prevention-case", command.case, "not open", "send a referral while it is")
    if command.agency_unit is None:
        raise Invalid("agency", f"{command.agency} is no agency that takes part", "name one of GET /agencies")
    checks.one_of("service", command.service, referral_words.SERVICE_KINDS)
    fields = checks.unique("fields", command.fields, least=1, most=FIELDS_MAX)
    require_shareable(agreed=command.agreed, consented=command.consented)
    return replace(command, fields=fields)


def decide_send(state: Referral | None, command: SendReferral) -> tuple[Event, ...]:
    checked = sendable(state, command)
    assert checked.agency_unit is not None
    return (
        ReferralSent(
            child=checked.child,
            pseudonym=checked.pseudonym,
            case=checked.case,
            unit=checked.unit,
            agency=checked.agency,
            agency_unit=checked.agency_unit,
            service=checked.service,
            purpose=checked.purpose,
            fields=checked.fields,
            agreement=checked.agreement,
            consent=checked.consent,
            profile=checked.profile,
            by=checked.by,
            shared=checked.shared,
        ),
    )


def decide_accept(state: Referral | None, command: AcceptReferral) -> tuple[Event, ...]:
    """The agreement and the consent must still stand: from here on something is told."""
    _in_phase(state, command.referral, SENT)
    require_shareable(agreed=command.agreed, consented=command.consented)
    return (ReferralAccepted(by=command.by),)


def decide_decline(state: Referral | None, command: DeclineReferral) -> tuple[Event, ...]:
    _in_phase(state, command.referral, SENT)
    cause = checks.one_of("cause", command.cause, referral_words.DECLINE_CAUSES)
    return (ReferralDeclined(cause=cause, by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_deliver(state: Referral | None, command: DeliverService) -> tuple[Event, ...]:
    """Several services may be delivered, one after the other; also others than the one that was asked for."""
    referral = _in_phase(state, command.referral, ACCEPTED)
    if referral.deliveries >= DELIVERIES_MAX:
        raise Invalid("service", f"was delivered {DELIVERIES_MAX} times", "complete the referral")
    checks.text("narrative", command.narrative.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    return (
        ServiceDelivered(
            service=checks.one_of("service", command.service, referral_words.SERVICE_KINDS),
            delivered_at=checks.past("delivered_at", command.delivered_at, command.at),
            by=command.by,
            narrative=command.narrative,
        ),
    )


def decide_complete(state: Referral | None, command: CompleteReferral) -> tuple[Event, ...]:
    _in_phase(state, command.referral, ACCEPTED)
    outcome = checks.one_of("outcome", command.outcome, referral_words.REFERRAL_OUTCOMES)
    return (ReferralCompleted(outcome=outcome, by=command.by),)


def decide_revoke(state: Referral | None, command: RevokeReferral) -> tuple[Event, ...]:
    referral = checks.existing(KIND, command.referral, state)
    by_itself = command.reason is None
    known = referral_words.REVOCATION_CAUSES if by_itself else referral_words.SAID_CAUSES
    cause = checks.one_of("cause", command.cause, known)
    if by_itself and referral.phase not in STANDING:
        return ()
    _in_phase(state, command.referral, *STANDING)
    reason = None if command.reason is None else checks.reason("reason", command.reason)
    return (ReferralRevoked(cause=cause, by=command.by, reason=reason),)


def evolve_sent(state: None, event: ReferralSent) -> Referral:
    return Referral(
        child=event.child,
        case=event.case,
        unit=event.unit,
        agency=event.agency,
        agency_unit=event.agency_unit,
        service=event.service,
        purpose=event.purpose,
        fields=event.fields,
        agreement=event.agreement,
        consent=event.consent,
    )


def evolve_accepted(state: Referral, event: ReferralAccepted) -> Referral:
    return replace(state, phase=ACCEPTED)


def evolve_declined(state: Referral, event: ReferralDeclined) -> Referral:
    return replace(state, phase=DECLINED)


def evolve_delivered(state: Referral, event: ServiceDelivered) -> Referral:
    return replace(state, deliveries=state.deliveries + 1)


def evolve_completed(state: Referral, event: ReferralCompleted) -> Referral:
    return replace(state, phase=COMPLETED)


def evolve_revoked(state: Referral, event: ReferralRevoked) -> Referral:
    return replace(state, phase=REVOKED)


DECIDER: Decider[ReferralCommand, Referral] = Decider(
    kind=KIND,
    decides={
        SendReferral: decide_send,
        AcceptReferral: decide_accept,
        DeclineReferral: decide_decline,
        DeliverService: decide_deliver,
        CompleteReferral: decide_complete,
        RevokeReferral: decide_revoke,
    },
    evolves={
        ReferralSent: evolve_sent,
        ReferralAccepted: evolve_accepted,
        ReferralDeclined: evolve_declined,
        ServiceDelivered: evolve_delivered,
        ReferralCompleted: evolve_completed,
        ReferralRevoked: evolve_revoked,
    },
)


def _in_phase(state: Referral | None, key: UUID, *phases: str) -> Referral:
    referral = checks.existing(KIND, key, state)
    if referral.phase not in phases:
        raise WrongState(KIND, key, referral.phase, f"this needs one that is {' or '.join(phases)}")
    return referral
