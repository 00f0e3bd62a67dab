"""The small parts of the index, each against the plainest way to say the same."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import scan
from search_index.durable import exclusive, write_file
from search_index.entries import SegmentEntry
from search_index.merge import OPEN_SEGMENTS_MAX, SEGMENTS_MAX, to_merge
from search_index.scan import error_bound, nearest
from search_index.scope import Interval, Scope
from search_index.score import millionths
from search_index.selection import Selection, joined, less, merged, overlap, positions_in, with_single, without
from tests.search_index.index_examples import unit_vectors

spans = st.lists(st.builds(Interval, st.integers(0, 30), st.integers(0, 30)), max_size=6)


def instants(intervals: list[Interval] | tuple[Interval, ...]) -> set[int]:
    return {instant for interval in intervals for instant in range(interval.from_us, interval.to_us)}


@settings(deadline=None)  # the machine may be busy
@given(spans)
def test_merged_intervals_hold_the_same_instants(intervals: list[Interval]) -> None:
    found = merged(intervals)
    assert instants(found) == instants(intervals)
    assert all(one.to_us < following.from_us for one, following in pairwise(found))


@settings(deadline=None)  # the machine may be busy
@given(spans, spans)
def test_overlap_is_what_both_hold(ones: list[Interval], others: list[Interval]) -> None:
    assert instants(overlap(merged(ones), merged(others))) == instants(ones) & instants(others)


@settings(deadline=None)  # the machine may be busy
@given(spans, st.integers(-2, 32), st.integers(0, 9))
def test_near_an_instant(intervals: list[Interval], at_us: int, reach_us: int) -> None:
    near = Selection.of(Scope(frozenset({"a", "b"}), tuple(intervals))).near("a", at_us, reach_us)
    assert instants(near.intervals) == {i for i in instants(intervals) if abs(i - at_us) <= reach_us}
    assert near.cameras == {"a"}


@settings(deadline=None)  # the machine may be busy
@given(spans, st.lists(st.tuples(st.integers(-9, 39), st.integers(0, 12), st.integers(0, 12)), max_size=6))
def test_which_rows_meet_a_scope_and_where(intervals: list[Interval], rows: list[tuple[int, int, int]]) -> None:
    """Of rows (frame, so much before it, so much after it): the plainest way is to try every instant."""
    selection = Selection.of(Scope(frozenset({"a"}), tuple(intervals)))
    at, before, after = np.array(rows, np.int64).reshape(-1, 3).T
    shared = [instants(intervals) & set(range(a - b, a + c + 1)) for a, b, c in rows]
    met = selection.meet(at - before, at + after)
    assert met.tolist() == [bool(some) for some in shared]
    nearest = [
        min(some, key=lambda one: (abs(one - a), one)) for some, (a, _, _) in zip(shared, rows, strict=True) if some
    ]
    found = selection.instants(at[met], (at - before)[met], (at + after)[met])
    assert found.tolist() == nearest
    told = selection.cut(found, (at - before)[met], (at + after)[met])
    for (start, end), instant in zip(told.tolist(), nearest, strict=True):
        assert start <= instant <= end
        assert set(range(start, max(end, start + 1))) <= instants(intervals)


@settings(deadline=None)  # the machine may be busy
@given(spans, st.integers(0, 9), st.integers(0, 9))
def test_widened_bounds(intervals: list[Interval], before: int, after: int) -> None:
    selection = Selection.of(Scope(frozenset({"a"}), tuple(intervals)))
    assert selection.widened(before, after).tolist() == [
        [each.from_us - before, each.to_us + after] for each in merged(intervals)
    ]
    ever = Selection.of(Scope(frozenset({"a"}), (Interval(-(2**70), 2**70),)))
    assert ever.widened(2**62, 2**62).tolist() == [[-(2**63), 2**63 - 1]], "no bound wraps round"


ranges = st.lists(st.integers(0, 40), max_size=10, unique=True).map(
    lambda edges: np.array(sorted(edges)[: len(edges) // 2 * 2], np.int64).reshape(-1, 2)
)


def positions(found: np.ndarray) -> list[int]:
    return [position for first, end in found.tolist() for position in range(first, end)]


@settings(deadline=None)
@given(ranges)
def test_positions_in_ranges(found: np.ndarray) -> None:
    assert positions_in(found).tolist() == positions(found)


@given(ranges, st.lists(st.integers(0, 40), unique=True).map(sorted))
def test_ranges_without_single_positions(found: np.ndarray, gone: list[int]) -> None:
    left = without(found, np.array(gone, np.int64))
    assert positions(left) == [position for position in positions(found) if position not in gone]
    assert (left[:, 0] < left[:, 1]).all()


@given(ranges, st.data())
def test_ranges_less_what_lies_within_them_and_with_single_positions(wide: np.ndarray, data: st.DataObject) -> None:
    wide = joined(wide)
    some = sorted(data.draw(st.sets(st.sampled_from(positions(wide)))) if len(wide) else set())
    inner = joined(np.array([[one, one + 1] for one in some], np.int64).reshape(-1, 2))
    edges = less(wide, inner)
    assert positions(edges) == [one for one in positions(wide) if one not in some]
    again = with_single(inner, positions_in(edges))
    assert again.tolist() == wide.tolist()


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_joined_ranges(edges: list[int]) -> None:
    touching = np.array(sorted(edges)[: len(edges) // 2 * 2], np.int64).reshape(-1, 2)
    found = joined(touching)
    assert sorted(set(positions(touching))) == positions(found)
    assert (found[1:, 0] > found[:-1, 1]).all()


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 2**32 - 1))
def test_scores_are_the_true_dot_products_rounded_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = unit_vectors(rng, 5, 16).astype(np.float16)
    query = unit_vectors(rng, 1, 16)[0]
    true = [sum(Fraction(float(x)) * Fraction(float(q)) for x, q in zip(row, query, strict=True)) for row in rows]
    assert millionths(rows, query).tolist() == [round(score * 1_000_000) for score in true]


def test_scores_at_a_rounding_edge_do_not_depend_on_the_order_of_the_sum() -> None:
    """1/128 is 7812.5 millionths; a term that is lost wherever it meets the 1 decides on which side the sum lies."""
    terms = {3: (1.0, 1.0), 50: (-1.0, 1.0), 120: (2.0**-7, 1.0), 280: (2.0**-17, 2.0**-40)}
    row, query = np.zeros(300, np.float16), np.zeros(300, np.float32)
    for place, (x, q) in terms.items():
        row[place], query[place] = x, q
    orders = [np.random.default_rng(seed).permutation(300) for seed in range(50)]
    assert {int(millionths(row[np.newaxis, order], query[order])[0]) for order in orders} == {7813}


def edges(*found: tuple[int, int]) -> np.ndarray:
    return np.array(found, np.int64)


RANGES = {
    "one long": edges((10, 2900)),
    "a few long": edges((0, 10), (20, 1000), (1200, 3000)),
    "one row here, two there": edges(*((first, first + 1 + first % 2) for first in range(5, 2000, 331))),
    "long and short": edges((0, 900), *((first, first + 1) for first in range(1000, 2900, 700)), (2950, 3000)),
    "every other row": edges(*((first, first + 1) for first in range(7, 2999, 2))),
    "many long": edges(*((first, first + 40) for first in range(3, 2900, 50))),
    "one row": edges((17, 18)),
}


@pytest.mark.parametrize("dimension", [3, 8, 100, 512, 768])
@pytest.mark.parametrize("kind", RANGES)
def test_the_scan_keeps_its_error_bound_and_misses_nothing(dimension: int, kind: str) -> None:
    """All of one sign, so that no errors cancel; every row fetched, then the best few."""
    rng = np.random.default_rng(dimension)
    rows = np.abs(unit_vectors(rng, 3000, dimension)).astype(np.float16)
    query = np.abs(unit_vectors(rng, 1, dimension)[0])
    parts = [(rows[::-1].copy(), edges((3, 5))), (rows, RANGES[kind])]
    exact = [millionths(vectors, query) / 1e6 for vectors, _ in parts]
    wanted = [(part, place) for part, (_, found) in enumerate(parts) for place in positions(found)]
    whole = nearest(query, parts, len(wanted) + 1)
    assert sorted(zip(whole.part.tolist(), whole.position.tolist(), strict=True)) == wanted
    true = np.array([exact[part][place] for part, place in zip(whole.part, whole.position, strict=True)])
    assert np.abs(whole.score - true).max() <= error_bound(dimension)
    few = nearest(query, parts, 3)
    assert sorted(few.score) == sorted(whole.score)[-3:]


@pytest.mark.parametrize(
    ("kind", "way"),
    [("one long", "scan"), ("one row here, two there", "scan_copied"), ("many long", "scan_selected")],
)
def test_each_way_to_scan_is_taken(kind: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    real = getattr(scan._Heap, way)
    monkeypatch.setattr(scan._Heap, way, lambda *arguments: [taken.append(way), real(*arguments)])
    rows = unit_vectors(np.random.default_rng(1), 3000, 512).astype(np.float16)
    nearest(rows[0].astype(np.float32), [(rows, RANGES[kind])], 5)
    assert taken


def test_a_scan_of_nothing_finds_nothing() -> None:
    query = unit_vectors(np.random.default_rng(0), 1)[0]
    assert len(nearest(query, [], 5).score) == 0
    assert len(nearest(query, [], 0).score) == 0


def entry(name: str, rows: int, day: int = 0) -> SegmentEntry:
    return SegmentEntry(name=name, generation="g", day=day, rows=rows, bytes=0, digest="")


@pytest.mark.parametrize(
    ("entries", "holed", "groups"),
    [
        ([entry("a", 5)], set(), []),
        ([entry("a", 5), entry("b", 7)], set(), [["a", "b"]]),
        ([entry("a", 5), entry("b", 7, day=1)], set(), []),
        ([entry("a", 5), entry("b", 7)], {"b"}, [["b"]]),
        ([entry("big", 900_000), entry("a", 5), entry("b", 7)], set(), [["a", "b"]]),
        ([entry("big", 900_000), entry("a", 90_000)], set(), []),
        ([entry("big", 300_000), entry("a", 90_000)], set(), [["a", "big"]]),
        ([entry("a", 400_000), entry("b", 400_000), entry("c", 400_000)], set(), [["a", "b"]]),
        ([entry("a", 600_000), entry("b", 700_000)], set(), []),
    ],
)
def test_which_segments_are_merged(entries: list[SegmentEntry], holed: set[str], groups: list[list[str]]) -> None:
    assert [[one.name for one in group] for group in to_merge(entries, holed, 1_000_000)] == groups


def test_a_row_is_rewritten_few_times() -> None:
    """A day's million rows, sealed after every ten units of 1,000."""
    entries: list[SegmentEntry] = []
    rewritten = 0
    for seal in range(100):
        entries += [entry(f"unit-{seal}-{number}", 1000) for number in range(10)]
        for group in to_merge(entries, set(), 1_000_000):
            rows = sum(one.rows for one in group)
            rewritten += rows
            entries = [one for one in entries if one not in group] + [entry(f"merged-{seal}-{group[0].name}", rows)]
    assert sum(one.rows for one in entries) == 1_000_000
    assert rewritten < 8 * 1_000_000
    assert len(entries) < 30


def test_no_more_segments_are_opened_at_once_than_may_be() -> None:
    entries = [entry(f"{number:03}", 60) for number in range(300)]
    assert [len(group) for group in to_merge(entries, set(), 1_000_000)] == [SEGMENTS_MAX, SEGMENTS_MAX, 44]


@pytest.mark.parametrize("days", [1, 10])
def test_segments_stay_few_and_rows_are_rewritten_few_times_while_units_are_committed(days: int) -> None:
    entries: list[SegmentEntry] = []
    rewritten = most = 0
    for number in range(1500):
        entries.append(entry(f"unit-{number}", 500, number % days))
        for group in to_merge(entries, set(), 1_000_000, busy=True):
            rows = sum(one.rows for one in group)
            rewritten += rows
            entries = [one for one in entries if one not in group]
            entries.append(entry(f"merged-{number}-{group[0].name}", rows, group[0].day))
        most = max(most, len(entries))
    assert most <= min(days * SEGMENTS_MAX, OPEN_SEGMENTS_MAX) + 10
    assert rewritten < 5 * 1500 * 500


def test_while_units_are_committed_many_days_with_a_few_segments_each_are_merged_together() -> None:
    entries = [entry(f"{number:03}", 60, number // 3) for number in range(OPEN_SEGMENTS_MAX + 1)]  # threes
    assert to_merge(entries[:OPEN_SEGMENTS_MAX], set(), 1_000_000, busy=True) == []
    assert {len(group) for group in to_merge(entries, set(), 1_000_000, busy=True)} == {3}
    assert to_merge(entries[:9], {"000"}, 1_000_000, busy=True) == [], "nor is a hole worth a day's segment"


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    assert write_file(tmp_path / "file", [b"one", memoryview(b"two")]).bytes == 6
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "file", [b"three"])
    assert (tmp_path / "file").read_bytes() == b"onetwo"


def test_a_lock_keeps_others_out(tmp_path: Path) -> None:
    with exclusive(tmp_path / "lock") as held, exclusive(tmp_path / "lock", wait=False) as second:
        assert (held, second) == (True, False)
    with exclusive(tmp_path / "lock", wait=False) as free:
        assert free
