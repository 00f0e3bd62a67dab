"""The evaluation itself: every system on every corpus, every class of crop, every way of choosing what is embedded."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

from app.calibrating import Calibrations
from gpu_jobs.masking import FaceMask
from search_index.encoder import Encoder
from search_index.footage_unit import CROP, FRAME
from tests.benchmarks.evaluate_sampling import settings_of
from tests.benchmarks.evaluation.baselines import (
    ColourNames,
    NoColourNamed,
    chronological,
    motion_only,
    random_measures,
)
from tests.benchmarks.evaluation.indexing import KINDS, Indexed, indexed, median_milliseconds, of_kinds
from tests.benchmarks.evaluation.metrics import (
    MEASURES,
    TOLERANCE_SECONDS,
    Named,
    Span,
    area_under_roc,
    bootstrapped,
    measured,
)
from tests.benchmarks.evaluation.questions import Corpus, Question
from tests.benchmarks.evaluation.report import (
    ALL,
    CHRONOLOGICAL,
    COLOURS,
    CROPS,
    FRAMES,
    MOTION,
    OBERIH,
    RANDOM,
    NoAnswer,
    OfCorpus,
    Variant,
)

LANGUAGES = {"en": "English", "uk": "Ukrainian"}
Measured = list[dict[str, float]]
Misses = list[tuple[Question, list[Named]]]

BOTH = "both: as it is"
VARIANTS: dict[str, tuple[str, tuple[str, ...]]] = {  # name -> sampling of `evaluate_sampling`, kinds of picture
    BOTH: ("1 fps", KINDS),
    "whole frames only": ("1 fps", (FRAME,)),
    "crops only": ("1 fps", (CROP,)),
    "nothing merged": ("1 fps, all", KINDS),
    "nothing merged, no gating": ("1 fps, ungated", KINDS),
    "keyframes": ("keyframes", KINDS),
    "2 frames a second": ("2 fps", KINDS),
    "5 frames a second": ("5 fps", KINDS),
}


def on_corpus(corpus: Corpus, folder: Path, encoder: Encoder, mask: FaceMask) -> tuple[OfCorpus, Misses]:
    """Every system on a corpus, and the questions of which a moment is not among the first five."""
    asked = corpus.answerable
    with indexed(corpus, folder / "both", encoder, mask) as whole:
        answers = [whole.ask(question) for question in asked]
        by_system = {OBERIH: _judged(asked, answers)}
        for system, kind in ((FRAMES, FRAME), (CROPS, CROP)):
            with of_kinds(whole, folder / kind, mask, (kind,)) as part:
                by_system[system] = _judged(asked, [part.ask(question) for question in asked])
        seen = whole.seen()
        by_system[RANDOM] = random_measures(seen, asked)
        by_system[CHRONOLOGICAL] = _judged(asked, [chronological(seen)] * len(asked))
        by_system[MOTION] = _judged(asked, [motion_only(seen)] * len(asked))
        no_answer = _no_answer(whole, folder / "calibrations") if corpus.unanswerable else None
    by_system[COLOURS] = _by_colours(corpus, folder / "colours", mask, by_system[RANDOM])
    strata = strata_of(asked)
    report = OfCorpus(
        films=len(corpus.films),
        minutes=round(corpus.minutes, 2),
        questions={name: len(places) for name, places in strata.items()},
        figures={system: _figures(every, asked, strata) for system, every in by_system.items()},
        no_answer=no_answer,
    )
    misses = [
        (question, answer)
        for question, answer, one in zip(asked, answers, by_system[OBERIH], strict=True)
        if one["recall@5"] < 1
    ]
    return report, misses


def _judged(asked: Sequence[Question], answers: Sequence[Sequence[Named]]) -> Measured:
    return [measured(answer, one.truth, one.unsure) for one, answer in zip(asked, answers, strict=True)]


def _by_colours(corpus: Corpus, folder: Path, mask: FaceMask, by_chance: Measured) -> Measured:
    """Where the words name no colour, colours say nothing: chance's figures stand."""
    figures = []
    with indexed(corpus, folder, ColourNames(), mask) as coloured:
        for question, chance in zip(corpus.answerable, by_chance, strict=True):
            try:
                vector = coloured.encoder.embed_text(question.text).vector
            except NoColourNamed:
                figures.append(chance)
            else:
                figures.append(measured(coloured.nearest(vector), question.truth, question.unsure))
    return figures


def _no_answer(whole: Indexed, folder: Path) -> NoAnswer:
    calibrations = Calibrations(folder, whole.encoder)
    asked, none = whole.corpus.answerable, whole.corpus.unanswerable
    true, false = ([whole.verdict(one, calibrations) for one in some] for some in (asked, none))
    about: tuple[list[Hashable], list[Hashable]] = [one.about for one in asked], [one.about for one in none]
    return NoAnswer(
        questions=len(none),
        by_score=area_under_roc([one.score for one in true], [one.score for one in false], about),
        by_percentile=area_under_roc([one.percentile for one in true], [one.percentile for one in false], about),
        false_alarms=bootstrapped([float(one.matches) for one in false], about[1]),
        denied=bootstrapped([float(not one.matches) for one in true], about[0]),
    )


def strata_of(asked: Sequence[Question]) -> dict[str, list[int]]:
    """Places of the questions: all, of each language, and of each stratum that one of their moments lies in."""
    names = sorted({name for one in asked for name in one.strata}, key=lambda name: (name.startswith("camera "), name))
    return {
        ALL: list(range(len(asked))),
        **{name: [i for i, one in enumerate(asked) if one.language == key] for key, name in LANGUAGES.items()},
        **{name: [i for i, one in enumerate(asked) if name in one.strata] for name in names},
    }


def _figures(every: Measured, asked: Sequence[Question], strata: dict[str, list[int]]) -> dict[str, dict[str, object]]:
    about: list[Hashable] = [one.about for one in asked]
    return {
        stratum: {
            measure: bootstrapped([every[i][measure] for i in places], [about[i] for i in places])
            for measure in (MEASURES if stratum == ALL else ("recall@5",))
        }
        for stratum, places in strata.items()
    }


def variants_on(
    corpus: Corpus, folder: Path, encoder: Encoder, mask: FaceMask, told: Callable[[str], None]
) -> dict[str, Variant]:
    """Every way of choosing what is embedded: what it costs, and what it finds of what is asked for."""
    made = {}
    for name, (sampling, kinds) in VARIANTS.items():
        with indexed(corpus, folder / name, encoder, mask, settings_of(sampling), kinds) as one:
            made[name] = _variant(one)
        told(f"{name}: {made[name].rows} pictures, recall@5 {made[name].recall['recall@5']}")
    return made


def _variant(one: Indexed) -> Variant:
    assert one.cost is not None
    asked = one.corpus.answerable
    every = _judged(asked, [one.ask(question) for question in asked])
    spans = sorted({span for question in asked for span in question.truth}, key=lambda span: (span.camera, span.from_s))
    return Variant(
        sampled=one.cost.sampled,
        rows=one.cost.rows,
        bytes=one.cost.bytes,
        cpu_seconds=round(one.cost.cpu_seconds, 1),
        milliseconds=round(median_milliseconds(one, asked), 1),
        moments=len(spans),
        unseen=_unmet(spans, one.spans()),
        uncropped=_unmet(spans, one.spans((CROP,))),
        recall={
            measure: bootstrapped([figures[measure] for figures in every], [question.about for question in asked])
            for measure in ("recall@5", "recall@10")
        },
    )


def _unmet(wanted: Sequence[Span], rows: Sequence[tuple[str, float, float]]) -> int:
    """How many of the moments no row comes near."""
    near = TOLERANCE_SECONDS
    return sum(
        not any(row[0] == one.camera and row[1] <= one.to_s + near and row[2] >= one.from_s - near for row in rows)
        for one in wanted
    )
