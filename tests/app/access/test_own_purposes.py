"""Every operation serves a purpose of the list by itself."""

from __future__ import annotations

import pytest

from app.access import purposes
from app.access.operations import Operation
from app.access.purposes import own_purpose
from domain.vocabulary import PURPOSES


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_has_a_purpose_of_the_list(operation: Operation) -> None:
    assert own_purpose(operation) in PURPOSES


def test_the_tables_hold_nothing_that_says_nothing() -> None:
    nouns = {operation.value.partition(".")[0] for operation in Operation}
    assert set(purposes._BY_NOUN) == nouns
    for operation, purpose in purposes._EXCEPTIONS.items():
        assert purpose != purposes._BY_NOUN[operation.value.partition(".")[0]], operation


def test_what_is_asked_for_serves_what_it_is_there_for() -> None:
    assert own_purpose(Operation.CASE_OPEN) == "prevention"
    assert own_purpose(Operation.INCIDENT_REPORT_MISSING) == "missing-person"
    assert own_purpose(Operation.SEARCH_RUN) == own_purpose(Operation.FOOTAGE_CUT) == "investigation"
    assert own_purpose(Operation.ROLE_GIVE) == own_purpose(Operation.FOOTAGE_SCRUB) == "administration"
    assert own_purpose(Operation.REPLAY_READ) == "audit"
