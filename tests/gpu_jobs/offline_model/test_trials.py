"""The measurements themselves, by hand; and the weights on real crops, where the clips are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gpu_jobs.offline_model.demo_footage import DemoMoment, DemoQuery
from gpu_jobs.offline_model.evaluate import WEIGHTS, Weights, real_figures
from gpu_jobs.offline_model.footage_crops import FootageCrop, blobs, colour_shares, square_around
from gpu_jobs.offline_model.query import OfflineQueries
from gpu_jobs.offline_model.trials import interval, overlap, recall, shown_moments


def crop(clip: str, second: float) -> FootageCrop:
    return FootageCrop(clip, second, (0, 0, 10, 10), np.zeros((10, 10, 3), np.uint8))


def test_near_hits_of_a_camera_are_one_moment() -> None:
    crops = [crop("a", 4), crop("a", 5), crop("b", 5), crop("a", 30), crop("a", 6), crop("a", 7)]
    scores = np.array([0.90, 0.88, 0.80, 0.70, 0.50, 0.40], np.float32)
    assert shown_moments(crops, scores) == [("a", 4, 5), ("b", 5, 5), ("a", 30, 30), ("a", 6, 6)]


def test_moments_stay_short_and_few() -> None:
    crops = [crop("a", second) for second in range(60)]
    moments = shown_moments(crops, np.ones(60, np.float32))
    assert len(moments) == 5
    assert all(end - start <= 4 for _, start, end in moments)


def test_recall_counts_the_answers_that_some_moment_overlaps() -> None:
    asked = DemoQuery("en", "red car", frozenset(), (DemoMoment("gate", 3, 9), DemoMoment("yard", 50, 55)))
    files = {"gate": "gate.mp4", "yard": "yard.mp4"}
    assert recall(asked, files, [("gate.mp4", 9, 10)]) == 0.5
    assert recall(asked, files, [("yard.mp4", 9, 10), ("gate.mp4", 10, 11)]) == 0.0


def test_interval_holds_the_mean() -> None:
    figures = interval([0.0, 1.0] * 50)
    assert figures["low"] < figures["mean"] == 0.5 < figures["high"]


def test_overlap_of_boxes() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (20, 20, 30, 30)) == 0


def test_squares_stay_inside_the_picture() -> None:
    assert square_around((100, 100, 120, 140), 640, 384) == (84, 94, 136, 146)
    left, top, right, bottom = square_around((0, 300, 20, 384), 640, 384)
    assert (left, bottom) == (0, 384)
    assert right - left == bottom - top


def test_blobs_leave_out_specks() -> None:
    mask = np.zeros((384, 640), np.uint8)
    mask[100:160, 200:230] = 255
    mask[10:13, 10:13] = 255
    mask[300:360, 400:430] = 127  # a shadow
    ((x, y, width, height),) = blobs(mask)
    assert x <= 200 <= 229 <= x + width
    assert y <= 100 <= 159 <= y + height


def test_the_histogram_names_plain_colours() -> None:
    red = np.full((60, 60, 3), (200, 20, 25), np.uint8)
    assert colour_shares(red, "upper")["red"] == 1
    assert colour_shares(np.full((60, 60, 3), 240, np.uint8), "lower")["white"] == 1


@pytest.mark.footage
def test_real_clothing_and_car_colours_are_found_better_than_by_histogram(footage_folder: Path) -> None:
    figures = real_figures(footage_folder, Weights(WEIGHTS), OfflineQueries.load(WEIGHTS), None)
    facts_en, facts_uk, histogram = (figures[name] for name in ("facts en", "facts uk", "histogram"))
    assert isinstance(facts_en, dict)
    assert isinstance(facts_uk, dict)
    assert isinstance(histogram, dict)
    assert facts_en["mean of colours"] > max(0.75, histogram["mean of colours"])
    assert facts_uk == facts_en  # what was understood does not depend on the language
    assert facts_en["person"] > 0.9
    assert facts_en["empty"] > 0.75
