"""Power cuts while three workers index: `python -m tests.torture.cut_indexing [--cuts N] [--seed N]`.

The whole deployment lies on a disk that forgets what was not fsynced, names too (`tests.torture.forgetful_disk`); in
every other cycle random sectors and names of what was not fsynced survive. After each cut everything that was
acknowledged is there: units in whole segments, claims and ends on record. Then the next start goes on from what is
left; when all is indexed, rows and digests are those of an undisturbed run, nothing is left over, and it begins anew.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from random import Random

from app import logs
from domain.footage_state import GIVEN_UP, INDEXED
from search_index import segment
from search_index.errors import SegmentDamaged
from tests.torture.forgetful_disk import mounted
from tests.torture.fuse import CannotMount
from tests.torture.indexing_house import faults_at_rest, found, states_of
from tests.torture.indexing_process import Process, Word, first_to_say, house, worker
from tests.torture.indexing_tally import Acknowledged, IndexingTally
from tests.torture.kill_indexing import FILMS, MINUTES, WORKERS, undisturbed_rows

MOMENTS = {  # as in kill_indexing
    "": (2.0, 1, 5),
    "claimed": (0.3, 3, 5),
    "committing": (0.05, 9, 60),
    "committed": (0.1, 9, 25),
    "finishing": (0.05, 1, 5),
}
PATIENCE_SECONDS = 30.0
CYCLES_MAX = 60  # of one deployment: by then it is indexed, or nothing goes on
END_SECONDS_MAX = 300.0
DATABASES = ("log.db", "keys.db", "views.db", "credentials.db", "names.db", "processes.db", "index/catalogue.db")


def run(cuts: int, seed: int, scratch: Path, *, films: int = FILMS, minutes: int = MINUTES) -> IndexingTally:
    """Raises CannotMount where this machine does not let us mount a file system of our own."""
    chance, tally = Random(seed), IndexingTally()
    digests = found(scratch / "new", films, minutes)
    undisturbed = undisturbed_rows(scratch)
    while tally.cuts < cuts and tally.is_clean:
        tally.rounds += 1
        store = shutil.copytree(scratch / "new", scratch / f"round{tally.rounds}")
        _round(store, digests, cuts, chance, tally)
        faults = faults_at_rest(store, digests, undisturbed)
        tally.faults += [f"round {tally.rounds}: {fault}" for fault in faults]
        tally.rows_compared += sum(len(rows) for rows in undisturbed.values())
        if tally.is_clean:
            shutil.rmtree(store)
    return tally


def _round(store: Path, digests: list[str], cuts: int, chance: Random, tally: IndexingTally) -> None:
    """Cut after cut until all is indexed; undisturbed once the campaign has had its cuts."""
    acknowledged = Acknowledged(tally)
    for cycle in range(CYCLES_MAX):
        if tally.cuts < cuts:
            heard = _cut_once(store, chance, tally, scatter=cycle % 2 == 1)
        else:
            heard = _to_the_end(store, digests, tally)
        for words in heard:
            acknowledged.hear(words)
        with tempfile.TemporaryDirectory(dir=store.parent) as aside:  # the next start is the first to open the store
            look = shutil.copytree(store, Path(aside) / "look")
            tally.faults += [f"cut {tally.cuts}: {fault}" for fault in _faults_after_cut(look)]
            acknowledged.check(look)
            is_done = all(state.phase in {INDEXED, GIVEN_UP} for state in states_of(look, digests).values())
        if is_done or not tally.is_clean:
            return
    tally.faults.append(f"round {tally.rounds}: not indexed after {CYCLES_MAX} cuts")


def _cut_once(store: Path, chance: Random, tally: IndexingTally, *, scatter: bool) -> list[list[Word]]:
    with mounted(store) as disk:
        processes = [Process(target, disk.folder, _words(store)) for target in (house, *[worker] * WORKERS)]
        try:
            (word,) = chance.choices(list(MOMENTS), [often for *_, often in MOMENTS.values()])
            after_seconds, times, _ = MOMENTS[word]
            if word:
                first_to_say(word, processes[1:], chance.randint(1, times), PATIENCE_SECONDS)
            time.sleep(chance.uniform(0, after_seconds))
            disk.cut(chance.randrange(2**32) if scatter else None)
        finally:
            heard = [process.kill() for process in processes]
    tally.cuts += 1
    for words in heard[1:]:
        tally.note(words)
    return heard


def _to_the_end(store: Path, digests: list[str], tally: IndexingTally) -> list[list[Word]]:
    """On an ordinary disk, until all is indexed."""
    processes = [Process(target, store, _words(store)) for target in (house, *[worker] * WORKERS)]
    deadline = time.monotonic() + END_SECONDS_MAX
    try:
        while any(state.phase not in {INDEXED, GIVEN_UP} for state in states_of(store, digests).values()):
            if time.monotonic() > deadline:
                tally.faults.append(f"round {tally.rounds}: not indexed in {END_SECONDS_MAX} s")
                break
            time.sleep(0.2)
        for process in processes[::-1]:
            process.hear(PATIENCE_SECONDS)  # a process that has not begun yet knows no order
            if not process.end(PATIENCE_SECONDS):
                tally.faults.append(f"{process.pid} did not end in order: {process.status}")
    finally:
        heard = [process.kill() for process in processes]
    return heard


def _words(store: Path) -> Path:
    return store.with_suffix(".words")


def _faults_after_cut(folder: Path) -> Iterator[str]:
    """Databases are sound, and every segment that the catalogue names is whole."""
    for name in DATABASES:
        with closing(sqlite3.connect(folder / name)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchall()
        if answer != [("ok",)]:
            yield f"{name} is damaged: {answer[0]}"
    with closing(sqlite3.connect(folder / "index" / "catalogue.db")) as catalogue:
        entries = catalogue.execute("SELECT name, digest, generation, fault FROM segments").fetchall()
    for name, digest, generation, fault in entries:
        if fault:
            yield f"segment {name} was set aside: {fault}"
        try:
            segment.verify(folder / "index" / "segments" / name, digest, generation)
        except SegmentDamaged as damage:
            yield str(damage)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            tally = run(chosen.cuts, chosen.seed, Path(scratch))
        except CannotMount as fault:
            sys.exit(f"{fault}; power cuts need /dev/fuse and the right to mount (root)")
    seconds = round(time.monotonic() - begun, 1)
    told = {"seed": chosen.seed, "seconds": seconds, **asdict(tally)}
    print(json.dumps({"torture": "power cuts of indexing", **told}))
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
