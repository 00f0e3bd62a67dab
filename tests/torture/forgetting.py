"""What must be gone is found nowhere, what is held stays: `python -m tests.torture.forgetting [--films N]`.

Films of two cameras over several days, so that segments hold what goes and what stays. A retention ends for the one
camera, courts order erasures of the other's; incidents and cases hold some of both. The keeper and the compaction
work while searches go on: each answer is the oracle's over what was visible at that moment. Then every byte of the
data directory is looked through for what each film left: its file, pictures, vectors, file name, keys.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app import logs
from app.composition import open_house
from app.coverage import scope_of
from domain.footage_events import FootageArchived
from domain.ids import camera_id, footage_id
from domain.keeping_events import ErasureRequested
from domain.personal import FileName, Reason
from search_index.answer import Answer
from search_index.footage_index import FootageIndex
from search_index.scope import Scope
from tests.app.conftest import House, serving
from tests.fakes_gpu import ColourHistograms
from tests.torture.forgetting_house import (
    DAYS,
    OF_ORDERS,
    OF_RETENTION,
    Planted,
    add_needles,
    decide_fates,
    found,
    plant,
    told_oracle,
)
from tests.torture.indexing_house import Row, rows_of

QUERIES, SEARCHERS, MOMENTS_MAX = 3, 2, 100
REMOVE = "remove_footage"


@dataclass
class ForgettingTally:
    films: int = 0
    gone: int = 0
    held: int = 0
    searches: int = 0  # while the keeper and the compaction worked
    searches_in_between: int = 0  # of them: some films gone already, and some not yet
    needles: int = 0
    bytes_searched: int = 0
    files_searched: int = 0
    faults: list[str] = field(default_factory=list)


class Seen(NamedTuple):
    """An answer, and how many films were gone before it was asked and after it was given."""

    query: int
    gone_before: int
    gone_after: int
    answer: Answer


class Removals:
    """Which films the index was told to remove, in order; those under way may be visible or not."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def watched(self) -> Iterator[None]:
        real: Callable[[FootageIndex, str], int] = getattr(FootageIndex, REMOVE)

        def told(index: FootageIndex, sha256: str) -> int:
            with self._one_at_a_time:  # the house's own keeper works beside ours
                if sha256 in self.done:
                    return real(index, sha256)
                self.begun.append(sha256)
                buried = real(index, sha256)
                self.done.append(sha256)
                return buried

        setattr(FootageIndex, REMOVE, told)
        try:
            yield
        finally:
            setattr(FootageIndex, REMOVE, real)


def queries() -> list[NDArray[np.float32]]:
    found = np.abs(np.random.default_rng(4).standard_normal((QUERIES, ColourHistograms().manifest.dimension)))
    return list((found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32))


def forget_while_searching(house: House, planted: list[Planted], scope: Scope, removals: Removals) -> list[Seen]:
    """People decide, the keeper works until nothing is left to do, compaction beside it, and searches all the while."""
    services = house.services
    over, seen = threading.Event(), list[Seen]()

    def search(number: int) -> None:
        while not over.is_set():
            number = (number + 1) % QUERIES
            before = len(removals.done)
            answer = services.index.search(queries()[number], scope, moments_max=MOMENTS_MAX)
            seen.append(Seen(number, before, len(removals.begun), answer))

    def compact() -> None:
        while not over.is_set():
            services.index.seal()
            time.sleep(0.01)

    threads = [threading.Thread(target=search, args=(number,)) for number in range(SEARCHERS)]
    threads.append(threading.Thread(target=compact))
    with removals.watched():
        for thread in threads:
            thread.start()
        try:
            decide_fates(house, planted)
            while services.keeper.tick() or len(removals.done) < sum(each.goes for each in planted):
                house.caught_up()
        finally:
            over.set()
            for thread in threads:
                thread.join()
    return seen


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


class Inspection:
    """One deployment, before and after."""

    def __init__(self, house: House, planted: list[Planted], tally: ForgettingTally) -> None:
        self._house, self._planted, self._tally = house, planted, tally
        self.rows: dict[str, list[Row]] = rows_of(house.folder)
        with closing(sqlite3.connect(house.folder / "keys.db")) as keys:
            wrapped = dict(keys.execute("SELECT subject, wrapped FROM subject_keys").fetchall())
        self._keys = {each.sha256: wrapped[footage_id(each.sha256).bytes] for each in planted}

    def faults(self) -> Iterator[str]:
        """What is there and should not be, or the other way round; while the house is open."""
        rows = rows_of(self._house.folder)
        self._house.caught_up()
        for each in self._planted:
            state = self._house.ask("admin", f"/footage/{each.sha256}").json()["state"]
            place = self._house.services.deployment.original(each.sha256)
            if each.goes and (state != "destroyed" or place.exists() or each.sha256 in rows):
                yield f"{each.fate}: {each.sha256[:12]} is {state}"
            if not each.goes:
                if state != "indexed" or place.read_bytes() != each.content:
                    yield f"{each.fate}: {each.sha256[:12]} is {state}, or its file is not what it was"
                if rows[each.sha256] != self.rows[each.sha256]:
                    yield f"{each.fate}: the rows of {each.sha256[:12]} are not what they were"
            yield from self._faults_of_words(each)
        yield from self.faults_of_bytes()

    def faults_of_bytes(self) -> Iterator[str]:
        """Every byte of every file: what is gone is nowhere, what stays is somewhere."""
        found: set[bytes] = set()
        sought = {needle: each for each in self._planted for needle in [*each.needles, self._keys[each.sha256]]}
        for name, content in files_of(self._house.folder):
            self._tally.bytes_searched += len(content)
            self._tally.files_searched += 1
            for needle, each in sought.items():
                if needle in content:
                    found.add(needle)
                    if each.goes:
                        yield f"{each.fate}: something of {each.sha256[:12]} is left in {name}"
            for each in self._planted:
                if each.name.encode() in content or (
                    each.goes and name.startswith("index/segments") and each.sha256.encode() in content
                ):
                    yield f"a name of {each.sha256[:12]} stands in {name}"
        self._tally.needles += len(sought)
        lost = {each.sha256[:12] for needle, each in sought.items() if not each.goes and needle not in found}
        yield from (f"of {sha256}, which stays, something is missing" for sha256 in lost)

    def _faults_of_words(self, each: Planted) -> Iterator[str]:
        """What was sealed of it opens for nobody, or still does."""
        vault = self._house.services.vault
        for event in self._house.services.log.events(footage_id(each.sha256)):
            opened: FileName | Reason | None = None
            if isinstance(event, FootageArchived) and event.name.token is not None:
                opened = vault.open(event.name.token, FileName)
            elif isinstance(event, ErasureRequested) and event.reason.token is not None:
                opened = vault.open(event.reason.token, Reason)
            else:
                continue
            if each.goes == (opened is not None):
                yield f"{each.fate}: {type(event).__name__} of {each.sha256[:12]} opens as {opened}"


def answers_that_are_wrong(house: House, planted: list[Planted], tally: ForgettingTally) -> Iterator[str]:
    """Let the films go, and compare what was answered meanwhile."""
    oracle, units = told_oracle(house.services.index)
    add_needles(planted, units)
    begin = min(each.at for each in planted)
    cameras = camera_id(OF_RETENTION), camera_id(OF_ORDERS)
    scope = scope_of(cameras, begin - timedelta(days=1), begin + timedelta(days=DAYS + 1))
    removals = Removals()
    seen = forget_while_searching(house, planted, scope, removals)
    right = [[oracle.search(query, scope, moments_max=MOMENTS_MAX) for query in queries()]]
    for sha256 in removals.done:
        oracle.remove_footage(sha256)
        right.append([oracle.search(query, scope, moments_max=MOMENTS_MAX) for query in queries()])
    tally.searches = len(seen)
    tally.searches_in_between = sum(each.gone_after > 0 and each.gone_before < len(removals.done) for each in seen)
    for each in seen:
        allowed = [of[each.query] for of in right[each.gone_before : each.gone_after + 1]]
        if each.answer not in allowed:
            yield f"an answer with {each.gone_before} to {each.gone_after} films gone is not the oracle's"
    if {each.sha256 for each in planted if each.goes} != set(removals.done):
        yield "other films went than were to go"


def run(films: int, scratch: Path) -> ForgettingTally:
    tally, folder = ForgettingTally(films=films), scratch / "deployment"
    found(folder)
    with served(folder) as house:
        planted = plant(house, films)
        tally.gone = sum(each.goes for each in planted)
        tally.held = sum(each.fate == "held" for each in planted)
        inspection = Inspection(house, planted, tally)
        tally.faults += answers_that_are_wrong(house, planted, tally)
        tally.faults += inspection.faults()
    tally.faults += [f"closed: {fault}" for fault in inspection.faults_of_bytes()]
    return tally


@contextmanager
def served(folder: Path) -> Iterator[House]:
    with serving(open_house(folder, encoder=ColourHistograms())) as house:
        yield house


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.films, Path(scratch))
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps({"torture": "holds, retention and erasure", "seconds": seconds, **asdict(tally)}))
    sys.exit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
