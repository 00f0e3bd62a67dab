"""What the index on disk does beyond the port: damage, merging, copies, several processes' files, old and new forms."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from search_index.catalogue import Catalogue
from search_index.database import SCHEMA_VERSION
from search_index.errors import (
    CatalogueDamaged,
    CatalogueTooNew,
    ManifestMismatch,
    RowUnknown,
    ScopeBreach,
    SegmentDamaged,
)
from search_index.footage_index import FootageIndex
from search_index.oracle import OracleIndex
from search_index.scope import Interval, Scope
from search_index.segment import Segment
from search_index.segment_file import DESCRIPTION, ROWS, THUMBNAILS, VECTORS
from tests.search_index.index_examples import SECOND, START, manifest, scope_of, unit, unit_vectors

DAY = 86_400 * SECOND
EVERYWHERE = scope_of("camera-1", "camera-2")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two cameras, three units of 60 rows each, the last of them on the next day."""
    rng = np.random.default_rng(1)
    folder = tmp_path_factory.mktemp("template") / "index"
    with FootageIndex(folder, manifest()) as index:
        for number in range(3):
            for camera in ("camera-1", "camera-2"):
                start = START + number * 60 * SECOND + (DAY if number == 2 else 0)
                footage = f"footage of {camera}"
                vectors = unit_vectors(rng, 60)
                index.commit(unit(vectors, camera=camera, footage=footage, number=number, start_us=start))
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "index")


@pytest.fixture
def query() -> np.ndarray:
    return unit_vectors(np.random.default_rng(2), 1)[0]


@pytest.fixture
def index(folder: Path) -> Iterator[FootageIndex]:
    with FootageIndex(folder, manifest()) as opened:
        yield opened


def segments(folder: Path) -> list[Path]:
    return sorted((folder / "segments").iterdir())


def flip(file: Path, place: int = 100) -> None:
    """One bit, as a disk does it: size and time of change stay."""
    status = file.stat()
    content = bytearray(file.read_bytes())
    content[place % len(content)] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("name", [VECTORS, ROWS, DESCRIPTION])
@pytest.mark.parametrize("harm", [flip, truncate, Path.unlink])
def test_a_damaged_segment_is_named_and_not_searched(
    folder: Path, query: np.ndarray, name: str, harm: Callable[[Path], None]
) -> None:
    with FootageIndex(folder, manifest()) as index:
        whole = index.search(query, EVERYWHERE, moments_max=99)
    harmed = segments(folder)[2]
    harm(harmed / name)
    with FootageIndex(folder, manifest()) as index:
        answer = index.search(query, EVERYWHERE, moments_max=99)
        assert answer.coverage.unavailable_segments == (harmed.name,)
        assert answer.coverage.rows_in_scope == whole.coverage.rows_in_scope - 60
        lost = _seconds(whole.coverage.searched) - _seconds(answer.coverage.searched)
        assert lost == 60, "a minute that was not searched is not called searched"
        assert index.statistics().unavailable == 1


def _seconds(searched: dict[str, tuple[Interval, ...]]) -> int:
    return sum(span.to_us - span.from_us for spans in searched.values() for span in spans) // SECOND


def test_a_missing_segment_is_named(folder: Path, query: np.ndarray) -> None:
    missing = segments(folder)[0]
    shutil.rmtree(missing)
    with FootageIndex(folder, manifest()) as index:
        assert index.search(query, EVERYWHERE, moments_max=1).coverage.unavailable_segments == (missing.name,)


def test_a_damaged_segment_outside_the_scope_is_no_concern(folder: Path, query: np.ndarray) -> None:
    for segment in segments(folder):
        if "camera-1" in (segment / DESCRIPTION).read_text():
            flip(segment / VECTORS)
    with FootageIndex(folder, manifest()) as index:
        assert index.search(query, scope_of("camera-2"), moments_max=1).coverage.unavailable_segments == ()
        early = [Interval(START, START + 30 * SECOND)]
        assert (
            len(index.search(query, scope_of("camera-1", intervals=early), moments_max=1).coverage.unavailable_segments)
            == 1
        )
        assert len(index.search(query, EVERYWHERE, moments_max=1).coverage.unavailable_segments) == 3


def test_verify_finds_damage_while_serving_and_takes_back_what_is_whole_again(
    folder: Path, index: FootageIndex, query: np.ndarray
) -> None:
    whole = index.search(query, EVERYWHERE, moments_max=9)
    harmed = segments(folder)[1]
    flip(harmed / THUMBNAILS)
    with FootageIndex(folder, manifest()) as another:
        assert list(another.verify()) == [harmed.name]
    assert index.search(query, EVERYWHERE, moments_max=9).coverage.unavailable_segments == (harmed.name,)
    flip(harmed / THUMBNAILS)
    assert index.verify() == {}
    assert index.search(query, EVERYWHERE, moments_max=9) == whole


def test_an_altered_thumbnail_does_not_leave(folder: Path, index: FootageIndex) -> None:
    harmed = segments(folder)[0]
    rows = np.frombuffer((harmed / ROWS).read_bytes()[: 60 * 8], "<i8")
    assert index.thumbnail(int(rows[0])).startswith(b"JPEG")
    flip(harmed / THUMBNAILS, place=5)
    with pytest.raises(SegmentDamaged, match="thumbnail"):
        index.thumbnail(int(rows[0]))
    assert index.thumbnail(int(rows[1])).startswith(b"JPEG")


def test_thumbnails_of_a_segment_set_aside(folder: Path) -> None:
    harmed = segments(folder)[0]
    rows = np.frombuffer((harmed / ROWS).read_bytes()[: 60 * 8], "<i8")
    flip(harmed / VECTORS)
    with FootageIndex(folder, manifest()) as index, pytest.raises(SegmentDamaged):
        index.thumbnail(int(rows[0]))
    flip(harmed / VECTORS)
    (harmed / THUMBNAILS).unlink()
    with FootageIndex(folder, manifest()) as index, pytest.raises(SegmentDamaged):
        index.thumbnail(int(rows[0]))


def test_a_segment_of_another_model_is_refused(folder: Path, query: np.ndarray) -> None:
    """Even where its checksums agree: somebody re-wrote the description and the catalogue's digest of it."""
    with FootageIndex(folder, manifest()) as index:
        (victim, *_) = index._store.catalogue.segments(None)
    description = folder / "segments" / victim.name / DESCRIPTION
    content = msgspec.json.decode(description.read_bytes())
    content["manifest"]["model"] = "another"
    description.write_bytes(msgspec.json.encode(content))
    with sqlite3.connect(folder / "catalogue.db") as db:
        db.execute(
            "UPDATE segments SET digest = ? WHERE name = ?",
            (hashlib.sha256(description.read_bytes()).hexdigest(), victim.name),
        )
    db.close()
    with FootageIndex(folder, manifest()) as index:
        answer = index.search(query, EVERYWHERE, moments_max=1)
        assert answer.coverage.unavailable_segments == (victim.name,)
        assert "generation" in str(index.verify()[victim.name])


@pytest.mark.parametrize(
    "scope",
    [
        scope_of("camera-1"),
        scope_of("camera-1", "camera-2", intervals=[Interval(START + 10 * SECOND, START + 20 * SECOND)]),
    ],
)
def test_a_row_outside_the_scope_stops_the_search(
    index: FootageIndex, query: np.ndarray, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last check stands by itself: here the selection of rows lets all through."""
    whole = index.search(query, EVERYWHERE, moments_max=360).moments
    assert any(not scope.allows(moment.best.camera, moment.best.at_us) for moment in whole)
    monkeypatch.setattr(Segment, "ranges", lambda self, _: np.array([[0, len(self.vectors)]]))
    with pytest.raises(ScopeBreach, match="outside the scope"):
        index.search(query, scope, moments_max=360)


def test_two_generations_lie_side_by_side_and_are_not_mixed(folder: Path, query: np.ndarray) -> None:
    newer = manifest(model="newer")
    with pytest.raises(ManifestMismatch):
        FootageIndex(folder, newer)
    with FootageIndex(folder, newer, beside=True) as index, FootageIndex(folder, manifest()) as older:
        assert index.search(query, EVERYWHERE, moments_max=1).moments == ()
        assert index.committed("footage of camera-1") == frozenset()
        index.commit(unit(query[np.newaxis], model="newer", footage="footage of camera-1"))
        (moment,) = index.search(query, EVERYWHERE, moments_max=9).moments
        assert moment.best.row == 361, "ids are given once for all generations"
        assert older.search(query, EVERYWHERE, moments_max=1).coverage.rows_in_scope == 360
        with pytest.raises(RowUnknown):
            older.thumbnail(361)
        assert index.remove_footage("footage of camera-1") == 181
        assert index.search(query, EVERYWHERE, moments_max=1).coverage.rows_in_scope == 0
    with FootageIndex(folder, newer):
        pass


def test_a_newer_catalogue_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / "catalogue.db") as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    before = (folder / "catalogue.db").read_bytes()
    with pytest.raises(CatalogueTooNew, match="run a newer program"):
        FootageIndex(folder, manifest())
    assert (folder / "catalogue.db").read_bytes() == before


def as_it_was_first(folder: Path) -> None:
    """The catalogue of schema version 1."""
    db = sqlite3.connect(folder / "catalogue.db")
    db.execute("DROP TABLE remakes")
    for table, column in (("generations", "closed"), ("generations", "removed"), ("footages", "rows_removed")):
        db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("DROP TABLE pipelines")
    db.execute("DROP INDEX units_by_commit")
    db.execute("ALTER TABLE units DROP COLUMN committed_us")
    db.execute("PRAGMA user_version = 1")
    db.close()


def test_a_catalogue_of_before_configurations_were_kept_is_brought_up_to_date(folder: Path) -> None:
    as_it_was_first(folder)
    document = b'{"revision":3}'
    digest = hashlib.sha256(document).hexdigest()
    with FootageIndex(folder, manifest()) as index:
        assert index.pipelines("footage of camera-1") == {"pipeline-1"}
        assert index.description(digest) is None
        index.describe(digest, document)
        index.describe(digest, document)
        assert index.description(digest) == document
        with pytest.raises(ValueError, match="not the SHA-256 of its document"):
            index.describe("0" * 64, document)
        assert index.search(unit_vectors(np.random.default_rng(2), 1)[0], EVERYWHERE, moments_max=9).moments
    with FootageIndex(folder, manifest()) as index:
        assert index.description(digest) == document


def test_a_catalogue_of_before_times_were_kept_is_brought_up_to_date(folder: Path) -> None:
    as_it_was_first(folder)
    before = time.time_ns() // 1_000
    with FootageIndex(folder, manifest()) as index, FootageIndex(folder, manifest()):
        old = index.pace(["footage of camera-1", "unknown"], since_us=0)
        assert old.recent is None
        assert old.of.keys() == {"footage of camera-1"}
        assert (old.of["footage of camera-1"].units, old.of["footage of camera-1"].rows) == (3, 180)
        start = START + 4 * DAY
        for number in (3, 4):
            vectors = unit_vectors(np.random.default_rng(number), 1)
            index.commit(unit(vectors, footage="new", number=number, start_us=start + number * 60 * SECOND))
        new = index.pace(["new"], since_us=before)
        assert new.recent is not None
        assert new.recent == new.of["new"].recent
        assert before <= new.recent.first_us <= time.time_ns() // 1_000
        assert new.recent.footage_us == new.of["new"].reached_us - (start + 240 * SECOND)
        index.remove_footage("new")
        assert index.pace([], since_us=before).recent == new.recent, "it was committed, whatever became of it"
        assert index.pace([], since_us=time.time_ns() // 1_000 + 1).recent is None


def test_sealing_changes_nothing_that_is_answered(folder: Path, index: FootageIndex, query: np.ndarray) -> None:
    before = index.search(query, EVERYWHERE, moments_max=20)
    thumbnails = [index.thumbnail(row) for row in range(1, 361)]
    assert index.seal() == 6
    assert index.search(query, EVERYWHERE, moments_max=20) == before
    assert len(segments(folder)) == 2, "one a day"
    assert [index.thumbnail(row) for row in range(1, 361)] == thumbnails
    assert index.seal() == 0
    assert index.verify() == {}
    for segment in segments(folder):
        sources = msgspec.json.decode((segment / DESCRIPTION).read_bytes())["sources"]
        assert len(sources) in (2, 4)


def test_sealing_takes_tombstoned_rows_off_the_disk(folder: Path, index: FootageIndex, query: np.ndarray) -> None:
    index.load()
    thumbnail = index.thumbnail(7)
    assert any(thumbnail in (segment / THUMBNAILS).read_bytes() for segment in segments(folder))
    index.tombstone([7])
    index.remove_footage("footage of camera-2")
    assert index.statistics().gone == 181
    index.seal()
    index.seal()
    assert (index.statistics().gone, index.statistics().rows) == (0, 179)
    assert not any(thumbnail in (segment / THUMBNAILS).read_bytes() for segment in segments(folder))
    with pytest.raises(RowUnknown):
        index.thumbnail(7)
    assert index.search(query, EVERYWHERE, moments_max=1).coverage.rows_in_scope == 179
    index.commit(unit(unit_vectors(np.random.default_rng(3), 1), footage="footage-new"))
    assert index.thumbnail(361), "ids are never given twice"


def test_segments_stay_below_their_size(folder: Path, index: FootageIndex) -> None:
    index.seal(rows_max=130)
    assert index.statistics().rows == 360
    assert index.statistics().segments == 3, "of four units of one day two pairs, of two units of the other one pair"


def test_a_damaged_segment_is_not_merged(folder: Path, index: FootageIndex, query: np.ndarray) -> None:
    """Its copy would get a fresh checksum. It was whole when it was opened, and is not when it is merged."""
    index.load()
    harmed = segments(folder)[0]
    flip(harmed / VECTORS)
    index.seal()
    assert harmed in segments(folder)
    assert index.search(query, EVERYWHERE, moments_max=1).coverage.unavailable_segments == (harmed.name,)
    index.seal()
    assert index.search(query, EVERYWHERE, moments_max=1).coverage.rows_in_scope == 300


def test_a_reader_of_another_process_survives_a_merge(folder: Path, index: FootageIndex, query: np.ndarray) -> None:
    with FootageIndex(folder, manifest()) as reader:
        before = reader.search(query, EVERYWHERE, moments_max=9)
        view = reader._reader.current()
        index.seal()
        assert {living.segment.name for living in view.living.values()}.isdisjoint(
            segment.name for segment in segments(folder)
        )
        assert reader.search(query, EVERYWHERE, moments_max=9) == before
        assert reader.thumbnail(1) == index.thumbnail(1)


def test_a_segment_may_go_while_a_reader_opens_it(
    index: FootageIndex, query: np.ndarray, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look into the catalogue and the opening another process merges: that is no damage."""
    with FootageIndex(folder, manifest()) as reader:
        index.load()
        real, pending = Segment.opened, [index.seal]

        def opened(*arguments: str) -> Segment:
            if pending:
                pending.pop()()
            return real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Segment, "opened", opened)
        monkeypatch.setattr("search_index.view.ThreadPoolExecutor", InThisThread)
        answer = reader.search(query, EVERYWHERE, moments_max=9)
        assert not pending
        assert answer == index.search(query, EVERYWHERE, moments_max=9)
        assert answer.coverage.unavailable_segments == ()
        assert index.statistics().segments == 2


class InThisThread:
    """Stands for the pool: the steps of a race in a known order."""

    def __init__(self, _: int | None) -> None:
        self.map = map

    def __enter__(self) -> InThisThread:
        return self

    def __exit__(self, *_: object) -> None:
        return


def test_a_thumbnail_may_move_while_it_is_looked_up(
    index: FootageIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = index.thumbnail(5)
    with FootageIndex(folder, manifest()) as reader:
        reader.load()
        real, pending = Segment.position_of, [index.seal]

        def position_of(segment: Segment, row: int) -> int | None:
            if pending:
                pending.pop()()
            return real(segment, row)

        monkeypatch.setattr(Segment, "position_of", position_of)
        assert reader.thumbnail(5) == expected
        assert not pending


def test_threads_share_an_index(index: FootageIndex, query: np.ndarray) -> None:
    queries = [query, *unit_vectors(np.random.default_rng(8), 3)]
    expected = [index.search(one, EVERYWHERE, moments_max=9).moments for one in queries]

    def ask(place: int) -> None:
        for _ in range(20):
            assert index.search(queries[place], EVERYWHERE, moments_max=9).moments == expected[place]
            assert index.thumbnail(place + 1)

    def commit(place: int) -> None:
        for number in range(10):
            elsewhere = unit(query[np.newaxis], footage=f"new {place}", camera="camera-new", number=number)
            assert index.commit(elsewhere)

    with ThreadPoolExecutor(6) as pool:
        asking, committing = pool.map(ask, range(4), timeout=120), pool.map(commit, range(2), timeout=120)
        assert len([*asking, *committing]) == 6
    assert index.search(query, scope_of("camera-new"), moments_max=1).coverage.rows_in_scope == 20


def test_what_a_crash_left_is_swept(folder: Path, query: np.ndarray) -> None:
    (folder / "segments" / ".half").mkdir()
    (folder / "segments" / "0123456789abcdef").mkdir()
    (folder / "segments" / "0123456789abcdef" / VECTORS).write_bytes(b"whole, but never committed")
    with FootageIndex(folder, manifest()) as index:
        assert len(segments(folder)) == 6
        assert index.search(query, EVERYWHERE, moments_max=1).coverage.unavailable_segments == ()


def test_nothing_is_swept_while_another_merges(folder: Path, index: FootageIndex) -> None:
    with index._store.sealing():
        (folder / "segments" / ".under-way").mkdir()
        FootageIndex(folder, manifest()).close()
        assert (folder / "segments" / ".under-way").is_dir()
    FootageIndex(folder, manifest()).close()
    assert not (folder / "segments" / ".under-way").exists()


def test_a_failed_write_leaves_nothing(folder: Path, index: FootageIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("search_index.segment_file.publish", full)
    new = unit(unit_vectors(np.random.default_rng(3), 5), footage="footage-new")
    with pytest.raises(OSError, match="No space"):
        index.commit(new)
    assert len(segments(folder)) == 6
    assert index.committed("footage-new") == frozenset()
    monkeypatch.undo()
    assert index.commit(new)
    assert index.thumbnail(361)


def test_a_full_catalogue_leaves_nothing_committed(folder: Path, query: np.ndarray) -> None:
    footage = "footage-" * 400  # fills pages quickly
    with FootageIndex(folder, manifest()) as index:
        db = index._store.catalogue._db
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")

        def fill() -> None:
            for number in range(1000):
                index.commit(unit(query[np.newaxis], number=number, footage=footage))

        with pytest.raises(sqlite3.OperationalError, match="full"):
            fill()
        stored = len(index.committed(footage))
        assert index.committed(footage) == frozenset(range(stored))
        assert index.search(query, EVERYWHERE, moments_max=1).coverage.rows_in_scope == 360 + stored
        assert len(segments(folder)) == 7 + stored, "the refused unit's files are there, and count for nothing"
    FootageIndex(folder, manifest()).close()
    assert len(segments(folder)) == 6 + stored


def test_a_backup_is_an_index(folder: Path, index: FootageIndex, query: np.ndarray, tmp_path: Path) -> None:
    index.tombstone([3])
    before = index.search(query, EVERYWHERE, moments_max=9)
    assert index.backup(tmp_path / "copy") == {}
    index.commit(unit(query[np.newaxis], footage="footage-later"))
    index.seal()
    with FootageIndex(tmp_path / "copy", manifest()) as copy:
        assert copy.search(query, EVERYWHERE, moments_max=9) == before
        assert copy.verify() == {}
        assert copy.commit(unit(query[np.newaxis], footage="footage-later"))


def test_a_backup_tells_what_it_lacks(folder: Path, index: FootageIndex, tmp_path: Path) -> None:
    flipped, missing = segments(folder)[:2]
    flip(flipped / THUMBNAILS)
    shutil.rmtree(missing)
    assert index.backup(tmp_path / "copy").keys() == {flipped.name, missing.name}
    with pytest.raises(FileExistsError, match="new folder"):
        index.backup(tmp_path / "copy")


def test_progress(index: FootageIndex) -> None:
    progress = index.progress("footage of camera-1")
    assert (progress.units, progress.rows, progress.covered_us) == (3, 180, 180 * SECOND)
    assert index.progress("footage-unknown").units == 0


def test_statistics(folder: Path, index: FootageIndex) -> None:
    index.tombstone([1, 2])
    statistics = index.statistics()
    assert (statistics.units, statistics.rows, statistics.gone, statistics.segments) == (6, 360, 2, 6)
    assert statistics.bytes == sum(file.stat().st_size for segment in segments(folder) for file in segment.iterdir())


@pytest.mark.parametrize("at", [0, 100, 101], ids=["header", "first page", "its schema"])
def test_a_catalogue_that_is_no_database_any_more_is_named(tmp_path: Path, at: int) -> None:
    with FootageIndex(tmp_path, manifest()):
        pass
    path = tmp_path / "catalogue.db"
    content = bytearray(path.read_bytes())
    content[at : at + 3] = b"???"
    path.write_bytes(content)
    with pytest.raises(CatalogueDamaged, match=r"catalogue\.db is damaged: .* restore the index from a backup"):
        FootageIndex(tmp_path, manifest())


def test_an_entry_that_names_nothing_is_told_by_verify(tmp_path: Path) -> None:
    with FootageIndex(tmp_path, manifest()) as index:
        index.commit(unit(unit_vectors(np.random.default_rng(1), 3)))
        catalogue = index._store.catalogue._db
        catalogue.execute("PRAGMA foreign_keys = OFF")
        catalogue.execute("UPDATE units SET segment = 'deadbeef'")
        assert index.verify() == {"catalogue": "an entry of units names one of segments that is not there"}


@pytest.mark.parametrize("table", ["units", "segments", "sqlite_autoindex_footages_1"])
def test_a_page_of_the_catalogue_that_is_damaged_is_told_and_not_raised(tmp_path: Path, table: str) -> None:
    with FootageIndex(tmp_path, manifest()) as index:
        index.commit(unit(unit_vectors(np.random.default_rng(1), 3)))
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with (tmp_path / "catalogue.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\0")
    with closing(Catalogue(tmp_path / "catalogue.db")) as catalogue:
        assert catalogue.check() is not None


def test_what_is_removed_while_a_view_is_made_is_removed_of_rows_and_coverage_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FootageIndex(tmp_path, manifest()) as index:
        for number in (1, 2):
            vectors = unit_vectors(np.random.default_rng(number), 3)
            index.commit(unit(vectors, footage=f"footage-{number}", camera=f"camera-{number}"))
        index.load()
        index.remove_footage("footage-2")
        opened = index._reader._opened

        def opened_late(*args: Any) -> Any:
            index.remove_footage("footage-1")
            return opened(*args)

        monkeypatch.setattr(index._reader, "_opened", opened_late)
        view = index._reader.current()
        assert sum(len(living.segment.vectors) - len(living.gone) for living in view.living.values()) == 3
        assert list(view.covered) == ["camera-1"]


def test_a_rewritten_segment_does_not_name_footage_that_is_gone(tmp_path: Path) -> None:
    with FootageIndex(tmp_path, manifest()) as index:
        for number in (1, 2, 3):
            index.commit(unit(unit_vectors(np.random.default_rng(number), 3), footage=f"footage-{number}"))
        index.seal()
        index.remove_footage("footage-2")
        index.seal()
        (description,) = (tmp_path / "segments").glob("*/segment.json")
        assert b"footage-2" not in description.read_bytes()
        everything = index.search(unit_vectors(np.random.default_rng(3), 1)[0], scope_of("camera-1"), moments_max=9)
        oracle = OracleIndex(manifest())
        for number in (1, 2, 3):
            oracle.commit(unit(unit_vectors(np.random.default_rng(number), 3), footage=f"footage-{number}"))
        oracle.remove_footage("footage-2")
        query = unit_vectors(np.random.default_rng(3), 1)[0]
        assert everything == oracle.search(query, scope_of("camera-1"), moments_max=9)
