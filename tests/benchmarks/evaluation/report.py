"""The figures of an evaluation, as they are kept: `evaluation.json` to compare with, `evaluation.md` to read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tests.benchmarks.evaluation.metrics import MEASURES, Figure

OBERIH, FRAMES, CROPS, COLOURS = "Oberih", "whole frames only", "crops only", "colour names"
RANDOM, CHRONOLOGICAL, MOTION = "random", "chronological", "motion only"
SYSTEMS = (OBERIH, FRAMES, CROPS, COLOURS, RANDOM, CHRONOLOGICAL, MOTION)
ALL = "all"
TITLES = {
    "drawn": "Drawn films of held-out combinations, asked for in the caption grammar's words",
    "demo": "The demonstration's district, asked for in hand-written words",
    "real": "The real clips, labelled by hand",
}


class NoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Questions without an answer against those with one: the area under the ROC curve of the answers' best scores, and
    of their best percentiles; and the product's own verdict: how often it claims a match where there is none, and how
    often it says "no match" of a question that has an answer."""

    questions: int
    by_score: Figure
    by_percentile: Figure
    false_alarms: Figure
    denied: Figure


class OfCorpus(msgspec.Struct, frozen=True, kw_only=True):
    """`figures`: system -> stratum -> measure; `questions`: how many there are of each stratum."""

    films: int
    minutes: float
    questions: dict[str, int]
    figures: dict[str, dict[str, dict[str, Figure]]]
    no_answer: NoAnswer | None


class OfClass(msgspec.Struct, frozen=True, kw_only=True):
    """Average precision of one question over the labelled crops. `chance`: the share of the crops that are right."""

    positives: int
    counted: int
    chance: float
    en: Figure
    uk: Figure
    colours: Figure | None


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One way of choosing what is embedded. `unseen`: of the moments asked for, those at whose time nothing is in the
    index but the tiles; `uncropped`: those at whose time no crop is."""

    sampled: int
    rows: int
    bytes: int
    cpu_seconds: float
    milliseconds: float  # of a search, the median
    moments: int
    unseen: int
    uncropped: int
    recall: dict[str, Figure]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    date: str
    command: str
    machine: str
    model: str
    weights_sha256: str
    corpora: dict[str, OfCorpus]
    classes: dict[str, OfClass]
    variants: dict[str, dict[str, Variant]]


def in_words(report: Report) -> str:
    """The report as Markdown."""
    lines = [
        "# How well words find moments",
        "",
        f"    {report.command}",
        "",
        f"{report.date}; model {report.model}, weights {report.weights_sha256[:16]}…; {report.machine}.",
        "",
        "Figures are means over questions with their 95 % bootstrap interval (the wordings of a question are drawn",
        "together, under an ROC curve, too). What the measures are, and when a moment counts as found, is in",
        "`tests/benchmarks/evaluation/metrics.py`; the baselines are in `baselines.py` beside it. Several answers that",
        "hit one true moment count once.",
    ]
    for name, corpus in report.corpora.items():
        lines += ["", f"## {TITLES[name]}", "", *_of_corpus(corpus)]
    if report.classes:
        lines += [
            "",
            "## Labelled crops of the real clips: average precision of each class",
            "",
            *_classes(report.classes),
        ]
    for name, variants in report.variants.items():
        lines += ["", f"## What is embedded: recall against cost ({name})", "", *_variants(variants)]
    lines += ["", "![Recall against pictures embedded](evaluation.svg)"]
    return "\n".join(lines) + "\n"


def _of_corpus(corpus: OfCorpus) -> list[str]:
    systems = [system for system in SYSTEMS if system in corpus.figures]
    lines = [
        f"{corpus.films} films, {corpus.minutes:.1f} minutes, {corpus.questions[ALL]} questions that have an answer.",
        "",
        f"| | {' | '.join(MEASURES)} |",
        f"|---|{'---|' * len(MEASURES)}",
        *(
            f"| {system} | {' | '.join(str(corpus.figures[system][ALL][measure]) for measure in MEASURES)} |"
            for system in systems
        ),
        "",
        f"| recall@5 | questions | {' | '.join(systems)} |",
        f"|---|--:|{'---|' * len(systems)}",
        *(
            f"| {stratum} | {count} | "
            + " | ".join(str(corpus.figures[system][stratum]["recall@5"]) for system in systems)
            + " |"
            for stratum, count in corpus.questions.items()
        ),
    ]
    return lines + (_no_answer(corpus.no_answer) if corpus.no_answer else [])


def _no_answer(one: NoAnswer) -> list[str]:
    return [
        "",
        f"{one.questions} questions have no answer: of {one.false_alarms} of them the product claims a match (false",
        f'alarms). Of those that have one, it says "no match" of {one.denied}. Area under the ROC curve between',
        f"the two: by the best score {one.by_score}, by its percentile {one.by_percentile}; .5 is chance.",
    ]


def _classes(classes: Mapping[str, OfClass]) -> list[str]:
    return [
        "Crops are resampled in blocks of 10 s of a clip: neighbours show the same people.",
        "",
        "| | right of counted | chance | Oberih (en) | Oberih (uk) | colour histogram |",
        "|---|--:|--:|---|---|---|",
        *(
            f"| {name} | {one.positives}/{one.counted} | {one.chance:.3f} | {one.en} | {one.uk} | "
            f"{one.colours or '–'} |"
            for name, one in classes.items()
        ),
    ]


def _variants(variants: Mapping[str, Variant]) -> list[str]:
    return [
        "| | frames looked at | pictures embedded | MB | processor s | search ms | moments unseen | without a crop "
        "| recall@5 | recall@10 |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|---|",
        *(
            f"| {name} | {one.sampled} | {one.rows} | {one.bytes / 1e6:.1f} | {one.cpu_seconds:.1f} | "
            f"{one.milliseconds:.1f} | {one.unseen}/{one.moments} | {one.uncropped}/{one.moments} | "
            f"{one.recall['recall@5']} | {one.recall['recall@10']} |"
            for name, one in variants.items()
        ),
    ]
