"""Consents: given, refused, not sought, overridden by two, withdrawn for good, expired; what they permit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.personal import PersonName
from domain.sealed import Sealed
from domain.sharing.consent import (
    DAYS_MAX,
    DECIDER,
    OVERRIDE_DAYS_MAX,
    AuthoriseOverride,
    AuthoriserIsRequester,
    DenyOverride,
    ExpireConsent,
    GiveConsent,
    LiftOverride,
    RecordNotSought,
    RefuseConsent,
    RequestOverride,
    WithdrawConsent,
)
from domain.sharing.consent_events import (
    ConsentExpired,
    ConsentGiven,
    ConsentNotSought,
    ConsentOverridden,
    ConsentRefused,
    ConsentWithdrawn,
    OverrideDenied,
    OverrideLifted,
    OverrideRequested,
)
from domain.sharing.consent_state import permits, phase_at
from tests.domain.examples import CHILD, IRYNA, NOW, OLENA, OTHER_CHILD, UNIT, changed, hours, reason, uuid
from tests.given import folded, given

CONSENT, AGENCY, OTHER_AGENCY = uuid(81), uuid(72), uuid(73)
UNTIL = NOW + timedelta(days=180)
LATER = NOW + hours(1)
MOTHER = Sealed(uuid(82), PersonName("Оксана Гнатюк"))
ABOUT: dict[str, Any] = {
    "child": CHILD,
    "pseudonym": "CH-4F2A",
    "unit": UNIT,
    "purposes": ("social-support",),
    "agencies": (AGENCY,),
    "by": OLENA,
}
ASKED: dict[str, Any] = {
    **ABOUT,
    "consent": CONSENT,
    "active_agencies": frozenset({AGENCY}),
    "fields": ("help-needed", "identity"),
    "at": NOW,
}
GIVE = GiveConsent(**ASKED, giver="parent", giver_name=MOTHER, expires_at=UNTIL)
REFUSE = RefuseConsent(**ASKED, giver="guardian", giver_name=MOTHER)
NOT_ASK = RecordNotSought(**ASKED, cause="asking-endangers-child", reason=reason())
REQUEST = RequestOverride(consent=CONSENT, basis="suspected-violence", days=14, reason=reason(), by=OLENA, at=LATER)
AUTHORISE = AuthoriseOverride(consent=CONSENT, reason=reason(), by=IRYNA, at=LATER)
DENY = DenyOverride(consent=CONSENT, reason=reason(), by=IRYNA, at=LATER)
LIFT = LiftOverride(consent=CONSENT, reason=reason(), by=IRYNA, at=LATER)
WITHDRAW = WithdrawConsent(consent=CONSENT, giver="child", reason=reason(), by=OLENA, at=LATER)
EXPIRE = ExpireConsent(consent=CONSENT, at=UNTIL)

FIELDS = ("identity", "help-needed")
GIVEN = ConsentGiven(**ABOUT, fields=FIELDS, giver="parent", giver_name=MOTHER, expires_at=UNTIL)
REFUSED = ConsentRefused(**ABOUT, fields=FIELDS, giver="guardian", giver_name=MOTHER)
NOT_SOUGHT = ConsentNotSought(**ABOUT, fields=FIELDS, cause="asking-endangers-child", reason=reason())
REQUESTED = OverrideRequested(basis="suspected-violence", days=14, by=OLENA, reason=reason())
DENIED = OverrideDenied(by=IRYNA, reason=reason())
OVERRIDE_ENDS = LATER + timedelta(days=14)
OVERRIDDEN = ConsentOverridden(
    basis="suspected-violence", requester=OLENA, by=IRYNA, expires_at=OVERRIDE_ENDS, reason=reason()
)
LIFTED = OverrideLifted(by=IRYNA, reason=reason())
WITHDRAWN = ConsentWithdrawn(giver="child", by=OLENA, reason=reason())
EXPIRED = ConsentExpired(at=UNTIL)

BEGINNINGS = ((GIVE, GIVEN), (REFUSE, REFUSED), (NOT_ASK, NOT_SOUGHT))
CHANGES = (REQUEST, AUTHORISE, DENY, LIFT, WITHDRAW)
DONE_WITHOUT = (REFUSED, REQUESTED, OVERRIDDEN)
WHAT: dict[str, Any] = {"child": CHILD, "agency": AGENCY, "purpose": "social-support", "fields": ("identity",)}


def permitted(*history: Any, at: Any = LATER, **changes: Any) -> bool:
    return permits(folded(DECIDER, history), **{**WHAT, **changes}, at=at)


def named(command: Any) -> str:
    return type(command).__name__


@pytest.mark.parametrize(("command", "event"), BEGINNINGS, ids=["given", "refused", "not sought"])
def test_an_answer_is_put_on_record_with_all_its_facts(command: Any, event: Any) -> None:
    given(DECIDER).when(command).then(event)
    given(DECIDER, event).when(command).then_refused(AlreadyExists, says=str(CONSENT))


@pytest.mark.parametrize("command", [GIVE, REFUSE, NOT_ASK], ids=named)
@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"pseudonym": "Марійка"}, "pseudonym", "CH-"),
        ({"purposes": ()}, "purposes", "0 entries"),
        ({"purposes": ("punishment",)}, "purposes", "social-support"),
        ({"agencies": ()}, "agencies", "0 entries"),
        ({"agencies": (OTHER_AGENCY,)}, "agencies", str(OTHER_AGENCY)),
        ({"fields": ()}, "fields", "0 entries"),
        ({"fields": ("diary",)}, "fields", "identity"),
    ],
)
def test_what_no_answer_can_be_about(command: Any, changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(command, **changes)).then_refused(Invalid, field=field, says=says)


@pytest.mark.parametrize(
    ("command", "changes", "field", "says"),
    [
        (GIVE, {"giver": "neighbour"}, "giver", "parent"),
        (GIVE, {"giver_name": Sealed(uuid(82), PersonName(" "))}, "giver_name", "empty"),
        (GIVE, {"expires_at": NOW}, "expires_at", "over already"),
        (GIVE, {"expires_at": NOW + timedelta(days=DAYS_MAX, seconds=1)}, "expires_at", str(DAYS_MAX)),
        (REFUSE, {"giver": "neighbour"}, "giver", "parent"),
        (REFUSE, {"giver_name": Sealed(uuid(82), PersonName(" "))}, "giver_name", "empty"),
        (NOT_ASK, {"cause": "tired"}, "cause", "no-time"),
        (NOT_ASK, {"reason": reason("")}, "reason", "empty"),
    ],
)
def test_what_answer_cannot_be_taken(command: Any, changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(command, **changes)).then_refused(Invalid, field=field, says=says)


@pytest.mark.parametrize("beginning", [REFUSED, NOT_SOUGHT], ids=named)
def test_done_without_where_two_people_say_so(beginning: Any) -> None:
    given(DECIDER, beginning).when(REQUEST).then(REQUESTED)
    given(DECIDER, beginning, REQUESTED).when(AUTHORISE).then(OVERRIDDEN)
    own = given(DECIDER, beginning, REQUESTED).when(changed(AUTHORISE, by=OLENA))
    own.then_refused(AuthoriserIsRequester, says="another supervisor")
    given(DECIDER, beginning, REQUESTED).when(DENY).then(DENIED)
    assert folded(DECIDER, [beginning, REQUESTED, DENIED]) == folded(DECIDER, [beginning])
    given(DECIDER, beginning, REQUESTED, DENIED).when(REQUEST).then(REQUESTED)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"basis": "hunch"}, "basis", "danger-to-life"),
        ({"days": 0}, "days", "from 1"),
        ({"days": OVERRIDE_DAYS_MAX + 1}, "days", str(OVERRIDE_DAYS_MAX)),
        ({"reason": reason("")}, "reason", "empty"),
    ],
)
def test_what_override_cannot_be_asked_for(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, REFUSED).when(changed(REQUEST, **changes)).then_refused(Invalid, field=field, says=says)


def test_a_consent_that_stands_is_not_overridden_and_an_override_is_not_withdrawn() -> None:
    given(DECIDER, GIVEN).when(REQUEST).then_refused(WrongState, says="refused or not-sought")
    given(DECIDER, REFUSED).when(AUTHORISE).then_refused(WrongState, says="override-requested")
    given(DECIDER, REFUSED).when(DENY).then_refused(WrongState, says="override-requested")
    given(DECIDER, *DONE_WITHOUT).when(WITHDRAW).then_refused(WrongState, says="given")
    given(DECIDER, GIVEN).when(LIFT).then_refused(WrongState, says="overridden")


def test_an_override_is_lifted_and_a_consent_withdrawn_for_good() -> None:
    given(DECIDER, *DONE_WITHOUT).when(LIFT).then(LIFTED)
    given(DECIDER, GIVEN).when(WITHDRAW).then(WITHDRAWN)
    refused = given(DECIDER, GIVEN).when(changed(WITHDRAW, giver="neighbour"))
    refused.then_refused(Invalid, field="giver", says="parent")
    for history, command in (((GIVEN,), WITHDRAW), (DONE_WITHOUT, LIFT), ((REFUSED, REQUESTED), AUTHORISE),
                             ((REFUSED, REQUESTED), DENY)):  # fmt: skip
        given(DECIDER, *history).when(changed(command, reason=reason(""))).then_refused(Invalid, field="reason")


@pytest.mark.parametrize("command", CHANGES, ids=named)
@pytest.mark.parametrize(
    ("history", "state"),
    [((GIVEN, WITHDRAWN), "withdrawn"), ((*DONE_WITHOUT, LIFTED), "lifted"), ((GIVEN, EXPIRED), "expired")],
)
def test_what_is_over_takes_nothing_more(command: Any, history: tuple[Any, ...], state: str) -> None:
    refused = given(DECIDER, *history).when(command)
    refused.then_refused(WrongState, says=state)
    refused.then_refused(WrongState, says="ask anew")


@pytest.mark.parametrize("command", [*CHANGES, EXPIRE], ids=named)
def test_an_unknown_one_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(CONSENT))


def test_time_ends_it_once_and_nothing_is_taken_after_it() -> None:
    given(DECIDER, GIVEN).when(EXPIRE).then(EXPIRED)
    given(DECIDER, *DONE_WITHOUT).when(EXPIRE).then(ConsentExpired(at=OVERRIDE_ENDS))
    given(DECIDER, GIVEN).when(changed(EXPIRE, at=UNTIL - hours(1))).then_refused(Invalid, field="at")
    given(DECIDER, GIVEN).when(changed(WITHDRAW, at=UNTIL)).then_refused(WrongState, says="expired")
    given(DECIDER, *DONE_WITHOUT).when(changed(LIFT, at=OVERRIDE_ENDS)).then_refused(WrongState, says="expired")


@pytest.mark.parametrize(
    "history", [(REFUSED,), (NOT_SOUGHT,), (REFUSED, REQUESTED), (GIVEN, WITHDRAWN), (GIVEN, EXPIRED)]
)
def test_there_is_no_end_to_say_of_what_permits_nothing(history: tuple[Any, ...]) -> None:
    given(DECIDER, *history).when(EXPIRE).then_nothing()


def test_what_it_permits_and_when() -> None:
    assert permitted(GIVEN)
    assert permitted(GIVEN, fields=("identity", "help-needed"))
    assert permitted(*DONE_WITHOUT)
    assert permitted(NOT_SOUGHT, REQUESTED, OVERRIDDEN)


@pytest.mark.parametrize(
    "changes",
    [
        {"child": OTHER_CHILD},
        {"agency": OTHER_AGENCY},
        {"purpose": "shelter"},
        {"fields": ("identity", "risk")},
        {"fields": ()},
        {"at": UNTIL},
    ],
)
def test_what_it_does_not_permit(changes: dict[str, Any]) -> None:
    assert not permitted(GIVEN, **changes)
    assert not permitted(*DONE_WITHOUT, **changes)


@pytest.mark.parametrize(
    "history",
    [(REFUSED,), (NOT_SOUGHT,), (REFUSED, REQUESTED), (REFUSED, REQUESTED, DENIED), (GIVEN, WITHDRAWN),
     (GIVEN, EXPIRED), (*DONE_WITHOUT, LIFTED)],
)  # fmt: skip
def test_what_does_not_stand_permits_nothing(history: tuple[Any, ...]) -> None:
    assert not permitted(*history)
    assert not permits(None, **WHAT, at=LATER)


def test_its_phase_at_a_time() -> None:
    assert phase_at(folded(DECIDER, [GIVEN]), UNTIL) == "expired"
    assert phase_at(folded(DECIDER, [GIVEN, WITHDRAWN]), UNTIL) == "withdrawn"
    assert phase_at(folded(DECIDER, [REFUSED]), UNTIL) == "refused"
    assert phase_at(folded(DECIDER, DONE_WITHOUT), OVERRIDE_ENDS) == "expired"
