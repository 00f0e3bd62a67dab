"""Power cuts: `python -m tests.torture.power_cut [--cycles N] [--seed N] [--synchronous FULL|NORMAL]`.

A process appends to a log on a disk that forgets what was not fsynced (`tests.torture.forgetful_disk`). In every other
cycle random sectors of what was not fsynced survive. With synchronous=FULL nothing acknowledged may be lost.
`--synchronous NORMAL` is the control: it must lose, or the disk forgets nothing and the experiment proves nothing.
It starts each cycle from an empty folder, because what it lost cannot be told from what was never sent.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from random import Random

from app.event_store.sqlite_file import Synchronous
from tests.torture.forgetful_disk import mounted
from tests.torture.fuse import CannotMount
from tests.torture.reckoning import Reckoning, Said, Tally
from tests.torture.writer_process import WriterProcess
from tests.torture.writing import new_folder

LANES = 2
WRITING_SECONDS_MAX = 0.5


def run(cycles: int, seed: int, synchronous: Synchronous, scratch: Path) -> Tally:
    """Raises CannotMount where this machine does not let us mount a file system of our own."""
    chance = Random(seed)
    tally = Tally()
    reckoning = Reckoning(new_folder(scratch / "store"), LANES, tally)
    store = scratch / "store"
    for cycle in range(cycles):
        if synchronous == "NORMAL" and cycle:
            store = new_folder(scratch / f"store{cycle}")
            reckoning = Reckoning(store, LANES, tally)
        said = cut_once(store, scratch / f"said{cycle}", synchronous, chance, scatter=cycle % 2 == 1)
        reckoning.after_crash(said)
    reckoning.at_the_end()
    return tally


def cut_once(store: Path, said: Path, synchronous: Synchronous, chance: Random, *, scatter: bool) -> Said:
    with mounted(store) as disk:
        writer = WriterProcess(disk.folder, said, LANES, synchronous)
        try:
            writer.wait_until_it_writes()
            time.sleep(chance.uniform(0, WRITING_SECONDS_MAX))
            disk.cut(chance.randrange(2**32) if scatter else None)
        finally:
            words = writer.kill()
    return words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", choices=["FULL", "NORMAL"], default="FULL")
    chosen = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            tally = run(chosen.cycles, chosen.seed, chosen.synchronous, Path(scratch))
        except CannotMount as fault:
            sys.exit(f"{fault}; power cuts need /dev/fuse and the right to mount (root)")
    seconds = round(time.monotonic() - started, 1)
    settings = {"synchronous": chosen.synchronous, "seed": chosen.seed, "seconds": seconds}
    print(json.dumps({"torture": "power cuts", **settings, **asdict(tally)}))
    is_right = tally.is_clean if chosen.synchronous == "FULL" else tally.lost > 0
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
