"""Agencies: registered for a unit of their own, withdrawn; every command taken, every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.ids import agency_id
from domain.sharing.agency import (
    DECIDER,
    Agency,
    AgencyRegistered,
    AgencyWithdrawn,
    RegisterAgency,
    WithdrawAgency,
)
from tests.domain.examples import OLENA, OTHER_UNIT, UNIT, changed, reason
from tests.given import folded, given

AGENCY = agency_id(UNIT)
REGISTER = RegisterAgency(
    agency=AGENCY,
    name="Служба у справах дітей",
    kind="children-service",
    region="UA-30",
    unit=UNIT,
    unit_kind="agency",
    by=OLENA,
)
WITHDRAW = WithdrawAgency(agency=AGENCY, reason=reason(), by=OLENA)
REGISTERED = AgencyRegistered(
    name="Служба у справах дітей", kind="children-service", region="UA-30", unit=UNIT, by=OLENA
)
WITHDRAWN = AgencyWithdrawn(by=OLENA, reason=reason())


def test_registered_for_a_unit_of_its_own() -> None:
    given(DECIDER).when(REGISTER).then(REGISTERED)
    assert folded(DECIDER, [REGISTERED]) == Agency(name=REGISTER.name, kind=REGISTER.kind, unit=UNIT)
    assert agency_id(UNIT) != agency_id(OTHER_UNIT)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": " "}, "name", "empty"),
        ({"kind": "ministry"}, "kind", "children-service"),
        ({"region": "UA-99"}, "region", "UA-30"),
        ({"unit_kind": ""}, "unit", "agency"),
        ({"unit_kind": "juvenile-prevention"}, "unit", "agency"),
    ],
)
def test_what_cannot_be_registered(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(REGISTER, **changes)).then_refused(Invalid, field=field, says=says)


@pytest.mark.parametrize("history", [(REGISTERED,), (REGISTERED, WITHDRAWN)])
def test_a_unit_is_of_one_agency_also_of_one_that_left(history: tuple[Any, ...]) -> None:
    given(DECIDER, *history).when(REGISTER).then_refused(AlreadyExists, says=str(AGENCY))


def test_withdrawn_once() -> None:
    given(DECIDER, REGISTERED).when(WITHDRAW).then(WITHDRAWN)
    assert not folded(DECIDER, [REGISTERED, WITHDRAWN]).active
    given(DECIDER, REGISTERED, WITHDRAWN).when(WITHDRAW).then_refused(WrongState, says="withdrawn")
    given(DECIDER).when(WITHDRAW).then_refused(NotFound, says=str(AGENCY))


def test_why_it_is_withdrawn_is_said() -> None:
    given(DECIDER, REGISTERED).when(changed(WITHDRAW, reason=reason(""))).then_refused(Invalid, field="reason")
