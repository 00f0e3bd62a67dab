"""The tables of what each reader gets of one child, one report and one camera say what the API answers."""

from __future__ import annotations

from tests.app.access.one_thing import COMMAND
from tests.app.access.side_by_side import answered
from tests.app.conftest import House


def test_the_tables_are_what_is_answered(house: House) -> None:
    told = [(each.path.name, text == each.path.read_text(encoding="utf-8")) for each, text in answered(house)]
    wrong = [name for name, same in told if not same]
    assert not wrong, f"{wrong} tell otherwise; see why, then write them anew: {COMMAND}"
