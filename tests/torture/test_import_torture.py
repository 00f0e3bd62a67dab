"""A few kills of a server that takes in a register of cameras, and that half a register would be noticed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from app import deployment
from app.clockwork import system_meta
from app.composition import open_record
from app.initialising import initialise
from domain import camera
from domain.ids import camera_id
from domain.log import Change
from tests.app.conftest import PASSWORD
from tests.domain.examples import REGISTER, changed
from tests.torture import kill_import
from tests.torture.kill_import import Attempt, on_record


def test_a_killed_import_leaves_all_or_nothing(tmp_path: Path) -> None:
    tally = kill_import.run(kills=1, seed=4, rows=300, scratch=tmp_path)
    assert tally.is_clean, tally
    assert tally.kills == tally.whole + tally.nothing == 1


def test_half_a_register_is_noticed(tmp_path: Path) -> None:
    folder, attempt = tmp_path / "deployment", Attempt(1, 3)
    initialise(folder, password=PASSWORD)
    assert on_record(folder, attempt) is None
    with ExitStack() as opening:
        log, _ = open_record(deployment.load(folder), opening)
        decided = camera.DECIDER.decide(None, changed(REGISTER, name=attempt.names[1]))
        log.append([Change(camera_id(attempt.names[1]), 0, decided)], system_meta("test"))
    with pytest.raises(AssertionError, match="1 cameras without a receipt"):
        on_record(folder, attempt)
