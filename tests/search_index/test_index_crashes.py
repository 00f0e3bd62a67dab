"""A process that dies at any step of a commit or a seal leaves all of it or nothing; several share one index."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search_index.footage_index import FootageIndex
from search_index.footage_unit import FootageUnit
from search_index.oracle import OracleIndex
from tests.search_index.commit_many import worker_unit
from tests.search_index.die_at_each_step import new_unit
from tests.search_index.index_examples import SECOND, manifest, scope_of, unit, unit_vectors

ROOT = Path(__file__).resolve().parent.parent.parent
EVERYWHERE = scope_of("camera-0", "camera-1", "camera-2")


def run(module: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.search_index.{module}", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def before_units() -> list[FootageUnit]:
    rng = np.random.default_rng(4)
    return [
        unit(unit_vectors(rng, 20), footage=f"footage-{camera}", camera=f"camera-{camera}", number=number)
        for camera in (1, 2)
        for number in (0, 1)
    ]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crashes") / "before"
    with FootageIndex(folder, manifest()) as index:
        for one in before_units():
            index.commit(one)
    return folder


@pytest.fixture(scope="module")
def deaths(before: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[Path]]:
    """Of a commit: the steps, and what each death left."""
    return steps_of("commit", before, tmp_path_factory.mktemp("deaths"))


def oracle(*, whole: bool) -> OracleIndex:
    index = OracleIndex(manifest())
    for one in [*before_units(), *([new_unit()] if whole else [])]:
        index.commit(one)
    return index


def steps_of(what: str, before: Path, tmp_path: Path) -> tuple[list[str], list[Path]]:
    (tmp_path / "copies").mkdir()
    with run("die_at_each_step", what, before, tmp_path / "copies") as process:
        told, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    steps, copies = told.split("\n")[:-1], sorted((tmp_path / "copies").iterdir())
    assert len(copies) == len(steps) + 1
    return steps, copies


def test_a_commit_is_whole_or_nothing_wherever_it_dies(deaths: tuple[list[str], list[Path]]) -> None:
    steps, copies = deaths
    query = unit_vectors(np.random.default_rng(6), 1)[0]
    expected = {whole: oracle(whole=whole).search(query, EVERYWHERE, moments_max=9) for whole in (True, False)}
    told = []
    for copy in copies:
        with FootageIndex(copy, manifest()) as index:
            whole = 0 in index.committed("footage-new")
            told.append(whole)
            assert index.search(query, EVERYWHERE, moments_max=9) == expected[whole]
            assert len(list((copy / "segments").iterdir())) == 4 + whole, "orphans are swept"
            assert index.commit(new_unit()) is not whole
            assert index.search(query, EVERYWHERE, moments_max=9) == expected[True]
            assert index.verify() == {}
    assert told == sorted(told), "nothing, then all"
    assert told.index(True) >= steps.index("COMMIT") + 1


def test_everything_is_durable_before_the_catalogue_names_it(
    before: Path, deaths: tuple[list[str], list[Path]]
) -> None:
    """A kill cannot show a missing fsync; the order of the steps can."""
    steps, _ = deaths
    files = [f"fsync {name}" for name in ("vectors.f16", "thumbnails.pack", "rows.columns", "segment.json")]
    renamed = next(place for place, step in enumerate(steps) if step.startswith("rename ."))
    name = steps[renamed].split()[-1]
    assert steps[0] == "BEGIN IMMEDIATE"
    assert all(steps.index(file) < renamed for file in files)
    assert steps.index(f"fsync .{name}") < renamed < steps.index("fsync segments") < steps.index("COMMIT")
    with FootageIndex(before, manifest()) as index:
        assert index._store.catalogue._db.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"


def test_a_seal_loses_nothing_wherever_it_dies(before: Path, tmp_path: Path) -> None:
    _, copies = steps_of("seal", before, tmp_path)
    query = unit_vectors(np.random.default_rng(6), 1)[0]
    expected = oracle(whole=False).search(query, EVERYWHERE, moments_max=9)
    told = []
    for copy in copies:
        with FootageIndex(copy, manifest()) as index:
            told.append(index.statistics().segments)
            assert index.search(query, EVERYWHERE, moments_max=9) == expected
            assert len(list((copy / "segments").iterdir())) == told[-1]
            assert index.verify() == {}
    assert told == sorted(told, reverse=True)
    assert set(told) == {4, 1}


def test_a_full_disk_costs_the_unit_and_nothing_else(before: Path, tmp_path: Path) -> None:
    """The worker may write no file above 200 KiB: the catalogue's stay below, the columns of 2,600 rows do not."""
    folder = shutil.copytree(before, tmp_path / "index")
    limited = "ulimit -f 200; exec " + shlex.join([sys.executable, "-m", "tests.search_index.commit_many", str(folder)])
    process = subprocess.run(
        ["bash", "-c", f"{limited} 1 9 2600"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert process.returncode == 1
    assert "File too large" in process.stderr
    with FootageIndex(folder, manifest()) as index:
        assert index.committed("footage-1") == {0, 1}
        assert index.verify() == {}
        assert len(list((folder / "segments").iterdir())) == index.statistics().segments
        assert index.commit(worker_unit(1, 8, 2600))


UNITS_EACH, ROWS_EACH = 12, 30


def test_two_processes_commit_while_others_search_and_merge(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    FootageIndex(folder, manifest()).close()
    query = unit_vectors(np.random.default_rng(6), 1)[0]
    workers = [run("commit_many", folder, worker, UNITS_EACH, ROWS_EACH) for worker in (1, 2)]
    seen: list[int] = []
    with FootageIndex(folder, manifest()) as index:
        working = True
        while working:
            working = any(worker.poll() is None for worker in workers)  # once more after the last has ended
            answer = index.search(query, EVERYWHERE, moments_max=5)
            seen.append(answer.coverage.rows_in_scope)
            assert answer.coverage.unavailable_segments == ()
            assert all(index.thumbnail(moment.best.row) for moment in answer.moments)
            searched = sum(s.to_us - s.from_us for spans in answer.coverage.searched.values() for s in spans)
            assert searched // (60 * SECOND) * ROWS_EACH == seen[-1], "units are seen whole"
            if len(seen) % 7 == 0:
                index.seal()
        for worker in workers:
            worker.communicate(timeout=60)
            assert worker.returncode == 0
        assert seen == sorted(seen)
        assert seen[-1] == 2 * UNITS_EACH * ROWS_EACH
        assert index.verify() == {}
        assert index.committed("footage-1") == index.committed("footage-2") == frozenset(range(UNITS_EACH))
        ids = {index.thumbnail(row) for row in range(1, seen[-1] + 1)}
        assert len(ids) == seen[-1], "every id was given once"
