"""A few cycles of each campaign on footage, and that each notices what it is there to notice."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from app.call import now
from app.clockwork import system_meta
from domain.footage_events import FootageClaimed
from domain.ids import footage_id
from domain.log import Change
from tests.torture import cut_indexing, damage, forgetting, kill_indexing, kill_switch
from tests.torture.fuse import CannotMount
from tests.torture.indexing_house import (
    Row,
    faults_at_rest,
    found,
    index_undisturbed,
    record_of,
    rows_of,
)
from tests.torture.indexing_process import Word
from tests.torture.indexing_tally import Acknowledged, IndexingTally


def test_several_workers_give_the_rows_of_one(tmp_path: Path) -> None:
    tally = kill_indexing.run(0, 7, tmp_path, films=3, minutes=2, deadly=False)
    assert tally.is_clean, tally
    assert tally.rows_compared > 50


def test_kills_of_workers_change_no_row(tmp_path: Path) -> None:
    tally = kill_indexing.run(5, 7, tmp_path, films=2, minutes=3, deadly=False)
    assert tally.is_clean, tally
    assert tally.kills >= 5


def test_a_switch_that_is_killed_goes_on(tmp_path: Path) -> None:
    tally = kill_switch.run(1, 2, 7, tmp_path, films=2, minutes=3)
    assert tally.is_clean, tally
    assert (tally.switches, tally.kills) == (1, 2)


def test_power_cuts_change_no_row(tmp_path: Path) -> None:
    try:
        tally = cut_indexing.run(2, 7, tmp_path, films=2, minutes=4)
    except CannotMount as fault:
        pytest.skip(f"no file system of our own can be mounted here: {fault}")
    assert tally.is_clean, tally
    assert tally.cuts >= 2


def test_damage_is_found_and_mended(tmp_path: Path) -> None:
    patient = damage.Patient(tmp_path / "deployment", Random(7))
    patient.case("vectors.f16", "flip", is_served=False)
    patient.case("thumbnails.pack", "zero", is_served=True)
    patient.case(damage.ORIGINAL, "flip", is_served=True)
    assert patient.tally.faults == []
    assert patient.tally.found_by == {"start": 1, "scrub": 2}


def test_what_must_be_gone_is_found_nowhere(tmp_path: Path) -> None:
    tally = forgetting.run(6, tmp_path)
    assert tally.faults == []
    assert (tally.gone, tally.held) == (3, 2)
    assert tally.searches > 0


class Well(NamedTuple):
    folder: Path
    digests: list[str]
    rows: dict[str, list[Row]]


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Well:
    folder = tmp_path_factory.mktemp("indexed") / "deployment"
    digests = found(folder, 1, 2)
    index_undisturbed(folder)
    return Well(folder, digests, rows_of(folder))


class TestFaultsAtRest:
    """Planted faults, each of which must be found."""

    @pytest.fixture
    def folder(self, indexed: Well, tmp_path: Path) -> Path:
        return shutil.copytree(indexed.folder, tmp_path / "deployment")

    def told(self, folder: Path, indexed: Well) -> str:
        return "; ".join(faults_at_rest(folder, indexed.digests, indexed.rows))

    def test_none(self, folder: Path, indexed: Well) -> None:
        assert self.told(folder, indexed) == ""

    def test_a_row_that_is_gone(self, folder: Path, indexed: Well) -> None:
        with closing(sqlite3.connect(folder / "index" / "catalogue.db")) as catalogue, catalogue:
            catalogue.execute("INSERT INTO tombstones (row) VALUES (1)")
        assert "not the" in self.told(folder, indexed)

    def test_another_vector(self, folder: Path, indexed: Well) -> None:
        (segment, *_) = (folder / "index" / "segments").iterdir()
        damage.overwrite(segment / "vectors.f16", 100, b"?")
        assert f"segment {segment.name}" in self.told(folder, indexed)

    def test_a_file_that_nobody_names(self, folder: Path, indexed: Well) -> None:
        (folder / "incoming" / "part").write_bytes(b"half")
        assert "left over: incoming/part" in self.told(folder, indexed)

    def test_footage_that_is_held_for_ever(self, folder: Path, indexed: Well) -> None:
        key = footage_id(indexed.digests[0])
        claim = FootageClaimed(worker="w", lease_until=now() + timedelta(hours=1), attempt=1)
        with record_of(folder) as log:
            log.append([Change(key, len(log.events(key)), (claim,))], system_meta("test"))
        assert "is held" in self.told(folder, indexed)

    def test_a_unit_that_was_acknowledged_and_is_not_there(self, folder: Path, indexed: Well) -> None:
        tally = IndexingTally()
        acknowledged = Acknowledged(tally)
        (sha256,) = indexed.digests
        acknowledged.hear([Word("committed", sha256, 0), Word("committed", sha256, 7), Word("claimed", sha256, 2)])
        acknowledged.check(folder)
        assert (tally.commits, tally.lost) == (2, 1)

    def test_a_unit_that_was_made_again(self, folder: Path, indexed: Well) -> None:
        tally = IndexingTally()
        acknowledged = Acknowledged(tally)
        acknowledged.hear([Word("committed", indexed.digests[0], 1)])
        acknowledged.check(folder)
        with closing(sqlite3.connect(folder / "index" / "catalogue.db")) as catalogue, catalogue:
            catalogue.execute("UPDATE units SET first_row = first_row + 1000")
        acknowledged.check(folder)
        assert "made again" in tally.faults[0]
