"""Crops of moving things from a film, by plain background subtraction: what the evaluation measures on.

Deterministic: the same file gives the same boxes. It stands apart from the indexing pipeline on purpose, so that the
hand-made labels in `footage_labels.csv` stay true when the pipeline changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np

from gpu_jobs.offline_model.solids import Picture

AREA_SHARE_MIN = 0.0012
MARGIN = 1.3
BLOBS_MAX = 5


@dataclass(frozen=True, slots=True)
class FootageCrop:
    """A square around a moving blob; box (left, top, right, bottom) in px of the film."""

    clip: str
    second: float
    box: tuple[int, int, int, int]
    picture: Picture


def blobs(mask: Picture) -> list[tuple[int, int, int, int]]:
    """Boxes (x, y, width, height) of the larger blobs of a foreground mask, largest first."""
    solid = cv2.morphologyEx((mask == 255).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    solid = cv2.dilate(solid, np.ones((9, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid)
    least = AREA_SHARE_MIN * mask.shape[0] * mask.shape[1]
    found = sorted((s for s in stats[1:].tolist() if s[4] >= least), key=lambda s: -s[4])
    return [(x, y, width, height) for x, y, width, height, _ in found[:BLOBS_MAX]]


def square_around(box: tuple[float, float, float, float], width: int, height: int) -> tuple[int, int, int, int]:
    """A square `MARGIN` times a box's longer side, moved inside a picture and no larger than it."""
    left, top, right, bottom = box
    side = min(MARGIN * max(right - left, bottom - top), width, height)
    x = min(max(0.0, (left + right - side) / 2), width - side)
    y = min(max(0.0, (top + bottom - side) / 2), height - side)
    return round(x), round(y), round(x + side), round(y + side)


def frames(file: Path, wanted: Set[float] | None = None) -> Iterator[tuple[float, Picture]]:
    """Seconds (to a thousandth) and RGB pictures of a film: all, or those of the wanted seconds."""
    with av.open(str(file)) as container:
        for frame in container.decode(video=0):
            second = round(frame.time, 3)
            if wanted is None or second in wanted:
                yield second, np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def footage_crops(file: Path, period_s: float = 1.0, lead_in_s: float = 2.0) -> list[FootageCrop]:
    """The crops of one sampled frame in each period, after the background model's lead-in."""
    model = cv2.createBackgroundSubtractorMOG2(history=200, varThreshold=30, detectShadows=True)
    crops: list[FootageCrop] = []
    due = lead_in_s
    for second, picture in frames(file):
        mask = model.apply(picture)
        if second + 1e-6 < due:
            continue
        due += period_s
        height, width = picture.shape[:2]
        for x, y, w, h in blobs(mask):
            box = square_around((x, y, x + w, y + h), width, height)
            part = picture[box[1] : box[3], box[0] : box[2]]
            crops.append(FootageCrop(file.name, second, box, part.copy()))
    return crops


def colour_shares(picture: Picture, part: str) -> dict[str, float]:
    """The histogram baseline: which share of a fixed region of a crop has which colour's name. Nothing is learnt."""
    height, width = picture.shape[:2]
    rows = {"upper": (0.22, 0.48), "lower": (0.52, 0.8), "colour": (0.2, 0.8)}[part]
    columns = (0.15, 0.85) if part == "colour" else (0.36, 0.64)
    top, left = int(rows[0] * height), int(columns[0] * width)
    region = picture[top : max(top + 1, int(rows[1] * height)), left : max(left + 1, int(columns[1] * width))]
    hue, saturation, value = np.moveaxis(cv2.cvtColor(region, cv2.COLOR_RGB2HSV).astype(int), 2, 0)
    black = value < 60
    plain = (saturation < 55) & ~black
    vivid = ~black & ~plain
    shares = {
        "black": black,
        "white": plain & (value > 185),
        "grey": plain & (value <= 185),
        "red": vivid & ((hue < 9) | (hue > 168)),
        "orange": vivid & (hue >= 9) & (hue < 22) & (value > 150),
        "brown": vivid & (hue >= 9) & (hue < 22) & (value <= 150),
        "yellow": vivid & (hue >= 22) & (hue < 36),
        "green": vivid & (hue >= 36) & (hue <= 92),
        "blue": vivid & (hue > 92) & (hue < 130),
        "purple": vivid & (hue >= 130) & (hue < 150),
        "pink": vivid & (hue >= 150) & (hue <= 168),
    }
    return {name: float(share.mean()) for name, share in shares.items()}
