"""What is embedded of the real clips, and what is lost against embedding every sampled frame; and whether motion is
still found where the camera shakes, in rain and at dusk.

    python -m tests.benchmarks.evaluate_sampling [--rates 1 2 5] [--weather]

Truth is another model of motion (MOG2 over every frame, `real_clips`), so it has faults of its own. A *moment* is a
second of a clip in which something moves there; it is lost where no row's [from, to] comes within half a second of it,
or half a period of the sampling where that is longer. A *thing* is a box of that truth, two instants a second; it has
a crop where one at that time holds half of its area or more. Tiles do not count as crops here. With `1 fps, all`
nothing is merged: every sampled frame is embedded, and what the others lose is measured against it; `every frame` is
how many moments even that loses.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decoding import FootageFrames
from gpu_jobs.motion import Motion, shrink
from gpu_jobs.moving_things import MovingThings
from gpu_jobs.pictures import Picture
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.repeats import Repeats
from gpu_jobs.sampling import Sampling
from gpu_jobs.settings import PipelineSettings
from search_index.footage_unit import FRAME, Box
from tests.benchmarks.real_clips import CLIPS, FOLDER, RECORDED_AT_US, claim_of, things_over_time
from tests.fakes_gpu import ColourHistograms

Image = NDArray[np.uint8]
SHAKE_PX, STREAKS, DARKER, NOISE_LEVELS = 4.0, 500, 0.8, 7.0


def settings_of(name: str) -> PipelineSettings:
    if name == "keyframes":
        return PipelineSettings(sampling=Sampling(keyframe_gap_seconds_max=60, gap_seconds=60))
    if name == "1 fps, all":
        return PipelineSettings(repeats=Repeats(differ_levels=0))
    if name == "1 fps, ungated":  # the tiles of every sampled frame, whether anything moves or not
        return PipelineSettings(heartbeat_seconds=1, repeats=Repeats(differ_levels=0))
    return PipelineSettings.at_rate(float(name.removesuffix(" fps")))


def print_sampling(names: list[str]) -> None:
    columns = ("sampled", "frames in", "rows", "rows/sampled", "merged", "moments", "lost", "every frame", "crop of it")
    print(f"{'clip':34}{'sampling':>15} " + " ".join(f"{column:>12}" for column in columns))
    for clip in CLIPS:
        truth = [(at, boxes) for at, boxes in things_over_time(clip) if boxes]
        for name in names:
            print(f"{clip:34}{name:>15} " + _line(clip, settings_of(name), truth), flush=True)


def _line(clip: str, settings: PipelineSettings, truth: list[tuple[float, list[tuple[int, int, int, int]]]]) -> str:
    with FootagePipeline(ColourHistograms(), settings).run(claim_of(clip)) as run:
        pictures = [picture for _, some in run.pictures() for picture in some]
        sampled = run.summary(units=0, rows=0).frames_sampled
    start = RECORDED_AT_US + CLIPS.index(clip) * 3_600_000_000
    spans = [((one.from_us - start) / 1e6, (one.to_us - start) / 1e6) for one in pictures]
    with FootageFrames(FOLDER / clip, settings.sampling, side_px_max=64) as frames:
        base, first = frames.probe.time_base, frames.probe.start_pts
        every = [(base.us(frame.pts - first) / 1e6,) * 2 for frame in frames]
    reach = max(0.5, settings.sampling.period_seconds / 2)
    moments = sorted({int(at) for at, _ in truth})
    lost, lost_anyway = (sum(not _near(moment, some, reach) for moment in moments) for some in (spans, every))
    crops = [(span, one.box) for one, span in zip(pictures, spans, strict=True) if not one.scene]
    things = [(at, box) for at, boxes in truth[:: max(1, round(len(truth) / (2 * len(moments) or 1)))] for box in boxes]
    held = sum(any(_at(at, span, reach) and _holds(box, thing) for span, box in crops) for at, thing in things)
    frames_in = sum(one.kind == FRAME for one in pictures)
    cells = (sampled, f"{frames_in / sampled:.0%}", len(pictures), f"{len(pictures) / sampled:.2f}", _merged(pictures))
    cells += (len(moments), lost, lost_anyway, f"{held}/{len(things)}")
    return " ".join(f"{cell:>12}" for cell in cells)


def _merged(pictures: list[Picture]) -> int:
    """How many rows stand for more than one instant."""
    return sum(one.to_us > one.from_us for one in pictures)


def _near(second: int, spans: list[tuple[float, float]], reach: float) -> bool:
    return any(start - reach <= second + 1 and second <= end + reach for start, end in spans)


def _at(at: float, span: tuple[float, float], reach: float) -> bool:
    return span[0] - reach <= at <= span[1] + reach


def _holds(box: Box, thing: tuple[int, int, int, int]) -> bool:
    across = min(box.x + box.width, thing[0] + thing[2]) - max(box.x, thing[0])
    down = min(box.y + box.height, thing[1] + thing[3]) - max(box.y, thing[1])
    return max(0, across) * max(0, down) >= 0.5 * thing[2] * thing[3]


def shaken(draw: np.random.Generator, image: Image, _: int) -> Image:
    across, down = draw.normal(0, SHAKE_PX, 2)
    matrix = np.array([[1, 0, across], [0, 1, down]], np.float32)
    return np.asarray(cv2.warpAffine(image, matrix, (image.shape[1], image.shape[0]), borderMode=cv2.BORDER_REFLECT))


def in_rain(draw: np.random.Generator, image: Image, _: int) -> Image:
    height, width = image.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    for _ in range(STREAKS):
        x, y, length = int(draw.integers(width)), int(draw.integers(height)), int(draw.integers(15, 40))
        end = x + length // 6, y + length
        cv2.line(layer, (x, y), end, int(draw.integers(40, 110)), int(draw.integers(1, 3)))
    return cv2.add(image, cv2.merge([layer] * 3))


def at_dusk(draw: np.random.Generator, image: Image, second: int) -> Image:
    darker = 1 - DARKER * min(1, second / 60)
    return np.clip(image * darker + draw.normal(0, NOISE_LEVELS, image.shape), 0, 255).astype(np.uint8)


def print_weather(seed: int) -> None:
    """Against what is found in the clip as it is: found again (of the larger), and found where nothing was."""
    motion = Motion()
    weathers: dict[str, Callable[[np.random.Generator, Image, int], Image]] = {
        f"shake, sigma {SHAKE_PX:g} px": shaken,
        "rain": in_rain,
        "dusk, noise": at_dusk,
    }
    print(f"\n{'clip':34}{'':22}{'found again':>12}{'false a frame':>15}")
    for clip in CLIPS:
        with FootageFrames(FOLDER / clip, Sampling(), side_px_max=1920) as frames:
            images = [frame.image for frame, _ in zip(frames, range(70), strict=False)]
        true = _boxes(images, motion)
        least = 0.001 * images[0].shape[0] * images[0].shape[1]
        for name, change in weathers.items():
            draw = np.random.default_rng(seed)
            found = _boxes([change(draw, image, second) for second, image in enumerate(images)], motion)
            pairs = list(zip(true, found, strict=True))
            again = [
                any(_same(box, one) for one in some) for boxes, some in pairs for box in boxes if _area(box) > least
            ]
            false = sum(not any(_common(one, box) for box in boxes) for boxes, some in pairs for one in some)
            print(f"{clip:34}{name:22}{np.mean(again):12.2f}{false / len(images):15.2f}", flush=True)


def _boxes(images: list[Image], motion: Motion) -> list[tuple[Box, ...]]:
    small = [shrink(image, motion.side_px) for image in images]
    things = MovingThings(small, motion)
    return [things.figures(place, (images[0].shape[1], images[0].shape[0]))[0] for place in range(len(small))]


def _area(box: Box) -> int:
    return box.width * box.height


def _common(one: Box, other: Box) -> int:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0, across) * max(0, down)


def _same(one: Box, other: Box) -> bool:
    return _common(one, other) > 0.25 * (_area(one) + _area(other) - _common(one, other))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", nargs="*", type=float, default=[1, 2, 5], help="frames a second")
    parser.add_argument("--weather", action="store_true", help="also shake, rain and dusk, added to the clips")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if not FOLDER.is_dir():
        sys.exit("skipped: the real clips are absent (shared/footage beside the repository)")
    print_sampling(["keyframes", "1 fps, all", *(f"{rate:g} fps" for rate in chosen.rates)])
    if chosen.weather:
        print_weather(chosen.seed)


if __name__ == "__main__":
    main()
