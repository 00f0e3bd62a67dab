"""An optional part: finds things that stand still, such as parked cars and people who sit, which no motion gives away.

The operator brings the model, an ONNX file of one layout, the one that torchvision's detectors are exported with:

    in    float32 (3, height, width), or with a batch of one before it: RGB, 0 to 1
    out   boxes   float32 (n, 4)  left, top, right, bottom in pixels of the input, overlapping ones already dropped
          labels  int64   (n,)    numbers of the model's classes
          scores  float32 (n,)    0 to 1

The picture is made to fit the input, its proportions kept, at the left and top; the rest is black. Faces are nothing
to be found: a class of that name is refused.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Protocol

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.geometry import overlap_share
from gpu_jobs.onnx_session import session_of
from search_index.footage_unit import Box

BOXES, LABELS, SCORES = "boxes", "labels", "scores"
SAME = 0.5  # intersection over union from which a box is of a thing that is known already
_KINDS = {BOXES: "tensor(float)", LABELS: "tensor(int64)", SCORES: "tensor(float)"}
_FACES = {"face", "faces", "head", "heads", "обличчя", "голова", "голови"}


class DetectorSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which model, and which of the things that it finds become crops."""

    path: str  # of the ONNX file; where it lies decides nothing, its digest does
    sha256: str
    width: int  # of the model's input, in pixels
    height: int
    classes: tuple[tuple[int, str], ...]  # labels that become crops, and what they are
    score_min: float = 0.5
    crops_max: int = 12  # a frame, the surest

    def __post_init__(self) -> None:
        for name, side in (("width", self.width), ("height", self.height)):
            if not 32 <= side <= 4096:
                raise ValueError(f"{name}: {side} is not within 32 and 4096")
        if not 0 < self.score_min < 1:
            raise ValueError(f"score_min: {self.score_min} is not between 0 and 1")
        if not 1 <= self.crops_max <= 100:
            raise ValueError(f"crops_max: {self.crops_max} is not within 1 and 100")
        if not self.classes:
            raise ValueError("classes: none is named; give those that become crops, such as [[3, 'car']]")
        for _, name in self.classes:
            if _FACES & set(re.findall(r"[^\W_]+", name.casefold())):
                raise ValueError(f"classes: {name!r} never becomes a crop here; faces are filled, leave it out")


class Detector(Protocol):
    def things(self, picture: NDArray[np.uint8]) -> tuple[Box, ...]:
        """Boxes of what is found in a picture (height, width, 3), RGB, in its pixels, the surest first."""
        ...


class OnnxDetector:
    """Runs the operator's file."""

    def __init__(self, settings: DetectorSettings) -> None:
        """Raises ModelUnavailable where the file is missing, is another one, or is not of the layout above."""
        self._settings, self._wanted = settings, np.array([number for number, _ in settings.classes], np.int64)
        self._name = f"the object detector {Path(settings.path).name}"
        self._session = session_of(self._read(), self._name)
        self._input, self._batched = self._checked_input()
        kinds = {one.name: one.type for one in self._session.get_outputs()}
        if any(kinds.get(name) != kind for name, kind in _KINDS.items()):
            raise ModelUnavailable(f"{self._name} gives {kinds}; export it so that it gives {_KINDS}")
        self._found(np.zeros((settings.height, settings.width, 3), np.uint8))

    def things(self, picture: NDArray[np.uint8]) -> tuple[Box, ...]:
        height, width = picture.shape[:2]
        size = self._fit(width, height)
        shown = np.zeros((self._settings.height, self._settings.width, 3), np.uint8)
        shown[: size[1], : size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        boxes, labels, scores = self._found(shown)
        sure = np.isin(labels, self._wanted) & (scores >= self._settings.score_min) & np.isfinite(boxes).all(axis=1)
        corners = boxes[sure] * np.array([width / size[0], height / size[1]] * 2)
        corners = np.clip(np.rint(corners), 0, [width, height] * 2).astype(int)
        order = np.argsort(-scores[sure], kind="stable")
        found = (Box(left, top, right - left, bottom - top) for left, top, right, bottom in corners[order].tolist())
        return tuple(box for box in found if box.width > 0 and box.height > 0)[: self._settings.crops_max]

    def _read(self) -> bytes:
        path = Path(self._settings.path)
        if not path.is_file():
            raise ModelUnavailable(f"{self._name} is missing; put it at {path}, or leave detector out of the settings")
        model = path.read_bytes()
        digest = hashlib.sha256(model).hexdigest()
        if digest != self._settings.sha256.lower():
            raise ModelUnavailable(
                f"{self._name} has SHA-256 {digest}, not {self._settings.sha256}; bring the right one"
            )
        return model

    def _checked_input(self) -> tuple[str, bool]:
        """Its name, and whether it has a batch before it."""
        inputs = self._session.get_inputs()
        expected = [3, self._settings.height, self._settings.width]
        shape: list[Any] = list(inputs[0].shape) if len(inputs) == 1 and inputs[0].type == "tensor(float)" else []
        batched = len(shape) == 4 and (shape[0] == 1 or isinstance(shape[0], str))
        sides = shape[1:] if batched else shape
        if len(sides) != 3 or any(isinstance(one, int) and one != other for one, other in zip(sides, expected)):  # noqa: B905
            told = [(one.name, one.type, one.shape) for one in inputs]
            raise ModelUnavailable(f"{self._name} takes {told}; it must take one tensor(float) of {expected}")
        return str(inputs[0].name), batched

    def _fit(self, width: int, height: int) -> tuple[int, int]:
        """The size of a picture that fits the input, made larger where it is smaller."""
        across = min(self._settings.width / width, self._settings.height / height)
        return max(1, int(width * across)), max(1, int(height * across))

    def _found(self, shown: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
        tensor = np.ascontiguousarray(shown.transpose(2, 0, 1), np.float32) / np.float32(255)
        try:
            given = {self._input: tensor[np.newaxis] if self._batched else tensor}
            boxes, labels, scores = self._session.run([BOXES, LABELS, SCORES], given)
        except Exception as fault:  # onnxruntime's faults have no base of their own
            raise ModelUnavailable(f"{self._name} failed on a picture: {fault}") from fault
        if boxes.shape != (len(boxes), 4) or labels.shape != (len(boxes),) or scores.shape != (len(boxes),):
            shapes = f"boxes {boxes.shape}, labels {labels.shape}, scores {scores.shape}"
            raise ModelUnavailable(f"{self._name} gives {shapes}; they must be (n, 4), (n,) and (n,)")
        return boxes, labels, scores


def standing(found: tuple[Box, ...], moving: tuple[Box, ...]) -> list[Box]:
    """What was found and does not move: what moves has its crop already."""
    return [box for box in found if all(overlap_share(box, other) < SAME for other in moving)]
