"""A few cycles of each campaign, and that a campaign notices what it is there to notice. Long ones: `make torture`."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from app.event_store.sqlite_file import Synchronous
from tests.torture import kill_log, kill_server, power_cut
from tests.torture.fuse import CannotMount
from tests.torture.kill_server import Inspection
from tests.torture.office import Command, found, incident
from tests.torture.reckoning import Reckoning, Said, Tally
from tests.torture.writing import Store, new_folder, subject_of


def test_kills_lose_nothing(tmp_path: Path) -> None:
    tally = kill_log.run(cycles=5, seed=7, scratch=tmp_path)
    assert tally.is_clean, tally
    assert tally.cycles == 5
    assert tally.acknowledged > 0
    assert tally.retries > 0


def test_kills_of_a_server_lose_nothing(tmp_path: Path) -> None:
    tally = kill_server.run(cycles=2, seed=7, scratch=tmp_path)
    assert tally.is_clean, tally
    assert tally.cycles == 2
    assert tally.acknowledged > 0
    assert tally.retries > 0


def cut(cycles: int, synchronous: Synchronous, scratch: Path) -> Tally:
    try:
        return power_cut.run(cycles, 7, synchronous, scratch)
    except CannotMount as fault:
        pytest.skip(f"no file system of our own can be mounted here: {fault}")


def test_power_cuts_lose_nothing(tmp_path: Path) -> None:
    tally = cut(4, "FULL", tmp_path)
    assert tally.is_clean, tally
    assert tally.acknowledged > 0
    assert tally.retries > 0


def test_the_control_loses(tmp_path: Path) -> None:
    assert cut(2, "NORMAL", tmp_path).lost > 0


class TestReckoning:
    """Planted faults, each of which must be found."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return new_folder(tmp_path / "deployment")

    def written(self, folder: Path, commands: int) -> Said:
        store = Store(folder)
        said = Said(sent={(0, n) for n in range(commands)})
        said.done = {(0, n): store.send(0, n) for n in range(commands)}
        store.close()
        return said

    def reckoned(self, folder: Path, said: Said) -> Tally:
        tally = Tally()
        reckoning = Reckoning(folder, 1, tally)
        reckoning.after_crash(said)
        reckoning.at_the_end()
        return tally

    def test_no_fault(self, folder: Path) -> None:
        said = self.written(folder, 5)
        del said.done[0, 4]
        tally = self.reckoned(folder, said)
        assert tally.is_clean
        assert (tally.acknowledged, tally.durable_unacknowledged, tally.retries) == (4, 1, 4)

    def test_an_acknowledged_command_that_is_not_there(self, folder: Path) -> None:
        said = self.written(folder, 3)
        said.done[0, 3] = said.done[0, 2]
        assert self.reckoned(folder, said).lost == 1

    def test_another_receipt_than_the_acknowledged_one(self, folder: Path) -> None:
        said = self.written(folder, 3)
        said.done[0, 1] = msgspec.structs.replace(said.done[0, 1], last_position=99)
        assert self.reckoned(folder, said).lost == 1

    def test_a_step_that_was_done_twice(self, folder: Path) -> None:
        said = self.written(folder, 3)
        with closing(sqlite3.connect(folder / "log.db")) as connection:
            connection.execute("DROP TRIGGER stored_events_update")
            connection.execute("UPDATE stored_events SET state = (SELECT state FROM stored_events WHERE rowid = 1)"
                               " WHERE topic = 'torture.stepped'")  # fmt: skip
            connection.commit()
        assert "lane 0 is not 0, 1, 2" in self.reckoned(folder, said).faults[0]

    def test_an_erasure_that_did_not_last(self, folder: Path) -> None:
        said = self.written(folder, 3)
        said.erased = {(0, 2)}
        assert self.reckoned(folder, said).faults

    def test_a_note_whose_key_is_gone(self, folder: Path) -> None:
        said = self.written(folder, 3)
        store = Store(folder)
        store.vault.erase(subject_of(0, 2))
        store.close()
        assert self.reckoned(folder, said).faults


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server") / "deployment"
    found(folder)
    return folder


class TestInspection:
    """The same of a server's deployment."""

    @pytest.fixture
    def folder(self, made: Path, tmp_path: Path) -> Path:
        return shutil.copytree(made, tmp_path / "deployment")

    def inspected(self, folder: Path) -> Tally:
        inspection = Inspection(folder, Tally())
        inspection.databases()
        inspection.record()
        return inspection.tally

    def test_no_fault(self, folder: Path) -> None:
        assert self.inspected(folder).is_clean

    def test_an_acknowledged_command_that_is_not_there(self, folder: Path) -> None:
        inspection = Inspection(folder, Tally())
        inspection.acknowledged(Command("/incidents", incident()), {"id": "x", "version": 1, "position": 1})
        assert inspection.tally.lost == 1

    def test_half_an_upload(self, folder: Path) -> None:
        (folder / "incoming" / "part").write_bytes(b"half")
        assert "incoming" in self.inspected(folder).faults[0]

    def test_an_original_that_the_log_does_not_name(self, folder: Path) -> None:
        (folder / "footage" / "ab").mkdir()
        (folder / "footage" / "ab" / ("ab" * 32)).write_bytes(b"whole")
        assert "1 unnamed" in self.inspected(folder).faults[0]

    def test_a_view_that_no_replay_gives(self, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "views.db")) as connection:
            connection.execute("UPDATE cameras SET region = 'UA-05' WHERE name = 'KYIV-900'")
            connection.commit()
        assert "the view cameras is not" in self.inspected(folder).faults[0]

    def test_a_command_without_its_receipt(self, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "log.db")) as connection:
            connection.execute("DROP TRIGGER command_receipts_delete")
            connection.execute("DELETE FROM command_receipts")
            connection.commit()
        assert "its receipt is None" in self.inspected(folder).faults[0]
