"""The disk that forgets: its rules, and that a real program sees an ordinary file system on it."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.torture.forgetful_disk import ForgetfulDisk, mounted
from tests.torture.forgetful_tree import SECTOR_BYTES, ForgetfulTree, Node
from tests.torture.fuse import CannotMount

REGULAR = stat.S_IFREG | 0o600


@pytest.fixture
def tree() -> ForgetfulTree:
    return ForgetfulTree()


@pytest.fixture
def synced(tree: ForgetfulTree) -> Node:
    """A file "a" whose name and first content are durable."""
    node = tree.make(tree.root, "a", REGULAR)
    tree.write(node, 0, b"old")
    tree.sync(node)
    tree.sync(tree.root)
    return node


def left(tree: ForgetfulTree, folder: Path, whim: Random | None = None) -> dict[str, bytes]:
    tree.save_after_cut(folder, whim)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class TestRules:
    def test_what_was_synced_is_left(self, tree: ForgetfulTree, synced: Node, tmp_path: Path) -> None:
        assert left(tree, tmp_path / "left") == {"a": b"old"}

    def test_a_later_write_is_forgotten(self, tree: ForgetfulTree, synced: Node, tmp_path: Path) -> None:
        tree.write(synced, 0, b"new and longer")
        assert bytes(synced.content) == b"new and longer"
        assert left(tree, tmp_path / "left") == {"a": b"old"}

    def test_a_cut_off_end_is_forgotten(self, tree: ForgetfulTree, synced: Node, tmp_path: Path) -> None:
        tree.truncate(synced, 1)
        assert bytes(synced.content) == b"o"
        assert left(tree, tmp_path / "left") == {"a": b"old"}

    def test_a_name_needs_its_folder_synced(self, tree: ForgetfulTree, synced: Node, tmp_path: Path) -> None:
        node = tree.make(tree.root, "b", REGULAR)
        tree.write(node, 0, b"synced content")
        tree.sync(node)
        assert left(tree, tmp_path / "before") == {"a": b"old"}
        tree.sync(tree.root)
        assert left(tree, tmp_path / "after") == {"a": b"old", "b": b"synced content"}

    def test_a_synced_name_of_unsynced_content_is_an_empty_file(self, tree: ForgetfulTree, tmp_path: Path) -> None:
        tree.write(tree.make(tree.root, "a", REGULAR), 0, b"content")
        tree.sync(tree.root)
        assert left(tree, tmp_path / "left") == {"a": b""}

    def test_a_rename_and_a_removal_need_the_folder_synced(
        self, tree: ForgetfulTree, synced: Node, tmp_path: Path
    ) -> None:
        tree.rename(tree.root, "a", tree.root, "b")
        assert left(tree, tmp_path / "renamed") == {"a": b"old"}
        tree.sync(tree.root)
        assert left(tree, tmp_path / "synced") == {"b": b"old"}
        tree.remove(tree.root, "b")
        assert left(tree, tmp_path / "removed") == {"b": b"old"}

    def test_by_whim_some_unsynced_sectors_survive_and_synced_ones_always(
        self, tree: ForgetfulTree, synced: Node, tmp_path: Path
    ) -> None:
        tree.write(synced, SECTOR_BYTES, b"x" * (64 * SECTOR_BYTES))
        content = left(tree, tmp_path / "left", Random(4))["a"]
        sectors = [content[start : start + SECTOR_BYTES] for start in range(SECTOR_BYTES, len(content), SECTOR_BYTES)]
        assert content[:3] == b"old"
        assert 16 < sectors.count(b"x" * SECTOR_BYTES) < 48
        assert set(sectors) == {b"x" * SECTOR_BYTES, bytes(SECTOR_BYTES)}

    def test_a_loaded_folder_is_durable(self, tree: ForgetfulTree, tmp_path: Path) -> None:
        (tmp_path / "real" / "inner").mkdir(parents=True)
        (tmp_path / "real" / "inner" / "file").write_bytes(b"content")
        tree.load(tmp_path / "real")
        tree.save_after_cut(tmp_path / "left", None)
        assert (tmp_path / "left" / "inner" / "file").read_bytes() == b"content"


class TestMounted:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Path:
        store = tmp_path / "store"
        store.mkdir()
        (store / "before").write_text("there from the start")
        return store

    @pytest.fixture
    def disk(self, store: Path) -> Iterator[ForgetfulDisk]:
        try:
            with mounted(store) as disk:
                yield disk
        except CannotMount as fault:
            pytest.skip(f"no file system of our own can be mounted here: {fault}")

    def test_programs_see_an_ordinary_file_system(self, disk: ForgetfulDisk) -> None:
        folder = disk.folder
        assert (folder / "before").read_text() == "there from the start"
        (folder / "big").write_bytes(os.urandom(300_000))
        big = (folder / "big").read_bytes()
        (folder / "inner").mkdir()
        (folder / "big").rename(folder / "inner" / "moved")
        (folder / "before").write_text("short")
        assert (folder / "inner" / "moved").read_bytes() == big
        assert (folder / "before").read_text() == "short"
        assert {path.name for path in folder.iterdir()} == {"before", "inner"}
        with pytest.raises(FileExistsError):
            (folder / "inner").mkdir()
        with pytest.raises(OSError, match="not empty"):
            (folder / "inner").rmdir()
        (folder / "inner" / "moved").unlink()
        (folder / "inner").rmdir()
        assert [path.name for path in folder.iterdir()] == ["before"]
        with pytest.raises(FileNotFoundError):
            (folder / "big").read_bytes()

    @pytest.mark.parametrize(("synchronous", "rows_left"), [("FULL", 3), ("OFF", 0)])
    def test_a_database_keeps_what_it_synced(
        self, disk: ForgetfulDisk, store: Path, synchronous: str, rows_left: int
    ) -> None:
        with closing(sqlite3.connect(disk.folder / "x.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE t (n)")
            connection.execute("PRAGMA wal_checkpoint")
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            for n in range(3):
                connection.execute("INSERT INTO t VALUES (?)", (n,))
            disk.cut()
            with pytest.raises(sqlite3.OperationalError):
                connection.execute("INSERT INTO t VALUES (9)")
        with closing(sqlite3.connect(store / "x.db")) as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (rows_left,)
