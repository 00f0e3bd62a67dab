"""Referrals: sent, accepted, declined, delivered on, completed, revoked; every command taken, every refusal."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from domain.case_words import RISK_LEVELS
from domain.errors import AlreadyExists, DomainError, Invalid, NotFound, WrongState
from domain.ids import SYSTEM_ACTOR
from domain.personal import Narrative, SharedFields
from domain.sealed import Sealed
from domain.sharing.referral import (
    DECIDER,
    DELIVERIES_MAX,
    FIELDS_MAX,
    AcceptReferral,
    CompleteReferral,
    DeclineReferral,
    DeliverService,
    Referral,
    ReferralCommand,
    RevokeReferral,
    SendReferral,
    sendable,
)
from domain.sharing.referral_events import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralDeclined,
    ReferralRevoked,
    ReferralSent,
    ServiceDelivered,
)
from domain.sharing.referral_words import REVOCATION_CAUSES, SAID_CAUSES
from domain.sharing.refusals import NotAgreed, NotConsented
from tests.domain.examples import CASE, CHILD, IRYNA, NOW, OTHER_UNIT, PETRO, UNIT, changed, hours, reason, uuid
from tests.given import given

REFERRAL, AGENCY, AGREEMENT, CONSENT = uuid(71), uuid(72), uuid(73), uuid(74)
NARRATIVE = Sealed(REFERRAL, Narrative("Перша зустріч"))
SHARED = Sealed(REFERRAL, SharedFields(help_needed="Зустрічі", risk=next(iter(RISK_LEVELS))))

SEND = SendReferral(
    referral=REFERRAL,
    child=CHILD,
    pseudonym="CH-4F2A",
    case=CASE,
    case_open=True,
    unit=UNIT,
    agency=AGENCY,
    agency_unit=OTHER_UNIT,
    service="psychologist",
    purpose="psychological-help",
    fields=("help-needed", "risk"),
    agreement=AGREEMENT,
    consent=CONSENT,
    agreed=True,
    consented=True,
    by=IRYNA,
    shared=SHARED,
)
ACCEPT = AcceptReferral(referral=REFERRAL, agreed=True, consented=True, by=PETRO)
DECLINE = DeclineReferral(referral=REFERRAL, cause="no-capacity", reason=reason(), by=PETRO)
DELIVER = DeliverService(
    referral=REFERRAL, service="psychologist", delivered_at=NOW - hours(1), narrative=NARRATIVE, by=PETRO, at=NOW
)
COMPLETE = CompleteReferral(referral=REFERRAL, outcome="helped", by=PETRO)
REVOKE = RevokeReferral(referral=REFERRAL, cause="not-needed", by=IRYNA, reason=reason())
FOLLOWS = RevokeReferral(referral=REFERRAL, cause="consent-withdrawn", by=SYSTEM_ACTOR)

(SENT,) = DECIDER.decide(None, SEND)
ACCEPTED = ReferralAccepted(by=PETRO)
DECLINED = ReferralDeclined(cause="no-capacity", by=PETRO, reason=reason())
DELIVERED = ServiceDelivered(service="psychologist", delivered_at=NOW - hours(1), by=PETRO, narrative=NARRATIVE)
COMPLETED = ReferralCompleted(outcome="helped", by=PETRO)
REVOKED = ReferralRevoked(cause="not-needed", by=IRYNA, reason=reason())
FOLLOWED = ReferralRevoked(cause="consent-withdrawn", by=SYSTEM_ACTOR)

OVER = {
    "declined": (SENT, DECLINED),
    "completed": (SENT, ACCEPTED, COMPLETED),
    "revoked": (SENT, ACCEPTED, REVOKED),
}
LATER = (ACCEPT, DECLINE, DELIVER, COMPLETE, REVOKE)


def test_sent_with_all_its_facts() -> None:
    given(DECIDER).when(SEND).then(
        ReferralSent(
            child=CHILD,
            pseudonym="CH-4F2A",
            case=CASE,
            unit=UNIT,
            agency=AGENCY,
            agency_unit=OTHER_UNIT,
            service="psychologist",
            purpose="psychological-help",
            fields=("help-needed", "risk"),
            agreement=AGREEMENT,
            consent=CONSENT,
            by=IRYNA,
            shared=SHARED,
        )
    )


@pytest.mark.parametrize(
    ("changes", "refusal", "says"),
    [
        ({"agreed": False}, NotAgreed, "agreement"),
        ({"consented": False}, NotConsented, "consent"),
        ({"agreed": False, "consented": False}, NotAgreed, "share less"),
        ({"case_open": False}, WrongState, "not open"),
        ({"agency_unit": None}, Invalid, "GET /agencies"),
        ({"service": "counselling"}, Invalid, "psychologist"),
        ({"fields": ()}, Invalid, "0 entries"),
        ({"fields": tuple(map(str, range(FIELDS_MAX + 1)))}, Invalid, "21 entries"),
    ],
)
def test_what_is_not_sent(changes: dict[str, Any], refusal: type[DomainError], says: str) -> None:
    given(DECIDER).when(changed(SEND, **changes)).then_refused(refusal, says=says)
    with pytest.raises(refusal):
        sendable(None, changed(SEND, **changes))


def test_a_field_is_named_once() -> None:
    assert sendable(None, changed(SEND, fields=("risk", "plan", "risk"))).fields == ("risk", "plan")


def test_an_id_is_used_once() -> None:
    given(DECIDER, SENT).when(SEND).then_refused(AlreadyExists, says=str(REFERRAL))


@pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)
def test_what_was_never_sent_takes_nothing(command: ReferralCommand) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says="no referral")


def test_accepted_where_agreement_and_consent_still_stand() -> None:
    given(DECIDER, SENT).when(ACCEPT).then(ACCEPTED)
    given(DECIDER, SENT).when(changed(ACCEPT, agreed=False)).then_refused(NotAgreed)
    given(DECIDER, SENT).when(changed(ACCEPT, consented=False)).then_refused(NotConsented)
    given(DECIDER, SENT, ACCEPTED).when(ACCEPT).then_refused(WrongState, says="accepted")


def test_declined_with_cause_and_reason() -> None:
    given(DECIDER, SENT).when(DECLINE).then(DECLINED)
    given(DECIDER, SENT).when(changed(DECLINE, cause="too-busy")).then_refused(Invalid, field="cause")
    given(DECIDER, SENT).when(changed(DECLINE, reason=reason(" "))).then_refused(Invalid, field="reason")
    given(DECIDER, SENT, ACCEPTED).when(DECLINE).then_refused(WrongState, says="accepted")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": "counselling"}, "service"),
        ({"delivered_at": NOW + hours(1)}, "delivered_at"),
        ({"narrative": Sealed(REFERRAL, Narrative(""))}, "narrative"),
    ],
)
def test_what_is_no_delivery(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, SENT, ACCEPTED).when(changed(DELIVER, **changes)).then_refused(Invalid, field=field)


def test_services_are_delivered_one_after_the_other_once_it_was_accepted() -> None:
    given(DECIDER, SENT, ACCEPTED, DELIVERED).when(DELIVER).then(DELIVERED)
    given(DECIDER, SENT).when(DELIVER).then_refused(WrongState, says="needs one that is accepted")
    full = (SENT, ACCEPTED, *[DELIVERED] * DELIVERIES_MAX)
    given(DECIDER, *full).when(DELIVER).then_refused(Invalid, field="service", says="200 times")


def test_completed_by_the_agency() -> None:
    given(DECIDER, SENT, ACCEPTED).when(COMPLETE).then(COMPLETED)
    given(DECIDER, SENT, ACCEPTED).when(changed(COMPLETE, outcome="cured")).then_refused(Invalid, field="outcome")
    given(DECIDER, SENT).when(COMPLETE).then_refused(WrongState, says="sent")


def test_revoked_by_a_person_with_a_reason() -> None:
    for history in ((SENT,), (SENT, ACCEPTED)):
        given(DECIDER, *history).when(REVOKE).then(REVOKED)
    for cause in ("whim", "consent-withdrawn"):
        given(DECIDER, SENT).when(changed(REVOKE, cause=cause)).then_refused(Invalid, field="cause")
    assert set(SAID_CAUSES) < REVOCATION_CAUSES.keys()
    given(DECIDER, SENT).when(changed(REVOKE, reason=reason(""))).then_refused(Invalid, field="reason")


def test_revoked_by_itself_without_one_and_once() -> None:
    for history in ((SENT,), (SENT, ACCEPTED, DELIVERED)):
        given(DECIDER, *history).when(FOLLOWS).then(FOLLOWED)
    for over in OVER.values():
        given(DECIDER, *over).when(FOLLOWS).then()
    given(DECIDER).when(FOLLOWS).then_refused(NotFound)


@pytest.mark.parametrize("phase", OVER)
@pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)
def test_what_is_over_takes_nothing(phase: str, command: ReferralCommand) -> None:
    given(DECIDER, *OVER[phase]).when(command).then_refused(WrongState, says=phase)


def test_it_is_what_its_events_say() -> None:
    assert DECIDER.fold((SENT, ACCEPTED, DELIVERED, COMPLETED)) == Referral(
        child=CHILD,
        case=CASE,
        unit=UNIT,
        agency=AGENCY,
        agency_unit=OTHER_UNIT,
        service="psychologist",
        purpose="psychological-help",
        fields=("help-needed", "risk"),
        agreement=AGREEMENT,
        consent=CONSENT,
        phase="completed",
        deliveries=1,
    )


def test_every_command_is_decided() -> None:
    assert set(typing.get_args(ReferralCommand)) == set(DECIDER.decides)
