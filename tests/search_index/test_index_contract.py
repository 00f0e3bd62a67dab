"""What every index promises (search_index/port.py): run on the one on disk and on the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest

from search_index.entries import IndexedFootage
from search_index.errors import (
    FootageRemoved,
    InvalidQuery,
    InvalidUnit,
    ManifestMismatch,
    RowUnknown,
    StaleClaim,
)
from search_index.footage_index import FootageIndex
from search_index.footage_unit import Box, FootageUnit, RowPlace
from search_index.moments import Grouping
from search_index.oracle import OracleIndex
from search_index.port import VectorIndex
from search_index.scope import Interval
from tests.search_index.index_examples import (
    DIMENSION,
    SECOND,
    START,
    manifest,
    row,
    rows_of,
    scope_of,
    unit,
    unit_vectors,
)

Index = FootageIndex | OracleIndex
GROUPING = Grouping(apart_us=2 * SECOND, score_margin=0.05)


@pytest.fixture(params=["on disk", "oracle"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    if request.param == "oracle":
        yield OracleIndex(manifest(), grouping=GROUPING)
        return
    with FootageIndex(tmp_path / "index", manifest(), grouping=GROUPING) as on_disk:
        yield on_disk


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def axis(*places: int) -> np.ndarray:
    """Unit vectors along axes: the dot product of two is 1 where they are equal, else 0."""
    return np.eye(DIMENSION, dtype=np.float32)[list(places)]


def test_both_are_the_port(index: Index) -> None:
    port: VectorIndex = index
    assert port.committed("footage-1") == frozenset()


def test_an_empty_index_answers_with_nothing(index: Index) -> None:
    answer = index.search(axis(0)[0], scope_of("camera-1"), moments_max=3)
    assert answer.moments == ()
    assert answer.coverage.searched == {}
    assert answer.coverage.rows_in_scope == 0
    assert answer.exact


def test_a_committed_unit_is_found(index: Index) -> None:
    assert index.commit(unit(axis(0, 1, 2, 3, 4, 5), footage="f" * 64))
    answer = index.search(axis(4)[0], scope_of("camera-1"), moments_max=1)
    (moment,) = answer.moments
    assert (moment.rank, moment.camera, moment.hits) == (1, "camera-1", 1)
    assert (moment.from_us, moment.to_us) == (START + 4 * SECOND, START + 5 * SECOND - 1)
    hit = moment.best
    assert (hit.row, hit.score, hit.kind, hit.footage) == (5, 1.0, "frame", "f" * 64)
    assert (hit.at_us, hit.box, hit.pictured) == (START + 4 * SECOND, Box(0, 0, 640, 360), True)
    assert answer.coverage.searched == {"camera-1": (Interval(START, START + 60 * SECOND),)}
    assert answer.coverage.rows_in_scope == 6
    assert answer.coverage.generation == manifest().digest()


def test_a_unit_counts_once(index: Index) -> None:
    """The same unit again is not an error and changes nothing, whoever sends it."""
    assert index.commit(unit(axis(0, 1), number=3))
    assert not index.commit(unit(axis(0, 1), number=3))
    assert not index.commit(unit(axis(0, 1), number=3, fence=9))
    assert index.commit(unit(axis(2), number=4))
    assert index.commit(unit(axis(3), number=3, footage="footage-2"))
    assert index.committed("footage-1") == {3, 4}
    assert index.committed("footage-2") == {3}
    assert index.search(axis(0)[0], scope_of("camera-1"), moments_max=9).coverage.rows_in_scope == 4


def test_a_superseded_claim_is_told(index: Index) -> None:
    index.commit(unit(axis(0), number=0, fence=4))
    index.commit(unit(axis(1), number=1, fence=6))
    with pytest.raises(StaleClaim) as refused:
        index.commit(unit(axis(2), number=2, fence=5))
    assert (refused.value.footage, refused.value.fence, refused.value.current) == ("footage-1", 5, 6)
    assert index.committed("footage-1") == {0, 1}
    assert index.commit(unit(axis(2), number=2, fence=6))
    assert index.commit(unit(axis(2), number=0, fence=1, footage="footage-2")), "claims are of one footage"


def test_another_model_is_refused(index: Index) -> None:
    with pytest.raises(ManifestMismatch) as refused:
        index.commit(unit(axis(0), model="another"))
    assert (refused.value.expected, refused.value.found) == (
        manifest().digest(),
        manifest(model="another").digest(),
    )
    assert index.committed("footage-1") == frozenset()


def changed(**fields: object) -> FootageUnit:
    return msgspec.structs.replace(unit(axis(0, 1)), **fields)  # type: ignore[arg-type]


def with_row(**fields: object) -> FootageUnit:
    return changed(rows=(row(START), msgspec.structs.replace(row(START), **fields)))  # type: ignore[arg-type]


INVALID = {
    "too few vectors": (changed(vectors=axis(0)), "shape"),
    "another dimension": (changed(vectors=np.eye(DIMENSION + 1, dtype=np.float32)[:2]), "shape"),
    "not float32": (changed(vectors=axis(0, 1).astype(np.float64)), "float64"),
    "not an array": (changed(vectors=[[1.0]]), "list"),
    "not a number": (changed(vectors=axis(0, 1) * np.float32("nan")), "not finite"),
    "infinite": (changed(vectors=np.where(axis(0, 1) == 1, np.float32("inf"), 0).astype(np.float32)), "not finite"),
    "too long": (changed(vectors=axis(0, 1) * np.float32(1.01)), "length 1.0100"),
    "zero": (changed(vectors=axis(0, 1) * np.float32(0)), "length 0.0000"),
    "no camera": (changed(camera=""), "camera"),
    "no footage": (changed(footage=""), "footage"),
    "negative number": (changed(number=-1), "number is -1"),
    "ends before it starts": (changed(to_us=START - 1), "order of time"),
    "covered out of order": (changed(covered=((START + 5, START + 9), (START, START + 4))), "order of time"),
    "covered beyond its end": (changed(covered=((START, START + 61 * SECOND),)), "order of time"),
    "beyond all calendars": (changed(from_us=-(2**63)), "63 bits"),
    "unknown kind": (with_row(kind="face"), "row 1: kind is 'face'"),
    "frame outside its span": (with_row(at_us=START - 1), "row 1: at_us"),
    "empty box": (with_row(box=Box(0, 0, 0, 9)), "row 1: box"),
    "box far away": (with_row(box=Box(2**31, 0, 9, 9)), "row 1: box"),
    "pts too large": (with_row(pts=2**63), "row 1: from_us"),
}


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_unit_is_refused_whole(index: Index, name: str) -> None:
    faulty, words = INVALID[name]
    with pytest.raises(InvalidUnit, match=words):
        index.commit(faulty)
    assert index.committed("footage-1") == frozenset()
    assert index.commit(unit(axis(0, 1)))
    assert rows_of(index.search(axis(0)[0], scope_of("camera-1"), moments_max=1)) == [1], "no id was spent"


@pytest.mark.parametrize(
    ("query", "moments_max", "words"),
    [
        (axis(0), 1, "shape"),
        (axis(0)[0][:-1], 1, "shape"),
        (axis(0)[0] * np.float32("nan"), 1, "not finite"),
        (axis(0)[0] * np.float32(0.5), 1, "length 0.5000"),
        (axis(0)[0].astype(np.float64), 1, "float64"),
        ([1.0] + [0.0] * (DIMENSION - 1), 1, "list"),
        (axis(0)[0], 0, "moments_max is 0"),
        (axis(0)[0], -1, "moments_max is -1"),
    ],
)
def test_an_invalid_query_is_refused(index: Index, query: np.ndarray, moments_max: int, words: str) -> None:
    index.commit(unit(axis(0)))
    with pytest.raises(InvalidQuery, match=words):
        index.search(query, scope_of("camera-1"), moments_max=moments_max)


def test_a_unit_without_rows_is_coverage(index: Index) -> None:
    """Nothing moved: the minute was searched all the same."""
    index.commit(unit(np.empty((0, DIMENSION), np.float32), number=0))
    answer = index.search(axis(0)[0], scope_of("camera-1"), moments_max=1)
    assert answer.moments == ()
    assert answer.coverage.searched == {"camera-1": (Interval(START, START + 60 * SECOND),)}
    assert index.committed("footage-1") == {0}


def test_coverage_names_gaps_and_stays_in_scope(index: Index) -> None:
    first = msgspec.structs.replace(
        unit(axis(0)), covered=((START, START + 20 * SECOND), (START + 30 * SECOND, START + 60 * SECOND))
    )
    index.commit(first)
    index.commit(unit(axis(1), number=1, start_us=START + 60 * SECOND))
    index.commit(unit(axis(2), camera="camera-2", footage="footage-2"))
    wanted = (Interval(START + 10 * SECOND, START + 40 * SECOND), Interval(START + 50 * SECOND, START + 70 * SECOND))
    coverage = index.search(axis(0)[0], scope_of("camera-1", "camera-9", intervals=wanted), moments_max=1).coverage
    assert coverage.searched == {
        "camera-1": (
            Interval(START + 10 * SECOND, START + 20 * SECOND),
            Interval(START + 30 * SECOND, START + 40 * SECOND),
            Interval(START + 50 * SECOND, START + 70 * SECOND),
        )
    }


def test_the_scope_never_leaks(index: Index, rng: np.random.Generator) -> None:
    """Identical rows everywhere: whatever is outside would rank first by its id."""
    cameras = ("camera-0", "camera-1", "camera-2")
    for number, camera in enumerate(cameras):
        index.commit(unit(axis(*[0] * 60), camera=camera, footage=f"footage-{number}"))
    for _ in range(40):
        chosen = rng.choice(cameras, rng.integers(0, 3), replace=False)
        edges = (START + rng.integers(-5, 65, 4) * SECOND).tolist()  # may overlap, touch, or be empty
        scope = scope_of(*chosen, intervals=[Interval(*edges[:2]), Interval(*edges[2:])])
        answer = index.search(axis(0)[0], scope, moments_max=50)
        for moment in answer.moments:
            assert scope.allows(moment.best.camera, moment.best.at_us)
            assert moment.best.pictured
        inside = [
            (camera, place) for camera in cameras for place in range(60) if scope.allows(camera, START + place * SECOND)
        ]
        assert answer.coverage.rows_in_scope == len(inside)
        assert bool(answer.moments) == bool(inside)


def test_an_interval_holds_its_start_and_not_its_end(index: Index) -> None:
    index.commit(unit(axis(0, 0, 0)))
    scope = scope_of("camera-1", intervals=[Interval(START, START + 2 * SECOND)])
    assert index.search(axis(0)[0], scope, moments_max=1).coverage.rows_in_scope == 2


@pytest.mark.parametrize(
    ("intervals", "rows"),
    [
        ([], 0),
        ([Interval(START, START)], 0),
        ([Interval(START + SECOND, START)], 0),
        ([Interval(-(2**70), 2**70)], 3),
        ([Interval(START, START + SECOND), Interval(START, START + 3 * SECOND)], 3),
    ],
)
def test_odd_intervals(index: Index, intervals: list[Interval], rows: int) -> None:
    index.commit(unit(axis(0, 0, 0)))
    coverage = index.search(axis(0)[0], scope_of("camera-1", intervals=intervals), moments_max=1).coverage
    assert coverage.rows_in_scope == rows
    assert bool(coverage.searched) == bool(rows)


def test_what_lies_outside_the_scope_is_not_hinted_at(index: Index) -> None:
    """A row may stand for a longer span than the scope allows: what is shown of it ends where the scope ends."""
    long = msgspec.structs.replace(row(START), from_us=START - 50, to_us=START + 50)
    index.commit(msgspec.structs.replace(unit(axis(0)), rows=(long,)))
    scope = scope_of("camera-1", intervals=[Interval(START - 9, START + 7), Interval(START + 8, START + 60)])
    (moment,) = index.search(axis(0)[0], scope, moments_max=1).moments
    assert (moment.from_us, moment.to_us) == (START - 9, START + 7)
    assert (moment.best.from_us, moment.best.to_us) == (START - 9, START + 7)


def lasting(index: Index, *spans: tuple[float, float, float]) -> None:
    """Equal rows of camera-1 with these frames, beginnings and ends: seconds after START."""
    rows = [
        msgspec.structs.replace(row(START), **{name: START + round(at * SECOND) for name, at in zip(TIMES, span)})  # noqa: B905
        for span in spans
    ]
    index.commit(msgspec.structs.replace(unit(axis(*[0] * len(rows))), rows=tuple(rows)))


TIMES = ("at_us", "from_us", "to_us")


def window(start: float, end: float) -> Interval:
    return Interval(START + round(start * SECOND), START + round(end * SECOND))


@pytest.mark.parametrize(
    ("span", "windows", "told"),
    [
        ((0, 0, 10), [(4, 6)], (4, 4, 6, False)),
        ((0, 0, 10), [(4, 60)], (4, 4, 10, False)),
        ((0, 0, 10), [(10, 60)], (10, 10, 10, False)),
        ((0, 0, 10), [(-5, 6)], (0, 0, 6, True)),
        ((0, 0, 10), [(2, 3), (5, 7)], (2, 2, 3, False)),
        ((10, 0, 10), [(2, 3), (5, 7)], (7 - 1e-6, 5, 7, False)),
        ((10, 0, 10), [(-9, 0.5)], (0.5 - 1e-6, 0, 0.5, False)),
        ((5, 0, 10), [(1, 3), (7, 9)], (7, 7, 9, False)),
        ((5, 0, 10), [(1, 3 + 1e-6), (7, 9)], (3, 1, 3 + 1e-6, False)),  # equally near: the earlier
        ((5, 0, 10), [(1, 3), (5, 6), (6, 9)], (5, 5, 9, True)),
        ((5, 5, 5), [(5, 6)], (5, 5, 5, True)),
    ],
)
def test_a_window_finds_what_lasts_into_it_and_tells_nothing_of_the_rest(
    index: Index,
    span: tuple[float, float, float],
    windows: list[tuple[float, float]],
    told: tuple[float, float, float, bool],
) -> None:
    lasting(index, span)
    scope = scope_of("camera-1", intervals=[window(*one) for one in windows])
    (moment,) = index.search(axis(0)[0], scope, moments_max=9).moments
    hit = moment.best
    assert (hit.at_us, hit.from_us, hit.to_us) == tuple(START + round(at * SECOND) for at in told[:3])
    assert hit.pictured is told[3], "a picture that was made outside is known as such"
    assert (moment.from_us, moment.to_us) == (hit.from_us, hit.to_us)


@pytest.mark.parametrize(
    ("span", "windows"),
    [((5, 5, 5), [(4, 5)]), ((5, 5, 5), [(5 + 1e-6, 9)]), ((5, 4, 6), [(0, 4), (6 + 1e-6, 9)]), ((5, 0, 10), [(7, 7)])],
)
def test_a_window_that_only_touches_finds_nothing(
    index: Index, span: tuple[float, float, float], windows: list[tuple[float, float]]
) -> None:
    lasting(index, span)
    scope = scope_of("camera-1", intervals=[window(*one) for one in windows])
    answer = index.search(axis(0)[0], scope, moments_max=9)
    assert (answer.moments, answer.coverage.rows_in_scope) == ((), 0)


def test_what_lasts_into_a_window_is_grouped_where_it_is_seen_there(index: Index) -> None:
    """Frames 20 s apart, which by themselves would be two moments: in the window both begin at once."""
    lasting(index, (0, 0, 30), (20, 20, 30), (50, 50, 55))
    scope = scope_of("camera-1", intervals=[window(25, 60)])
    moments = index.search(axis(0)[0], scope, moments_max=9).moments
    assert [(one.best.row, one.hits, one.best.at_us - START) for one in moments] == [
        (1, 2, 25 * SECOND),
        (3, 1, 50 * SECOND),
    ]


def test_what_lasted_into_a_window_and_is_gone_is_not_found_there(index: Index) -> None:
    lasting(index, (0, 0, 30), (1, 1, 30))
    index.tombstone([1])
    answer = index.search(axis(0)[0], scope_of("camera-1", intervals=[window(10, 20)]), moments_max=9)
    assert (rows_of(answer), answer.coverage.rows_in_scope) == ([2], 1)


def test_spans_of_all_lengths_are_found_wherever_windows_cut_them_and_never_leak(
    index: Index, rng: np.random.Generator
) -> None:
    """Against the plainest count: rows of 0 to 20 s, windows anywhere."""
    at = np.sort(rng.integers(0, 60 * SECOND, 60))
    before, after = (rng.choice([0, 1, SECOND // 3, 5 * SECOND, 20 * SECOND], 60) for _ in range(2))
    rows = tuple(
        msgspec.structs.replace(row(START + a), from_us=START + a - b, to_us=START + a + c)
        for a, b, c in np.stack([at, before, after], axis=1).tolist()
    )
    index.commit(msgspec.structs.replace(unit(axis(*[0] * 60)), rows=rows))
    for _ in range(40):
        edges = [START + int(edge) for edge in rng.integers(-5 * SECOND, 65 * SECOND, 4)]
        scope = scope_of("camera-1", intervals=[Interval(*edges[:2]), Interval(*edges[2:])])
        answer = index.search(axis(0)[0], scope, moments_max=60)
        inside = [one for one in rows if scope.meets("camera-1", one.from_us, one.to_us)]
        assert answer.coverage.rows_in_scope == len(inside)
        assert bool(answer.moments) == bool(inside)
        for moment in answer.moments:
            hit = moment.best
            assert scope.allows("camera-1", hit.at_us)
            assert hit.pictured == (rows[hit.row - 1].at_us == hit.at_us)
            assert all(scope.allows("camera-1", at) for at in (moment.from_us, max(moment.from_us, moment.to_us - 1)))


def test_ties_go_by_id(index: Index) -> None:
    for number, camera in enumerate(("camera-3", "camera-1", "camera-2")):
        index.commit(unit(axis(5, 0), camera=camera, footage=f"footage-{number}"))
    answer = index.search(axis(0)[0], scope_of("camera-1", "camera-2", "camera-3"), moments_max=3)
    assert rows_of(answer) == [2, 4, 6]
    assert [moment.rank for moment in answer.moments] == [1, 2, 3]


def test_scores_are_of_the_stored_halves_rounded_to_a_millionth(index: Index) -> None:
    stored = np.array([[0.6, 0.8, 0, 0, 0, 0, 0, 0]], np.float32)
    index.commit(unit(stored))
    (moment,) = index.search(stored[0], scope_of("camera-1"), moments_max=1).moments
    exact = sum(float(np.float16(x)) * float(np.float32(x)) for x in (0.6, 0.8))
    assert moment.best.score == round(exact, 6) != 1.0


def test_a_moment_gathers_what_is_near_and_scores_alike(index: Index) -> None:
    """Definition: search_index/moments.py. Rows at 0 to 5 s score 0, 1, .96, .9, 0, 1."""
    lean = [[score, (1 - score**2) ** 0.5, *[0] * 6] for score in (0, 1, 0.96, 0.9, 0, 1)]
    index.commit(unit(np.array(lean, np.float32)))
    answer = index.search(axis(0)[0], scope_of("camera-1"), moments_max=9)
    assert [
        ((moment.from_us - START) // SECOND, (moment.to_us - START) // SECOND, moment.hits, moment.best.row)
        for moment in answer.moments
    ] == [(1, 2, 2, 2), (5, 5, 1, 6)], "row 4 scores too little for moment 1 and lies within reach of moment 2"


def test_the_answer_for_fewer_is_the_beginning_of_the_answer_for_more(index: Index, rng: np.random.Generator) -> None:
    for number in range(3):
        index.commit(unit(unit_vectors(rng, 60), footage=f"footage-{number}", camera=f"camera-{number % 2}"))
    query = unit_vectors(rng, 1)[0]
    answers = [index.search(query, scope_of("camera-0", "camera-1"), moments_max=n).moments for n in range(1, 30)]
    assert len(answers[-1]) == 29
    for fewer, more in pairwise(answers):
        assert more[: len(fewer)] == fewer


def test_cameras_do_not_share_moments(index: Index) -> None:
    for camera in ("camera-1", "camera-2"):
        index.commit(unit(axis(0, 0), camera=camera, footage=camera))
    answer = index.search(axis(0)[0], scope_of("camera-1", "camera-2"), moments_max=9)
    assert [(moment.camera, moment.hits) for moment in answer.moments] == [("camera-1", 2), ("camera-2", 2)]


def test_thumbnails(index: Index) -> None:
    first, second = unit(axis(0, 1)), unit(axis(2), number=1, start_us=START + 60 * SECOND)
    index.commit(first)
    index.commit(second)
    assert [index.thumbnail(n) for n in (1, 2, 3)] == [one.thumbnail for one in (*first.rows, *second.rows)]
    assert index.thumbnail(2, of=RowPlace(first.footage, first.rows[1].at_us)) == first.rows[1].thumbnail
    for other in (RowPlace("another", first.rows[1].at_us), RowPlace(first.footage, first.rows[0].at_us)):
        with pytest.raises(RowUnknown):
            index.thumbnail(2, of=other)
    for never in (0, 4, -1):
        with pytest.raises(RowUnknown) as refused:
            index.thumbnail(never)
        assert refused.value.row == never


def test_a_tombstoned_row_is_gone(index: Index) -> None:
    index.commit(unit(axis(0, 1, 2, 3)))
    assert rows_of(index.search(axis(0)[0], scope_of("camera-1"), moments_max=1)) == [1]
    assert index.tombstone([1, 3]) == 2
    assert index.tombstone([3, 4]) == 1
    answer = index.search(axis(0)[0], scope_of("camera-1"), moments_max=9)
    assert (rows_of(answer), answer.coverage.rows_in_scope) == ([2], 1)
    assert index.thumbnail(2)
    with pytest.raises(RowUnknown):
        index.thumbnail(3)
    assert index.committed("footage-1") == {0}, "erased is not the same as never indexed"


def test_a_row_that_never_was_cannot_be_tombstoned(index: Index) -> None:
    index.commit(unit(axis(0, 1)))
    with pytest.raises(RowUnknown):
        index.tombstone([1, 3])
    assert index.search(axis(0)[0], scope_of("camera-1"), moments_max=9).coverage.rows_in_scope == 2


def test_a_removed_footage_is_gone_and_not_taken_again(index: Index) -> None:
    index.commit(unit(axis(0, 1)))
    index.commit(unit(axis(0), footage="footage-2", start_us=START + 60 * SECOND))
    before = index.search(axis(0)[0], scope_of("camera-1"), moments_max=9).coverage
    assert before.searched == {"camera-1": (Interval(START, START + 120 * SECOND),)}
    assert index.remove_footage("footage-1") == 2
    assert index.remove_footage("footage-1") == 0
    assert index.remove_footage("footage-unknown") == 0
    answer = index.search(axis(0)[0], scope_of("camera-1"), moments_max=9)
    assert rows_of(answer) == [3]
    assert answer.coverage.searched == {"camera-1": (Interval(START + 60 * SECOND, START + 120 * SECOND),)}
    for footage in ("footage-1", "footage-unknown"):
        with pytest.raises(FootageRemoved):
            index.commit(unit(axis(1), number=1, footage=footage))


def test_a_forgotten_footage_is_gone_and_taken_anew_as_one_never_seen(index: Index) -> None:
    index.commit(unit(axis(0, 1), fence=9))
    index.commit(unit(axis(0), footage="footage-2", start_us=START + 60 * SECOND))
    assert index.forget_footage("footage-1") == 2
    assert index.forget_footage("footage-1") == index.forget_footage("footage-unknown") == 0
    assert index.committed("footage-1") == frozenset()
    answer = index.search(axis(0)[0], scope_of("camera-1"), moments_max=9)
    assert rows_of(answer) == [3]
    assert answer.coverage.searched == {"camera-1": (Interval(START + 60 * SECOND, START + 120 * SECOND),)}
    for gone in (1, 2):
        with pytest.raises(RowUnknown):
            index.thumbnail(gone)
    assert index.commit(unit(axis(0), fence=2)), "the fence that was is forgotten, too"
    assert rows_of(index.search(axis(0)[0], scope_of("camera-1"), moments_max=9)) == [3, 4]


def test_after_forgetting_older_claims_commit_nothing_more(index: Index) -> None:
    index.commit(unit(axis(0, 1), fence=3))
    assert index.forget_footage("footage-1", fence=5) == 2
    assert index.forget_footage("footage-2", fence=5) == 0
    for footage in ("footage-1", "footage-2"):
        with pytest.raises(StaleClaim):
            index.commit(unit(axis(0), number=1, footage=footage, fence=4))
    assert index.search(axis(0)[0], scope_of("camera-1"), moments_max=9).moments == ()
    assert index.commit(unit(axis(0), fence=6))
    assert index.forget_footage("footage-1", fence=5) == 0, "said twice: what was made since stays"
    assert len(index.search(axis(0)[0], scope_of("camera-1"), moments_max=9).moments) == 1


def test_a_picture_is_found_again_under_its_new_id(index: Index) -> None:
    one = unit(axis(0, 1), fence=1)
    index.commit(one)
    place, box = RowPlace(one.footage, one.rows[1].at_us), one.rows[1].box
    assert index.row_of(place, box) == 2
    assert index.row_of(place, Box(1, 1, 2, 2)) is None
    assert index.row_of(RowPlace("another", place.at_us), box) is None
    index.forget_footage(one.footage, fence=2)
    assert index.row_of(place, box) is None
    index.commit(unit(axis(0, 1), fence=3))
    assert index.row_of(place, box) == 4


def test_what_was_removed_for_good_is_not_forgotten(index: Index) -> None:
    index.commit(unit(axis(0, 1)))
    index.remove_footage("footage-1")
    assert index.forget_footage("footage-1") == 0
    with pytest.raises(FootageRemoved):
        index.commit(unit(axis(1), number=1))


def test_what_is_indexed_of_each_footage(tmp_path: Path) -> None:
    with FootageIndex(tmp_path, manifest()) as index:
        index.commit(unit(axis(0, 1), fence=3))
        index.commit(unit(axis(0), number=1, fence=4, start_us=START + 60 * SECOND))
        for footage in ("footage-2", "footage-3"):
            index.commit(unit(axis(0), footage=footage, camera="camera-2"))
        index.remove_footage("footage-2")
        index.forget_footage("footage-3")
        assert index.footages() == [
            IndexedFootage(
                footage="footage-1",
                cameras=frozenset({"camera-1"}),
                fence=4,
                from_us=START,
                to_us=START + 120 * SECOND,
            )
        ]


def test_wide_apart_and_no_margin(tmp_path: Path) -> None:
    """The grouping is the composition's to choose, and both implementations follow it."""
    grouping = Grouping(apart_us=10 * SECOND, score_margin=0)
    with FootageIndex(tmp_path, manifest(), grouping=grouping) as on_disk:
        oracle = OracleIndex(manifest(), grouping=grouping)
        for each in (on_disk, oracle):
            each.commit(unit(axis(0, 0, 1, 1, 0, 0)))
        answers = [each.search(axis(0)[0], scope_of("camera-1"), moments_max=9) for each in (on_disk, oracle)]
    assert answers[0] == answers[1]
    assert [(m.from_us - START, m.to_us - START, m.hits) for m in answers[0].moments] == [(0, 6 * SECOND - 1, 4)]


@pytest.mark.parametrize("fields", [{"apart_us": -1}, {"score_margin": -0.1}, {"score_margin": 2.1}])
def test_an_impossible_grouping_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(fields))):
        Grouping(**fields)  # type: ignore[arg-type]
