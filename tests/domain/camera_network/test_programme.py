"""Programmes: adopted once, funding cameras of their region, taking back what was recorded in error."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.camera_network import programme
from domain.camera_network.programme import (
    DECIDER,
    AdoptProgramme,
    CamerasFunded,
    FundCameras,
    FundedCamera,
    FundingWithdrawn,
    Goal,
    ProgrammeAdopted,
    WithdrawFunding,
)
from domain.errors import AlreadyExists, Invalid, NotFound
from domain.ids import programme_id
from tests.domain.examples import GATE, NOW, PETRO, YARD, changed
from tests.given import given

YEAR = timedelta(days=365)
KEY = programme_id("UA-30", "Безпечне місто")
GOAL = Goal(kind="cameras", target=5_000, by=NOW + YEAR)
ADOPT = AdoptProgramme(
    programme=KEY,
    name="Безпечне місто",
    region="UA-30",
    from_at=NOW - YEAR,
    to_at=NOW + YEAR,
    funder="Київська міська рада",
    goals=(GOAL, changed(GOAL, kind="officers", target=120)),
    by=PETRO,
)
ADOPTED = DECIDER.decide(None, ADOPT)[0]
AT_GATE, AT_YARD = FundedCamera(GATE, "KYIV-014", "UA-30"), FundedCamera(YARD, "KYIV-015", "UA-30")
FUND = FundCameras(
    programme=KEY, cameras=(AT_GATE, AT_YARD), amount_kopecks=40_000_00, funder="Подільська РДА", by=PETRO
)
FUNDED = CamerasFunded(number=1, cameras=(GATE, YARD), amount_kopecks=40_000_00, funder="Подільська РДА", by=PETRO)
WITHDRAW = WithdrawFunding(programme=KEY, number=1, by=PETRO)


def test_adopted_with_all_its_facts() -> None:
    given(DECIDER).when(ADOPT).then(
        ProgrammeAdopted(
            name=ADOPT.name,
            region="UA-30",
            from_at=ADOPT.from_at,
            to_at=ADOPT.to_at,
            funder=ADOPT.funder,
            goals=ADOPT.goals,
            by=PETRO,
        )
    )


def test_a_region_has_one_programme_of_a_name() -> None:
    given(DECIDER, ADOPTED).when(ADOPT).then_refused(AlreadyExists, says=ADOPT.name)
    assert programme_id("UA-30", " безпечне  МІСТО ") == KEY != programme_id("UA-32", "Безпечне місто")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"region": "UA-99"}, "region"),
        ({"funder": "рада\nмісто"}, "funder"),
        ({"to_at": ADOPT.from_at}, "to_at"),
        ({"goals": ()}, "goals"),
        ({"goals": (GOAL, changed(GOAL, target=1))}, "goals"),
        ({"goals": (changed(GOAL, kind="lamps"),)}, "goals: kind"),
        ({"goals": (changed(GOAL, target=0),)}, "goals: target"),
        ({"goals": (changed(GOAL, by=NOW + 2 * YEAR),)}, "goals: by"),
        ({"goals": tuple(changed(GOAL, by=NOW + timedelta(days=n)) for n in range(51))}, "goals"),
    ],
)
def test_what_cannot_be_adopted(changes: dict[str, Any], field: str) -> None:
    given(DECIDER).when(changed(ADOPT, **changes)).then_refused(Invalid, field=field)


def test_cameras_are_funded_one_funding_after_another() -> None:
    given(DECIDER, ADOPTED).when(FUND).then(FUNDED)
    other = changed(FUND, funder="Громада", cameras=(AT_GATE, FundedCamera(GATE, str(GATE), "UA-30")))
    given(DECIDER, ADOPTED, FUNDED).when(other).then(changed(FUNDED, number=2, funder="Громада", cameras=(GATE,)))


@pytest.mark.parametrize(
    ("changes", "says", "field"),
    [
        ({"cameras": ()}, "0 entries", "cameras"),
        ({"cameras": (FundedCamera(GATE, "KYIV-999", ""),)}, "there is no camera KYIV-999", "cameras"),
        ({"cameras": (FundedCamera(GATE, "LVIV-001", "UA-46"),)}, "LVIV-001 stands in UA-46", "cameras"),
        ({"cameras": tuple(FundedCamera(UUID(int=n), "X", "UA-30") for n in range(1_001))}, "1001 entries", "cameras"),
        ({"amount_kopecks": 0}, "is 0", "amount_kopecks"),
        ({"funder": ""}, "is empty", "funder"),
    ],
)
def test_what_cannot_be_funded(changes: dict[str, Any], says: str, field: str) -> None:
    given(DECIDER, ADOPTED).when(changed(FUND, **changes)).then_refused(Invalid, says=says, field=field)


def test_nobody_pays_twice_for_one_camera() -> None:
    given(DECIDER, ADOPTED, FUNDED).when(changed(FUND, cameras=(AT_YARD,))).then_refused(
        Invalid, says="KYIV-015 was paid for", field="cameras"
    )
    withdrawn = FundingWithdrawn(number=1, by=PETRO)
    given(DECIDER, ADOPTED, FUNDED, withdrawn).when(FUND).then(changed(FUNDED, number=2))


def test_fundings_have_an_end() -> None:
    last = changed(FUNDED, number=programme.FUNDINGS_MAX, funder="хтось")
    given(DECIDER, ADOPTED, last).when(FUND).then_refused(Invalid, says="1000 fundings", field="cameras")


def test_a_funding_is_withdrawn_once() -> None:
    withdrawn = FundingWithdrawn(number=1, by=PETRO)
    given(DECIDER, ADOPTED, FUNDED).when(WITHDRAW).then(withdrawn)
    for history in ((ADOPTED,), (ADOPTED, FUNDED, withdrawn)):
        given(DECIDER, *history).when(WITHDRAW).then_refused(Invalid, says="no funding 1", field="number")


@pytest.mark.parametrize("command", [FUND, WITHDRAW], ids=lambda command: type(command).__name__)
def test_of_no_programme(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says="there is no programme")
