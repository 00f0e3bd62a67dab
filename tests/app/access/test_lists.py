"""A list shows what its reader may read row by row, whether the gate filters rows or a query carries the condition."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.gate import Gate, Principal
from app.access.list_scope import Alternative, alternatives
from app.access.operations import LIST_SHOWS, Operation
from app.access.policy import PolicyInvalid, parse
from app.access.resources import (
    AccountRecord,
    Authorisation,
    Camera,
    Child,
    Clip,
    Concern,
    Footage,
    Hold,
    Incident,
    Officer,
    PreventionCase,
    Search,
    Thing,
)
from domain.vocabulary import ROLES

GATE = Gate.load()
ACCOUNTS = [UUID(int=number) for number in range(1, 4)]
UNITS = [UUID(int=number) for number in range(101, 104)]
COMMUNITIES = [UUID(int=number) for number in range(201, 204)]

account = st.sampled_from(ACCOUNTS)
unit = st.sampled_from(UNITS)
principals = st.builds(
    Principal,
    account=account,
    unit=unit,
    community=st.none() | st.sampled_from(COMMUNITIES),
    roles=st.frozensets(st.sampled_from(sorted(ROLES)), max_size=3),
    suspended=st.integers(0, 9).map(lambda number: number == 0),
)
ROWS: dict[Operation, st.SearchStrategy[Thing]] = {
    Operation.INCIDENT_LIST: st.builds(
        Incident, key=st.uuids(), unit=unit, officer=account, state=st.sampled_from(Incident.STATES)
    ),
    Operation.CHILD_LIST: st.builds(
        Child, key=st.uuids(), unit=unit, case_units=st.frozensets(unit), state=st.sampled_from(Child.STATES)
    ),
    Operation.AUTHORISATION_LIST: st.builds(
        Authorisation,
        key=st.uuids(),
        requester=account,
        requester_unit=unit,
        approver=st.none() | account,
        approver_unit=st.none() | unit,
        state=st.sampled_from(Authorisation.STATES),
    ),
    Operation.SEARCH_LIST: st.builds(
        Search,
        key=st.uuids(),
        searcher=account,
        searcher_unit=unit,
        requester=st.none() | account,
        approver=st.none() | account,
        state=st.sampled_from(Search.STATES),
    ),
    Operation.CLIP_LIST: st.builds(
        Clip,
        key=st.uuids(),
        searcher=account,
        searcher_unit=unit,
        requester=st.none() | account,
        approver=st.none() | account,
        state=st.sampled_from(Clip.STATES),
    ),
    Operation.ACCOUNT_LIST: st.builds(AccountRecord, key=st.uuids(), account=account, unit=unit),
    Operation.CAMERA_LIST: st.builds(Camera, key=st.uuids()),
    Operation.FOOTAGE_LIST: st.builds(Footage, key=st.uuids()),
    Operation.HOLD_LIST: st.builds(Hold, key=st.uuids(), unit=unit, officer=account),
    **dict.fromkeys(
        (Operation.CASE_LIST, Operation.CASE_WORK, Operation.CASE_OFFERS, Operation.CASE_FIGURES),
        st.builds(
            PreventionCase,
            key=st.uuids(),
            unit=unit,
            officer=st.none() | account,
            offered_unit=st.none() | unit,
            state=st.sampled_from(PreventionCase.STATES),
        ),
    ),
    Operation.OFFICER_LIST: st.builds(Officer, key=st.uuids(), account=account, unit=unit),
    Operation.CONCERN_LIST: st.builds(
        Concern, key=st.uuids(), unit=unit, raiser=account, state=st.sampled_from(Concern.STATES)
    ),
}


def test_every_list_is_tried() -> None:
    assert ROWS.keys() == LIST_SHOWS.keys()


@settings(max_examples=60, deadline=None)
@given(principal=principals, drawn=st.data())
@pytest.mark.parametrize("operation", ROWS)
def test_gate_rows_and_condition_agree(operation: Operation, principal: Principal, drawn: st.DataObject) -> None:
    rows = drawn.draw(st.lists(ROWS[operation], max_size=12))
    shown = GATE.visible(principal, operation, rows)
    assert shown == [row for row in rows if GATE.decide(principal, LIST_SHOWS[operation], row).allowed]
    scope = GATE.scope_of_lists(principal, operation)
    assert shown == [row for row in rows if scope.admits(row)]
    if scope.everything:
        assert shown == rows


def test_the_condition_is_short_enough_for_a_query() -> None:
    supervisor = Principal(account=ACCOUNTS[0], unit=UNITS[0], roles=frozenset({"supervisor"}))
    scope = GATE.scope_of_lists(supervisor, Operation.AUTHORISATION_LIST)
    assert scope.alternatives == (
        Alternative(frozenset(), frozenset({"requested"})),
        Alternative(frozenset({"requester_unit"}), None),
        Alternative(frozenset({"approver"}), None),
        Alternative(frozenset({"approver_unit"}), None),
    )
    assert scope.own_value("approver") == supervisor.account
    assert scope.own_value("approver_unit") == supervisor.unit
    assert not scope.everything
    auditor = Principal(account=ACCOUNTS[1], unit=UNITS[1], roles=frozenset({"auditor"}))
    assert GATE.scope_of_lists(auditor, Operation.AUTHORISATION_LIST).everything
    administrator = Principal(account=ACCOUNTS[2], unit=UNITS[2], roles=frozenset({"administrator"}))
    assert GATE.scope_of_lists(administrator, Operation.AUTHORISATION_LIST).alternatives == ()


def test_conditions_of_all_sets_of_roles_can_be_said() -> None:
    for number in range(2 ** len(ROLES)):
        roles = frozenset(role for place, role in enumerate(sorted(ROLES)) if number >> place & 1)
        principal = Principal(account=ACCOUNTS[0], unit=UNITS[0], roles=roles)
        for operation in LIST_SHOWS:
            assert len(GATE.scope_of_lists(principal, operation).alternatives) <= 5


def test_a_policy_that_hides_rows_from_their_owners_is_refused_as_a_condition() -> None:
    hiding = """
    @id("not-in-charge") @reason("The officer in charge looks away.")
    forbid (principal, action == Action::"incident.read", resource) when { resource.officer == principal };
    """
    gate = Gate(parse(GATE.policy.policies_text + hiding, GATE.policy.schema_text))
    auditor = Principal(account=uuid4(), unit=uuid4(), roles=frozenset({"auditor"}))
    with pytest.raises(PolicyInvalid, match="officer"):
        gate.scope_of_lists(auditor, Operation.INCIDENT_LIST)
    rows = [Incident(key=uuid4(), unit=uuid4(), officer=auditor.account, state="recorded")]
    assert gate.visible(auditor, Operation.INCIDENT_LIST, rows) == []  # the gate itself still decides


def test_a_relation_that_needs_two_facts_at_once_stays_one_alternative() -> None:
    me, mine = ACCOUNTS[0], UNITS[0]
    found = alternatives(
        Incident, me, mine, None, lambda rows: [getattr(row, "unit", 0) == mine and getattr(row, "officer", 0) == me
                                          for row in rows]
    )  # fmt: skip
    assert found == (Alternative(frozenset({"unit", "officer"}), None),)
