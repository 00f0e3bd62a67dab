"""The house whose communities have police, for the tests of reports."""

from __future__ import annotations

import pytest

from tests.app.conftest import House
from tests.app.reports.office import Office


@pytest.fixture(scope="module")
def office(house: House) -> Office:
    """Without the slowing of floods, which has tests of its own."""
    opened = Office(house)
    opened.settle()
    opened.unslowed()
    return opened
