"""Scenes in other hues: what has none stays as it is, and no caption names a hue that was turned."""

from __future__ import annotations

import colorsys

import numpy as np
import torch

from gpu_jobs.offline_model.batches import HUELESS, TURN_MIN, turn_hues, without_hues
from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.scenes import COLOUR_NAMES, draw_scene, figure_facts
from gpu_jobs.offline_model.shape import MEAN, STD


def test_greys_stay_and_hues_turn_by_an_angle_of_their_own() -> None:
    grey, red = (0.2, 0.2, 0.2), (0.8, 0.2, 0.2)
    pixels = (torch.tensor([grey, red] * 3).reshape(3, 2, 3).permute(0, 2, 1).unsqueeze(-1) - MEAN) / STD
    before = pixels.clone()
    turn_hues(pixels, np.array([0, 2]), np.random.default_rng(6))
    assert torch.allclose(pixels[:, :, 0], before[:, :, 0], atol=1e-6)
    assert torch.equal(pixels[1], before[1])
    reds = [(pixels[row, :, 1, 0] * STD + MEAN).tolist() for row in (0, 2)]
    hues = [colorsys.rgb_to_hsv(*colour)[0] * 2 * np.pi for colour in reds]
    assert all(TURN_MIN * 0.9 <= hue <= 2 * np.pi - TURN_MIN * 0.9 for hue in hues)
    assert abs(hues[0] - hues[1]) > 0.1
    assert [round(sum(colour), 5) for colour in reds] == [1.2, 1.2]  # as bright as before


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
