"""The authority for searches: no search without it, and nobody gives it to themselves or to their own unit.

It names a document and a legal basis, an incident or a case, cameras, a window of time and a number of searches, and
it ends. Which legal bases and limits hold is configuration to be checked by counsel. A picture of a child is a query
under one kind of authorisation only: asked for to find a missing child, approved by a second person as any, and over
within hours. Whether a picture shows a child no program here can tell: whoever searches says so, and that is on record.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import authorisation_state as evolved
from domain import checks, vocabulary
from domain.authorisation_events import (
    ApprovalDenied,
    AuthorisationApproved,
    AuthorisationExpired,
    AuthorisationRefused,
    AuthorisationRequested,
    AuthorisationRevoked,
    AuthorisationWithdrawn,
    SearchDrawn,
)
from domain.authorisation_state import APPROVED, EXPIRED, REQUESTED, Authorisation
from domain.decider import Decider
from domain.errors import AlreadyExists, DomainError, Invalid, WrongState
from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed
from domain.search_draw import CAMERAS_MAX, DrawSearch, decide_draw
from domain.search_refusals import ApproverIsRequester, ApproverSameUnit

WINDOW_MAX = timedelta(days=31)
QUOTA_MAX = 1_000
VALID_HOURS_MAX = 720
CHILD_IMAGE_HOURS = 24  # unless a deployment asks for another limit
CHILD_IMAGE_HOURS_MAX = 72  # that a deployment may ask for
MISSING_CHILD = "missing-child"  # of vocabulary.LEGAL_BASES
CASE_NUMBER = re.compile(r"(?=.*\d)[0-9A-ZА-ЯҐЄІЇ][0-9A-ZА-ЯҐЄІЇ/.-]{3,31}")  # "12026100070001234", "757/1204/26-К"
REFERENCE = re.compile(r"[\w№][\w№/. -]{1,59}")  # "760/1234/26", "№ 12-к": no room for a sentence


class RequestAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    authorisation: UUID
    requester: UUID
    requester_unit: UUID
    legal_basis: str
    reference: str
    incident: UUID | None = None
    case_number: str | None = None
    cameras: tuple[UUID, ...]
    window_from: datetime
    window_to: datetime
    quota: int
    purpose: Sealed[Reason]
    valid_hours: int
    child_image: bool = False  # a picture of the missing child may be the query
    child_image_hours_max: int = CHILD_IMAGE_HOURS
    at: datetime


class WithdrawAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    authorisation: UUID
    by: UUID
    reason: Sealed[Reason]


class ApproveAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    authorisation: UUID
    by: UUID
    by_unit: UUID
    at: datetime


class RefuseAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    authorisation: UUID
    by: UUID
    reason: Sealed[Reason]


class RevokeAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    authorisation: UUID
    by: UUID
    reason: Sealed[Reason]


class ExpireAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    authorisation: UUID
    at: datetime


AuthorisationCommand: TypeAlias = (
    RequestAuthorisation
    | WithdrawAuthorisation
    | ApproveAuthorisation
    | RefuseAuthorisation
    | RevokeAuthorisation
    | ExpireAuthorisation
    | DrawSearch
)


def decide_request(state: Authorisation | None, command: RequestAuthorisation) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("authorisation", command.authorisation)
    if (command.incident is None) == (command.case_number is None):
        raise Invalid("incident", "exactly one of incident and case is named", "name the one that the search is for")
    if command.case_number is not None:
        checks.pattern(
            "case",
            command.case_number,
            CASE_NUMBER,
            "give its number as it is registered: 4 to 32 digits, capital letters and / . -",
        )
    window_from, window_to = checks.span("window_from", command.window_from, "window_to", command.window_to)
    checks.past("window_from", window_from, command.at)
    if window_to - window_from > WINDOW_MAX:
        raise Invalid("window_to", f"is more than {WINDOW_MAX.days} days after window_from", "ask for a shorter window")
    return (
        AuthorisationRequested(
            requester=command.requester,
            requester_unit=command.requester_unit,
            legal_basis=checks.one_of("legal_basis", command.legal_basis, vocabulary.LEGAL_BASES),
            reference=checks.pattern(
                "reference",
                command.reference,
                REFERENCE,
                "give the document's number: 2 to 60 letters, digits, blanks and / . - №",
            ),
            incident=command.incident,
            case_number=command.case_number,
            cameras=checks.unique("cameras", command.cameras, least=1, most=CAMERAS_MAX),
            window_from=window_from,
            window_to=window_to,
            quota=checks.whole("quota", command.quota, least=1, most=QUOTA_MAX),
            purpose=checks.reason("purpose", command.purpose),
            valid_hours=checks.whole("valid_hours", command.valid_hours, least=1, most=_hours_max(command)),
            child_image=command.child_image,
        ),
    )


def decide_withdraw(state: Authorisation | None, command: WithdrawAuthorisation) -> tuple[Event, ...]:
    """Before anybody decided on it; what was approved is revoked instead."""
    _in_phase(state, command.authorisation, REQUESTED)
    return (AuthorisationWithdrawn(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_approve(state: Authorisation | None, command: ApproveAuthorisation) -> tuple[Event, ...]:
    """`AuthorisationApproved`; or `ApprovalDenied`, to be stored before the error of `refusal_of` is raised."""
    authorisation = _in_phase(state, command.authorisation, REQUESTED)
    denial: type[DomainError] | None = None
    if command.by == authorisation.requester:
        denial = ApproverIsRequester
    elif command.by_unit == authorisation.requester_unit:
        denial = ApproverSameUnit
    if denial is not None:
        return (ApprovalDenied(by=command.by, by_unit=command.by_unit, code=denial.code),)
    expires_at = checks.utc("at", command.at) + timedelta(hours=authorisation.valid_hours)
    return (AuthorisationApproved(approver=command.by, approver_unit=command.by_unit, expires_at=expires_at),)


def refusal_of(event: Event) -> DomainError | None:
    """The error to raise once the event is stored: an attempt at one's own approval is refused, and on record."""
    if not isinstance(event, ApprovalDenied):
        return None
    return ApproverIsRequester() if event.code == ApproverIsRequester.code else ApproverSameUnit()


def decide_refuse(state: Authorisation | None, command: RefuseAuthorisation) -> tuple[Event, ...]:
    _in_phase(state, command.authorisation, REQUESTED)
    return (AuthorisationRefused(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_revoke(state: Authorisation | None, command: RevokeAuthorisation) -> tuple[Event, ...]:
    _in_phase(state, command.authorisation, APPROVED)
    return (AuthorisationRevoked(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_expire(state: Authorisation | None, command: ExpireAuthorisation) -> tuple[Event, ...]:
    """Only says what the clock has done already; nothing where that was said."""
    authorisation = checks.existing("authorisation", command.authorisation, state)
    if authorisation.phase == EXPIRED:
        return ()
    _in_phase(state, command.authorisation, APPROVED)
    if authorisation.expires_at is None or command.at < authorisation.expires_at:
        raise Invalid("at", "its time is not over", "revoke it, where it must end before")
    return (AuthorisationExpired(at=authorisation.expires_at),)


DECIDER: Decider[AuthorisationCommand, Authorisation] = Decider(
    kind="authorisation",
    decides={
        RequestAuthorisation: decide_request,
        WithdrawAuthorisation: decide_withdraw,
        ApproveAuthorisation: decide_approve,
        RefuseAuthorisation: decide_refuse,
        RevokeAuthorisation: decide_revoke,
        ExpireAuthorisation: decide_expire,
        DrawSearch: decide_draw,
    },
    evolves={
        AuthorisationRequested: evolved.requested,
        AuthorisationWithdrawn: evolved.withdrawn,
        AuthorisationApproved: evolved.approved,
        ApprovalDenied: evolved.approval_denied,
        AuthorisationRefused: evolved.refused,
        AuthorisationRevoked: evolved.revoked,
        AuthorisationExpired: evolved.expired,
        SearchDrawn: evolved.search_drawn,
    },
)


def _hours_max(command: RequestAuthorisation) -> int:
    """Raises Invalid where a child's picture is to be the query for anything but a missing child."""
    if not command.child_image:
        return VALID_HOURS_MAX
    if command.legal_basis != MISSING_CHILD:
        mend = f"leave it out, or ask on the basis {MISSING_CHILD}"
        raise Invalid("child_image", "is for the search for a missing child and for nothing else", mend)
    if command.incident is None:
        raise Invalid("incident", "is left out", "name the incident of the missing child")
    return min(command.child_image_hours_max, CHILD_IMAGE_HOURS_MAX)


def _in_phase(state: Authorisation | None, key: UUID, phase: str) -> Authorisation:
    authorisation = checks.existing("authorisation", key, state)
    if authorisation.phase != phase:
        raise WrongState("authorisation", key, authorisation.phase, f"this needs one that is {phase}")
    return authorisation
