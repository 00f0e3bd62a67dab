"""What follows by itself: a second agency brings a conference about, which ends with its case."""

from __future__ import annotations

import pytest

from domain.ids import SYSTEM_ACTOR
from domain.processes import closing, conferring
from domain.sharing import agreed_plan, conference
from domain.sharing.conference_events import ConferenceCalled, ConferenceCancelled, Invited
from domain.sharing.referral import DECIDER, Referral
from tests.domain.examples import OTHER_UNIT, THIRD_UNIT, changed, uuid
from tests.domain.sharing.test_referral import ACCEPTED, AGENCY, SENT

OTHER_AGENCY = uuid(75)
BOTH = (Invited(agency=AGENCY, unit=OTHER_UNIT), Invited(agency=OTHER_AGENCY, unit=THIRD_UNIT))


def accepted() -> Referral:
    state = DECIDER.fold((SENT, ACCEPTED))
    assert state is not None
    return state


def other(**changes: object) -> Referral:
    return changed(accepted(), **{"agency": OTHER_AGENCY, "agency_unit": THIRD_UNIT, **changes})


def test_two_agencies_are_invited() -> None:
    assert conferring.invited(accepted(), [other()], ()) == BOTH
    assert conferring.invited(accepted(), [other(), accepted()], [AGENCY]) == BOTH


@pytest.mark.parametrize(
    "others",
    [[], [accepted()], [other(phase="revoked")], [other(phase="sent")]],
    ids=["none", "itself", "revoked", "sent"],
)
def test_one_agency_plans_by_itself(others: list[Referral]) -> None:
    assert conferring.invited(accepted(), others, ()) == ()


def test_nobody_is_invited_by_a_referral_that_is_over_or_where_both_plan_together_already() -> None:
    assert conferring.invited(changed(accepted(), phase="revoked"), [other()], ()) == ()
    assert conferring.invited(None, [other()], ()) == ()
    assert conferring.invited(accepted(), [other()], [AGENCY, OTHER_AGENCY]) == ()


def test_a_closed_case_takes_its_conference_along_with_a_cause_and_a_reason() -> None:
    command = closing.cancel(uuid(5))
    assert (command.conference, command.by) == (uuid(5), SYSTEM_ACTOR)
    called = ConferenceCalled(
        child=uuid(6), pseudonym="CH-4F2A", profile=uuid(6), case=uuid(7), unit=uuid(8), invited=BOTH, by=SYSTEM_ACTOR
    )
    (cancelled,), _ = agreed_plan.decide_cancel(conference.DECIDER.fold((called,)), {}, command)
    assert isinstance(cancelled, ConferenceCancelled)
    assert (cancelled.cause, cancelled.reason.fresh_value().text) == ("case-closed", closing.WHY)
    assert cancelled.reason.subject not in (uuid(5), closing.cancel(uuid(9)).reason.subject)
