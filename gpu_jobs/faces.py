"""The faces of a picture, sought once: what is found in a close look is filled in the whole scene as well."""

from __future__ import annotations

import threading

import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.geometry import resized
from gpu_jobs.masking import FaceMask
from search_index.footage_unit import Box


class Faces:
    """Of one picture (height, width, 3). Sought by whoever asks first; threads may share it."""

    def __init__(self, image: NDArray[np.uint8], *, whole: bool) -> None:
        self._image, self._whole = image, whole
        self._lock = threading.Lock()
        self._by: FaceMask | None = None
        self._found: tuple[Box, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the picture."""
        return self._image.shape[1], self._image.shape[0]

    def found(self, mask: FaceMask) -> tuple[Box, ...]:
        """Boxes with their margin, in pixels of the picture."""
        with self._lock:
            if self._by is not mask:
                self._found, self._by = mask.faces(self._image, whole=self._whole), mask
            return self._found


class Closeup(msgspec.Struct, frozen=True):
    """A part of a scene that was looked at closely. `box` is in pixels of the scene and may reach beyond it."""

    box: Box
    faces: Faces

    def found(self, mask: FaceMask) -> tuple[Box, ...]:
        """Its faces, in pixels of the scene."""
        there = (resized(face, self.faces.size, (self.box.width, self.box.height)) for face in self.faces.found(mask))
        return tuple(Box(self.box.x + face.x, self.box.y + face.y, face.width, face.height) for face in there)
