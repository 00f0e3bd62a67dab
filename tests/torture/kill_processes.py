"""Kills of a process manager, again and again: `python -m tests.torture.kill_processes [--cycles N] [--seed N]`.

It dies before its append, between append and position, after the position, or wherever SIGKILL from outside meets it;
now and then its positions are lost as a whole. In the end every event must have been answered once, and in order.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import uuid5

from tests.torture.reacting import NEVER, POINTS, RIGHT, answered, asked, follow, note
from tests.torture.writing import NAMESPACE, Store, new_folder

NOTES_A_CYCLE = 12
STREAMS = 3
OUTSIDE_SECONDS_MAX = 0.3
LOST_SHARE = 0.1  # of the cycles begin without the positions that were saved
DEATH_SECONDS_MAX = 120.0


@dataclass
class Tally:
    cycles: int = 0
    deaths: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    lost: int = 0
    twice: int = 0
    out_of_order: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.out_of_order) and self.asked == self.answered > 0


def run(cycles: int, seed: int, scratch: Path, way: str = RIGHT) -> Tally:
    chance, tally = Random(seed), Tally(cycles=cycles)
    folder = new_folder(scratch / "deployment")
    deaths: Counter[str] = Counter()
    for cycle in range(cycles):
        store = Store(folder)
        for _ in range(NOTES_A_CYCLE):
            note(store, uuid5(NAMESPACE, f"asking {chance.randrange(STREAMS)}"), 1)
        store.close()
        if way == RIGHT and chance.random() < LOST_SHARE:
            for part in folder.glob("processes.db*"):
                part.unlink()
        deaths[_die(folder, way, POINTS[cycle % len(POINTS)], chance, scratch / f"said{cycle}")] += 1
    follow(folder, way, NEVER, 1).step()
    _reckon(folder, tally)
    tally.deaths = dict(deaths)
    return tally


def _die(folder: Path, way: str, point: str, chance: Random, said: Path) -> str:
    """One life of the follower, to its death. Returns where it met it."""
    count = chance.randint(1, NOTES_A_CYCLE - 1)
    command = [sys.executable, "-m", "tests.torture.reacting", str(folder), way, point, str(count)]
    with said.open("wb") as words, said.with_suffix(".faults").open("wb") as faults:
        follower = subprocess.Popen(command, stdout=words, stderr=faults)
    if point == NEVER:
        deadline = time.monotonic() + DEATH_SECONDS_MAX
        while not said.stat().st_size and follower.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, OUTSIDE_SECONDS_MAX))
        follower.kill()
    try:
        status = follower.wait(DEATH_SECONDS_MAX)
    finally:
        follower.kill()
    if status != -9:
        raise RuntimeError(f"the follower ended by itself: {said.with_suffix('.faults').read_text()[-2_000:]}")
    return "outside" if point == NEVER else point


def _reckon(folder: Path, tally: Tally) -> None:
    store = Store(folder)
    wanted, got = asked(store), answered(store)
    store.close()
    counts = Counter(got)
    tally.asked, tally.answered = len(wanted), len(got)
    tally.lost = sum(position not in counts for position in wanted)
    tally.twice = sum(count > 1 for count in counts.values())
    tally.out_of_order = sum(later < earlier for earlier, later in pairwise(got))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.cycles, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - started, 1)
    print(
        json.dumps({"torture": "kills of a process manager", "seed": chosen.seed, "seconds": seconds, **asdict(tally)})
    )
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
