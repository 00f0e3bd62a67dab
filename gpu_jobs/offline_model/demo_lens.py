"""The demonstration cameras' lenses: light, flicker, grain, rain, and the camera's name in the corner."""

from __future__ import annotations

import math

import cv2
import numpy as np

from gpu_jobs.offline_model.demo_script import Place
from gpu_jobs.offline_model.solids import Picture

WIDTH_PX, HEIGHT_PX = 640, 384
TINTS = {"day": (1.0, 1.0, 0.98), "dusk": (0.72, 0.64, 0.6), "night": (0.46, 0.44, 0.4)}
GRAINS = {"day": 2.4, "dusk": 2.4, "night": 5.0}


class Lens:
    """Light, noise and rain of one camera: what turns a clean drawing into its frame."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place = place
        self.rng = np.random.default_rng((seed, 99, place.number))
        grain = self.rng.normal(0, GRAINS[place.light], (5, HEIGHT_PX, WIDTH_PX, 3))
        self.up = np.clip(grain, 0, 20).astype(np.uint8)
        self.down = np.clip(-grain, 0, 20).astype(np.uint8)
        self.tint = np.array(TINTS[place.light]) * (0.9 if place.rain else 1.0)
        self.glow = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
        if place.light != "day":
            for x in (131, 371, 581):
                self._lamp_glow(x, int(place.horizon * HEIGHT_PX) - 92)

    def _lamp_glow(self, x: int, y: int) -> None:
        far = (np.arange(WIDTH_PX) - x)[None, :] ** 2 + (np.arange(HEIGHT_PX) - y)[:, None] ** 2
        light = 120 * np.exp(-far / 700) + 42 * np.exp(-far / 16000)
        self.glow = cv2.add(self.glow, (light[..., None] * np.array((1.0, 0.86, 0.55))).astype(np.uint8))

    def frame(self, picture: Picture, number: int) -> Picture:
        """The camera's frame of that number from a clean picture (HEIGHT_PX, WIDTH_PX, 3)."""
        flicker = 1 + 0.006 * math.sin(number * 0.37) + 0.003 * math.sin(number * 1.7)
        scale = np.append(self.tint * flicker, 0.0)
        seen = np.asarray(cv2.multiply(picture, scale))
        seen = cv2.add(seen, self.glow)
        if self.place.rain:
            seen = self._rained(seen)
        grain, flip = int(self.rng.integers(5)), int(self.rng.integers(-1, 2))
        seen = cv2.subtract(cv2.add(seen, cv2.flip(self.up[grain], flip)), cv2.flip(self.down[grain], flip))
        label = f"{self.place.name_en.upper()} / CAM {self.place.number + 1:02}"
        cv2.putText(seen, label, (11, 19), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (20, 20, 20), 1, cv2.LINE_AA)
        cv2.putText(seen, label, (10, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (245, 245, 245), 1, cv2.LINE_AA)
        return np.asarray(seen, np.uint8)

    def _rained(self, seen: Picture) -> Picture:
        streaks = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
        for x, y, length in self.rng.uniform((0, -20, 8), (WIDTH_PX, HEIGHT_PX, 20), (110, 3)):
            cv2.line(streaks, (int(x), int(y)), (int(x - length * 0.14), int(y + length)), 46, 1, cv2.LINE_AA)
        washed = cv2.addWeighted(seen, 0.88, np.full_like(seen, 150), 0.12, 0)
        return np.asarray(cv2.add(washed, cv2.merge([streaks] * 3)), np.uint8)
