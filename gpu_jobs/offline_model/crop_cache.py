"""Renders the training crops once, into one file in a scratch folder.

Crops come in blocks of four scenes, each seen twice, so that every batch holds hard questions:

- scene 0, and scene 1, another figure of the same facts by another camera (looks alike in words, is not the same);
- scene 2, another figure by scene 0's camera (same ground and light, not the same);
- scene 3, anything.

Half of the second views are the same camera half a second later, half another camera on another day.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.renderer import (
    CROP_PX,
    Optics,
    Renderer,
    View,
    draw_optics,
    draw_view,
    moment_later,
)
from gpu_jobs.offline_model.scenes import Figure, Scene, draw_scene, twin_of

BLOCK_SCENES = 4
VIEWS = 2
BACKDROPS_EACH = 60
SLICE_BLOCKS = 250
HELD_OUT_COLOURS = {
    "car": ("brown", "green"),
    "van": ("orange", "blue"),
    "bus": ("purple", "white"),
    "truck": ("pink", "red"),
    "bicycle": ("grey",),
    "motorcycle": ("blue",),
    "dog": ("grey",),
}
Sight = tuple[Scene, tuple[tuple[View, Optics], tuple[View, Optics]]]


def is_held_out(figure: Figure) -> bool:
    """Whether a combination of attributes is kept for evaluation and never shown in training."""
    if figure.upper is None:
        return figure.colour in HELD_OUT_COLOURS.get(figure.kind, ())
    return crc32(f"{figure.kind}|{figure.upper}|{figure.lower}".encode()) % 9 == 0


def draw_seen_scene(rng: np.random.Generator) -> Scene:
    """A scene of combinations that training may show."""
    while True:
        scene = draw_scene(rng)
        if not any(is_held_out(figure) for figure in scene.figures):
            return scene


def _second(scene: Scene, view: View, optics: Optics, rng: np.random.Generator) -> tuple[View, Optics]:
    if rng.random() < 0.5:
        later = replace(optics, seed=int(rng.integers(1 << 31)), gain=optics.gain * rng.uniform(0.96, 1.04))
        return moment_later(view, rng), later
    return draw_view(scene, BACKDROPS_EACH, rng), draw_optics(scene, rng)


def draw_block(seed: int, block: int) -> list[Sight]:
    """The four scenes of a block, each with two sights of it; a pure function of its arguments."""
    rng = np.random.default_rng((seed, block))
    first, last = draw_seen_scene(rng), draw_seen_scene(rng)
    twin = replace(first, figures=tuple(twin_of(figure, rng) for figure in first.figures))
    neighbour = draw_seen_scene(rng)
    neighbour = replace(neighbour, place=first.place, light=first.light, rain=first.rain, mono=first.mono)
    sights: list[Sight] = []
    views: dict[int, tuple[View, Optics]] = {}
    for i, scene in enumerate((first, twin, neighbour, last)):
        view, optics = draw_view(scene, BACKDROPS_EACH, rng), draw_optics(scene, rng)
        if i == 2:
            camera, lens = views[0]
            near = moment_later(camera, rng)
            view = replace(view, backdrop=camera.backdrop, cut=near.cut, pitch=camera.pitch, sun=camera.sun)
            view = replace(view, darkness=camera.darkness, layout_seed=camera.layout_seed)
            optics = replace(lens, seed=optics.seed)
        views[i] = (view, optics)
        sights.append((scene, ((view, optics), _second(scene, view, optics, rng))))
    return sights


def _render_slice(path: Path, seed: int, start: int, stop: int, renderer_seed: int) -> None:
    renderer = _renderer(renderer_seed)
    crops = np.load(path, mmap_mode="r+")
    row = start * BLOCK_SCENES * VIEWS
    for block in range(start, stop):
        for scene, sights in draw_block(seed, block):
            for view, optics in sights:
                crops[row] = renderer.draw(scene, view, optics)
                row += 1
    crops.flush()


_renderers: dict[int, Renderer] = {}


def _renderer(seed: int) -> Renderer:
    if seed not in _renderers:
        _renderers[seed] = Renderer(seed, BACKDROPS_EACH)
    return _renderers[seed]


def build_cache(folder: Path, blocks: int, seed: int, processes: int = 2) -> NDArray[np.uint8]:
    """All crops (blocks * 4 * 2, CROP_PX, CROP_PX, 3), rendered unless the folder already holds them."""
    done = folder / f"crops-{seed}-{blocks}.npy"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = done.with_suffix(".partial.npy")
        rows = blocks * BLOCK_SCENES * VIEWS
        np.lib.format.open_memmap(partial, "w+", np.uint8, (rows, CROP_PX, CROP_PX, 3)).flush()
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            slices = [
                pool.submit(_render_slice, partial, seed, start, min(start + SLICE_BLOCKS, blocks), seed)
                for start in range(0, blocks, SLICE_BLOCKS)
            ]
            for each in slices:
                each.result()
        partial.replace(done)
    # In memory, not mapped: a batch is a random sample, and a page at a time from a disk is slower than training.
    return np.asarray(np.load(done))
