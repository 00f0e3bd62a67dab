"""Kill -9 of workers that index: `python -m tests.torture.kill_indexing [--kills N] [--seed N]`.

Three workers index one deployment, beside the house that serves it. One after another is killed, at a random moment or
within milliseconds of a commit, a claim, an end; or stopped for longer than its lease and let go on; or ended in
order; now and then the house is killed, too. When all is indexed, rows and digests are those of an undisturbed run of
one worker, and nothing is left over; then it begins anew. In the first round a film kills whoever embeds it: it is
given up, and nothing else is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from random import Random

from app import logs
from domain.footage_state import GIVEN_UP, INDEXED
from tests.torture.indexing_house import (
    LEASE_SECONDS,
    Row,
    faults_at_rest,
    found,
    index_undisturbed,
    rows_of,
    states_of,
)
from tests.torture.indexing_process import Process, deadly_worker, first_to_say, house, worker
from tests.torture.indexing_tally import Acknowledged, IndexingTally

WORKERS = 3
FILMS, MINUTES = 6, 12
MOMENTS = {  # after which word of a worker: within how many seconds, at its how manieth at most, how often
    "": (0.8, 1, 15),
    "claiming": (0.02, 2, 10),
    "claimed": (0.5, 2, 10),
    "committing": (0.02, 6, 40),
    "committed": (0.15, 6, 15),
    "finishing": (0.02, 1, 10),
}
PATIENCE_SECONDS = 2.0  # for that word
STALL_SHARE, DRAIN_SHARE, HOUSE_SHARE = 0.05, 0.07, 0.04
DRAIN_SECONDS_MAX = 30.0
ROUND_SECONDS_MAX = 300.0


class Round:
    """One deployment, from nothing indexed to the end."""

    def __init__(self, folder: Path, digests: list[str], chance: Random, tally: IndexingTally, deadly: str) -> None:
        self._folder, self._digests, self._chance, self._tally = folder, digests, chance, tally
        self._deadly, self._work = deadly, deadly_worker if deadly else worker
        self._words = folder.with_suffix(".words")
        self._acknowledged = Acknowledged(tally)
        self._house = Process(house, folder, self._words)
        self._workers = [Process(self._work, folder, self._words) for _ in range(WORKERS)]

    def run(self, kills: int) -> None:
        """Until all is indexed; undisturbed once the campaign has had its kills."""
        deadline = time.monotonic() + ROUND_SECONDS_MAX
        while not self._is_done():
            if time.monotonic() > deadline:
                self._tally.faults.append(f"round {self._tally.rounds}: not indexed in {ROUND_SECONDS_MAX} s")
                break
            if self._tally.kills < kills:
                self._disturb()
            else:
                time.sleep(0.1)
            self._revive()
        for process in (*self._workers, self._house):
            process.hear(DRAIN_SECONDS_MAX)  # a process that has not begun yet knows no order
            if not process.end(DRAIN_SECONDS_MAX):
                self._tally.faults.append(f"{process.pid} did not end in order: {process.status}")
            self._acknowledged.hear(process.heard)
        self._acknowledged.check(self._folder)

    def close(self) -> None:
        for process in (*self._workers, self._house):
            process.kill()

    def _is_done(self) -> bool:
        states = states_of(self._folder, self._digests)
        return all(state.phase in {INDEXED, GIVEN_UP} for state in states.values())

    def _disturb(self) -> None:
        victim, toss = self._victim(), self._chance.random()
        if toss < STALL_SHARE:
            self._stall(victim)
        elif toss < STALL_SHARE + DRAIN_SHARE and victim.is_under_way and not self._deadly:
            self._drain(victim)
        elif toss > 1 - HOUSE_SHARE:
            self._kill(self._house)
        else:
            self._kill(victim)
        for process in self._workers:
            self._acknowledged.hear(process.catch_up())
        self._acknowledged.check(self._folder)

    def _kill(self, victim: Process) -> None:
        self._tally.kills += 1
        self._tally.note(victim.kill())

    def _victim(self) -> Process:
        """Who comes to the moment that chance chose."""
        (word,) = self._chance.choices(list(MOMENTS), [often for *_, often in MOMENTS.values()])
        after_seconds, times, _ = MOMENTS[word]
        victim = self._chance.choice(self._workers)
        if word:
            times = self._chance.randint(1, times)
            victim = first_to_say(word, self._workers, times, PATIENCE_SECONDS) or victim
        time.sleep(self._chance.uniform(0, after_seconds))
        return victim

    def _stall(self, victim: Process) -> None:
        self._tally.stalls += 1
        victim.signal(signal.SIGSTOP)
        time.sleep(self._chance.uniform(1, 2) * LEASE_SECONDS)
        victim.signal(signal.SIGCONT)

    def _drain(self, victim: Process) -> None:
        """What it had under way it has finished, and given the rest back."""
        self._tally.drains += 1
        if not victim.end(DRAIN_SECONDS_MAX):
            self._tally.faults.append(f"a worker did not end in order: {victim.status}")
        about_claims = [word for word in victim.heard if word.what in {"claimed", "released", "indexed", "refused"}]
        if about_claims and about_claims[-1].what == "claimed":
            self._tally.faults.append(f"a worker that was ended kept {about_claims[-1].footage[:12]}")

    def _revive(self) -> None:
        for number, process in enumerate(self._workers):
            if process.status is not None:
                if process.status == -signal.SIGKILL and not process.was_killed:
                    self._tally.poisoned += 1
                self._acknowledged.hear(process.catch_up())
                self._workers[number] = Process(self._work, self._folder, self._words)
        if self._house.status is not None:
            self._house = Process(house, self._folder, self._words)


def run(
    kills: int, seed: int, scratch: Path, *, films: int = FILMS, minutes: int = MINUTES, deadly: bool = True
) -> IndexingTally:
    chance, tally = Random(seed), IndexingTally()
    digests = found(scratch / "new", films, minutes, deadly=deadly)
    undisturbed = undisturbed_rows(scratch)
    while not tally.rounds or (tally.kills < kills and tally.is_clean):
        tally.rounds += 1
        poison = digests[-1] if deadly and tally.rounds == 1 else ""
        folder = shutil.copytree(scratch / "new", scratch / f"round{tally.rounds}")
        at_work = Round(folder, digests, chance, tally, poison)
        try:
            at_work.run(kills)
        finally:
            at_work.close()
        faults = faults_at_rest(folder, digests, undisturbed, poison)
        tally.faults += [f"round {tally.rounds}: {fault}" for fault in faults]
        tally.rows_compared += sum(len(rows) for rows in undisturbed.values())
        if tally.is_clean:
            shutil.rmtree(folder)
    return tally


def undisturbed_rows(scratch: Path) -> dict[str, list[Row]]:
    folder = shutil.copytree(scratch / "new", scratch / "undisturbed")
    index_undisturbed(folder)
    return rows_of(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.kills, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps({"torture": "kill -9 of indexing", "seed": chosen.seed, "seconds": seconds, **asdict(tally)}))
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
