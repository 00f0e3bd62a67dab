"""Whether an evaluation made now says what the committed one says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from tests.benchmarks.evaluation.report import Report

TOLERANCE = 0.02  # of a figure; of a count, that share of it
MACHINES = frozenset({"date", "command", "machine", "bytes", "cpu_seconds", "milliseconds"})  # differ and may

Leaf = str | float | None


def differences(made: Report, committed: Report) -> list[str]:
    """Each figure that is off by more than the tolerance, or that only one of the two has."""
    now, then = dict(_leaves(msgspec.to_builtins(made))), dict(_leaves(msgspec.to_builtins(committed)))
    told = [f"{name}: {then[name]} is committed, and missing now" for name in then if name not in now]
    told += [f"{name}: {now[name]} now, and nothing is committed" for name in now if name not in then]
    told += [
        f"{name}: {_shown(then[name])} is committed, {_shown(now[name])} now"
        for name in then
        if name in now and _differ(now[name], then[name])
    ]
    return told


def without_real_clips(report: Report) -> Report:
    """The report as it is where the clips are absent."""
    return msgspec.structs.replace(
        report,
        corpora={name: one for name, one in report.corpora.items() if name != "real"},
        classes={},
        variants={name: one for name, one in report.variants.items() if name != "real"},
    )


def _leaves(node: object, path: str = "") -> Iterator[tuple[str, Leaf]]:
    if isinstance(node, Mapping):
        for key, below in node.items():
            if key not in MACHINES:
                yield from _leaves(below, f"{path} / {key}" if path else str(key))
    else:
        assert node is None or isinstance(node, str | float | int)
        yield path, node


def _differ(one: Leaf, other: Leaf) -> bool:
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one != other
    counts = isinstance(one, int) and isinstance(other, int)
    return abs(one - other) > TOLERANCE * (max(abs(one), abs(other)) if counts else 1) + 1e-9


def _shown(leaf: Leaf) -> str:
    return f"{leaf:.3f}" if isinstance(leaf, float) else str(leaf)
