"""How well reports of one thing are told from reports of two: precision and recall on generated pairs, in one table.

    python -m tests.benchmarks.evaluate_duplicates [--write] [--missed]

Each pair (`tests/benchmarks/report_pairs.py`) is taken for one thing where `domain/reports/duplicates.py` says likely.
Precision is the share of pairs of one thing among those that are taken for one; it depends on how many pairs of each
sort there are, so the share of each sort is told beside it. Weights and threshold were chosen on half of the scenes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from domain.reports.duplicates import LIKELY, likeness
from tests.benchmarks.report_pairs import Pair, pairs

RESULTS = Path(__file__).with_name("results") / "duplicates.md"
HEAD = """# Reports of one thing

`python -m tests.benchmarks.evaluate_duplicates --write`. The pairs are made up: sentences written for twelve scenes,
two of them a pair, with drawn places, times and slips. They say what the likeness can and cannot tell apart, not how
often residents write so.
"""


class Outcome(NamedTuple):
    pair: Pair
    likely: bool
    score: float


class Quality(NamedTuple):
    pairs: int
    precision: float
    recall: float


def outcomes(tried: Sequence[Pair]) -> list[Outcome]:
    found = [(pair, likeness(pair.one, pair.other)) for pair in tried]
    return [Outcome(pair, like.likely, like.score) for pair, like in found]


def quality(some: Sequence[Outcome]) -> Quality:
    taken = [each for each in some if each.likely]
    right = sum(each.pair.same for each in taken)
    return Quality(len(some), right / max(1, len(taken)), right / sum(each.pair.same for each in some))


def table(every: Sequence[Outcome]) -> str:
    by_kind = defaultdict[str, list[Outcome]](list)
    for each in every:
        by_kind[each.pair.kind].append(each)
    rows = [f"{'pairs of':52}{'pairs':>7}{'taken for one':>15}"]
    for kind, some in sorted(by_kind.items(), key=lambda item: (not item[1][0].pair.same, item[0])):
        rows.append(f"{kind:52}{len(some):>7}{sum(each.likely for each in some) / len(some):>15.1%}")
    rows.append("")
    rows.append(f"{f'at a score of {LIKELY}':52}{'pairs':>7}{'precision':>11}{'recall':>9}")
    held_out = [each for each in every if each.pair.held_out]
    for name, some in (
        ("all", every),
        ("scenes that were held out", held_out),
        ("all in one language", [each for each in every if "two languages" not in each.pair.kind]),
        (
            "held out, in one language",
            [each for each in every if each.pair.held_out and "two languages" not in each.pair.kind],
        ),
    ):
        found = quality(some)
        rows.append(f"{name:52}{found.pairs:>7}{found.precision:>11.1%}{found.recall:>9.1%}")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"keep the table in {RESULTS.name}")
    parser.add_argument("--missed", action="store_true", help="name what was taken wrongly")
    chosen = parser.parse_args()
    every = outcomes(tuple(pairs()))
    print(table(every))
    if chosen.write:
        RESULTS.write_text(f"{HEAD}\n```\n{table(every)}\n```\n", encoding="utf-8")
    if chosen.missed:
        for each in every:
            if each.likely != each.pair.same:
                print(f"{each.score:.2f} {each.pair.kind}: {each.pair.one.text} / {each.pair.other.text}")


if __name__ == "__main__":
    main()
