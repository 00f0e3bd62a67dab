"""A list shows what its reader may read row by row, whether the gate filters rows or a query carries the condition."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import get_args, get_type_hints
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.gate import Gate, Principal
from app.access.list_scope import Alternative, alternatives
from app.access.list_shows import LIST_SHOWS
from app.access.operations import Operation
from app.access.policy import PolicyInvalid, parse
from app.access.resources import UNITS as UNITS_TYPE
from app.access.resources import Incident, Thing
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
FACTS: dict[str, st.SearchStrategy[object]] = {  # by the entity type of a fact
    "Account": account,
    "Unit": unit,
    "Community": st.sampled_from(COMMUNITIES),
    UNITS_TYPE: st.frozensets(unit),
}


def row_of(kind: type[Thing]) -> st.SearchStrategy[Thing]:
    """Any thing of the kind; what it may lack, it lacks now and then."""
    hints = get_type_hints(kind)
    drawn = {
        name: FACTS[entity] if entity in FACTS else st.sampled_from(kind.STATES) for name, entity in kind.FACTS.items()
    }
    lacking = {name for name in drawn if type(None) in get_args(hints[name])}
    return st.builds(
        kind, key=st.uuids(), **{name: st.none() | of if name in lacking else of for name, of in drawn.items()}
    )


ROWS = {operation: row_of(shown.on) for operation, shown in LIST_SHOWS.items()}


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


def test_conditions_of_all_roles_and_pairs_of_roles_can_be_said() -> None:
    """No policy asks for two roles at once, but one forbids what others permit: pairs tell all that there is."""
    for roles in (frozenset(pair) for pair in combinations_with_replacement(sorted(ROLES), 2)):
        principal = Principal(account=ACCOUNTS[0], unit=UNITS[0], community=COMMUNITIES[0], roles=roles)
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
