"""What a switch of models takes, and what it costs those who search: `python -m tests.benchmarks.bench_switch`.

A house of some films is searched by a few people at once: quiet, while a worker builds the other generation, and after
the swap. Both models are colour histograms, so that what is measured is the switch and not a network. Prints one JSON
document: seconds, searches and their latencies, bytes of the segments before, at most, and after; and the answers that
were not those of one generation alone (none may be).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from app import logs
from app.at_work import open_remaking
from app.composition import Services, open_house
from app.coverage import scope_of
from domain.ids import camera_id
from search_index.answer import Answer
from tests.app.conftest import FILMED_AT
from tests.fakes_gpu import ColourHistograms
from tests.torture.indexing_house import CAMERAS, found, index_undisturbed
from tests.torture.kill_switch import begun, is_over, load

QUIET_SECONDS = 10.0
PEOPLE = 2
SCOPE = scope_of([camera_id(name) for name in CAMERAS], FILMED_AT, FILMED_AT.replace(year=FILMED_AT.year + 1))


def look(services: Services) -> Answer:
    """As a search does, less the record of it."""
    with services.in_force.held() as sight:
        vector = sight.queries.vector("red", b"", None, ()).vector
        return sight.index.search(vector, SCOPE, moments_max=20)


class Asking:
    """People who search, one search after another."""

    def __init__(self, services: Services) -> None:
        self._services, self._over = services, threading.Event()
        self.seconds: list[float] = []
        self.answers: dict[str, set[tuple[tuple[float, int], ...]]] = {}
        self._lock = threading.Lock()

    def run(self) -> None:
        while not self._over.is_set():
            start = time.perf_counter()
            answer = look(self._services)
            spent = time.perf_counter() - start
            given = tuple((moment.best.score, moment.best.row) for moment in answer.moments)
            with self._lock:
                self.seconds.append(spent)
                self.answers.setdefault(answer.coverage.generation, set()).add(given)

    def __enter__(self) -> Asking:
        self._pool = ThreadPoolExecutor(PEOPLE)
        self._running = [self._pool.submit(self.run) for _ in range(PEOPLE)]
        return self

    def __exit__(self, *why: object) -> None:
        self._over.set()
        for each in self._running:
            each.result()
        self._pool.shutdown()

    def figures(self) -> dict[str, Any]:
        p50, p99 = (round(float(np.percentile(self.seconds, part)) * 1000, 2) for part in (50, 99))
        return {"searches": len(self.seconds), "p50_ms": p50, "p99_ms": p99}


def segment_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in (folder / "index" / "segments").rglob("*") if file.is_file())


def measure(folder: Path) -> dict[str, Any]:
    """The figures of one switch."""
    services = open_house(folder, encoder=ColourHistograms(), load=load)
    try:
        before, peak = segment_bytes(folder), 0
        with Asking(services) as quiet:
            time.sleep(QUIET_SECONDS)
        begun(folder)
        start = time.perf_counter()
        with Asking(services) as during, open_remaking(folder, load=load) as opened:
            assert opened is not None
            while opened[0].remake_once():
                peak = max(peak, segment_bytes(folder))
            built = time.perf_counter() - start
            while not services.switching.tick() and services.in_force.now.generation != opened[1].generation:
                time.sleep(0.01)
            swapped, peak = time.perf_counter() - start, max(peak, segment_bytes(folder))
            right = {answer_of(services)}
        while not is_over(folder):
            services.keeper.tick()
        removed = time.perf_counter() - start
        with Asking(services) as after:
            time.sleep(QUIET_SECONDS)
        (old,) = quiet.answers
        expected = {old: quiet.answers[old], services.in_force.now.generation: right}
        given = [pair for each in (during, after) for pair in each.answers.items()]
        mixed = sum(len(answers - expected.get(generation, set())) for generation, answers in given)
        return {
            "built_seconds": round(built, 2),
            "swapped_seconds": round(swapped, 2),
            "removed_seconds": round(removed, 2),
            "quiet": quiet.figures(),
            "during": during.figures(),
            "after": after.figures(),
            "generations_during": len(during.answers),
            "answers_of_no_one_generation": mixed,
            "bytes_before": before,
            "bytes_peak": peak,
            "bytes_after": segment_bytes(folder),
        }
    finally:
        services.close()


def answer_of(services: Services) -> tuple[tuple[float, int], ...]:
    return tuple((moment.best.score, moment.best.row) for moment in look(services).moments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=12)
    parser.add_argument("--minutes", type=int, default=30, help="of each film")
    chosen = parser.parse_args()
    logs.configure(readable=False)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "house"
        found(folder, chosen.films, chosen.minutes)
        index_undisturbed(folder)
        print(json.dumps({"bench": "switch of models", "films": chosen.films, **measure(folder)}))


if __name__ == "__main__":
    main()
