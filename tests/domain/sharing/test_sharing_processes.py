"""What follows by itself: a second agency brings a conference about; whoever may be told no more is out of one."""

from __future__ import annotations

import pytest

from domain.event import Event
from domain.ids import SYSTEM_ACTOR
from domain.processes import conferring, excluding
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import AgreementEnded, AgreementExpired, AgreementSuspended, FieldsNarrowed
from domain.sharing.conference import ExcludeAgency
from domain.sharing.conference_events import Invited
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted
from domain.sharing.ends import ON
from domain.sharing.referral import DECIDER, Referral
from domain.sharing.referral_words import EXCLUSION_CAUSES
from tests.domain.examples import IRYNA, NOW, OTHER_UNIT, THIRD_UNIT, changed, reason, uuid
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


ENDS: dict[str, Event] = {
    "withdrawn": ConsentWithdrawn(giver="parent", by=IRYNA, reason=reason()),
    "expired": ConsentExpired(at=NOW),
    "lifted": OverrideLifted(by=IRYNA, reason=reason()),
    "suspended": AgreementSuspended(by=IRYNA, reason=reason()),
    "narrowed": FieldsNarrowed(fields=("identity",), by=IRYNA),
    "ended": AgreementEnded(by=IRYNA, reason=reason()),
    "agreement-expired": AgreementExpired(at=NOW),
    "agency-withdrawn": AgencyWithdrawn(by=IRYNA, reason=reason()),
}


@pytest.mark.parametrize("end", ENDS)
def test_whoever_was_told_on_what_ended_is_out(end: str) -> None:
    (command,) = excluding.react(ENDS[end], [(uuid(5), AGENCY)])
    assert command == ExcludeAgency(conference=uuid(5), agency=AGENCY, cause=command.cause, by=SYSTEM_ACTOR)
    assert command.cause in EXCLUSION_CAUSES


def test_what_still_lets_the_plan_be_told_excludes_nobody() -> None:
    narrowed = FieldsNarrowed(fields=("identity", "plan"), by=IRYNA)
    for event in (narrowed, ACCEPTED):
        assert excluding.react(event, [(uuid(5), AGENCY)]) == ()


def test_every_event_that_is_followed_has_its_cause() -> None:
    assert {type(event) for event in ENDS.values()} == ON.keys()
