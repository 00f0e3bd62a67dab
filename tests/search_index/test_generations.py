"""Two generations in one folder: built beside, closed, taken away; never mixed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np
import pytest

from search_index.durable import FileRecord, record_of
from search_index.errors import FootageRemoved, GenerationClosed, StaleClaim
from search_index.footage_index import FootageIndex
from search_index.segment_file import DESCRIPTION, VECTORS, Description
from tests.search_index.index_examples import SECOND, START, manifest, scope_of, unit, unit_vectors

OLD, NEW = manifest(), manifest(dimension=6, model="another")
WHOLE = ("footage-1", "footage-2", "footage-3")
EVERYWHERE = scope_of("camera-1")


def fill(index: FootageIndex, footage: str, *, units: int = 2, fence: int = 1) -> None:
    model = "example" if index.generation == OLD.digest() else "another"
    dimension = OLD.dimension if model == "example" else NEW.dimension
    rng = np.random.default_rng(int(footage[-1]))
    for number in range(units):
        start = START + (int(footage[-1]) * 10 + number) * 60 * SECOND
        vectors = unit_vectors(rng, 5, dimension)
        index.commit(unit(vectors, footage=footage, number=number, start_us=start, model=model, fence=fence))


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[FootageIndex, FootageIndex]]:
    """The index that answers, with three footages of two units; and another one beside it, of nothing yet."""
    with FootageIndex(tmp_path, OLD) as old, FootageIndex(tmp_path, NEW, beside=True) as new:
        for footage in WHOLE:
            fill(old, footage)
        yield old, new


def unmade(index: FootageIndex) -> list[str]:
    return [each.footage for each in index.unmade(OLD.digest(), NEW.digest(), limit=10)]


def make(new: FootageIndex, footage: str) -> None:
    new.try_remake(footage)
    fill(new, footage)
    new.finish_remake(footage, 1)


def query(of: FootageIndex) -> np.ndarray:
    return unit_vectors(np.random.default_rng(9), 1, NEW.dimension if of.generation == NEW.digest() else 8)[0]


def rows(index: FootageIndex) -> set[int]:
    return {moment.best.row for moment in index.search(query(index), EVERYWHERE, moments_max=50).moments}


def test_the_latest_indexed_is_made_first_and_what_failed_last(pair: tuple[FootageIndex, FootageIndex]) -> None:
    old, new = pair
    assert unmade(old) == ["footage-3", "footage-2", "footage-1"]
    new.try_remake("footage-3")
    new.fail_remake("footage-3", "no")
    assert unmade(new) == ["footage-2", "footage-1", "footage-3"]
    (failed,) = new.failed_remakes(OLD.digest(), NEW.digest(), limit=10)
    assert (failed.footage, failed.tries, failed.fault) == ("footage-3", 1, "no")
    make(new, "footage-2")
    assert unmade(old) == ["footage-1", "footage-3"]
    assert (old.count_unmade(OLD.digest(), NEW.digest()), old.count_held(NEW.digest())) == (2, 1)


def test_tries_count_anew_where_one_left_a_unit(pair: tuple[FootageIndex, FootageIndex]) -> None:
    old, new = pair
    for _ in range(2):
        new.try_remake("footage-1")
    fill(new, "footage-1", units=1)
    new.try_remake("footage-1")
    (one,) = [each for each in old.unmade(OLD.digest(), NEW.digest(), limit=9) if each.footage == "footage-1"]
    assert (one.tries, one.fell_silent) == (1, True)


def test_what_a_generation_does_not_cover_of_footage_is_counted_whatever_made_the_units(
    pair: tuple[FootageIndex, FootageIndex],
) -> None:
    old, new = pair
    assert new.uncovered_us("footage-1", OLD.digest()) == 120 * SECOND
    fill(new, "footage-1", units=1)
    assert new.uncovered_us("footage-1", OLD.digest()) == 60 * SECOND
    with closing(sqlite3.connect(new._store.catalogue_path, isolation_level=None)) as catalogue:
        catalogue.execute(
            "UPDATE units SET pipeline = 'another', number = number + 7 WHERE generation = ?", (NEW.digest(),)
        )
    assert new.uncovered_us("footage-1", OLD.digest()) == 60 * SECOND
    fill(new, "footage-1")
    assert new.uncovered_us("footage-1", OLD.digest()) == 0
    assert old.uncovered_us("footage-1", NEW.digest()) == 0
    assert new.uncovered_us("footage-9", OLD.digest()) == 0


def test_a_search_finds_rows_of_its_own_generation_alone(pair: tuple[FootageIndex, FootageIndex]) -> None:
    old, new = pair
    before = rows(old)
    for footage in WHOLE:
        make(new, footage)
    assert rows(old) == before
    assert rows(new)
    assert not rows(new) & before


def test_footage_that_was_forgotten_is_so_in_both(pair: tuple[FootageIndex, FootageIndex]) -> None:
    old, new = pair
    make(new, "footage-1")
    old.forget_footage("footage-1", fence=5)
    assert not new.committed("footage-1")
    assert "footage-1" not in unmade(new)
    with pytest.raises(StaleClaim):
        fill(new, "footage-1")
    with pytest.raises(StaleClaim):
        new.finish_remake("footage-1", 1)
    fill(old, "footage-1", fence=6)
    assert "footage-1" in unmade(new)
    old.remove_footage("footage-2")
    with pytest.raises(FootageRemoved):
        new.try_remake("footage-2")
    assert "footage-2" not in unmade(new)


def test_what_one_generation_has_is_forgotten_there_alone(pair: tuple[FootageIndex, FootageIndex]) -> None:
    old, new = pair
    before = rows(old)
    make(new, "footage-1")
    assert new.forget_made("footage-1") == 10
    assert (rows(old), rows(new)) == (before, set())
    make(new, "footage-1")
    assert len(new.committed("footage-1")) == 2


def test_rows_of_removed_footage_leave_every_generation_s_files(pair: tuple[FootageIndex, FootageIndex]) -> None:
    old, new = pair
    make(new, "footage-1")
    old.remove_footage("footage-1")
    assert old.rows_of("footage-1") == (20, 20)
    old.seal_all()
    assert old.rows_of("footage-1") == (20, 0)


def test_a_destruction_reads_the_segments_that_hold_the_footage_and_no_other(
    pair: tuple[FootageIndex, FootageIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = pair
    for footage in WHOLE:
        make(new, footage)
    days = [START + day * 86_400 * SECOND for day in range(1, 5)]
    for number, start in enumerate(days):
        for index, model, dimension in ((old, "example", OLD.dimension), (new, "another", NEW.dimension)):
            vectors = unit_vectors(np.random.default_rng(number), 5, dimension)
            index.commit(unit(vectors, footage=f"footage-of-day-{number}", start_us=start, model=model))
    old.seal_all()
    holding = {name for name in names(tmp_path) if "footage-of-day-2" in sources(tmp_path, name)}
    assert (len(names(tmp_path)), len(holding)) == (10, 2), "one segment a day and generation"
    read: list[str] = []

    def counted(path: Path) -> FileRecord:
        read.append(path.parent.name)
        return record_of(path)

    monkeypatch.setattr("search_index.segment.record_of", counted)
    old.remove_footage("footage-of-day-2")
    assert old.seal_all() == 2
    assert old.rows_of("footage-of-day-2") == (10, 0)
    assert sorted(read) == sorted(4 * [*holding]), "each of its four files once"
    read.clear()
    assert old.seal_all() == 0
    assert read == []


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "segments").iterdir()}


def sources(folder: Path, segment: str) -> set[str]:
    described = msgspec.json.decode((folder / "segments" / segment / DESCRIPTION).read_bytes(), type=Description)
    return set(described.footages)


def test_a_closed_generation_takes_nothing_more(pair: tuple[FootageIndex, FootageIndex]) -> None:
    old, new = pair

    def refused() -> None:
        with new.taking_the_place_of(OLD.digest()):
            raise KeyError("not yet")

    with pytest.raises(KeyError):
        refused()
    fill(old, "footage-4")
    with new.taking_the_place_of(OLD.digest()):
        assert new.statistics().units == 0
    with pytest.raises(GenerationClosed):
        fill(old, "footage-5")
    fill(new, "footage-5")


def test_a_generation_goes_whole_and_is_told_until_it_is_forgotten(
    pair: tuple[FootageIndex, FootageIndex], tmp_path: Path
) -> None:
    old, new = pair
    for footage in WHOLE:
        make(new, footage)
    held, kept = old.statistics(), rows(new)
    removed = new.remove_generation(OLD.digest())
    assert (removed.units, removed.rows, removed.bytes) == (held.units, held.rows, held.bytes)
    assert new.remove_generation(OLD.digest()) == removed
    assert new.rows_of("footage-1") == (20, 10), "that it had rows there is remembered"
    assert sum(file.stat().st_size for file in (tmp_path / "segments").rglob("*.*")) == new.statistics().bytes
    assert rows(new) == kept
    with pytest.raises(GenerationClosed):
        fill(old, "footage-1", fence=2)
    assert new.removed_generations() == {OLD.digest()}
    new.forget_generation(OLD.digest())
    assert new.manifests() == [NEW]
    assert new.remove_generation(OLD.digest()).units == 0
    with FootageIndex(tmp_path, OLD, beside=True) as again:
        assert not again.committed("footage-1")
        fill(again, "footage-1", fence=2)
        assert len(rows(again)) > 0


def test_the_generation_that_is_read_is_not_taken_away(pair: tuple[FootageIndex, FootageIndex]) -> None:
    with pytest.raises(ValueError, match="the one that is read here"):
        pair[0].remove_generation(OLD.digest())


def test_a_damaged_segment_of_the_generation_beside_is_made_again(
    pair: tuple[FootageIndex, FootageIndex], tmp_path: Path
) -> None:
    old, new = pair
    make(new, "footage-1")
    before = rows(old)
    one = new._store.catalogue.segments(NEW.digest())[0]
    (tmp_path / "segments" / one.name / VECTORS).write_bytes(b"")
    assert set(old.verify()) == {one.name}
    assert set(old.damaged_beside()) == {one.name}
    old.unmake(one.name)
    assert old.damaged_beside() == {}
    assert (rows(old), rows(new)) == (before, set())
    assert "footage-1" in unmade(old)
