"""What is embedded of a unit: whole frames, and crops of what differs from the background. Pure."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.detector import Detector, standing
from gpu_jobs.faces import Closeup, Faces
from gpu_jobs.geometry import cut, overlap_share, resized, scaled, tiles, with_context
from gpu_jobs.heads import head_of, within
from gpu_jobs.masking import FaceMask, filled
from gpu_jobs.motion import Motion
from gpu_jobs.moving_things import MovingThings
from gpu_jobs.repeats import Repeats, Runs
from gpu_jobs.timeline import MICROSECONDS
from gpu_jobs.units import TimedFrame, UnitFrames
from search_index.footage_unit import CROP, FRAME, Box

SIDE_PX_MAX = 640  # no model looks at more
_MINUTE_US = 60 * MICROSECONDS


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
    scene: bool = True  # many things, small: a whole frame or a tile, not a crop round one thing
    faces: Faces  # of the image
    closeups: tuple[Closeup, ...] = ()  # of a scene: the crops of its frame


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What of a unit becomes a picture."""

    motion: Motion
    repeats: Repeats
    heartbeat_seconds: int
    tiles_across: int
    detector: Detector | None = None


def pictures_of(unit: UnitFrames, shown: tuple[int, int], choice: Choice) -> list[Picture]:
    """In order of time; of one frame the whole picture first, then what moves, largest first, then what a detector
    finds beside it, then the tiles.

    What repeats an earlier picture of the unit adds its time to that one: a whole frame or a crop for a heartbeat at
    most; for longer what is looked at with the heartbeat only, tiles and what a detector finds. No picture's time goes
    over a whole minute of UTC or over a gap, so that a search in whole minutes never meets a picture from outside of
    them. `shown` is the (width, height) of the footage's frames.
    """
    making = _Making(unit, shown, choice)
    for frame in unit.frames:
        making.add(frame)
    return making.pictures


class _Making:
    def __init__(self, unit: UnitFrames, shown: tuple[int, int], choice: Choice) -> None:
        self.pictures: list[Picture] = []
        self._shown, self._choice = shown, choice
        self._moving = MovingThings([*unit.lead_in, *(frame.small for frame in unit.frames)], choice.motion)
        self._lead_in, self._covered = len(unit.lead_in), unit.covered
        self._frames, self._crops, self._still, self._tiles = (Runs(choice.repeats) for _ in range(4))
        self._seen = 0
        self._before_us = self._beat_us = self._ends_us = -1 << 62

    def add(self, frame: TimedFrame) -> None:
        size = frame.image.shape[1], frame.image.shape[0]
        boxes, heads = self._moving.figures(self._lead_in + self._seen, size)
        heartbeat_us = self._choice.heartbeat_seconds * MICROSECONDS
        beat = frame.at_us >= min(self._beat_us + heartbeat_us, self._ends_us)
        if frame.at_us >= self._ends_us:
            self._ends_us = self._end(frame.at_us)
        until_us = min(frame.at_us + heartbeat_us, self._ends_us)
        still = self._found(frame.image, boxes) if beat else []
        heads += tuple(head for box in still for head in head_of(box))
        first = len(self.pictures)
        self._take(self._frames, FRAME, frame, [Box(0, 0, *size)], heads, self._before_us, until_us)
        crops = [with_context(box, *size) for box in boxes]
        close = self._take(self._crops, CROP, frame, crops, heads, self._before_us, until_us)
        if beat:
            crops = [with_context(box, *size) for box in still]
            close += self._take(self._still, CROP, frame, crops, heads, self._beat_us, self._ends_us)
            parts = tiles(*size, self._choice.tiles_across)
            self._take(self._tiles, CROP, frame, parts, heads, self._beat_us, self._ends_us)
            self._beat_us = frame.at_us
        self._look_closely(first, close)
        self._before_us, self._seen = frame.at_us, self._seen + 1

    def _look_closely(self, first: int, close: list[int]) -> None:
        """Give the scenes among the pictures from `first` on what is seen in the crops at the places `close`."""
        for place in range(first, len(self.pictures)):
            scene = self.pictures[place]
            if scene.scene:
                closeups = tuple(closeup for one in close if (closeup := _closeup(scene, self.pictures[one])))
                self.pictures[place] = msgspec.structs.replace(scene, closeups=closeups)

    def _found(self, image: NDArray[np.uint8], moving: tuple[Box, ...]) -> list[Box]:
        """What stands still, where there is a detector to tell."""
        return standing(self._choice.detector.things(image), moving) if self._choice.detector else []

    def _end(self, at_us: int) -> int:
        """When the minute of UTC that this frame is in ends, or where the footage goes on after a gap before that."""
        minute = (at_us // _MINUTE_US + 1) * _MINUTE_US
        return min([minute, *(start for start, _ in self._covered if start > at_us)])

    def _take(
        self,
        runs: Runs,
        kind: str,
        frame: TimedFrame,
        boxes: list[Box],
        heads: tuple[Box, ...],
        before_us: int,
        until_us: int,
    ) -> list[int]:
        """The places of the pictures that show the boxes: new ones, or those that they repeat."""
        places = []
        for box in boxes:
            anchor = runs.goes_on(frame.image, box, before_us, frame.at_us)
            places.append(len(self.pictures) if anchor is None else anchor)
            if anchor is not None:
                self._stretch(anchor, frame.at_us)
                continue
            runs.begin(len(self.pictures), frame.image, box, frame.at_us, until_us)
            scene = runs in (self._frames, self._tiles)
            self.pictures.append(_picture(frame, kind, box, heads, self._shown, scene=scene))
        return places

    def _stretch(self, place: int, until_us: int) -> None:
        old = self.pictures[place]
        self.pictures[place] = msgspec.structs.replace(old, to_us=max(old.to_us, until_us))


def _picture(
    frame: TimedFrame, kind: str, box: Box, heads: tuple[Box, ...], shown: tuple[int, int], *, scene: bool
) -> Picture:
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
        scene=scene,
        faces=Faces(image, whole=scene),
    )


def _closeup(scene: Picture, crop: Picture) -> Closeup | None:
    """Where the crop lies in the scene's image; None where it lies outside."""
    if not overlap_share(scene.box, crop.box):
        return None
    there = Box(crop.box.x - scene.box.x, crop.box.y - scene.box.y, crop.box.width, crop.box.height)
    return Closeup(resized(there, (scene.box.width, scene.box.height), scene.faces.size), crop.faces)


def masked(picture: Picture, mask: FaceMask) -> NDArray[np.uint8]:
    """What the model sees of a picture, and people of its thumbnail: its image without the faces that were found in it
    or, of a scene, in the crops of its frame; where the mask is strict, without heads either."""
    heads = picture.heads if mask.strict else ()
    close = (face for closeup in picture.closeups for face in closeup.found(mask))
    return filled(picture.image, (*picture.faces.found(mask), *close, *heads))


def ready(image: NDArray[np.uint8], mask: FaceMask, *, whole: bool, heads: tuple[Box, ...] = ()) -> NDArray[np.uint8]:
    """What the model sees of a query's picture (height, width, 3): not larger than it is any use, and without faces;
    where the mask is strict, without the `heads` (in pixels of the image) either."""
    fitted = _fitted(image)
    fit = (image.shape[1], image.shape[0]), (fitted.shape[1], fitted.shape[0])
    strict = [resized(head, *fit) for head in heads] if mask.strict else []
    return filled(fitted, (*mask.faces(fitted, whole=whole), *strict))


def _fitted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = scaled(image.shape[1], image.shape[0], SIDE_PX_MAX)
    if size == (image.shape[1], image.shape[0]):
        return image
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
