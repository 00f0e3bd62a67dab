"""How well children are found by name: recall and precision on generated pairs of names, in one table.

    python -m tests.benchmarks.evaluate_names [--write] [--children N]

Each pair is a name that a child is registered under and a name that somebody types (`tests/app/names/name_pairs.py`).
The typed name is searched for in the real index (`app/names`), among all registered ones. `found`: the child is among
the matches; `same`: among those that are called the same name, not only a similar one; `first 5`: among the first five.
Of pairs of one child, that is recall. Of pairs of different children it is how often a search shows one that was not
meant; precision is the share of pairs of one child among all pairs that are found. `--children N`: how long one search
takes among N children (`tests/benchmarks/names_at_scale.py`).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

from app.names.features import asked_for, kept_of
from app.names.index import NameIndex
from app.names.store import NameStore
from app.names.tokens import NameKey
from domain.ids import NAMESPACE
from domain.personal import ChildIdentity
from tests.app.names.name_pairs import Pair, pairs
from tests.benchmarks.names_at_scale import measured
from tests.fakes_log import MemoryEventLog

RESULTS = Path(__file__).with_name("results") / "names.md"
AT_SCALE = RESULTS.with_name("names_at_scale.md")
UNIT = uuid5(NAMESPACE, "unit of the evaluation")
FIRST = 5
CHILDREN_AT_ONCE = 5_000  # in one transaction


class Outcome(NamedTuple):
    pair: Pair
    found: bool
    same: bool
    first: bool
    matches: int


class Line(NamedTuple):
    kind: str
    pairs: int
    found: float
    same: float
    first: float
    matches: float


@contextmanager
def index_of(children: Iterator[tuple[UUID, ChildIdentity]], path: Path) -> Iterator[NameIndex]:
    key = NameKey(b"of the evaluation")
    store = NameStore(path, key)
    while some := list(islice(children, CHILDREN_AT_ONCE)):
        with store.writing() as writer:
            for child, identity in some:
                writer.put(child, key.kept({UNIT}, kept_of(identity)))
    store.overwrite()
    index = NameIndex(MemoryEventLog(), store, key, lambda token: None)
    yield index
    index.close()


def child_of(identity: ChildIdentity) -> UUID:
    """One of each name."""
    return uuid5(NAMESPACE, f"{identity.surname} {identity.given_name}")


def outcomes(tried: Sequence[Pair], folder: Path) -> list[Outcome]:
    registered = {child_of(pair.registered): pair.registered for pair in tried}
    with index_of(iter(registered.items()), folder / "names.db") as index:
        return [_outcome(index, pair) for pair in tried]


def _outcome(index: NameIndex, pair: Pair) -> Outcome:
    matches = index.search(UNIT, asked_for(pair.typed)).matches
    wanted = child_of(pair.registered)
    places = [place for place, match in enumerate(matches) if match.child == wanted]
    is_same = any(match.child == wanted and match.match == "same" for match in matches)
    return Outcome(pair, bool(places), is_same, bool(places) and places[0] < FIRST, len(matches))


def lines_of(all_outcomes: Sequence[Outcome]) -> list[Line]:
    by_kind: dict[tuple[bool, str], list[Outcome]] = defaultdict(list)
    for outcome in all_outcomes:
        by_kind[not outcome.pair.same, outcome.pair.kind].append(outcome)
    lines = [_line(kind, some) for (_, kind), some in sorted(by_kind.items(), key=lambda item: item[0][0])]
    positive = [outcome for outcome in all_outcomes if outcome.pair.same]
    negative = [outcome for outcome in all_outcomes if not outcome.pair.same]
    return [*lines, _line("all of one child (recall)", positive), _line("all of different children", negative)]


def _line(kind: str, some: Sequence[Outcome]) -> Line:
    shares = [sum(getattr(each, name) for each in some) / len(some) for name in ("found", "same", "first")]
    return Line(kind, len(some), *shares, statistics.mean(each.matches for each in some))


def precision(all_outcomes: Sequence[Outcome], name: str) -> float:
    """Of the pairs that are found (or found as the same name), the share that is of one child."""
    taken = [outcome for outcome in all_outcomes if getattr(outcome, name)]
    return sum(outcome.pair.same for outcome in taken) / len(taken)


def table(all_outcomes: Sequence[Outcome]) -> str:
    rows = [f"{'kind':30}{'pairs':>7}{'found':>8}{'same':>8}{'first 5':>9}{'matches':>9}"]
    for line in lines_of(all_outcomes):
        shares = f"{line.found:>8.1%}{line.same:>8.1%}{line.first:>9.1%}"
        rows.append(f"{line.kind:30}{line.pairs:>7}{shares}{line.matches:>9.1f}")
    found, same = precision(all_outcomes, "found"), precision(all_outcomes, "same")
    rows.append(f"{'precision':30}{len(all_outcomes):>7}{found:>8.1%}{same:>8.1%}")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"keep the table in {RESULTS.name}")
    parser.add_argument("--missed", action="store_true", help="name what was not found, and what should not have been")
    parser.add_argument("--children", type=int, help="measure one search among so many")
    chosen = parser.parse_args()
    if chosen.children:
        text = measured(chosen.children)
        keep(text, AT_SCALE, HEAD_AT_SCALE, chosen.write)
        return
    with tempfile.TemporaryDirectory() as folder:
        all_outcomes = outcomes(pairs(), Path(folder))
    keep(table(all_outcomes), RESULTS, HEAD, chosen.write)
    if chosen.missed:
        for outcome in all_outcomes:
            if outcome.found != outcome.pair.same:
                named = f"{outcome.pair.registered.surname} {outcome.pair.registered.given_name}"
                print(f"{outcome.pair.kind}: {named} / {outcome.pair.typed}", file=sys.stderr)


def keep(text: str, path: Path, head: str, write: bool) -> None:
    print(text)
    if write:
        indented = "\n".join(f"    {line}".rstrip() for line in text.splitlines())
        path.write_text(f"{head}\n{indented}\n")


HEAD = """# Children found by name

    python -m tests.benchmarks.evaluate_names --write

Definitions are in the module's docstring. Each typed name is searched for among all that are registered here.
"""

HEAD_AT_SCALE = """# Time of a search by name, among a country's children

    python -m tests.benchmarks.evaluate_names --children 1000000 --write

Definitions are in `tests/benchmarks/names_at_scale.py`. Two cores, shared with other work (load average 7 to 9, this at
a lower priority) while it was measured.
"""


if __name__ == "__main__":
    main()
