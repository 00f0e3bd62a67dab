"""A worker: commits units of one camera, one after another.

python -m tests.search_index.commit_many INDEX WORKER UNITS ROWS
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from search_index.footage_index import FootageIndex
from search_index.footage_unit import FootageUnit
from tests.search_index.index_examples import SECOND, START, manifest, unit, unit_vectors


def worker_unit(worker: int, number: int, rows: int) -> FootageUnit:
    return unit(
        unit_vectors(np.random.default_rng([worker, number]), rows),
        footage=f"footage-{worker}",
        camera=f"camera-{worker}",
        number=number,
        start_us=START + number * 60 * SECOND,
    )


def main(folder: Path, worker: int, units: int, rows: int) -> None:
    with FootageIndex(folder, manifest()) as index:
        done = index.committed(f"footage-{worker}")
        for number in range(units):
            if number not in done:
                index.commit(worker_unit(worker, number, rows))
                sys.stdout.write(f"{number}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
