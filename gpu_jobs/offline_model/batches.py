"""Batches of training crops: which scenes, seen how, and what is said of them. Batch `step` of a seed is always the
same."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.crop_cache import BLOCK_SCENES, VIEWS, draw_block
from gpu_jobs.offline_model.palette import COLOUR_NAMES
from gpu_jobs.offline_model.scenes import FACTS, Figure, Scene
from gpu_jobs.offline_model.shape import MEAN, STD
from gpu_jobs.offline_model.truths import fact_bits, is_upright, scene_bits, scene_labels

BLOCKS_A_BATCH = 16
CROPS_A_BATCH = BLOCKS_A_BATCH * BLOCK_SCENES * VIEWS
WHOLE_CAPTIONS = 0.3  # of all; the others leave out what people leave out
TURN_MIN = math.pi / 6
HUELESS = frozenset({"black", "white", "grey"})
HUED = np.array([":" in fact and fact.split(":")[1] in {*COLOUR_NAMES} - HUELESS for fact in FACTS])


class Batch(NamedTuple):
    """B scenes, each in two views."""

    pixels: Tensor  # (2B, 3, side, side), normalised, the first views first
    tokens: Tensor  # (B, context)
    stated: Tensor  # (2B, facts): of each caption; the tokens are those of the first B
    sets: Tensor  # (B, SETS_MAX, facts): what is true of each scene
    labels: Tensor  # (B, slots and yes-or-no facts)
    several: Tensor  # (B,) whether the scene shows several figures, or a whole place
    unsure: Tensor  # (B, facts): what may be true of each scene or not, because its hues were turned

    def to(self, device: str) -> Batch:
        return Batch(*(part.to(device, non_blocking=True) for part in self))


class Batches:
    """Batches over a cache of rendered crops."""

    def __init__(
        self, crops: NDArray[np.uint8], seed: int, blocks: int, tokenize: Callable[[list[str]], Tensor]
    ) -> None:
        self._crops, self._seed, self._blocks, self._tokenize = crops, seed, blocks, tokenize
        self.scenes = [scene for block in range(blocks) for scene, _ in draw_block(seed, block)]

    def draw(self, step: int, side: int, turned_share: float) -> Batch:
        """`turned_share` of the scenes are seen in other hues, which no caption names."""
        rng = np.random.default_rng((self._seed, 7, step))
        blocks = rng.choice(self._blocks, BLOCKS_A_BATCH, replace=False)
        rows = (blocks[:, None] * BLOCK_SCENES + np.arange(BLOCK_SCENES)).ravel()
        scenes = [self.scenes[row] for row in rows]
        turned = np.array([not _ridden(scene) for scene in scenes]) & (rng.random(len(scenes)) < turned_share)
        scenes = [without_hues(s) if other else s for s, other in zip(scenes, turned, strict=True)]
        captions = [
            write_caption(scene, ("en", "uk")[i], rng, whole=rng.random() < WHOLE_CAPTIONS)
            for i in range(2)
            for scene in scenes
        ]
        # The text tower learns to agree with the facts, for which half of the captions are enough.
        captions = captions[step % 2 :: 2] + captions[1 - step % 2 :: 2]
        pixels = augmented(np.concatenate([self._crops[rows * VIEWS + view] for view in range(VIEWS)]), side, rng)
        turn_hues(pixels, np.flatnonzero(np.tile(turned, VIEWS)), np.tile(hue_turns(turned.sum(), rng), (VIEWS, 1, 1)))
        add_bars(pixels, np.array([is_upright(scene) for scene in scenes] * VIEWS), rng)
        return Batch(
            pixels=pixels,
            tokens=self._tokenize([text for text, _ in captions[: len(scenes)]]),
            stated=torch.from_numpy(np.stack([fact_bits(facts) for _, facts in captions])),
            sets=torch.from_numpy(np.stack([scene_bits(scene) for scene in scenes])),
            labels=torch.from_numpy(np.stack([scene_labels(scene) for scene in scenes])),
            several=torch.tensor([scene.framing in ("group", "wide") for scene in scenes]),
            unsure=torch.from_numpy(np.outer(turned, HUED).astype(np.float32)),
        )


def augmented(crops: NDArray[np.uint8], side: int, rng: np.random.Generator) -> Tensor:
    """Normalised crops (N, 3, side, side), each cut, flipped and exposed anew."""
    count, whole = len(crops), crops.shape[1]
    sides = np.rint(whole * np.minimum(rng.uniform(0.82, 1.03, (count, 2)) * rng.uniform(0.96, 1.04, (count, 2)), 1))
    corners = np.floor(rng.uniform(0, 1, (count, 2)) * (whole - sides + 1))
    seen = np.empty((count, side, side, 3), np.uint8)
    for place, crop, (high, wide), (top, left) in zip(seen, crops, sides.astype(int), corners.astype(int), strict=True):
        cut = crop[top : top + high, left : left + wide]
        cv2.resize(cut, (side, side), dst=place, interpolation=cv2.INTER_AREA)
    flipped = rng.random(count) < 0.5
    seen[flipped] = seen[flipped, :, ::-1]
    gain = torch.from_numpy(rng.uniform(0.85, 1.15, (count, 1, 1, 1)).astype(np.float32))
    lift = torch.from_numpy(rng.normal(0, 0.08, (count, 3, 1, 1)).astype(np.float32))
    pixels = (torch.from_numpy(seen).permute(0, 3, 1, 2).float() / 255 - MEAN) / STD
    return (pixels * gain + lift).contiguous(memory_format=torch.channels_last)


def _ridden(scene: Scene) -> bool:
    return any(figure.upper and figure.kind != "person" for figure in scene.figures)  # the clothes tell a rider


def without_hues(scene: Scene) -> Scene:
    """The scene, of whose colours only those are known that have no hue."""

    def known(colour: str | None) -> str | None:
        return colour if colour in HUELESS else None

    def grey(figure: Figure) -> Figure:
        upper, lower = known(figure.upper), known(figure.lower)
        return replace(figure, colour=known(figure.colour), upper=upper, lower=lower, umbrella=known(figure.umbrella))

    return replace(scene, figures=tuple(grey(figure) for figure in scene.figures))


def turn_hues(pixels: Tensor, rows: NDArray[np.int64], turns: NDArray[np.float64]) -> None:
    """Turns the hues of these crops, in place, each by its own matrix (rows, 3, 3).

    No kind is ever drawn in the colours that are held out of it, so that a colour would speak against a kind; what is
    seen in any hue teaches that it does not.
    """
    by = torch.from_numpy(turns.astype(np.float32))
    pixels[rows] = torch.einsum("nij,njhw->nihw", by, pixels[rows])


def hue_turns(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """(count, 3, 3): rotations of RGB about the axis of greys (Rodrigues' formula)."""
    angles = rng.uniform(TURN_MIN, 2 * math.pi - TURN_MIN, (count, 1, 1))
    across = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    turns: NDArray[np.float64] = np.cos(angles) * np.eye(3) + np.sin(angles) * across + (1 - np.cos(angles)) / 3
    return turns


def add_bars(pixels: Tensor, upright: NDArray[np.bool_], rng: np.random.Generator) -> None:
    """Blackens, in place, what lies beside half of the crops: a box round a person is narrow, round a car low."""
    side, black = pixels.shape[-1], -MEAN / STD
    for crop, narrow in zip(pixels, upright, strict=True):
        margin = round((1 - rng.uniform(0.5, 0.95)) / 2 * side)
        if rng.random() < 0.5:
            continue
        for bar in (slice(margin), slice(side - margin, side)):
            crop[(..., bar) if narrow else (..., bar, slice(None))] = black
