"""What an import puts on record of itself."""

from __future__ import annotations

from typing import Any

import pytest

from domain.camera_network.camera_import import DECIDER, ROWS_MAX, CamerasImported, ImportCameras
from domain.errors import AlreadyExists, Invalid
from tests.domain.examples import PETRO, SHA256, changed, uuid
from tests.given import given

IMPORT = ImportCameras(
    camera_import=uuid(71), sha256=SHA256, registered=30, already=2, refused=0, accept_refused=False, by=PETRO
)
IMPORTED = CamerasImported(sha256=SHA256, rows=32, registered=30, already=2, refused=0, by=PETRO)


def test_it_says_what_became_of_the_rows() -> None:
    given(DECIDER).when(IMPORT).then(IMPORTED)
    given(DECIDER, IMPORTED).when(IMPORT).then_refused(AlreadyExists)


def test_refused_rows_are_left_out_only_where_that_was_said() -> None:
    some = changed(IMPORT, refused=3)
    given(DECIDER).when(some).then_refused(Invalid, says="3 of 35 rows are refused", field="file")
    given(DECIDER).when(changed(some, accept_refused=True)).then(changed(IMPORTED, rows=35, refused=3))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"registered": 0, "already": 0}, "rows"), ({"already": ROWS_MAX}, "rows"), ({"sha256": "x"}, "sha256")],
)
def test_what_is_no_import(changes: dict[str, Any], field: str) -> None:
    given(DECIDER).when(changed(IMPORT, **changes)).then_refused(Invalid, field=field)
