"""Scenes in other hues: what has none stays as it is, and no caption names a hue that was turned."""

from __future__ import annotations

import colorsys
from itertools import combinations

import numpy as np

from gpu_jobs.offline_model.batches import HUELESS, TURN_MIN, hue_turns, without_hues
from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.scenes import COLOUR_NAMES, draw_scene, figure_facts


def test_greys_stay_and_hues_turn_by_an_angle_of_their_own() -> None:
    turns = hue_turns(5, np.random.default_rng(6))
    assert np.allclose(turns @ np.full(3, 0.2), 0.2)
    reds = turns @ np.array([0.6, 0.4, 0.4])
    assert np.allclose(reds.sum(axis=1), 1.4)  # as bright as before
    hues = [colorsys.rgb_to_hsv(*colour)[0] * 2 * np.pi for colour in reds]
    assert all(TURN_MIN * 0.8 <= hue <= 2 * np.pi - TURN_MIN * 0.8 for hue in hues)
    assert min(abs(a - b) for a, b in combinations(hues, 2)) > 0.01


def test_of_a_turned_scene_no_hue_is_known() -> None:
    rng = np.random.default_rng(7)
    hued = set(COLOUR_NAMES) - HUELESS
    named = 0
    for _ in range(300):
        scene = draw_scene(rng)
        turned = without_hues(scene)
        facts = [fact for figure in turned.figures for fact in figure_facts(figure)]
        assert not any(fact.split(":")[-1] in hued for fact in facts)
        assert {figure.kind for figure in turned.figures} == {figure.kind for figure in scene.figures}
        _, stated = write_caption(turned, "en", rng, whole=True)
        assert not any(fact.split(":")[-1] in hued for fact in stated)
        named += any(fact.split(":")[-1] in HUELESS for fact in facts)
    assert named > 30
