"""The measures of the evaluation against values computed by hand."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from gpu_jobs.offline_model.trials import Label, RealQuery
from tests.benchmarks.evaluation.comparison import differences
from tests.benchmarks.evaluation.crops import block_draws, precision, truth_of
from tests.benchmarks.evaluation.metrics import Figure, Named, Span, area_under_roc, bootstrapped, finds, measured
from tests.benchmarks.evaluation.report import NoAnswer, OfCorpus, Report


def named(camera: str, at_s: float, from_s: float | None = None, to_s: float | None = None) -> Named:
    return Named(
        camera=camera,
        at_s=at_s,
        from_s=at_s - 0.5 if from_s is None else from_s,
        to_s=at_s + 0.5 if to_s is None else to_s,
    )


FIXED = Figure(0.5, 0.4, 0.6)
GATE, YARD = Span("gate", 10, 20), Span("yard", 40, 44)


def test_everything_found_at_once_is_the_most_that_can_be() -> None:
    found = measured([named("gate", 15, 10, 20), named("yard", 42)], [GATE, YARD])
    assert found == {"recall@1": 1, "recall@5": 1, "recall@10": 1, "nDCG@10": 1, "MRR": 1, "IoU": 1}


def test_ranks_and_gains_by_hand() -> None:
    answer = [named("yard", 10), named("gate", 12), named("gate", 30), named("yard", 44.5)]
    found = measured(answer, [GATE, YARD])
    assert found["recall@1"] == 0
    assert found["recall@5"] == found["recall@10"] == 1
    assert found["MRR"] == 1 / 2
    gain, ideal = 1 / log2(3) + 1 / log2(5), 1 + 1 / log2(3)
    assert found["nDCG@10"] == pytest.approx(gain / ideal)
    assert found["nDCG@10"] == pytest.approx(0.6509, abs=1e-4)


def test_recall_at_1_of_two_moments_can_be_whole() -> None:
    assert measured([named("gate", 12)], [GATE, YARD])["recall@1"] == 1
    assert measured([named("gate", 12)], [GATE, YARD])["recall@5"] == 0.5


def test_several_answers_in_one_moment_count_once_and_take_their_ranks() -> None:
    answer = [named("gate", second) for second in (11, 13, 15, 17, 19)] + [named("yard", 41)]
    found = measured(answer, [GATE, YARD])
    assert found["recall@5"] == 0.5
    assert found["recall@10"] == 1
    assert found["nDCG@10"] == pytest.approx((1 + 1 / log2(7)) / (1 + 1 / log2(3)))


def test_one_answer_counts_for_one_of_two_moments_that_overlap() -> None:
    one, other = Span("gate", 10, 20), Span("gate", 14, 30)
    assert [place for _, place in finds([named("gate", 15)], [one, other])] == [0]
    assert [place for _, place in finds([named("gate", 15), named("gate", 16)], [one, other])] == [0, 1]


def test_a_best_frame_may_lie_a_second_beside_the_moment() -> None:
    seconds = (9.0, 8.9, 21.0, 21.1)
    assert [finds([named("gate", second)], [GATE])[0][1] for second in seconds] == [0, None, 0, None]
    assert finds([named("yard", 15)], [GATE])[0][1] is None


def test_what_the_eye_could_not_settle_counts_neither_way() -> None:
    unsure = [Span("gate", 30, 35)]
    answer = [named("gate", 32), named("gate", 33), named("gate", 12)]
    assert measured(answer, [GATE], unsure)["MRR"] == 1
    assert measured(answer, [GATE])["MRR"] == 1 / 3
    assert len(finds(answer, [GATE], unsure)) == 1


def test_what_is_true_counts_even_where_an_unsure_stretch_overlaps_it() -> None:
    answer = [named("gate", 12), named("gate", 14)]
    assert [place for _, place in finds(answer, [GATE], [Span("gate", 13, 15)])] == [0, None]


def test_intersection_over_union_of_the_best() -> None:
    assert measured([named("gate", 12, 11, 13)], [GATE])["IoU"] == pytest.approx(2 / 10)
    assert measured([named("gate", 9, 5, 15), named("yard", 12, 10, 20)], [GATE])["IoU"] == pytest.approx(5 / 15)
    assert measured([named("yard", 12, 10, 20)], [GATE])["IoU"] == 0


def test_the_eleventh_moment_is_too_late() -> None:
    answer = [named("yard", second) for second in range(10)] + [named("gate", 15)]
    assert measured(answer, [GATE]) == dict.fromkeys(("recall@1", "recall@5", "recall@10", "nDCG@10", "MRR", "IoU"), 0)


def test_a_question_without_a_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="truth"):
        measured([named("gate", 1)], [])


def test_interval_narrows_with_more_questions_and_widens_where_wordings_go_together() -> None:
    few, many = bootstrapped([0.0, 1.0] * 5), bootstrapped([0.0, 1.0] * 500)
    assert few.mean == many.mean == 0.5
    assert many.high - many.low < few.high - few.low
    assert 0.06 < many.high - many.low < 0.065  # 2 × 1.96 × √(.25 / 1000)
    paired = bootstrapped([0.0, 0.0, 1.0, 1.0] * 250, [place // 2 for place in range(1000)])
    assert (paired.high - paired.low) / (many.high - many.low) == pytest.approx(np.sqrt(2), rel=0.05)
    assert bootstrapped([0.3, 0.5]) == bootstrapped([0.3, 0.5])


def test_area_under_roc_by_hand() -> None:
    assert area_under_roc([0.9, 0.5, 0.4], [0.5, 0.1]).mean == pytest.approx((2 + 1.5 + 1) / 6)
    assert area_under_roc([1.0], [0.0]) == Figure(1.0, 1.0, 1.0)


def test_wordings_of_one_question_are_drawn_together() -> None:
    scores = [0.9] * 8 + [0.2] * 8, [0.5, 0.5]
    singly, together = area_under_roc(*scores), area_under_roc(*scores, together=("a" * 8 + "b" * 8, "cc"))
    assert together.mean == singly.mean == 0.5
    assert (together.low, together.high) == (0.0, 1.0)  # the one question is found, or it is not
    assert singly.high - singly.low < 1


def label(clip: str, second: float, colour: str) -> Label:
    return Label(clip, second, (0, 0, 1, 1), "car", "", "", colour)


def test_precision_of_a_class_by_hand() -> None:
    query = RealQuery("red car", "", "", lambda one: None if one.colour == "?" else one.colour == "red")
    labels = [label("a", 1, "red"), label("a", 2, "?"), label("a", 31, "white"), label("b", 1, "red")]
    truth, draws = truth_of(query, labels), block_draws(labels)
    assert truth.tolist() == [1, -1, 0, 1]
    scores = np.array([0.9, 0.95, 0.8, 0.7], np.float32)
    assert precision([scores], [truth], draws).mean == pytest.approx((1 + 2 / 3) / 2)
    assert all((0 in drawn) == (1 in drawn) for drawn in draws)  # the same ten seconds of a clip


def report(mean: float, questions: int = 40) -> Report:
    figure = Figure(mean, mean - 0.1, mean + 0.1)
    none = NoAnswer(questions=3, by_score=FIXED, by_percentile=FIXED, false_alarms=FIXED, denied=FIXED)
    drawn = OfCorpus(
        films=1,
        minutes=1.0,
        questions={"all": questions},
        figures={"Oberih": {"all": {"recall@5": figure}}},
        no_answer=none,
    )
    return Report(
        date=f"{mean}",
        command="",
        machine=f"{mean}",
        model="offline",
        weights_sha256="0",
        corpora={"drawn": drawn},
        classes={},
        variants={},
    )


def test_what_is_off_by_more_than_the_tolerance_is_told() -> None:
    assert differences(report(0.5), report(0.5)) == []
    assert differences(report(0.515), report(0.5)) == []
    told = differences(report(0.525), report(0.5))
    assert len(told) == 3
    assert told[0] == "corpora / drawn / figures / Oberih / all / recall@5 / mean: 0.500 is committed, 0.525 now"
    assert differences(report(0.5, questions=42), report(0.5)) == [
        "corpora / drawn / questions / all: 40 is committed, 42 now"
    ]
