"""Kill -9 of a process that appends, again and again: `python -m tests.torture.kill_log [--cycles N] [--seed N]`.

After each kill the log must hold everything that was acknowledged, and answer every retry with its first receipt.
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

from tests.torture.reckoning import Reckoning, Tally
from tests.torture.writer_process import WriterProcess
from tests.torture.writing import new_folder

LANES = 2
WRITING_SECONDS_MAX = 0.25
STARTING_SECONDS_MAX = 0.6
STARTING_SHARE = 0.15  # of the kills hit the start: opening, recovery of the write-ahead log, the first append


def run(cycles: int, seed: int, scratch: Path) -> Tally:
    """All cycles on one folder, which is checked again as a whole at the end."""
    chance = Random(seed)
    folder = new_folder(scratch / "deployment")
    reckoning = Reckoning(folder, LANES, Tally())
    for cycle in range(cycles):
        writer = WriterProcess(folder, scratch / f"said{cycle}", LANES)
        if chance.random() < STARTING_SHARE:
            time.sleep(chance.uniform(0, STARTING_SECONDS_MAX))
        else:
            writer.wait_until_it_writes()
            time.sleep(chance.uniform(0, WRITING_SECONDS_MAX))
        reckoning.after_crash(writer.kill())
    reckoning.at_the_end()
    return reckoning.tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.cycles, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - started, 1)
    print(json.dumps({"torture": "kill -9 of a writer", "seed": chosen.seed, "seconds": seconds, **asdict(tally)}))
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
