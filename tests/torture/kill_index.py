"""kill -9 of processes that commit to one index and merge it: nothing acknowledged is lost, nothing is half there.

    python -m tests.torture.kill_index [--cycles 50] [--folder DIR]

In each cycle two workers commit units, saying so after each, while a third process seals; all are killed after a
random time. Then the index is opened: every unit that was acknowledged is there, every unit is whole, all checksums
hold, no orphan is left, and it answers as the oracle does that was told the same units.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from search_index.footage_index import FootageIndex
from search_index.oracle import OracleIndex
from tests.search_index.commit_many import worker_unit
from tests.search_index.index_examples import DIMENSION, manifest, scope_of, unit_vectors

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS, ROWS, UNITS = (1, 2), 40, 100_000
SEALER = "import sys; from tests.torture.kill_index import seal_for_ever; seal_for_ever(sys.argv[1])"


def seal_for_ever(folder: str) -> None:
    with FootageIndex(Path(folder), manifest()) as index:
        while True:
            index.seal(rows_max=2000)


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def cycle(folder: Path) -> dict[int, set[int]]:
    """Run and kill. Returns what each worker said it had committed."""
    workers = {
        worker: started("-m", "tests.search_index.commit_many", str(folder), str(worker), str(UNITS), str(ROWS))
        for worker in WORKERS
    }
    sealer = started("-c", SEALER, str(folder))
    processes = [*workers.values(), sealer]
    said = {worker: {int(first_line(process))} for worker, process in workers.items()}  # they have begun
    time.sleep(random.uniform(0, 0.3))
    random.shuffle(processes)
    for process in processes:
        process.kill()
    sealer.communicate()
    for worker, process in workers.items():
        told, _ = process.communicate()
        said[worker] |= {int(line) for line in told.splitlines(keepends=True) if line.endswith("\n")}
    return said


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def inspected(folder: Path, acknowledged: dict[int, set[int]]) -> tuple[int, int]:
    """Returns how many units are there, and how many of them were never acknowledged."""
    query = unit_vectors(np.random.default_rng(6), 1)[0]
    everywhere = scope_of(*(f"camera-{worker}" for worker in WORKERS))
    with FootageIndex(folder, manifest()) as index:
        units = index._store.catalogue._db.execute("SELECT footage, number FROM units ORDER BY first_row").fetchall()
        oracle = OracleIndex(manifest())
        for footage, number in units:
            oracle.commit(worker_unit(int(footage.removeprefix("footage-")), number, ROWS))
        for worker, numbers in acknowledged.items():
            lost = numbers - index.committed(f"footage-{worker}")
            assert not lost, f"worker {worker}: acknowledged and lost: {sorted(lost)}"
        assert index.search(query, everywhere, moments_max=20) == oracle.search(query, everywhere, moments_max=20)
        assert index.verify() == {}
        named = {entry.name for entry in index._store.catalogue.segments(None)}
        assert {path.name for path in (folder / "segments").iterdir()} == named
    return len(units), len(units) - sum(len(numbers) for numbers in acknowledged.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="where the index lies (removed afterwards)")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kill_index_", dir=arguments.folder))
    acknowledged: dict[int, set[int]] = {worker: set() for worker in WORKERS}
    try:
        for number in range(1, arguments.cycles + 1):
            for worker, said in cycle(folder).items():
                acknowledged[worker] |= said
            units, silent = inspected(folder, acknowledged)
            print(f"cycle {number}: {units} units, all acknowledged ones among them, {silent} beyond", flush=True)
    finally:
        shutil.rmtree(folder)
    print(f"{arguments.cycles} kills: no acknowledged unit lost, none half there (vectors of {DIMENSION})")


if __name__ == "__main__":
    main()
