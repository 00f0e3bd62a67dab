"""How long a search by name takes among so many children: `python -m tests.benchmarks.evaluate_names --children N`.

The index is made as a server makes it anew: entries, then postings in the order of tokens. In the largest unit and in
one of usual size, names are searched for as they were registered, with a slip, romanised, and the most usual ones;
`rows` are what a search reads (2,000 at most: beyond, it says that it is not `whole`), `found` is how often the child
that is meant is among the matches. Without the file in the page cache, each search begins with nothing of it in memory.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from app.names.features import asked_for, kept_of
from app.names.index import Found, NameIndex
from app.names.store import NEXT, NameStore
from app.names.tokens import NameKey
from domain.personal import ChildIdentity
from tests.app.names.name_pairs import kmu_55_2010, slip_in
from tests.benchmarks.many_names import Child, children, unit_key, unit_sizes
from tests.fakes_log import MemoryEventLog

QUERIES = 300
USUAL_UNIT = 5_000
AT_ONCE = 50_000  # children in one transaction


class Query(NamedTuple):
    typed: str
    meant: UUID | None = None


class Answer(NamedTuple):
    milliseconds: float
    found: Found
    meant: UUID | None


def measured(count: int, folder: Path | None = None) -> str:
    """The table."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        path = Path(made) / "names.db"
        key = NameKey(b"of the evaluation")
        sizes = unit_sizes(count)
        wanted = {unit_key(0), unit_key(_place_of(USUAL_UNIT, sizes))}
        started = time.perf_counter()
        with closing(NameStore(path, key)) as store:
            some = fill(store, key, children(count, random.Random(1), sizes), wanted)
            seconds = time.perf_counter() - started
            index = NameIndex(MemoryEventLog(), store, key, lambda token: None)
            lines = [_of_size(path, count, sizes, seconds), HEAD]
            for unit, known in some.items():
                for kind, queries in kinds(known, random.Random(2)).items():
                    lines.append(line(kind, len(known), [ask(index, unit, query) for query in queries]))
                cold = [ask(index, unit, query, path) for query in as_registered(known, random.Random(3))]
                lines.append(line("as registered, not in memory", len(known), cold))
    return "\n".join(lines)


def fill(store: NameStore, key: NameKey, made: Iterator[Child], wanted: set[UUID]) -> dict[UUID, list[Child]]:
    """The children of the units that are wanted."""
    some: dict[UUID, list[Child]] = defaultdict(list)
    with store.writing(NEXT) as writer:
        writer.empty()
    while batch := list(islice(made, AT_ONCE)):
        with store.writing(NEXT, posting=False) as writer:
            for child in batch:
                writer.put(child.key, key.kept({child.unit}, kept_of(child.identity)))
                if child.unit in wanted:
                    some[child.unit].append(child)
    for _ in store.post(NEXT):
        pass
    with store.writing(NEXT) as writer:
        writer.swap()
    store.overwrite()
    return dict(sorted(some.items(), key=lambda item: -len(item[1])))


def as_registered(known: Sequence[Child], rng: random.Random) -> list[Query]:
    return [Query(_called(child.identity), child.key) for child in rng.choices(known, k=QUERIES)]


def kinds(known: Sequence[Child], rng: random.Random) -> dict[str, list[Query]]:
    """Names of children of the unit, so that the usual ones are searched for as often as they are borne."""
    of = rng.choices(known, k=QUERIES)
    surnames = [name for name, _ in Counter(child.identity.surname for child in known).most_common(20)]
    (given, _), *_ = Counter(child.identity.given_name for child in known).most_common(1)
    return {
        "as registered": as_registered(known, rng),
        "with a slip": [_query(child, lambda name: slip_in(name, rng)) for child in of],
        "romanised": [_query(child, kmu_55_2010, both=True) for child in of],
        "20 most usual, most usual given": [Query(f"{name} {given}") for name in surnames * (QUERIES // 20)],
        "20 most usual surnames alone": [Query(name) for name in surnames * (QUERIES // 20)],
    }


def _query(child: Child, change: Callable[[str], str], *, both: bool = False) -> Query:
    surname, given = child.identity.surname, child.identity.given_name
    return Query(f"{change(surname)} {change(given) if both else given}", child.key)


def _called(identity: ChildIdentity) -> str:
    return f"{identity.surname} {identity.given_name}"


def ask(index: NameIndex, unit: UUID, query: Query, forgotten: Path | None = None) -> Answer:
    if forgotten is not None:
        descriptor = os.open(forgotten, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)
    started = time.perf_counter()
    found = index.search(unit, asked_for(query.typed))
    return Answer((time.perf_counter() - started) * 1_000, found, query.meant)


HEAD = f"{'':32}{'unit':>8}{'median ms':>11}{'95 %':>8}{'most':>8}{'rows':>7}{'most':>7}{'whole':>7}{'found':>7}"


def line(kind: str, size: int, answers: Sequence[Answer]) -> str:
    taken = sorted(answer.milliseconds for answer in answers)
    rows = [answer.found.rows_read for answer in answers]
    whole = statistics.mean(answer.found.complete for answer in answers)
    meant = [answer.meant in {match.child for match in answer.found.matches} for answer in answers if answer.meant]
    times = f"{statistics.median(taken):>11.1f}{taken[len(taken) * 95 // 100]:>8.1f}{taken[-1]:>8.1f}"
    found = f"{statistics.mean(meant):>7.0%}" if meant else ""
    return f"{kind:32}{size:>8,}{times}{statistics.median(rows):>7.0f}{max(rows):>7}{whole:>7.0%}{found}"


def _place_of(size: int, sizes: Sequence[int]) -> int:
    return min(range(len(sizes)), key=lambda place: abs(sizes[place] - size))


def _of_size(path: Path, count: int, sizes: Sequence[int], seconds: float) -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return (
        f"{count:,} children in {len(sizes)} units, made in {seconds:,.0f} s with {peak:.1f} GiB of memory at most;\n"
        f"{path.stat().st_size / 2**20:,.0f} MiB on the disk; {QUERIES} searches of each kind, one after another\n"
    )
