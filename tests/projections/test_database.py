"""The views' database is opened, or refused with what to do."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text, update

from projections.database import SCHEMA_VERSION, ViewsDatabase, copies, open_views, position_of, projection
from projections.errors import NewerDatabase, ViewsUnusable
from projections.views import VIEWS
from tests.conftest import ROOT


def test_write_ahead_log_and_normal_synchronous(database: ViewsDatabase) -> None:
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 1


def test_writing_holds_the_lock_from_its_first_moment(database: ViewsDatabase, tmp_path: Path) -> None:
    locked = pytest.raises(sqlite3.OperationalError, match="locked")
    with closing(sqlite3.connect(tmp_path / "views.db", timeout=0)) as other, database.writing(), locked:
        other.execute("BEGIN IMMEDIATE")


def test_reading_is_one_snapshot(database: ViewsDatabase) -> None:
    with database.reading() as reader:
        assert position_of(reader) == 0
        with database.writing() as writer:
            writer.execute(update(projection).values(position=5))
        assert position_of(reader) == 0
    assert database.position() == 5


def test_failed_writing_changes_nothing(database: ViewsDatabase) -> None:
    def fail() -> None:
        with database.writing() as connection:
            connection.execute(update(projection).values(position=5))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert database.position() == 0


def test_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "views.db"
    database = open_views(path, VIEWS)
    with database.writing() as connection:
        connection.execute(update(projection).values(schema_version=SCHEMA_VERSION + 1))
    database.close()
    with pytest.raises(NewerDatabase, match="version 2, but this program knows only up to 1; start the newer program"):
        open_views(path, VIEWS)


def test_view_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "views.db"
    database = open_views(path, VIEWS)
    with database.writing() as connection:
        connection.execute(update(copies).where(copies.c.label == "cameras").values(version=7))
    database.close()
    with pytest.raises(NewerDatabase, match="the view cameras is at version 7"):
        open_views(path, VIEWS)


@pytest.mark.parametrize("content", [b"not a database at all, but a text of some length" * 30, b"\x00" * 5_000])
def test_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "views.db"
    path.write_bytes(content)
    with pytest.raises(ViewsUnusable, match="not a database; move it away: the views are folded again"):
        open_views(path, VIEWS)


def test_folder_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ViewsUnusable, match="unable to open"):
        open_views(tmp_path / "absent" / "views.db", VIEWS)


def test_processes_that_open_a_new_file_at_once_both_get_it(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from projections.database import open_views\n"
        "from projections.views import VIEWS\n"
        "sys.stdin.readline()\n"
        "open_views(Path(sys.argv[1]), VIEWS).close()\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "views.db")],
            cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes = [(*process.communicate(timeout=60), process.returncode) for process in processes]
    assert [(stderr, code) for _, stderr, code in outcomes] == [("", 0)] * 4
