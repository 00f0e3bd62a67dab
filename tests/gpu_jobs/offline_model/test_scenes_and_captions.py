"""Rendered scenes are what their seed says, and captions never claim more than the scene holds."""

from __future__ import annotations

import numpy as np
import pytest

from gpu_jobs.offline_model.captions import adjective, write_caption
from gpu_jobs.offline_model.crop_cache import draw_block, is_held_out
from gpu_jobs.offline_model.held_out import average_precision
from gpu_jobs.offline_model.reading import parse_query
from gpu_jobs.offline_model.renderer import CROP_PX, Renderer, draw_optics, draw_view, moment_later
from gpu_jobs.offline_model.scenes import FACTS, Figure, Scene, draw_scene, fact_sets, is_true


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(seed=4, each=2)


def test_same_seed_draws_the_same_bytes(renderer: Renderer) -> None:
    def crops(with_renderer: Renderer) -> np.ndarray:
        rng = np.random.default_rng(8)
        drawn = []
        for _ in range(12):
            scene = draw_scene(rng)
            drawn.append(with_renderer.draw(scene, draw_view(scene, 2, rng), draw_optics(scene, rng)))
        return np.stack(drawn)

    first = crops(renderer)
    assert first.shape == (12, CROP_PX, CROP_PX, 3)
    assert np.array_equal(first, crops(Renderer(seed=4, each=2)))
    assert not np.array_equal(first, crops(Renderer(seed=5, each=2)))


def test_a_moment_later_is_nearer_than_another_camera(renderer: Renderer) -> None:
    rng = np.random.default_rng(2)
    nearer = 0
    for _ in range(30):
        scene = draw_scene(rng)
        view, optics = draw_view(scene, 2, rng), draw_optics(scene, rng)
        now = renderer.draw(scene, view, optics).astype(float)
        later = renderer.draw(scene, moment_later(view, rng), optics)
        elsewhere = renderer.draw(scene, draw_view(scene, 2, rng), draw_optics(scene, rng))
        nearer += np.abs(now - later).mean() < np.abs(now - elsewhere).mean()
    assert nearer >= 24


def test_captions_are_true_of_their_scene_and_name_known_facts() -> None:
    rng = np.random.default_rng(3)
    for number in range(1500):
        scene = draw_scene(rng)
        text, stated = write_caption(scene, "uk" if number % 2 else "en", rng)
        assert stated, text
        assert stated <= set(FACTS)
        assert is_true(stated, scene), (text, stated, fact_sets(scene))


def test_a_caption_is_false_of_a_scene_that_lacks_one_of_its_facts() -> None:
    boy = Figure("person", 1, None, "red", "blue", "child", "walking", frozenset({"backpack"}))
    scene = Scene((boy,), "crop", "street", "day", False, False)
    assert is_true(frozenset({"person", "upper:red", "backpack"}), scene)
    assert not is_true(frozenset({"person", "upper:red", "hat"}), scene)
    assert not is_true(frozenset({"upper:blue"}), scene)


def test_infra_red_pictures_state_no_colours() -> None:
    car = Figure("car", 1, "red")
    facts = fact_sets(Scene((car,), "crop", None, "night", False, True))
    assert not any("colour:" in fact for each in facts for fact in each)


def test_captions_read_back_as_what_they_state() -> None:
    """The grammar that writes and the reader that reads share tables; they may differ on few wordings."""
    rng = np.random.default_rng(6)
    count, same = 1500, 0
    for number in range(count):
        text, stated = write_caption(draw_scene(rng), "uk" if number % 2 else "en", rng)
        read = parse_query(text)
        same += stated <= read.facts and not read.unknown_words
    assert same / count > 0.97


@pytest.mark.parametrize(
    ("stem", "form", "expected"),
    [
        ("червон", "f", "червона"),
        ("червон", "f_acc", "червону"),
        ("червон", "m_gen", "червоного"),
        ("син!", "m", "синій"),
        ("син!", "f_acc", "синю"),
        ("син!", "f_ins", "синьою"),
        ("син!", "m_loc", "синьому"),
        ("біл", "a_acc", "білого"),
    ],
)
def test_adjectives_agree(stem: str, form: str, expected: str) -> None:
    assert adjective(stem, form) == expected


def test_training_blocks_hold_hard_questions_and_nothing_held_out() -> None:
    for block in range(40):
        sights = draw_block(11, block)
        scenes = [scene for scene, _ in sights]
        assert not any(is_held_out(figure) for scene in scenes for figure in scene.figures)
        assert fact_sets(scenes[0]) == fact_sets(scenes[1])
        if scenes[0].figures:
            assert scenes[0].figures[0].look_seed != scenes[1].figures[0].look_seed
        (first, _), (neighbour, _) = sights[0][1][0], sights[2][1][0]
        assert (first.backdrop, first.pitch, first.sun) == (neighbour.backdrop, neighbour.pitch, neighbour.sun)


def test_average_precision_by_hand() -> None:
    relevant = np.array([True, False, True, False])
    assert average_precision(relevant, np.array([0.9, 0.8, 0.7, 0.1], np.float32)) == pytest.approx((1 + 2 / 3) / 2)
