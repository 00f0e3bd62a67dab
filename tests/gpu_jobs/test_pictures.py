"""What of a unit becomes a picture: repeats add their time to the first, tiles come with the heartbeat, a camera that
shakes is put back, and boxes stay where the frame shows things."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_jobs.geometry import resized, tiles
from gpu_jobs.motion import Motion, shrink
from gpu_jobs.moving_things import MovingThings
from gpu_jobs.pictures import Choice, Picture, pictures_of
from gpu_jobs.registration import put_back, shifts
from gpu_jobs.repeats import Repeats
from gpu_jobs.units import TimedFrame, UnitFrames
from search_index.footage_unit import CROP, FRAME

SIZE = (320, 240)
SECOND = 1_000_000
Image = NDArray[np.uint8]


def yard(seed: int, shift: tuple[int, int] = (0, 0), noise: float = 3) -> Image:
    """A textured place, seen by a camera that looks `shift` pixels to the left of and above its usual place."""
    fixed, moving = np.random.default_rng(1), np.random.default_rng(seed)
    place = np.kron(fixed.integers(60, 180, (20, 25, 3)).astype(np.uint8), np.ones((16, 16, 1), np.uint8))
    across, down = shift
    seen = place[40 - down : 40 - down + SIZE[1], 40 - across : 40 - across + SIZE[0]]
    return np.clip(seen + moving.normal(0, noise, seen.shape), 0, 255).astype(np.uint8)


def with_thing(picture: Image, x: int, y: int, colour: tuple[int, int, int] = (230, 20, 20)) -> Image:
    shown = picture.copy()
    shown[y : y + 50, x : x + 20] = colour
    return shown


def made(
    images: list[Image],
    *,
    tiles_across: int = 0,
    differ_levels: int = 12,
    heartbeat: int = 10,
    start: int = 0,
    without: tuple[int, int] = (0, 0),
) -> list[Picture]:
    """Of a frame each second from `start` on, those from one to the other `without` missing: a gap."""
    frames = tuple(
        TimedFrame(at * SECOND, at, image, shrink(image, 320))
        for at, image in enumerate(images, start)
        if not without[0] < at < without[1]
    )
    ends = start + len(images)
    covered = ((start, without[0]), (without[1], ends)) if any(without) else ((start, ends),)
    covered_us = tuple((one * SECOND, other * SECOND) for one, other in covered)
    unit = UnitFrames(0, start * SECOND, ends * SECOND, (), frames, covered_us)
    choice = Choice(
        motion=Motion(),
        repeats=Repeats(differ_levels=differ_levels),
        heartbeat_seconds=heartbeat,
        tiles_across=tiles_across,
    )
    return pictures_of(unit, SIZE, choice)


def spans(pictures: list[Picture], kind: str) -> list[tuple[int, int]]:
    return [(one.from_us // SECOND, one.to_us // SECOND) for one in pictures if one.kind == kind]


def stands(seconds: range, all_seconds: int = 40) -> list[Image]:
    """Somebody stands in one place during these seconds, another crosses after the thirtieth."""
    images = [yard(at) for at in range(all_seconds)]
    for at in seconds:
        images[at] = with_thing(images[at], 150, 90)
    return images


def test_who_stands_still_is_one_picture_a_heartbeat_with_all_its_time() -> None:
    pictures = made(stands(range(8, 20)))
    assert spans(pictures, CROP) == [(8, 17), (18, 19)]
    apart = made(stands(range(8, 20)), differ_levels=0)
    assert spans(apart, CROP) == [(at, at) for at in range(8, 20)]


def test_who_comes_back_is_another_picture() -> None:
    images = stands(range(8, 12))
    for at in range(14, 17):
        images[at] = with_thing(images[at], 150, 90)
    assert spans(made(images), CROP) == [(8, 11), (14, 16)]


def test_another_in_the_same_place_is_another_picture() -> None:
    images = stands(range(8, 12))
    for at in range(12, 15):
        images[at] = with_thing(images[at], 150, 90, (20, 20, 230))
    assert spans(made(images), CROP) == [(8, 11), (12, 14)]


def test_what_changes_slowly_is_measured_against_the_first() -> None:
    """Each second differs by 4 levels from the one before: too little to see, were it compared with that."""
    images = [yard(at) for at in range(40)]
    for step, at in enumerate(range(8, 17)):
        images[at] = with_thing(images[at], 150, 90, (230, 20 + 8 * step, 20))
    runs = spans(made(images), CROP)
    assert len(runs) >= 4
    assert runs[0][0] == 8
    assert runs[-1][1] == 16
    assert all(before[1] + 1 == after[0] for before, after in pairwise(runs))


def test_no_sampled_instant_is_without_a_whole_picture() -> None:
    covered = {at for start, end in spans(made(stands(range(8, 20))), FRAME) for at in range(start, end + 1)}
    assert covered == set(range(40))


def test_the_picture_of_somebody_does_not_stand_for_the_time_after_they_left() -> None:
    frames = spans(made(stands(range(8, 12))), FRAME)
    assert frames[:3] == [(0, 7), (8, 11), (12, 21)]


def test_no_picture_s_time_goes_over_a_whole_minute_of_utc() -> None:
    """So a search in whole minutes meets no picture from outside of them; and the seconds of it are all covered."""
    start = 1_760_000_037  # three seconds before a whole minute
    assert start % 60 == 57
    pictures = made([yard(at) for at in range(40)], tiles_across=3, start=start)
    assert {at - start for one in spans(pictures, CROP) for at in one} == {0, 3, 33}
    assert len(spans(pictures, CROP)) == 2 * len(tiles(*SIZE, 3))
    assert spans(pictures, FRAME)[:2] == [(start, start + 2), (start + 3, start + 12)]
    for one in pictures:
        assert one.from_us // (60 * SECOND) == one.to_us // (60 * SECOND)
        assert one.at_us == one.from_us


def test_no_picture_s_time_goes_over_a_gap() -> None:
    """Nobody knows what was there meanwhile."""
    pictures = made([yard(at) for at in range(40)], tiles_across=3, without=(14, 21))
    assert sorted(set(spans(pictures, CROP))) == [(0, 10), (21, 31)]
    assert spans(pictures, FRAME) == [(0, 9), (10, 14), (21, 30), (31, 39)]


def test_tiles_come_with_the_heartbeat_and_repeat_to_the_unit_s_end() -> None:
    """A still scene gives each tile once; where something small appears and stays, that tile comes again."""
    still = made([yard(at) for at in range(40)], tiles_across=3)
    parts = tiles(*SIZE, 3)
    assert [one.box for one in still if one.kind == CROP] == parts
    assert spans(still, CROP) == [(0, 30)] * len(parts)
    images = [yard(at) for at in range(40)]
    for at in range(18, 40):
        images[at][60:68, 50:58] = 250
    changed = [one for one in made(images, tiles_across=3) if one.box in parts and one.from_us == 20 * SECOND]
    assert changed
    for one in changed:
        assert one.box.x < 58
        assert one.box.y < 68


def test_a_scene_knows_where_its_crops_lie_also_those_that_repeat_an_earlier_one() -> None:
    pictures = made(stands(range(5, 30)))
    scenes = [one for one in pictures if one.kind == FRAME and one.closeups]
    assert scenes
    for one in scenes:
        (closeup,) = one.closeups
        crop = next(each for each in pictures if each.faces is closeup.faces)
        assert crop.from_us <= one.at_us <= crop.to_us
        assert closeup.box == resized(
            crop.box, (one.box.width, one.box.height), (one.image.shape[1], one.image.shape[0])
        )


@pytest.mark.parametrize(("width", "height", "across"), [(320, 240, 3), (1920, 1080, 4), (240, 320, 2), (33, 17, 8)])
def test_tiles_cover_the_picture(width: int, height: int, across: int) -> None:
    covered = np.zeros((height, width), bool)
    for tile in tiles(width, height, across):
        assert min(tile.x, tile.y) >= 0
        covered[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width] = True
        assert (tile.x + tile.width, tile.y + tile.height) <= (width, height)
    assert covered.all()
    assert tiles(width, height, 0) == []


def test_a_shake_is_measured_to_half_a_pixel_whatever_crosses() -> None:
    draw = np.random.default_rng(4)
    true = [(0, 0), *((int(x), int(y)) for x, y in draw.integers(-7, 8, (29, 2)))]
    images = [with_thing(yard(at, shift), 8 * at, 90) for at, shift in enumerate(true)]
    found = np.array(shifts(images))
    off = found - true
    assert np.abs(off - np.median(off, axis=0)).max() < 0.5
    steady = [np.asarray(put_back(image, tuple(shift)), int) for image, shift in zip(images, found, strict=True)]
    inner = np.s_[20:80, 20:300]
    assert np.abs(steady[5][inner] - steady[20][inner]).mean() < 15


def test_a_steady_camera_is_left_as_it_is() -> None:
    images = [with_thing(yard(at), 8 * at, 90) for at in range(30)]
    assert shifts(images) == [(0.0, 0.0)] * 30
    assert put_back(images[3], (0.0, 0.0)) is images[3]


@pytest.mark.parametrize("size", [(1, 1), (23, 320), (320, 28), (29, 29), (63, 320)])
def test_a_picture_of_a_few_pixels_has_no_shift_and_harms_nobody(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    frames = [rng.integers(0, 255, (*size, 3)).astype(np.uint8) for _ in range(4)]
    assert shifts(frames) == [(0.0, 0.0)] * 4


def test_a_place_without_texture_has_no_shift() -> None:
    images = [np.full((240, 320, 3), 90 + at, np.uint8) for at in range(10)]
    assert shifts(images) == [(0.0, 0.0)] * 10


def test_in_a_shaking_picture_only_what_moves_is_found_and_where_it_is_shown() -> None:
    draw = np.random.default_rng(3)
    true = [tuple(int(pixels) for pixels in pair) for pair in draw.integers(-6, 7, (40, 2))]
    images = [with_thing(yard(at, shift), 6 * at, 90) for at, shift in enumerate(true)]
    things = MovingThings(images, Motion())
    for at in range(3, 38):
        (box,) = things.figures(at, SIZE)[0]
        assert abs(box.x - 6 * at) <= 5
        assert abs(box.y - 90) <= 5


def test_rain_is_no_thing_and_hides_none() -> None:
    draw = np.random.default_rng(5)
    images = [with_thing(yard(at), 6 * at, 90) for at in range(40)]
    for image in images:
        for x, y in zip(draw.integers(0, 319, 60), draw.integers(0, 225, 60), strict=True):
            image[y : y + 15, x] = np.minimum(image[y : y + 15, x].astype(int) + 80, 255)
    things = MovingThings(images, Motion())
    found = [things.figures(at, SIZE)[0] for at in range(2, 38)]
    assert np.mean([len(boxes) for boxes in found]) < 1.2
    assert all(any(abs(box.x - 6 * at) <= 6 for box in boxes) for at, boxes in enumerate(found, 2))


@pytest.mark.parametrize(("name", "value"), [("cells", 1), ("cells", 65), ("differ_levels", -1)])
def test_settings_that_cannot_work_are_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{name}: {value} is not within"):
        Repeats(**{name: value})
