"""What is embedded of a unit: whole frames, and crops of what differs from the background. Pure."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.geometry import cut, resized, scaled, with_context
from gpu_jobs.heads import within
from gpu_jobs.masking import FaceMask
from gpu_jobs.motion import Differences, Motion, background
from gpu_jobs.timeline import MICROSECONDS
from gpu_jobs.units import TimedFrame, UnitFrames
from search_index.footage_unit import CROP, FRAME, Box

SIDE_PX_MAX = 640  # no model looks at more


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture before faces are filled. `box` is in pixels of the shown frame."""

    kind: str  # search_index.footage_unit.FRAME or CROP
    from_us: int
    to_us: int
    at_us: int
    pts: int
    box: Box
    image: NDArray[np.uint8]
    heads: tuple[Box, ...] = ()  # of upright figures, in pixels of the image


def pictures_of(unit: UnitFrames, shown: tuple[int, int], motion: Motion, heartbeat_seconds: int) -> list[Picture]:
    """In order of time; of one frame the whole picture first, then its crops, largest first.

    A frame in which nothing moves is kept at each heartbeat only; its time joins the frame before it, so that no
    stretch of the unit is without a picture. `shown` is the (width, height) of the footage's frames.
    """
    behind = background([*unit.lead_in, *(frame.small for frame in unit.frames)], motion)
    differences = Differences(behind, motion)
    pictures: list[Picture] = []
    kept: TimedFrame | None = None
    still_until_us = 0
    for frame in unit.frames:
        size = frame.image.shape[1], frame.image.shape[0]
        boxes, heads = differences.figures(frame.small, size)
        if not boxes and kept and frame.at_us - kept.at_us < heartbeat_seconds * MICROSECONDS:
            still_until_us = frame.at_us
            continue
        _stretch_last_frame(pictures, still_until_us)
        kept = frame
        pictures.append(_picture(frame, FRAME, Box(0, 0, *size), heads, shown))
        pictures += [_picture(frame, CROP, with_context(box, *size), heads, shown) for box in boxes]
    _stretch_last_frame(pictures, still_until_us)
    return pictures


def _stretch_last_frame(pictures: list[Picture], until_us: int) -> None:
    for place in range(len(pictures) - 1, -1, -1):
        if pictures[place].kind == FRAME:
            last = pictures[place]
            pictures[place] = msgspec.structs.replace(last, to_us=max(last.to_us, until_us))
            return


def _picture(frame: TimedFrame, kind: str, box: Box, heads: tuple[Box, ...], shown: tuple[int, int]) -> Picture:
    part = cut(frame.image, box)
    image = _fitted(part).copy()  # the frame itself is let go of
    fit = (part.shape[1], part.shape[0]), (image.shape[1], image.shape[0])
    return Picture(
        kind=kind,
        from_us=frame.at_us,
        to_us=frame.at_us,
        at_us=frame.at_us,
        pts=frame.pts,
        box=resized(box, (frame.image.shape[1], frame.image.shape[0]), shown),
        image=image,
        heads=tuple(resized(head, *fit) for head in within(heads, box)),
    )


def ready(image: NDArray[np.uint8], mask: FaceMask, *, whole: bool, heads: tuple[Box, ...] = ()) -> NDArray[np.uint8]:
    """What the model sees of a picture (height, width, 3), of footage and queries alike: not larger than it is any
    use, and without faces; where the mask is strict, without the `heads` (in pixels of the image) either."""
    fitted = _fitted(image)
    fit = (image.shape[1], image.shape[0]), (fitted.shape[1], fitted.shape[0])
    filled = [resized(head, *fit) for head in heads] if mask.strict else []
    return mask.fill(fitted, whole=whole, heads=filled)[0]


def _fitted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = scaled(image.shape[1], image.shape[0], SIDE_PX_MAX)
    if size == (image.shape[1], image.shape[0]):
        return image
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
