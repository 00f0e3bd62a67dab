"""What differs from the background, over sampled frames that lie a second apart.

Adaptive models with a learning rate (MOG2) need frames close together, and forget a person who stands still. Here the
background of a window of frames is chosen at once: of all colours that a place showed, the one that came back most
often, each stay counting for a few frames only. Between two visitors the background shows again, so it returns more
often than any of them, even where somebody stands most of the time. Somebody who never leaves the place within the
window is background: whole frames still show them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.geometry import resized
from gpu_jobs.heads import heads_of
from search_index.footage_unit import Box

Picture = NDArray[np.uint8]  # (height, width, 3), RGB, small


class Motion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    side_px: int = 320  # longer side of the copy in which motion is sought
    agree_levels: int = 24  # of 255: closer colours are the same background
    differ_levels: int = 26  # of 255: further colours are something else
    stay_frames: int = 4  # a longer stay counts no more than this
    area_share_min: float = 0.0004  # of the picture: less is noise
    area_share_max: float = 0.6  # more is light or the camera, not a thing
    crops_max: int = 12  # a frame, the largest

    def __post_init__(self) -> None:
        if not 64 <= self.side_px <= 1920:
            raise ValueError(f"side_px: {self.side_px} is not within 64 and 1920")
        if self.crops_max < 0:
            raise ValueError(f"crops_max: {self.crops_max} is negative; give 0 for no crops")


def shrink(image: NDArray[np.uint8], side_px: int) -> Picture:
    """The copy of a frame in which motion is sought."""
    height, width = image.shape[:2]
    scale = min(1.0, side_px / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _balanced(frames: NDArray[np.uint8], reference: Picture) -> NDArray[np.uint8]:
    """Frames (n, h, w, 3) with each channel's brightness brought to the reference's: cameras adjust exposure."""
    sample = np.s_[:, ::5, ::5, :]
    ratio = (frames[sample].astype(np.float32) + 1) / (reference[None][sample].astype(np.float32) + 1)
    gain = np.median(ratio.reshape(len(frames), -1, 3), axis=1)
    levels = np.arange(256, dtype=np.float32)
    balanced = np.empty_like(frames)
    for frame, gains, out in zip(frames, gain, balanced, strict=True):
        table = np.clip(levels[:, None] / gains, 0, 255).astype(np.uint8)
        cv2.LUT(frame, table[None], dst=out)
    return balanced


def background(window: Sequence[Picture], settings: Motion) -> Picture:
    """The background (h, w, 3) of a window of small frames, in order of time."""
    frames = np.stack(window)
    few = frames[:: max(1, len(frames) // 15)]
    frames = _balanced(frames, np.median(few, axis=0).astype(np.uint8))
    coarse = np.stack([cv2.resize(frame, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for frame in frames])
    candidates = range(0, len(frames), max(1, len(frames) // 24))
    votes = np.stack([_votes(coarse, coarse[index], settings) for index in candidates])
    chosen = np.asarray(candidates)[votes.argmax(axis=0)]
    size = frames.shape[2], frames.shape[1]
    places = cv2.resize(chosen.astype(np.uint16), size, interpolation=cv2.INTER_NEAREST)
    first = np.take_along_axis(frames, places[None, :, :, None].astype(np.intp), axis=0)[0]
    return _mean_of_alike(frames, first, settings.agree_levels)


def _votes(frames: NDArray[np.uint8], candidate: Picture, settings: Motion) -> NDArray[np.float32]:
    """For each place, in how many frames it shows the candidate's colour, a long stay counting `stay_frames` only."""
    alike = _alike(frames, candidate, settings.agree_levels)
    lasting = alike[settings.stay_frames :].copy()
    for back in range(1, settings.stay_frames + 1):
        lasting &= alike[settings.stay_frames - back :][: len(lasting)]
    votes = alike.sum(axis=0, dtype=np.float32) - np.float32(0.98) * lasting.sum(axis=0, dtype=np.float32)
    return np.asarray(cv2.blur(votes, (5, 5)))  # neighbours choose together


def _alike(frames: NDArray[np.uint8], picture: Picture, levels: int) -> NDArray[np.bool_]:
    alike = np.empty(frames.shape[:3], np.bool_)
    for frame, out in zip(frames, alike, strict=True):
        np.less(_largest(cv2.absdiff(frame, picture)), levels, out=out)
    return alike


def _largest(picture: Picture) -> NDArray[np.uint8]:
    """Of each pixel's three channels the largest."""
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.max(cv2.max(red, green), blue))


def _mean_of_alike(frames: NDArray[np.uint8], picture: Picture, levels: int) -> Picture:
    """Noise averages out over the frames in which a place shows what was chosen for it."""
    total = np.zeros(picture.shape, np.float32)
    count = np.zeros(picture.shape[:2], np.float32)
    for frame in frames[:: max(1, len(frames) // 30)]:
        alike = (_largest(cv2.absdiff(frame, picture)) < levels).astype(np.uint8)
        cv2.accumulate(frame, total, mask=alike)
        count += alike
    mean = total / np.maximum(count, 1)[..., None]
    return np.where((count > 0)[..., None], mean, picture).astype(np.uint8)


class Differences:
    """Finds what differs from one background."""

    def __init__(self, behind: Picture, settings: Motion) -> None:
        self._behind, self._settings = behind, settings
        # A place may show what any neighbour of it shows: cameras shake, and edges fall between pixels.
        self._darkest, self._brightest = cv2.erode(behind, np.ones((3, 3))), cv2.dilate(behind, np.ones((3, 3)))

    def boxes(self, small: Picture, size: tuple[int, int]) -> tuple[Box, ...]:
        """Boxes of what differs in a small frame, largest first, in pixels of the frame of `size` (width, height)."""
        return self.figures(small, size)[0]

    def figures(
        self, small: Picture, size: tuple[int, int], shift: tuple[float, float] = (0.0, 0.0)
    ) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
        """`boxes`, and where the heads of all upright things are, those beyond `crops_max` too.

        `shift`: how far to the right and down everything lay in the frame as it was, before it was put back.
        """
        differs = self._differs(_balanced(small[None], self._behind)[0])
        _without_rim(differs, shift)
        if differs.mean() > self._settings.area_share_max:
            return (), ()
        area_min = self._settings.area_share_min * differs.size
        _, _, found, _ = cv2.connectedComponentsWithStats(differs, connectivity=8)
        parts = [tuple(map(int, part[:5])) for part in found[1:] if part[4] >= area_min]
        things = sorted(_joined(parts, near=max(2, small.shape[1] // 100)), key=lambda thing: (-thing[4], thing[:4]))
        small_size = small.shape[1], small.shape[0]
        boxes = [Box(*thing[:4]) for thing in things]
        heads = [head for box in boxes for head in heads_of(box, differs)]

        def shown(some: list[Box]) -> tuple[Box, ...]:
            moved = (_moved(box, shift, Box(0, 0, *small_size)) for box in some)
            return tuple(resized(box, small_size, size) for box in moved if box)

        return shown(boxes[: self._settings.crops_max]), shown(heads)

    def _differs(self, frame: Picture) -> NDArray[np.uint8]:
        smooth = cv2.medianBlur(frame, 5)  # rain is thin, and leaves nothing
        beyond = cv2.max(cv2.subtract(self._darkest, smooth), cv2.subtract(smooth, self._brightest))
        differs = (_largest(beyond) > self._settings.differ_levels).astype(np.uint8)
        differs = cv2.morphologyEx(differs, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
        upright = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 9))  # heads and legs belong to one person
        return np.asarray(cv2.morphologyEx(differs, cv2.MORPH_CLOSE, upright))


def _without_rim(differs: NDArray[np.uint8], shift: tuple[float, float]) -> None:
    """Takes out what the frame did not show."""
    across, down = (int(np.ceil(abs(pixels))) + 1 if pixels else 0 for pixels in shift)
    height, width = differs.shape
    differs[:down] = differs[height - down :] = 0
    differs[:, :across] = differs[:, width - across :] = 0


def _moved(box: Box, shift: tuple[float, float], whole: Box) -> Box | None:
    """The box moved, as far as it lies within the whole."""
    left, top = box.x + round(shift[0]), box.y + round(shift[1])
    right, bottom = min(whole.width, left + box.width), min(whole.height, top + box.height)
    left, top = max(0, left), max(0, top)
    return Box(left, top, right - left, bottom - top) if left < right and top < bottom else None


Part = tuple[int, ...]  # left, top, width, height, area


def _joined(parts: list[Part], near: int) -> list[Part]:
    """Parts whose boxes overlap, or lie closer than `near` pixels, made one, until none do."""
    things: list[Part] = []
    for part in parts:
        joined = part
        while touching := [thing for thing in things if _touch(thing, joined, near)]:
            for thing in touching:
                things.remove(thing)
                joined = _union(thing, joined)
        things.append(joined)
    return things


def _touch(one: Part, other: Part, near: int) -> bool:
    return (
        one[0] - near < other[0] + other[2]
        and other[0] - near < one[0] + one[2]
        and one[1] - near < other[1] + other[3]
        and other[1] - near < one[1] + one[3]
    )


def _union(one: Part, other: Part) -> Part:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top, one[4] + other[4]
