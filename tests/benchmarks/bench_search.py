"""Filtered search on a million rows: equal to the oracle, and how long it takes beside a bare faiss scan.

    python -m tests.benchmarks.bench_search [--rows 1000000] [--dimension 512] [--scratch FOLDER] [--json]

Rows come in by the index's own door: units of 1,000 rows are committed and sealed to one segment. Every query of
every scope is asked of the oracle as well, and the answers must be equal: rows, order, moments.

Times are medians over all queries and rounds, the engines taking turns in shuffled order, on one thread; beside the
clock's stand the processor's, which a busy machine changes less:

- `ours`: FootageIndex.search for 10 moments, from scope to answer;
- `bare`: faiss's fp16 scalar quantiser over a copy that holds exactly the rows in scope, k = 10, nothing else;
- `aligned`: faiss's scanner over such a copy that begins at a cache line (which faiss's own memory does not);
- `selector`: the same over all rows with a bitmap of the rows in scope, made beforehand;
- `take 100`: over all rows, k = 100, and the rows outside the scope dropped afterwards; with its recall of the
  true 10 rows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from search_index.encoder import Manifest
from search_index.footage_index import FootageIndex
from search_index.footage_unit import FRAME, Box, FootageUnit, Row
from search_index.oracle import OracleIndex
from search_index.scan import nearest
from search_index.scope import Interval, Scope
from search_index.selection import Selection

SECOND = 1_000_000
START = 1_760_000_400 * SECOND  # no midnight follows within the archive
CAMERAS = 200
UNIT_ROWS = 1000
TRACK_ROWS = 10
ROUNDS = 5
NEAREST = 10
ENGINES = ("ours", "bare", "aligned", "selector", "take 100")
HEADINGS = "       rows  ranges = oracle     ours     bare   ratio    + ms   aligned  selector  take 100  recall"


def camera(number: int) -> str:
    return f"camera-{number:03}"


def archive(rows: int, manifest: Manifest) -> Iterator[FootageUnit]:
    """Rows a second apart: each camera has its own background, things stay for ten rows or so, all is noisy. The first
    row of each ten stands for all their time, as one that later pictures repeat does; the others for an instant."""
    rng = np.random.default_rng(17)
    per_camera, width = rows // CAMERAS, manifest.dimension
    for number in range(CAMERAS):
        background = rng.standard_normal(width)
        for first in range(0, per_camera, UNIT_ROWS):
            count = min(UNIT_ROWS, per_camera - first)
            things = rng.standard_normal((count // TRACK_ROWS + 1, width))
            vectors = background + things.repeat(TRACK_ROWS, axis=0)[:count] + 0.7 * rng.standard_normal((count, width))
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            start = START + first * SECOND
            yield FootageUnit(
                footage=f"footage-{number:03}",
                camera=camera(number),
                number=first // UNIT_ROWS,
                generation=manifest.digest(),
                pipeline="benchmark",
                fence=1,
                from_us=start,
                to_us=start + count * SECOND,
                covered=((start, start + count * SECOND),),
                rows=tuple(made_row(start + place * SECOND, lasts=not place % TRACK_ROWS) for place in range(count)),
                vectors=vectors.astype(np.float32),
            )


def made_row(at_us: int, *, lasts: bool) -> Row:
    to_us = at_us + lasts * (TRACK_ROWS - 1) * SECOND
    return Row(kind=FRAME, from_us=at_us, to_us=to_us, at_us=at_us, pts=0, box=Box(0, 0, 640, 360), thumbnail=b"JPEG")


def queries(vectors: NDArray[np.float16]) -> list[NDArray[np.float32]]:
    """Half near a row (an example image), half far from all (words)."""
    rng = np.random.default_rng(23)
    width = vectors.shape[1]
    near = [vectors[rng.integers(len(vectors))] + rng.standard_normal(width) * 0.6 / width**0.5 for _ in range(4)]
    found = np.array([*near, *rng.standard_normal((4, width))])
    return list((found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32))


def scope(cameras: int, windows: int, seconds: int, per_camera: int) -> Scope:
    """`windows` windows of `seconds` each, evenly spread, on the first cameras."""
    starts = [START + place * per_camera // windows * SECOND for place in range(windows)]
    intervals = tuple(Interval(start, start + seconds * SECOND) for start in starts)
    return Scope(frozenset(camera(number) for number in range(cameras)), intervals)


def scopes(rows: int) -> dict[str, Scope]:
    per = rows // CAMERAS
    return {
        "100 %": scope(CAMERAS, 1, per, per),
        "10 % contiguous": scope(20, 1, per, per),
        "10 % scattered": scope(CAMERAS, 10, max(1, per // 100), per),
        "1 % contiguous": scope(2, 1, per, per),
        "1 % scattered": scope(CAMERAS, 10, max(1, per // 1000), per),
        "0.1 % contiguous": scope(1, 1, per // 5, per),
        "0.1 % scattered": scope(CAMERAS, 5, max(1, per // 5000), per),
    }


class Bare:
    """faiss without anything around it, over all rows and over the rows in one scope."""

    def __init__(self, whole: Any, vectors: NDArray[np.float16], rows: NDArray[np.int64]) -> None:
        self.whole, self.rows, count = whole, rows, len(vectors)
        self.few = whole if len(rows) == count else scalar_quantiser(vectors[rows])
        self.lines = vectors if len(rows) == count else aligned(vectors[rows])
        self.all = np.array([[0, len(rows)]])
        bits = np.zeros(count, bool)
        bits[rows] = True
        self.allowed = bits
        self.bitmap = np.packbits(bits, bitorder="little")
        self.selector = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(count, faiss.swig_ptr(self.bitmap)))

    def scan(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        return self.rows[self.few.search(query[np.newaxis], NEAREST)[1][0]]

    def scan_aligned(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        return self.rows[nearest(query, [(self.lines, self.all)], NEAREST).position]

    def select(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        return self.whole.search(query[np.newaxis], NEAREST, params=self.selector)[1][0]

    def take_then_filter(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        taken = self.whole.search(query[np.newaxis], 100)[1][0]
        return taken[self.allowed[taken]][:NEAREST]


def aligned(vectors: NDArray[np.float16]) -> NDArray[np.float16]:
    room = np.empty(vectors.nbytes + 64, np.uint8)
    lines = room[-room.ctypes.data % 64 :][: vectors.nbytes].view(np.float16).reshape(vectors.shape)
    lines[:] = vectors
    return lines


def scalar_quantiser(vectors: NDArray[np.float16]) -> Any:
    width = vectors.shape[1]
    index = faiss.IndexScalarQuantizer(width, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    for start in range(0, len(vectors), 100_000):
        index.add_sa_codes(vectors[start : start + 100_000].view(np.uint8))
    return index


def timed(engines: dict[str, Callable[[Any], Any]], asked: list[Any]) -> dict[str, tuple[float, float]]:
    """Median milliseconds of each engine: on the clock, and of this thread's processor time."""
    rng = np.random.default_rng(29)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    for engine in engines.values():
        engine(asked[0])
    for _ in range(ROUNDS):
        turns = [(name, query) for query in asked for name in engines]
        for turn in rng.permutation(len(turns)):
            name, query = turns[turn]
            clock, processor = time.perf_counter(), time.thread_time()
            engines[name](query)
            times[name].append(((time.perf_counter() - clock) * 1000, (time.thread_time() - processor) * 1000))
    return {name: (median(c for c, _ in values), median(p for _, p in values)) for name, values in times.items()}


def measure(index: FootageIndex, oracle: OracleIndex, rows: int) -> list[dict[str, Any]]:
    segments = [living.segment for living in index._reader.current().living.values()]
    assert len(segments) == 1, f"{len(segments)} segments"
    vectors, ids = segments[0].vectors, segments[0].columns["id"]
    place = np.empty(rows + 1, np.int64)
    place[ids] = np.arange(rows)
    whole = scalar_quantiser(vectors)
    asked, table = queries(vectors), []
    for name, wanted in scopes(rows).items():
        say(f"{name}: asking the oracle, then the time")
        recalls, equal = [], 0
        intervals, ranges = wanted.intervals, segments[0].ranges(Selection.of(wanted))
        bare = Bare(whole, vectors, np.concatenate([np.arange(first, end) for first, end in ranges]))
        for query in asked:
            answer = index.search(query, wanted, moments_max=NEAREST)
            ranked = oracle._ranked(query, wanted.cameras, list(intervals))  # once, as it takes seconds
            expected = tuple(oracle._moments(ranked, list(intervals), NEAREST))
            equal += answer.moments == expected and answer.coverage.rows_in_scope == len(ranked.id)
            true = place[ranked.id[:NEAREST]]
            recalls.append(len(np.intersect1d(true, bare.take_then_filter(query))) / len(true))
        engines: dict[str, Callable[[Any], Any]] = {
            "ours": lambda query, wanted=wanted: index.search(query, wanted, moments_max=NEAREST),
            "bare": bare.scan,
            "aligned": bare.scan_aligned,
            "selector": bare.select,
            "take 100": bare.take_then_filter,
        }
        table.append(
            {"scope": name, "rows": len(bare.rows), "ranges": len(ranges), "equal": equal, "asked": len(asked)}
            | {
                f"{engine} {kind} ms": round(value, 3)
                for engine, values in timed(engines, asked).items()
                for kind, value in zip(("clock", "processor"), values, strict=True)
            }
            | {"recall of take 100": round(float(np.mean(recalls)), 3)}
        )
    return table


def say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")


def built(folder: Path, manifest: Manifest, rows: int) -> tuple[FootageIndex, OracleIndex, dict[str, float]]:
    """Both indexes with all rows, the one on disk sealed, and what that took in seconds."""
    index, oracle = FootageIndex(folder, manifest), OracleIndex(manifest)
    committing = 0.0
    for unit in archive(rows, manifest):
        start = time.perf_counter()
        index.commit(unit)
        committing += time.perf_counter() - start
        oracle.commit(unit)
        if unit.number == 0 and unit.camera.endswith("0"):
            say(f"committed up to {unit.camera}")
    start = time.perf_counter()
    merged = index.seal(rows_max=rows)
    sealing = time.perf_counter() - start
    say(f"{merged} units sealed to {index.statistics().segments} segment")
    index.close()
    index = FootageIndex(folder, manifest)
    start = time.perf_counter()
    index.load()
    loading = time.perf_counter() - start
    return index, oracle, {"units": merged, "commit": committing, "seal": sealing, "load and verify": loading}


def report(figures: dict[str, Any]) -> None:
    build = figures["build"]
    print(
        f"faiss {faiss.__version__}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
        f"{figures['rows']:,} rows x {figures['dimension']}: {build['units']} units committed in "
        f"{build['commit']:.1f} s, sealed in {build['seal']:.1f} s, "
        f"loaded and verified in {build['load and verify']:.2f} s"
    )
    for kind in ("clock", "processor"):
        print(f"\n{kind + ' ms':16}" + HEADINGS)
        for line in figures["scopes"]:
            ours, bare, lines, selector, take = (line[f"{one} {kind} ms"] for one in ENGINES)
            print(
                f"{line['scope']:16}  {line['rows']:9,}  {line['ranges']:6} {line['equal']:4}/{line['asked']:<3}"
                f"  {ours:7.2f}  {bare:7.2f}  {ours / bare:6.2f}  {ours - bare:6.2f}  {lines:8.2f}  {selector:8.2f}"
                f"  {take:8.2f}  {line['recall of take 100']:6.3f}"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="a multiple of 200")
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--scratch", type=Path, help="where the index is built (removed afterwards)")
    parser.add_argument("--json", action="store_true", help="one document on standard output")
    arguments = parser.parse_args()
    faiss.omp_set_num_threads(1)
    manifest = Manifest(
        model="benchmark",
        weights_sha256="0" * 64,
        dimension=arguments.dimension,
        preprocessing="none",
        tokenizer_sha256="0" * 64,
        precision="float32",
    )
    folder = Path(tempfile.mkdtemp(prefix="bench_search_", dir=arguments.scratch))
    try:
        index, oracle, build = built(folder / "index", manifest, arguments.rows)
        figures = {"rows": arguments.rows, "dimension": arguments.dimension, "build": build}
        figures |= {"scopes": measure(index, oracle, arguments.rows)}
        index.close()
    finally:
        shutil.rmtree(folder)
    if arguments.json:
        print(json.dumps(figures))
    else:
        report(figures)
    return 0 if all(line["equal"] == line["asked"] for line in figures["scopes"]) else 1


if __name__ == "__main__":
    sys.exit(main())
