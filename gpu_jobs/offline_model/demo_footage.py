"""Draws the demonstration district's films with the primitives that the offline model learnt from.

    scripts = draw_district(folder, seed=1)   # four H.264 files and what happens in each
    asked = queries(scripts)                  # texts in both languages, each with the moments that answer it

Everything in the films is drawn; no real person or place is shown.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from fractions import Fraction
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Literal

import av
import cv2
import numpy as np

from gpu_jobs.offline_model.backdrops import draw_backdrop
from gpu_jobs.offline_model.demo_lens import HEIGHT_PX, WIDTH_PX, Lens
from gpu_jobs.offline_model.demo_queries import QUERIES
from gpu_jobs.offline_model.demo_script import PLACES, Passage, Place
from gpu_jobs.offline_model.palette import COLOUR_NAMES
from gpu_jobs.offline_model.scenery import lamp
from gpu_jobs.offline_model.scenes import VEHICLES, Figure, figure_facts
from gpu_jobs.offline_model.solids import Box, Picture, Points, Sketch, Stance, extent, paint, turn
from gpu_jobs.offline_model.vehicles import sketch_figure

FPS, SECONDS = 10, 90
SUN = np.array((0.3, 0.72, 0.62))  # from behind the camera, so that what passes is lit on the side it shows
STRIDE_M = {"walking": 1.5, "running": 2.6}
TURN_TO_CAMERA = 0.3


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """One passage: when (seconds from the film's start), what, and where at its middle (px)."""

    start_s: float
    end_s: float
    caption_en: str
    caption_uk: str
    facts: frozenset[str]
    box_at_mid: Box


@dataclass(frozen=True, slots=True)
class CameraScript:
    """A film and all that happens in it. `recorded_offset_s`: its start, seconds after the district's midnight."""

    key: str
    name_uk: str
    name_en: str
    place: str
    region: str
    file: Path
    recorded_offset_s: int
    fps: int
    seconds: int
    width_px: int
    height_px: int
    events: tuple[DemoEvent, ...]


@dataclass(frozen=True, slots=True)
class DemoMoment:
    """A camera's key and seconds from its film's start."""

    camera: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class DemoQuery:
    """A search text and the moments that answer it."""

    language: Literal["en", "uk"]
    text: str
    facts: frozenset[str]
    moments: tuple[DemoMoment, ...]


@dataclass(slots=True)
class _Mover:
    """A passage's figures with the looks that the seed gave them."""

    passage: Passage
    figures: tuple[Figure, ...]


def _movers(place: Place, seed: int) -> list[_Mover]:
    rng = np.random.default_rng((seed, place.number))
    return [
        _Mover(p, tuple(replace(figure, look_seed=int(rng.integers(1 << 31))) for figure in p.figures))
        for p in place.passages
    ]


def _metre_px(place: Place, y: float) -> float:
    vanishing = (place.horizon - 0.35) * HEIGHT_PX
    return place.near_metre_px * (y - vanishing) / (HEIGHT_PX - vanishing)


def _standing(place: Place, mover: _Mover, second: float) -> Iterator[tuple[Sketch, Stance]]:
    """Each figure's parts and stance at a second of the film, the farthest first."""
    passage = mover.passage
    x0, y0, x1, y1 = place.lanes[passage.lane]
    part = (second - passage.start_s) / passage.seconds
    part = 1 - part if passage.back else part
    yaw = (math.pi / 2 - TURN_TO_CAMERA) * (-1 if passage.back else 1)
    count = len(mover.figures)
    for i, figure in enumerate(mover.figures):
        y = y0 + (y1 - y0) * part + (i % 2) * 9
        metre_px = _metre_px(place, y)
        sketch = sketch_figure(figure)
        span = extent(sketch, yaw, place.pitch)
        # A lane begins and ends just outside the picture, however long the vehicle.
        left, right = min(x0, -span.right * metre_px - 8), max(x1, WIDTH_PX - span.left * metre_px + 8)
        x = left + (right - left) * part + (i - (count - 1) / 2) * 0.75 * metre_px
        gone_m = (right - left) / metre_px * (second - passage.start_s) / passage.seconds
        stride_m = STRIDE_M.get(figure.pose or "", 2.2) * (0.7 if figure.age == "child" else 1.0)
        moving = sketch_figure(figure, 2 * math.pi * gone_m / stride_m + i * 1.9)
        yield moving, Stance(x, y, metre_px, yaw, place.pitch)


def _sun_on(stance: Stance) -> Points:
    """The sun's direction in the axes of a figure that stands turned."""
    return np.asarray(turn(stance.yaw, 0.0).T @ SUN)


def _scenery(place: Place, seed: int) -> Picture:
    rng = np.random.default_rng(place.backdrop_seed)
    picture = draw_backdrop(place.place, WIDTH_PX, HEIGHT_PX, rng, place.horizon).picture
    if place.place == "parking":
        for i, x in enumerate(range(50, WIDTH_PX, 98)):
            if i in (1, 4):
                continue
            colour = COLOUR_NAMES[int(rng.integers(7, 11))]
            parked = sketch_figure(Figure(VEHICLES[0], int(rng.integers(1 << 31)), colour))
            y = place.horizon * HEIGHT_PX + 34
            paint(picture, parked, Stance(x, y, _metre_px(place, y) * 0.9, rng.normal(0, 0.08), place.pitch), SUN, 0.4)
    if place.light != "day":
        for x in (110, 350, 560):
            lamp(picture, x, int(place.horizon * HEIGHT_PX) + 36, 128)
    return picture


def draw_frames(place: Place, seed: int, seconds: int = SECONDS) -> Iterator[Picture]:
    """The frames (HEIGHT_PX, WIDTH_PX, 3) RGB of one camera's film."""
    scenery, movers, lens = _scenery(place, seed), _movers(place, seed), Lens(place, seed)
    for number in range(seconds * FPS):
        second = number / FPS
        picture = scenery.copy()
        present = [
            item
            for mover in movers
            if mover.passage.start_s <= second <= mover.passage.start_s + mover.passage.seconds
            for item in _standing(place, mover, second)
        ]
        for sketch, stance in sorted(present, key=lambda item: item[1].foot_y_px):
            paint(picture, sketch, stance, _sun_on(stance), 0.12 if place.rain or place.light != "day" else 0.38)
        yield lens.frame(picture, number)


def write_film(place: Place, seed: int, file: Path, seconds: int) -> None:
    """Draws a camera's film into an H.264 file; frames keep their exact time."""
    cv2.setNumThreads(1)
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.codec_context.gop_size = place.keyframe_gap_frames
        stream.options = {"preset": "veryfast", "crf": "21", "threads": "1", "sc_threshold": "0"}
        for number, picture in enumerate(draw_frames(place, seed, seconds)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _event(place: Place, mover: _Mover) -> DemoEvent:
    passage = mover.passage
    boxes = []
    for sketch, stance in _standing(place, mover, passage.start_s + passage.seconds / 2):
        metres = extent(sketch, stance.yaw, stance.pitch)
        x, y, scale = stance.foot_x_px, stance.foot_y_px, stance.metre_px
        boxes.append(
            (x + metres.left * scale, y + metres.top * scale, x + metres.right * scale, y + metres.bottom * scale)
        )
    left, top = np.min(boxes, 0)[:2]
    right, bottom = np.max(boxes, 0)[2:]
    facts = frozenset({f"place:{place.place}", place.light} | ({"rain"} if place.rain else set()))
    if len(mover.figures) > 1:
        facts |= {"group", "person", mover.figures[0].age or "adult"}
    else:
        facts |= figure_facts(mover.figures[0])
    return DemoEvent(
        passage.start_s,
        passage.start_s + passage.seconds,
        passage.caption_en,
        passage.caption_uk,
        facts,
        Box(float(left), float(top), float(right), float(bottom)),
    )


def script_of(place: Place, seed: int, file: Path, seconds: int = SECONDS) -> CameraScript:
    """What happens in a camera's film, without drawing it."""
    events = tuple(_event(place, mover) for mover in _movers(place, seed))
    return CameraScript(
        *(place.key, place.name_uk, place.name_en, place.place, place.region, file),
        *(place.recorded_offset_s, FPS, seconds, WIDTH_PX, HEIGHT_PX, events),
    )


def _end_with_parent() -> None:
    """Lets a drawing process end when the process that asked for the films is killed."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def draw_district(
    folder: Path, seed: int, progress: Callable[[str, int, int], None] | None = None, processes: int = 2
) -> list[CameraScript]:
    """Writes the demonstration's four films to `folder`; `progress(camera, done, all)` is called after each."""
    return draw_films(PLACES, folder, seed, SECONDS, progress, processes)


def draw_films(
    places: Sequence[Place],
    folder: Path,
    seed: int,
    seconds: int,
    progress: Callable[[str, int, int], None] | None = None,
    processes: int = 2,
) -> list[CameraScript]:
    """Writes a film of each place to `folder`; `progress(camera, done, all)` is called after each."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {place.key: folder / f"{place.key}.mp4" for place in places}
    # A forked child of a process with threads may hang on a lock that nobody will release: start afresh.
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with_parent) as pool:
        films = {pool.submit(write_film, place, seed, files[place.key], seconds): place.key for place in places}
        try:
            for done, film in enumerate(as_completed(films), 1):
                film.result()
                if progress:
                    progress(films[film], done, len(films))
        except BaseException:  # one failed, or it is interrupted: what is not begun is not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [script_of(place, seed, files[place.key], seconds) for place in places]


def queries(district: list[CameraScript]) -> list[DemoQuery]:
    """The search texts, each with every moment of the district that answers it."""
    asked = []
    for language, text, facts in QUERIES:
        wanted = frozenset(facts.split())
        moments = tuple(
            DemoMoment(camera.key, event.start_s, event.end_s)
            for camera in district
            for event in camera.events
            if wanted <= event.facts
        )
        asked.append(DemoQuery(language, text, wanted, moments))
    return asked
