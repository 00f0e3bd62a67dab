"""The index on disk answers exactly as the oracle: same rows, same order, same moments, same coverage."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from search_index import search
from search_index.footage_index import FootageIndex
from search_index.footage_unit import FootageUnit
from search_index.moments import Grouping
from search_index.oracle import OracleIndex
from search_index.scope import Interval, Scope
from tests.search_index.index_examples import SECOND, START, manifest, scope_of, unit, unit_vectors

CAMERAS = ("camera-1", "camera-2", "camera-3")
DAY = 86_400 * SECOND
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # thousands of fsyncs, none of which matters here


def near_ties(dimension: int = 8) -> NDArray[np.float32]:
    """Few directions, each a few times, a hair apart: scores that are equal, or differ in the last place or two."""
    found = []
    for first, second in ((0, 1), (1, 2), (2, 3)):
        for hair in (0, 0, 2**-11, 2**-10, -(2**-11)):
            vector = np.zeros(dimension)
            vector[first], vector[second] = 0.6 + hair, 0.8
            found.append(vector / np.linalg.norm(vector))
    return np.array(found, np.float32)


POOL = near_ties()


@st.composite
def units(draw: st.DrawFn) -> FootageUnit:
    """Up to 12 rows of one camera, at instants that often coincide, on one of two days; each lasts from no time at all
    to much longer than most windows, before its frame and after it."""
    count = draw(st.integers(0, 12))
    rows = [draw(st.integers(0, len(POOL) - 1)) for _ in range(count)]
    start = START + draw(st.sampled_from([0, 5 * SECOND, DAY]))
    at = sorted(start + draw(st.integers(0, 20)) * SECOND // 2 for _ in range(count))
    camera = draw(st.sampled_from(CAMERAS))
    footage = f"{camera}-{draw(st.integers(0, 2))}"
    number = draw(st.integers(0, 3))
    made = unit(POOL[rows], camera=camera, footage=footage, number=number, start_us=start, at_us=at)
    lasts = st.sampled_from([0, 0, 1, SECOND // 4, 3 * SECOND, 9 * SECOND])
    rows_made = (replace(row, from_us=row.at_us - draw(lasts), to_us=row.at_us + draw(lasts)) for row in made.rows)
    return replace(made, rows=tuple(rows_made))


intervals = st.builds(
    lambda start, length, day: Interval(START + start + day * DAY, START + start + day * DAY + length),
    st.integers(-2 * SECOND, 12 * SECOND),
    st.integers(-1, 8 * SECOND),
    st.sampled_from([0, 1]),
)
scopes = st.builds(
    Scope,
    st.frozensets(st.sampled_from([*CAMERAS, "camera-unknown"])),
    st.one_of(st.just((Interval(0, 2**62),)), st.lists(intervals, max_size=5).map(tuple)),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), units()),
        st.tuples(st.just("bury"), st.lists(st.integers(1, 60), max_size=6)),
        st.tuples(st.just("remove"), st.sampled_from([f"{camera}-0" for camera in CAMERAS])),
        st.tuples(st.just("forget"), st.sampled_from([f"{camera}-0" for camera in CAMERAS])),
        st.tuples(st.just("seal"), st.sampled_from([1, 15, 10**6])),
        st.tuples(st.just("reopen"), st.none()),
    ),
    min_size=2,
    max_size=10,
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.lists(units(), min_size=1, max_size=5),
    then=steps,
    asked=st.lists(st.tuples(st.integers(0, len(POOL) - 1), scopes, st.integers(1, 12)), min_size=1, max_size=4),
    fetch_min=st.sampled_from([1, 2, 5, 256]),
    grouping=st.sampled_from([Grouping(), Grouping(apart_us=0, score_margin=0), Grouping(apart_us=5 * SECOND)]),
)
def test_whatever_is_done_both_answer_alike(
    first: list[FootageUnit],
    then: list[tuple[str, Any]],
    asked: list[tuple[int, Scope, int]],
    fetch_min: int,
    grouping: Grouping,
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        patch.setattr(search, "_FETCH_MIN", fetch_min)  # the scan fetches too few at first, as it does among millions
        patch.setattr(search, "_FETCH_PER_MOMENT", 0)
        pair = Pair(Path(folder), grouping)
        try:
            for one in first:
                pair.commit(one)
            pair.compare(asked)
            for step, what in then:
                getattr(pair, step)(what)
                pair.compare(asked)
        finally:
            pair.index.close()


class Pair:
    """Both implementations, told the same."""

    def __init__(self, folder: Path, grouping: Grouping) -> None:
        self.folder, self.grouping = folder, grouping
        self.index = FootageIndex(folder, manifest(), grouping=grouping)
        self.oracle = OracleIndex(manifest(), grouping=grouping)
        self.removed: set[str] = set()
        self.rows = 0

    def commit(self, one: FootageUnit) -> None:
        if one.footage in self.removed:
            return
        told = self.index.commit(one)
        assert told == self.oracle.commit(one)
        self.rows += len(one.rows) if told else 0

    def bury(self, rows: list[int]) -> None:
        known = [row for row in rows if row <= self.rows]
        assert self.index.tombstone(known) == self.oracle.tombstone(known)

    def remove(self, footage: str) -> None:
        self.removed.add(footage)
        assert self.index.remove_footage(footage) == self.oracle.remove_footage(footage)

    def forget(self, footage: str) -> None:
        assert self.index.forget_footage(footage) == self.oracle.forget_footage(footage)

    def seal(self, rows_max: int) -> None:
        self.index.seal(rows_max=rows_max)
        assert self.index.statistics().gone == 0

    def reopen(self, _: None) -> None:
        self.index.close()
        self.index = FootageIndex(self.folder, manifest(), grouping=self.grouping)

    def compare(self, asked: list[tuple[int, Scope, int]]) -> None:
        for query, scope, moments_max in asked:
            vector = POOL[query]
            expected = self.oracle.search(vector, scope, moments_max=moments_max)
            assert self.index.search(vector, scope, moments_max=moments_max) == expected


ROWS_PER_CAMERA, MANY_CAMERAS, WIDTH = 500, 40, 32


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[FootageIndex, OracleIndex]:
    """20,000 rows of 40 cameras; a third of the vectors are there many times over."""
    rng = np.random.default_rng(11)
    common = unit_vectors(rng, 30, WIDTH)
    index = FootageIndex(tmp_path_factory.mktemp("many"), manifest(WIDTH))
    oracle = OracleIndex(manifest(WIDTH))
    for camera in range(MANY_CAMERAS):
        vectors = unit_vectors(rng, ROWS_PER_CAMERA, WIDTH)
        again = rng.random(ROWS_PER_CAMERA) < 1 / 3
        vectors[again] = common[rng.integers(0, len(common), again.sum())]
        one = unit(
            vectors, camera=f"camera-{camera:02}", footage=f"footage-{camera}", length_us=ROWS_PER_CAMERA * SECOND
        )
        index.commit(one)
        oracle.commit(one)
    index.seal()
    buried = rng.choice(np.arange(1, 20_001), 200, replace=False).tolist()
    assert index.tombstone(buried) == oracle.tombstone(buried)
    return index, oracle


def contiguous(share: float) -> Scope:
    """Whole cameras, or a part of one."""
    cameras = share * MANY_CAMERAS
    names = [f"camera-{camera:02}" for camera in range(max(1, round(cameras)))]
    seconds = round(min(1, cameras) * ROWS_PER_CAMERA)
    return scope_of(*names, intervals=[Interval(START, START + seconds * SECOND)])


def scattered(share: float) -> Scope:
    """Many cameras, single seconds here and there."""
    seconds = max(1, round(share * ROWS_PER_CAMERA))
    cameras = round(share * ROWS_PER_CAMERA / seconds * MANY_CAMERAS)
    spots = range(0, ROWS_PER_CAMERA, ROWS_PER_CAMERA // seconds)
    return scope_of(
        *(f"camera-{camera:02}" for camera in range(cameras)),
        intervals=[Interval(START + spot * SECOND, START + (spot + 1) * SECOND) for spot in spots],
    )


@pytest.mark.parametrize("share", [1, 0.1, 0.01, 0.001])
@pytest.mark.parametrize("kind", [contiguous, scattered])
def test_equal_at_every_selectivity(many: tuple[FootageIndex, OracleIndex], kind: Any, share: float) -> None:
    index, oracle = many
    rng = np.random.default_rng(5)
    common = unit_vectors(np.random.default_rng(11), 30, WIDTH)
    for query in [*common[:3], *unit_vectors(rng, 3, WIDTH)]:
        answer = index.search(query, kind(share), moments_max=10)
        assert answer == oracle.search(query, kind(share), moments_max=10)
        assert answer.coverage.rows_in_scope == pytest.approx(20_000 * share, rel=0.1)


def test_no_bound_is_trusted_that_does_not_hold(
    many: tuple[FootageIndex, OracleIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were faiss built to compute less exactly, more would be fetched, not less found."""
    index, oracle = many
    query = unit_vectors(np.random.default_rng(3), 1, WIDTH)[0]
    fetched = []
    real = search.nearest

    def watched(query: NDArray[np.float32], parts: Any, fetch: int) -> Any:
        fetched.append(fetch)
        return real(query, parts, fetch)

    monkeypatch.setattr(search, "nearest", watched)
    monkeypatch.setattr(search, "error_bound", lambda dimension: 1e-12)
    answer = index.search(query, contiguous(1), moments_max=5)
    assert answer == oracle.search(query, contiguous(1), moments_max=5)
    assert fetched[-1] == answer.coverage.rows_in_scope


def test_all_in_one_tie(tmp_path: Path) -> None:
    """5,000 equal rows: the certificate cannot hold before all are fetched, and the order is that of the ids."""
    vectors = np.repeat(POOL[:1], 5000, axis=0)
    one = unit(vectors, length_us=5000 * SECOND)
    grouping = Grouping(apart_us=2 * SECOND)
    with FootageIndex(tmp_path, manifest(), grouping=grouping) as index:
        oracle = OracleIndex(manifest(), grouping=grouping)
        index.commit(one)
        oracle.commit(one)
        answer = index.search(POOL[0], scope_of("camera-1"), moments_max=4)
        assert answer == oracle.search(POOL[0], scope_of("camera-1"), moments_max=4)
    assert [moment.best.row for moment in answer.moments] == [1, 4, 7, 10]
