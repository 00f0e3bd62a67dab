"""What ends with a consent, an agreement or an agency's part: everything that rests on it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.ids import SYSTEM_ACTOR
from domain.processes.withdrawing import Resting, react
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import (
    AgreementEnded,
    AgreementExpired,
    AgreementSuspended,
    FieldsNarrowed,
)
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted
from domain.sharing.ends import CAUSES, ON
from domain.sharing.referral import RevokeReferral
from domain.sharing.referral_words import EXCLUSION_CAUSES, REVOCATION_CAUSES
from tests.domain.examples import NOW, OLENA, reason, uuid

SOMEBODY: dict[str, Any] = {"by": OLENA, "reason": reason()}
ENDS = (
    (ConsentWithdrawn(giver="parent", **SOMEBODY), "consent-withdrawn"),
    (ConsentExpired(at=NOW), "consent-over"),
    (OverrideLifted(**SOMEBODY), "consent-over"),
    (AgreementSuspended(**SOMEBODY), "agreement-suspended"),
    (AgreementEnded(**SOMEBODY), "agreement-over"),
    (AgreementExpired(at=NOW), "agreement-over"),
    (AgencyWithdrawn(**SOMEBODY), "agency-withdrawn"),
)
ONE = Resting(referral=uuid(3), fields=("identity", "risk"))
OTHER = Resting(referral=uuid(2), fields=("risk",))


@pytest.mark.parametrize(("event", "cause"), ENDS, ids=lambda each: each if isinstance(each, str) else each.TOPIC)
def test_all_that_rests_on_it_ends(event: Any, cause: str) -> None:
    assert react(event, [ONE, OTHER]) == (
        RevokeReferral(referral=uuid(2), cause=cause, by=SYSTEM_ACTOR),
        RevokeReferral(referral=uuid(3), cause=cause, by=SYSTEM_ACTOR),
    )
    assert react(event, []) == ()


@pytest.mark.parametrize(
    ("left", "ended"), [(("identity", "risk"), 0), (("risk",), 1), (("identity",), 2), (("help-needed",), 2)]
)
def test_where_fields_are_left_out_only_what_tells_them(left: tuple[str, ...], ended: int) -> None:
    commands = react(FieldsNarrowed(fields=left, by=OLENA), [ONE, OTHER])
    assert len(commands) == ended
    assert {command.cause for command in commands} <= {"agreement-narrowed"}


def test_every_cause_is_of_the_closed_lists() -> None:
    assert set(CAUSES.values()) <= REVOCATION_CAUSES.keys() & EXCLUSION_CAUSES.keys()
    assert CAUSES.keys() == ON.keys()
