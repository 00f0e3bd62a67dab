"""What ends with a consent, an agreement or an agency's part: everything that rests on it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.ids import SYSTEM_ACTOR
from domain.processes.withdrawing import Resting, react
from domain.sharing import conference
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import (
    AgreementEnded,
    AgreementExpired,
    AgreementSuspended,
    FieldsNarrowed,
)
from domain.sharing.conference import ExcludeAgency
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted
from domain.sharing.ends import ENDS
from domain.sharing.referral import RevokeReferral
from domain.sharing.referral_events import ReferralCompleted
from domain.sharing.referral_words import EXCLUSION_CAUSES, REVOCATION_CAUSES
from tests.domain.examples import NOW, OLENA, reason, uuid

SOMEBODY: dict[str, Any] = {"by": OLENA, "reason": reason()}
TRIED = (
    (ConsentWithdrawn(giver="parent", **SOMEBODY), "consent-withdrawn"),
    (ConsentExpired(at=NOW), "consent-over"),
    (OverrideLifted(**SOMEBODY), "consent-over"),
    (AgreementSuspended(**SOMEBODY), "agreement-suspended"),
    (AgreementEnded(**SOMEBODY), "agreement-over"),
    (AgreementExpired(at=NOW), "agreement-over"),
    (AgencyWithdrawn(**SOMEBODY), "agency-withdrawn"),
)
AGENCY, OTHER_AGENCY = uuid(71), uuid(72)
ONE = Resting(thing=uuid(3), kind="referral", agency=AGENCY, fields=("identity", "risk"))
OTHER = Resting(thing=uuid(2), kind="referral", agency=AGENCY, fields=("risk",))
SEATS = [
    Resting(thing=uuid(5), kind="conference", agency=each, fields=conference.FIELDS) for each in (OTHER_AGENCY, AGENCY)
]


@pytest.mark.parametrize(("event", "cause"), TRIED, ids=lambda each: each if isinstance(each, str) else each.TOPIC)
def test_all_that_rests_on_it_ends(event: Any, cause: str) -> None:
    assert react(event, [ONE, OTHER, *SEATS]) == {
        uuid(2): [RevokeReferral(referral=uuid(2), cause=cause, by=SYSTEM_ACTOR)],
        uuid(3): [RevokeReferral(referral=uuid(3), cause=cause, by=SYSTEM_ACTOR)],
        uuid(5): [
            ExcludeAgency(conference=uuid(5), agency=agency, cause=cause, by=SYSTEM_ACTOR)
            for agency in (AGENCY, OTHER_AGENCY)
        ],
    }
    assert react(event, []) == {}


@pytest.mark.parametrize(
    ("left", "ended"),
    [
        (("identity", "risk", "plan"), set()),
        (("risk", "plan"), {3}),
        (("identity", "plan"), {2, 3}),
        (("identity", "risk"), {5}),
        (("help-needed",), {2, 3, 5}),
    ],
)
def test_where_fields_are_left_out_only_what_tells_them(left: tuple[str, ...], ended: set[int]) -> None:
    commands = react(FieldsNarrowed(fields=left, by=OLENA), [ONE, OTHER, *SEATS])
    assert commands.keys() == set(map(uuid, ended))
    assert {command.cause for each in commands.values() for command in each} <= {"agreement-narrowed"}


def test_what_ends_nothing_of_it_ends_nothing() -> None:
    assert react(ReferralCompleted(outcome="helped", by=OLENA), [ONE, *SEATS]) == {}


def test_every_end_is_tried_here_and_has_a_cause_of_the_closed_lists() -> None:
    assert {each.cause for each in ENDS.values()} <= REVOCATION_CAUSES.keys() & EXCLUSION_CAUSES.keys()
    assert {type(event) for event, _ in TRIED} | {FieldsNarrowed} == ENDS.keys()
