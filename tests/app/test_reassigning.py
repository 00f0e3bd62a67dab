"""A lapsed certification hands an officer's open cases over, through the whole house: clock, process, case."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain import prevention_case_events as cases
from domain.ids import account_id, officer_id
from domain.officer import CertificationLapsed
from domain.prevention_case_events import CaseReassigned
from tests.app.conftest import House
from tests.app.prevention_house import CLOSE, COLLEAGUE, IN_CHARGE, SUPERVISOR, Prevention

WAIT_SECONDS = 60.0


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    return made


def reassigned(house: House, case: str) -> list[CaseReassigned]:
    return [event for event in house.services.log.events(UUID(case)) if isinstance(event, cases.CaseReassigned)]


def wait_for(house: House, *cases: str) -> None:
    """Until the process, which runs beside the requests, has handed each of them over."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not all(reassigned(house, case) for case in cases):
        assert time.monotonic() < deadline, house.services.background.status()
        time.sleep(0.05)


def test_open_cases_go_to_the_colleague_and_closed_ones_stay(house: House, prevention: Prevention) -> None:
    mine = [prevention.open() for _ in range(2)]
    closed, theirs = prevention.open(), prevention.open(assign=COLLEAGUE)
    house.done(SUPERVISOR, f"/cases/{closed}/close", CLOSE)
    prevention.lapse(IN_CHARGE, house.units["juvenile"])
    wait_for(house, *mine)
    for case in mine:
        (moved,) = reassigned(house, case)
        assert (moved.from_officer, moved.to) == (account_id(IN_CHARGE), account_id(COLLEAGUE))
    assert reassigned(house, closed) == reassigned(house, theirs) == []
    (lapse,) = [e for e in house.services.log.stream(officer_id(account_id(IN_CHARGE)))
                if isinstance(e.event, CertificationLapsed)]  # fmt: skip
    (last,) = [e for e in house.services.log.stream(UUID(mine[0])) if isinstance(e.event, CaseReassigned)]
    assert last.meta.causation == f"{lapse.stream}:{lapse.version}"
    assert last.meta.purpose == lapse.meta.purpose
    assert house.services.projector.wait(house.services.log.head(), timeout_seconds=30)
    assert house.ask(COLLEAGUE, f"/cases/{mine[0]}").status_code == 200


def test_a_suspended_account_loses_certification_and_cases(house: House, prevention: Prevention) -> None:
    house.create_account("ostap", house.units["juvenile"], "juvenile-officer")
    prevention.certify("ostap", house.units["juvenile"])
    case = prevention.open(assign="ostap")
    house.done("admin", f"/accounts/{account_id('ostap')}/suspend", {"reason": "Звільнено зі служби"})
    wait_for(house, case)
    (lapse,) = house.services.log.events(officer_id(account_id("ostap")), after_version=3)
    assert isinstance(lapse, CertificationLapsed)
    assert lapse.cause == "account-suspended"
    (moved,) = reassigned(house, case)
    assert moved.to == account_id(COLLEAGUE)


def test_where_nobody_else_is_certified_the_case_is_left_to_nobody(house: House, prevention: Prevention) -> None:
    unit = {"name": "alone", "region": "UA-30", "kind": "juvenile-prevention"}
    house.units["alone"] = house.done("admin", "/units", unit)["id"]
    house.create_account("solomiia", house.units["alone"], "juvenile-officer")
    house.create_account("nazar", house.units["alone"], "supervisor")
    prevention.certify("solomiia", house.units["alone"])
    case = prevention.open("solomiia", assign=None)
    house.done("nazar", f"/cases/{case}/assign", {"officer": str(account_id("solomiia"))})
    until = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    house.done("nazar", f"/officers/{account_id('solomiia')}/certify", {"until": until})
    house.done("nazar", f"/officers/{account_id('solomiia')}/withdraw", {"reason": "Порушення"})
    wait_for(house, case)
    (moved,) = reassigned(house, case)
    assert moved.to is None
    assert house.services.projector.wait(house.services.log.head(), timeout_seconds=30)
    assert case in house.ask("nazar", "/cases", unassigned=True).text
