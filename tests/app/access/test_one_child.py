"""The table of what each role gets of the same child says what the API answers."""

from __future__ import annotations

from tests.app.access import one_child
from tests.app.access.one_child_scene import scene
from tests.app.conftest import House


def test_the_table_is_what_is_answered(house: House) -> None:
    found, told = one_child.written(scene(house)), one_child.TABLE.read_text(encoding="utf-8")
    assert found == told, f"{one_child.TABLE.name} tells otherwise; see why, then write it anew: {one_child.COMMAND}"
