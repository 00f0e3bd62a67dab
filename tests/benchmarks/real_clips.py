"""The four real clips as claimed footage, and what moves in them, found without the pipeline: its own decode at the
full rate, and OpenCV's adaptive background model, which nothing in `gpu_jobs` uses."""

from __future__ import annotations

import hashlib
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from gpu_jobs.work_queue import Claim

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "footage"
CLIPS = ("vtest.avi", "car-detection.mp4", "one-by-one-person-detection.mp4", "bottle-detection.mp4")
RECORDED_AT_US = 1_779_000_000_000_000
_WARM_UP_SECONDS = 2.0
_MEMORY_SECONDS = 150.0  # who stands still is not forgotten within a clip
_JUST_NOW_SECONDS = 0.2
_CHANGED_LEVELS, _CHANGED_SHARE_MIN = 25, 0.12  # of what moves, so much looks different from just now
_AREA_SHARE_MIN, _OF_LARGEST_MIN = 0.001, 0.1
_AT_EDGE_SIDE_MIN = 0.2  # of the picture's shorter side: less of a thing that the edge cuts off is only its rim

Box = tuple[int, int, int, int]  # left, top, width, height


class Moving(msgspec.Struct, frozen=True):
    """Something that moves: which clip, when (seconds from its start), where."""

    clip: str
    at_seconds: float
    box: Box
    picture: bytes  # the whole frame, PNG


def claim_of(clip: str) -> Claim:
    """The clip as footage of a camera of the same name. Clips do not overlap in time."""
    path = FOLDER / clip
    return Claim(
        footage=hashlib.sha256(path.read_bytes()).hexdigest(),
        path=path,
        camera=clip,
        recorded_at_us=RECORDED_AT_US + CLIPS.index(clip) * 3_600_000_000,
        uncertainty_us=0,
        fence=1,
        lease_seconds=3600,
    )


def moving_things(clip: str, avoid_seconds: list[float], apart_seconds: float, count: int, seed: int) -> list[Moving]:
    """`count` things (or fewer) in different frames, drawn at random among all frames in which something moves and
    which lie at least `apart_seconds` from every instant in `avoid_seconds`. Of a frame one thing, at random."""
    avoid = np.array(avoid_seconds)
    seen = [(at, boxes) for at, boxes in things_over_time(clip) if boxes and np.abs(avoid - at).min() >= apart_seconds]
    draw = np.random.default_rng(seed)
    chosen = sorted(draw.permutation(len(seen))[:count])
    wanted = {seen[place][0]: seen[place][1][draw.integers(len(seen[place][1]))] for place in chosen}
    return [Moving(clip, at, wanted[at], _png(image)) for at, image in _decoded(clip) if at in wanted]


def things_over_time(clip: str) -> Iterator[tuple[float, list[Box]]]:
    """For every frame, boxes round the things in it that moved just now."""
    rate = _rate(clip)
    model = cv2.createBackgroundSubtractorMOG2(
        history=round(_MEMORY_SECONDS * rate), varThreshold=36, detectShadows=True
    )
    model.setBackgroundRatio(0.6)
    model.setShadowThreshold(0.4)
    before: deque[NDArray[np.uint8]] = deque(maxlen=max(2, round(_JUST_NOW_SECONDS * rate) + 1))
    usual: float | None = None
    for at, image in _decoded(clip):
        small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        bright = float(np.median(small))
        usual = bright if usual is None else usual
        small = np.clip(small * (usual / bright), 0, 255).astype(np.uint8)  # one camera adjusts its exposure
        other = (model.apply(cv2.GaussianBlur(small, (3, 3), 0)) == 255).astype(np.uint8)  # 127 is shadow
        before.append(small)
        changed = cv2.absdiff(before[0], small).max(axis=2) > _CHANGED_LEVELS
        yield at, _things(other, changed) if at >= _WARM_UP_SECONDS else []


def _things(other: NDArray[np.uint8], changed: NDArray[np.bool_]) -> list[Box]:
    height, width = other.shape
    solid = cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((17, 9), np.uint8))
    _, labels, parts, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    largest = max((part[4] for part in parts[1:]), default=0)
    area_min = max(_AREA_SHARE_MIN * solid.size, _OF_LARGEST_MIN * largest)
    found = []
    for label, part in enumerate(parts[1:], 1):
        x, y, w, h, area = map(int, part)
        at_edge = x <= 1 or y <= 1 or x + w >= width - 1 or y + h >= height - 1
        rim = at_edge and min(w, h) < _AT_EDGE_SIDE_MIN * min(width, height)
        itself = labels[y : y + h, x : x + w] == label
        if area >= area_min and not rim and changed[y : y + h, x : x + w][itself].mean() > _CHANGED_SHARE_MIN:
            found.append((2 * x, 2 * y, 2 * w, 2 * h))
    return found if solid.mean() < 0.5 else []


def _rate(clip: str) -> float:
    with av.open(str(FOLDER / clip)) as container:
        return float(container.streams.video[0].average_rate)


def _decoded(clip: str) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    with av.open(str(FOLDER / clip)) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            yield float((frame.pts - (stream.start_time or 0)) * stream.time_base), frame.to_ndarray(format="rgb24")


def _png(image: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    PilImage.fromarray(image).save(out, "PNG", compress_level=1)
    return out.getvalue()
