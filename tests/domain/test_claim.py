"""Claims: stated as the source says it, corrected whole, withdrawn; and those that the project began with."""

from __future__ import annotations

import msgspec
import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.ids import claim_id
from domain.national import claim, words
from domain.national.claim import (
    DECIDER,
    ClaimCorrected,
    ClaimStated,
    ClaimWithdrawn,
    CorrectClaim,
    Saying,
    StateClaim,
    WithdrawClaim,
)
from domain.national.seed_claims import SEED_CLAIMS, SOURCE
from domain.vocabulary import REGIONS
from tests.domain.examples import NOW, OLENA, changed
from tests.given import folded, given

SAYING = Saying(value=6_750, precision="about", as_of="2021-05", since="2021-01", source=SOURCE, remark="doubted")
KEY = claim_id("cameras", "UA-30", SAYING.as_of, SOURCE)
STATE = StateClaim(claim=KEY, measure="cameras", region="UA-30", saying=SAYING, by=OLENA, at=NOW)
CORRECT = CorrectClaim(claim=KEY, saying=changed(SAYING, value=6_751), cause="mistyped", by=OLENA, at=NOW)
WITHDRAW = WithdrawClaim(claim=KEY, cause="no-source", by=OLENA)

STATED = ClaimStated(measure="cameras", region="UA-30", by=OLENA, **msgspec.structs.asdict(SAYING))
CORRECTED = ClaimCorrected(cause="mistyped", by=OLENA, **msgspec.structs.asdict(CORRECT.saying))
WITHDRAWN = ClaimWithdrawn(cause="no-source", by=OLENA)


def test_a_life() -> None:
    given(DECIDER).when(STATE).then(STATED)
    given(DECIDER, STATED).when(CORRECT).then(CORRECTED)
    given(DECIDER, STATED, CORRECTED).when(WITHDRAW).then(WITHDRAWN)
    assert folded(DECIDER, [STATED, CORRECTED]) == claim.Claim(saying=CORRECT.saying)


def test_what_it_says_already_changes_nothing() -> None:
    given(DECIDER, STATED).when(changed(CORRECT, saying=SAYING)).then_nothing()


def test_it_is_stated_once_and_not_again_after_it_was_withdrawn() -> None:
    given(DECIDER, STATED).when(STATE).then_refused(AlreadyExists)
    given(DECIDER, STATED, WITHDRAWN).when(STATE).then_refused(AlreadyExists)


@pytest.mark.parametrize("command", [CORRECT, WITHDRAW], ids=["correct", "withdraw"])
def test_only_one_that_stands_is_changed(command: CorrectClaim | WithdrawClaim) -> None:
    given(DECIDER).when(command).then_refused(NotFound)
    given(DECIDER, STATED, WITHDRAWN).when(command).then_refused(WrongState)


def test_a_claim_of_the_whole_country_names_no_region() -> None:
    given(DECIDER).when(changed(STATE, region=claim.COUNTRY)).then(changed(STATED, region=""))


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("value", -1, "is -1"),
        ("value", claim.VALUE_MAX + 1, "is 1000000001"),
        ("precision", "exactly", "not known"),
        ("source", " ", "is empty"),
        ("source", "one\ntwo", "more than one line"),
        ("remark", "nonsense", "not known"),
        ("as_of", "May 2021", "not such a code"),
        ("as_of", "2021-02-29", "is no day of the calendar"),
        ("as_of", "2026-12", "is to come"),
        ("as_of", "2026-11-21", "is to come"),
        ("as_of", "2027", "is to come"),
        ("since", "2021-06", "is after as_of"),
        ("since", "yesterday", "not such a code"),
    ],
)
def test_what_no_source_says(field: str, value: object, fault: str) -> None:
    saying = changed(SAYING, **{field: value})
    given(DECIDER).when(changed(STATE, saying=saying)).then_refused(Invalid, says=fault, field=field)
    given(DECIDER, STATED).when(changed(CORRECT, saying=saying)).then_refused(Invalid, says=fault, field=field)


@pytest.mark.parametrize(("field", "value"), [("measure", "cats"), ("region", "UA-99")])
def test_what_nothing_is_claimed_of(field: str, value: str) -> None:
    given(DECIDER).when(changed(STATE, **{field: value})).then_refused(Invalid, says="not known", field=field)


@pytest.mark.parametrize("command", [CORRECT, WITHDRAW], ids=["correct", "withdraw"])
def test_a_cause_is_of_its_list(command: CorrectClaim | WithdrawClaim) -> None:
    given(DECIDER, STATED).when(changed(command, cause="because")).then_refused(Invalid, field="cause")


@pytest.mark.parametrize("as_of", ["2021", "2021-05", "2021-05-19", "2020-02-29", "2026", "2026-11", "2026-11-20"])
def test_as_of_when_is_as_precise_as_the_source_is(as_of: str) -> None:
    saying = changed(SAYING, as_of=as_of, since="")
    given(DECIDER).when(changed(STATE, saying=saying)).then(changed(STATED, as_of=as_of, since=""))


def test_since_may_lie_within_as_of() -> None:
    saying = changed(SAYING, as_of="2021")
    given(DECIDER).when(changed(STATE, saying=changed(saying, since="2021-05"))).then(
        changed(STATED, as_of="2021", since="2021-05")
    )


def test_one_source_says_one_thing_of_one_time() -> None:
    assert claim_id("cameras", "UA-30", "2021-05", f" {SOURCE.upper()}  ") == KEY
    assert str(KEY) == "aed57b8d-7368-595d-94f7-a07df2a3fa6e", "for ever"
    others = [("stations", "UA-30", "2021-05", SOURCE), ("cameras", "", "2021-05", SOURCE),
              ("cameras", "UA-30", "2021-06", SOURCE), ("cameras", "UA-30", "2021-05", "another")]  # fmt: skip
    assert KEY not in {claim_id(*other) for other in others}


class TestSeed:
    def test_every_one_can_be_stated(self) -> None:
        keys = set()
        for measure, region, saying in SEED_CLAIMS:
            key = claim_id(measure, region, saying.as_of, saying.source)
            keys.add(key)
            stating = StateClaim(claim=key, measure=measure, region=region, saying=saying, by=OLENA, at=NOW)
            (event,) = DECIDER.decide(None, stating)
            assert isinstance(event, ClaimStated)
            assert event.source == SOURCE
        assert len(keys) == len(SEED_CLAIMS)

    def test_they_are_what_the_source_said(self) -> None:
        said = {(measure, region, saying.as_of): saying for measure, region, saying in SEED_CLAIMS}
        assert {key: saying.value for key, saying in said.items()} == {
            ("cameras", "", "2021-05"): 31_000,
            ("cameras", "UA-30", "2021-05"): 6_750,
            ("cameras", "UA-09", "2021-05"): 327,
            ("cameras-with-analytics", "", "2021-05"): 3_300,
            ("community-officers", "", "2021-05"): 450,
            ("regions-with-officers", "", "2021-05"): 19,
            ("communities", "", "2021-05"): 279,
            ("residents-served", "", "2021-05"): 4_000_000,
            ("community-officers-planned", "", "2021-05"): 500,
            ("residents-planned", "", "2021-05"): 10_000_000,
            ("stations", "", "2021-05"): 530,
            ("stations", "", "2018"): 4,
            ("incidents-by", "", "2021-05"): 1_400,
            ("incidents-against", "", "2021-05"): 1_200_000,
        }
        over = {measure for (measure, _, _), saying in said.items() if saying.precision == "more-than"}
        assert over == {"cameras-with-analytics", "residents-served", "incidents-by"}
        slip = words.CLAIM_REMARKS[said["incidents-against", "", "2021-05"].remark]
        assert "slip" in slip.en
        assert set(REGIONS) >= {region for _, region, _ in SEED_CLAIMS if region}
