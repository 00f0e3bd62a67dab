"""Sharing agreements: proposed by one, signed by another, narrowed, suspended, ended, expired; what they cover."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.sharing.agreement import (
    DAYS_MAX,
    DECIDER,
    UNITS_MAX,
    AddPurpose,
    EndAgreement,
    ExpireAgreement,
    NarrowFields,
    ProposeAgreement,
    ProposePurpose,
    ResumeAgreement,
    SignAgreement,
    SignerIsProposer,
    SuspendAgreement,
)
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
from domain.sharing.agreement_state import covers, phase_at
from domain.sharing.scope import AGENCIES_MAX
from tests.domain.examples import IRYNA, NOW, OLENA, OTHER_UNIT, UNIT, changed, hours, reason, uuid
from tests.given import folded, given

AGREEMENT, AGENCY, OTHER_AGENCY = uuid(71), uuid(72), uuid(73)
UNTIL = NOW + timedelta(days=365)

PROPOSE = ProposeAgreement(
    agreement=AGREEMENT,
    units=(UNIT,),
    police_units=frozenset({UNIT, OTHER_UNIT}),
    agencies=(AGENCY,),
    active_agencies=frozenset({AGENCY}),
    purposes=("social-support",),
    fields=("help-needed", "identity"),
    from_at=NOW + hours(1),
    until=UNTIL,
    by=OLENA,
    by_unit=UNIT,
    at=NOW,
)
LATER = NOW + hours(2)
SIGN = SignAgreement(agreement=AGREEMENT, by=IRYNA, at=LATER)
WIDEN = ProposePurpose(agreement=AGREEMENT, purpose="shelter", by=OLENA, at=LATER)
ADD = AddPurpose(agreement=AGREEMENT, purpose="shelter", by=IRYNA, at=LATER)
NARROW = NarrowFields(agreement=AGREEMENT, fields=("help-needed",), by=IRYNA, at=LATER)
SUSPEND = SuspendAgreement(agreement=AGREEMENT, reason=reason(), by=IRYNA, at=LATER)
RESUME = ResumeAgreement(agreement=AGREEMENT, reason=reason(), by=IRYNA, at=LATER)
END = EndAgreement(agreement=AGREEMENT, reason=reason(), by=IRYNA, at=LATER)
EXPIRE = ExpireAgreement(agreement=AGREEMENT, at=UNTIL)

PROPOSED = AgreementProposed(
    units=(UNIT,),
    agencies=(AGENCY,),
    purposes=("social-support",),
    fields=("identity", "help-needed"),
    from_at=NOW + hours(1),
    until=UNTIL,
    by=OLENA,
)
SIGNED = AgreementSigned(by=IRYNA)
WIDENED = PurposeProposed(purpose="shelter", by=OLENA)
ADDED = PurposeAdded(purpose="shelter", by=IRYNA)
NARROWED = FieldsNarrowed(fields=("help-needed",), by=IRYNA)
SUSPENDED = AgreementSuspended(by=IRYNA, reason=reason())
RESUMED = AgreementResumed(by=IRYNA, reason=reason())
ENDED = AgreementEnded(by=IRYNA, reason=reason())
EXPIRED = AgreementExpired(at=UNTIL)

IN_FORCE = (PROPOSED, SIGNED)
CHANGES = (SIGN, WIDEN, ADD, NARROW, SUSPEND, RESUME, END)
WHAT: dict[str, Any] = {"unit": UNIT, "agency": AGENCY, "purpose": "social-support", "fields": ("identity",)}


def covered(*history: Any, at: Any = LATER, **changes: Any) -> bool:
    return covers(folded(DECIDER, history), **{**WHAT, **changes}, at=at)


def test_proposed_with_all_its_facts_in_the_order_of_the_lists() -> None:
    given(DECIDER).when(PROPOSE).then(PROPOSED)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"units": ()}, "units", "0 entries"),
        ({"units": tuple(uuid(n) for n in range(UNITS_MAX + 1))}, "units", "entries"),
        ({"units": (UNIT, uuid(5))}, "units", "no unit of the police"),
        ({"units": (OTHER_UNIT,)}, "units", "your own"),
        ({"agencies": ()}, "agencies", "0 entries"),
        ({"agencies": tuple(uuid(n) for n in range(AGENCIES_MAX + 1))}, "agencies", "entries"),
        ({"agencies": (AGENCY, OTHER_AGENCY)}, "agencies", str(OTHER_AGENCY)),
        ({"purposes": ()}, "purposes", "0 entries"),
        ({"purposes": ("punishment",)}, "purposes", "social-support"),
        ({"fields": ()}, "fields", "0 entries"),
        ({"fields": ("diary",)}, "fields", "identity"),
        ({"until": NOW}, "until", "before from_at"),
        ({"from_at": NOW - hours(9), "until": NOW}, "until", "over already"),
        ({"until": NOW + timedelta(days=DAYS_MAX + 1)}, "until", str(DAYS_MAX)),
    ],
)
def test_what_cannot_be_proposed(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(PROPOSE, **changes)).then_refused(Invalid, field=field, says=says)


def test_an_id_is_used_once() -> None:
    given(DECIDER, PROPOSED).when(PROPOSE).then_refused(AlreadyExists, says=str(AGREEMENT))


def test_signed_by_somebody_else() -> None:
    given(DECIDER, PROPOSED).when(SIGN).then(SIGNED)
    given(DECIDER, PROPOSED).when(changed(SIGN, by=OLENA)).then_refused(SignerIsProposer, says="data protection")
    given(DECIDER, *IN_FORCE).when(SIGN).then_refused(WrongState, says="proposed")


def test_a_further_purpose_takes_two_people_too() -> None:
    given(DECIDER, *IN_FORCE).when(WIDEN).then(WIDENED)
    given(DECIDER, *IN_FORCE, WIDENED).when(WIDEN).then_nothing()
    given(DECIDER, *IN_FORCE, WIDENED).when(ADD).then(ADDED)
    given(DECIDER, *IN_FORCE, WIDENED).when(changed(ADD, by=OLENA)).then_refused(SignerIsProposer)
    given(DECIDER, *IN_FORCE).when(ADD).then_refused(Invalid, field="purpose", says="waits for nobody")
    given(DECIDER, *IN_FORCE, WIDENED, ADDED).when(ADD).then_refused(Invalid, field="purpose")
    given(DECIDER, *IN_FORCE, WIDENED, ADDED).when(WIDEN).then_refused(Invalid, field="purpose", says="already")
    for command in (WIDEN, ADD):
        refused = given(DECIDER, *IN_FORCE, WIDENED).when(changed(command, purpose="punishment"))
        refused.then_refused(Invalid, field="purpose", says="social-support")


def test_narrowed_to_some_of_the_fields_and_never_to_others() -> None:
    given(DECIDER, *IN_FORCE).when(NARROW).then(NARROWED)
    given(DECIDER, *IN_FORCE, SUSPENDED).when(NARROW).then(NARROWED)
    given(DECIDER, *IN_FORCE, NARROWED).when(NARROW).then_nothing()
    for fields, says in ((("risk",), "not agreed on"), ((), "0 entries"), (("diary",), "identity")):
        given(DECIDER, *IN_FORCE).when(changed(NARROW, fields=fields)).then_refused(Invalid, field="fields", says=says)
    given(DECIDER, PROPOSED).when(NARROW).then_refused(WrongState, says="signed or suspended")


def test_suspended_resumed_and_ended_with_a_reason() -> None:
    given(DECIDER, *IN_FORCE).when(SUSPEND).then(SUSPENDED)
    given(DECIDER, *IN_FORCE, SUSPENDED).when(RESUME).then(RESUMED)
    given(DECIDER, *IN_FORCE).when(RESUME).then_refused(WrongState, says="suspended")
    given(DECIDER, *IN_FORCE, SUSPENDED).when(SUSPEND).then_refused(WrongState, says="signed")
    for history in ((PROPOSED,), IN_FORCE, (*IN_FORCE, SUSPENDED)):
        given(DECIDER, *history).when(END).then(ENDED)
    for command, history in ((SUSPEND, IN_FORCE), (RESUME, (*IN_FORCE, SUSPENDED)), (END, IN_FORCE)):
        given(DECIDER, *history).when(changed(command, reason=reason(""))).then_refused(Invalid, field="reason")


@pytest.mark.parametrize("history", [(PROPOSED,), IN_FORCE, (*IN_FORCE, SUSPENDED)])
def test_time_ends_it_once(history: tuple[Any, ...]) -> None:
    given(DECIDER, *history).when(EXPIRE).then(EXPIRED)
    given(DECIDER, *history, EXPIRED).when(EXPIRE).then_nothing()
    given(DECIDER, *history, ENDED).when(EXPIRE).then_nothing()
    given(DECIDER, *history).when(changed(EXPIRE, at=UNTIL - hours(1))).then_refused(Invalid, field="at")


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: type(command).__name__)
def test_what_is_over_takes_nothing_also_before_the_clock_said_so(command: Any) -> None:
    given(DECIDER, *IN_FORCE).when(changed(command, at=UNTIL)).then_refused(WrongState, says="expired")
    given(DECIDER, *IN_FORCE, ENDED).when(command).then_refused(WrongState, says="propose another")
    given(DECIDER).when(command).then_refused(NotFound, says=str(AGREEMENT))


def test_what_it_covers_and_when() -> None:
    assert covered(*IN_FORCE)
    assert covered(*IN_FORCE, fields=("identity", "help-needed"))
    assert covered(*IN_FORCE, SUSPENDED, RESUMED)
    assert covered(*IN_FORCE, at=NOW + hours(1))
    assert covered(*IN_FORCE, WIDENED, ADDED, purpose="shelter")


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": OTHER_UNIT},
        {"agency": OTHER_AGENCY},
        {"purpose": "shelter"},
        {"fields": ("identity", "risk")},
        {"fields": ()},
        {"at": NOW + hours(1) - timedelta(microseconds=1)},
        {"at": UNTIL},
    ],
)
def test_what_it_does_not_cover(changes: dict[str, Any]) -> None:
    assert not covered(*IN_FORCE, **changes)


@pytest.mark.parametrize(
    "history", [(PROPOSED,), (*IN_FORCE, SUSPENDED), (*IN_FORCE, ENDED), (*IN_FORCE, EXPIRED), (*IN_FORCE, NARROWED)]
)
def test_what_does_not_stand_covers_nothing(history: tuple[Any, ...]) -> None:
    assert not covered(*history)
    assert not covers(None, **WHAT, at=LATER)


def test_a_purpose_that_nobody_signed_counts_for_nothing() -> None:
    assert not covered(*IN_FORCE, WIDENED, purpose="shelter")


def test_its_phase_at_a_time() -> None:
    assert phase_at(folded(DECIDER, IN_FORCE), UNTIL) == "expired"
    assert phase_at(folded(DECIDER, [*IN_FORCE, ENDED]), UNTIL) == "ended"
    assert phase_at(folded(DECIDER, [PROPOSED]), NOW) == "proposed"
