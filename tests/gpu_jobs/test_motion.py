"""What differs from the background, on drawn scenes whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_jobs.geometry import CONTEXT, resized, with_context
from gpu_jobs.motion import Differences, Motion, background, shrink
from search_index.footage_unit import Box

SIZE = (320, 240)
MOTION = Motion()
Picture = NDArray[np.uint8]


def yard(noise: int = 3, seed: int = 0) -> Picture:
    """A textured place without anybody, as a camera with some noise sees it."""
    fixed, moving = np.random.default_rng(1), np.random.default_rng(seed)
    coarse = fixed.integers(60, 180, (15, 20, 3)).astype(np.uint8)
    place = np.kron(coarse, np.ones((16, 16, 1), np.uint8))
    return np.clip(place + moving.normal(0, noise, place.shape), 0, 255).astype(np.uint8)


def with_thing(picture: Picture, x: int, y: int, colour: tuple[int, int, int] = (230, 20, 20)) -> Picture:
    """A person-sized thing, 20 × 50 px."""
    shown = picture.copy()
    shown[y : y + 50, x : x + 20] = colour
    return shown


def boxes(window: list[Picture], frame: Picture) -> tuple[Box, ...]:
    small = [shrink(picture, MOTION.side_px) for picture in window]
    return Differences(background(small, MOTION), MOTION).boxes(shrink(frame, MOTION.side_px), SIZE)


def overlap(box: Box, x: int, y: int) -> float:
    """Intersection over union with the thing at (x, y)."""
    across = max(0, min(box.x + box.width, x + 20) - max(box.x, x))
    down = max(0, min(box.y + box.height, y + 50) - max(box.y, y))
    return across * down / (box.width * box.height + 20 * 50 - across * down)


def test_somebody_who_walks_is_found_where_they_are() -> None:
    window = [with_thing(yard(seed=second), 4 * second, 100) for second in range(60)]
    for second in (5, 30, 55):
        (box,) = boxes(window, window[second])
        assert overlap(box, 4 * second, 100) > 0.7


def test_nothing_is_found_where_nothing_moves() -> None:
    window = [yard(seed=second) for second in range(30)]
    assert boxes(window, window[7]) == ()
    assert boxes(window, window[29]) == ()


def test_places_taken_most_of_the_time_by_one_visitor_after_the_other_are_still_seen() -> None:
    """Three people stand on the same spot, two thirds of the time in all: a median would take them for background."""
    window = []
    for visit, colour in enumerate(((20, 20, 20), (230, 230, 230), (20, 20, 220))):
        window += [yard(seed=visit * 30 + second) for second in range(6)]
        window += [with_thing(yard(seed=visit * 30 + 9 + second), 150, 90, colour) for second in range(13)]
    for second in (7, 12, 28, 50):
        (box,) = boxes(window, window[second])
        assert overlap(box, 150, 90) > 0.7
    assert boxes(window, window[2]) == ()


def test_somebody_who_never_leaves_is_background() -> None:
    window = [with_thing(yard(seed=second), 150, 90) for second in range(40)]
    assert boxes(window, window[20]) == ()


@pytest.mark.parametrize("frames", range(1, 8))
def test_a_window_of_few_frames_has_a_background(frames: int) -> None:
    window = [yard(seed=second) for second in range(frames)]
    assert boxes(window, window[-1]) == ()


def test_a_camera_that_adjusts_its_exposure_sees_nothing_move() -> None:
    window = [(yard(seed=second) * (0.7 if 10 <= second < 20 else 1)).astype(np.uint8) for second in range(40)]
    assert boxes(window, window[15]) == ()


def test_a_light_that_goes_off_is_no_thing() -> None:
    window = [yard(seed=second) for second in range(30)]
    dark = np.random.default_rng(3).integers(0, 255, window[0].shape).astype(np.uint8)
    assert boxes(window, dark) == ()


def test_a_shaking_camera_sees_nothing_move() -> None:
    still = [np.pad(yard(seed=second), ((0, 0), (1, 1), (0, 0)), mode="edge") for second in range(30)]
    window = [picture[:, second % 2 :][:, : SIZE[0]] for second, picture in enumerate(still)]
    assert boxes(window, window[11]) == ()


def test_more_things_than_allowed_leave_the_largest() -> None:
    empty = [yard(seed=second) for second in range(20)]
    crowd = yard(seed=99)
    for place in range(20):
        side = 8 + place
        x, y = 60 * (place % 5) + 10, 55 * (place // 5) + 10
        crowd[y : y + side, x : x + side] = (250, 250, 0)
    found = boxes(empty, crowd)
    assert len(found) == MOTION.crops_max
    areas = [box.width * box.height for box in found]
    assert min(areas) >= 14**2
    assert areas == sorted(areas, reverse=True)


def test_head_and_legs_are_one_person() -> None:
    empty = [yard(seed=second) for second in range(20)]
    split = yard(seed=99)
    split[100:112, 150:162] = split[116:150, 148:165] = (250, 20, 250)
    (box,) = boxes(empty, split)
    assert box.y <= 102
    assert box.y + box.height >= 147


@pytest.mark.parametrize("area", [(0, 0, 10, 10), (100, 80, 30, 60), (300, 200, 20, 40)])
def test_context_is_equal_on_all_sides_and_within_the_picture(area: tuple[int, int, int, int]) -> None:
    box = Box(*area)
    crop = with_context(box, *SIZE)
    assert crop.x == max(0, box.x - max(round(box.width * CONTEXT), 16 - box.width // 2))
    assert crop.y <= box.y
    assert box.x + box.width <= crop.x + crop.width <= SIZE[0]
    assert box.y + box.height <= crop.y + crop.height <= SIZE[1]


def test_boxes_of_a_smaller_copy_come_back_in_the_frame_s_own_pixels() -> None:
    assert resized(Box(10, 20, 30, 40), (320, 240), (1920, 1440)) == Box(60, 120, 180, 240)
    assert resized(Box(0, 0, 320, 240), (320, 240), (768, 576)) == Box(0, 0, 768, 576)
