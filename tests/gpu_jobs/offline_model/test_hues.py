"""Scenes in other hues: what has none stays as it is, and no caption names a hue that was turned."""

from __future__ import annotations

import colorsys
from itertools import combinations

import numpy as np
import torch

from gpu_jobs.offline_model.batches import HUED, HUELESS, TURN_MIN, hue_turns, without_hues
from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.losses import match_loss, presence_loss, relevance
from gpu_jobs.offline_model.scenes import COLOUR_NAMES, Figure, Scene, draw_scene, figure_facts
from gpu_jobs.offline_model.truths import fact_bits, scene_bits


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


def test_a_turned_scene_speaks_neither_for_nor_against_a_hue() -> None:
    """Another figure's caption that names a hue may be true of it, so it is no wrong answer; one that names none is."""
    seen = Scene((Figure("car", 1, colour="red"),), "crop", None, "day", rain=False, mono=False)
    sets = torch.from_numpy(scene_bits(without_hues(seen)))[None]
    unsure = torch.from_numpy(HUED.astype(np.float32))[None]
    asked = ({"car", "colour:blue"}, {"car", "colour:black"}, {"van", "colour:blue"}, {"car"})
    stated = torch.from_numpy(np.stack([fact_bits(frozenset(facts)) for facts in asked]))
    assert relevance(stated, sets).flatten().tolist() == [0, 0, 0, 1]
    assert relevance(stated, (sets + unsure[:, None]).clamp(max=1)).flatten().tolist() == [1, 0, 0, 1]


def test_what_is_unsure_moves_no_vector() -> None:
    torch.manual_seed(8)
    queries, crops = torch.randn(3, 4), torch.randn(3, 4, requires_grad=True)
    true, unsure = torch.eye(3), torch.zeros(3, 3, dtype=torch.bool)
    true[:, 2], unsure[:, 2] = 0, True
    match_loss(queries, crops, true, unsure, torch.tensor(5.0)).backward()
    assert crops.grad is not None
    assert crops.grad[2].abs().max() == 0
    assert crops.grad[:2].abs().min(1).values.gt(0).all()
    logits = torch.randn(2, len(HUED), requires_grad=True)
    unknown = torch.from_numpy(np.stack([HUED, ~HUED]).astype(np.float32))
    presence_loss(logits, torch.zeros_like(logits), unknown, torch.tensor([True, True])).backward()
    assert logits.grad is not None
    assert torch.equal(logits.grad == 0, unknown == 1)
