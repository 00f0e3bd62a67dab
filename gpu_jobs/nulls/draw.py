"""`python -m gpu_jobs.nulls.draw`: how the null pictures were drawn. To draw them anew changes every percentile.

Crops are scenes as training sees them, of a seed that neither training nor evaluation uses: one figure, a group, or
nothing at all. Whole frames are empty places with up to six figures, small, as fixed cameras see them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from gpu_jobs.nulls.pictures import ACROSS, SIZES_PX, facts_file, picture_file
from gpu_jobs.offline_model.renderer import Renderer, draw_optics, draw_view
from gpu_jobs.offline_model.scenes import Scene, draw_figure, draw_scene, fact_sets
from gpu_jobs.offline_model.solids import Picture, Stance, paint
from gpu_jobs.offline_model.vehicles import sketch_figure
from search_index.footage_unit import CROP, FRAME

SEED = 20_261_127
COUNTS = {FRAME: 300, CROP: 1000}
BACKDROPS_EACH = 20
FIGURES_MAX = 6
WEBP_QUALITY = 60
Drawn = Iterator[tuple[Scene, Picture]]


def crops(renderer: Renderer, rng: np.random.Generator) -> Drawn:
    while True:
        scene = draw_scene(rng)
        if scene.framing != "wide":
            yield scene, renderer.draw(scene, draw_view(scene, renderer.each, rng), draw_optics(scene, rng))


def frames(renderer: Renderer, rng: np.random.Generator) -> Drawn:
    """Each picture with up to FIGURES_MAX figures, the far ones smaller and drawn first."""
    while True:
        scene = replace(draw_scene(rng), framing="wide")
        count = int(rng.integers(0, FIGURES_MAX + 1))
        scene = replace(scene, figures=tuple(draw_figure(rng) for _ in range(count)))
        view = draw_view(scene, renderer.each, rng)
        canvas = renderer.backdrops[scene.place][view.backdrop].picture.copy()
        height, width = canvas.shape[:2]
        for figure, row in zip(scene.figures, np.sort(rng.uniform(0.4, 0.97, count)) * height, strict=True):
            where = rng.uniform(0.05, 0.95) * width, row
            stance = Stance(*where, row * rng.uniform(0.08, 0.18), rng.uniform(0, 6.3), min(view.pitch, 0.7))
            paint(canvas, sketch_figure(figure, view.phase), stance, np.array(view.sun), view.darkness)
        yield scene, _seen(canvas, scene, rng)


def _seen(canvas: Picture, scene: Scene, rng: np.random.Generator) -> Picture:
    """Light, colour and grain of a camera, at the size that is kept."""
    optics = draw_optics(scene, rng)
    seen = cv2.resize(canvas, SIZES_PX[FRAME], interpolation=cv2.INTER_AREA).astype(np.float32)
    seen *= np.array(optics.tint, np.float32) * optics.gain
    level = seen.mean(2, keepdims=True)
    seen = level + (seen - level) * (0.0 if scene.mono else optics.saturation)
    seen += rng.normal(0, optics.noise / 2, (*seen.shape[:2], 1)).astype(np.float32)
    return np.asarray(np.clip(seen, 0, 255).astype(np.uint8))


def main() -> None:
    for kind, drawing in ((FRAME, frames), (CROP, crops)):
        rng = np.random.default_rng((SEED, COUNTS[kind]))
        drawn = drawing(Renderer(SEED, BACKDROPS_EACH), rng)
        scenes, pictures = zip(*(next(drawn) for _ in range(COUNTS[kind])), strict=True)
        across, (width, height) = ACROSS[kind], SIZES_PX[kind]
        rows = [np.hstack(pictures[start : start + across]) for start in range(0, len(pictures), across)]
        written, content = cv2.imencode(
            ".webp", cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY]
        )
        assert written
        assert rows[-1].shape == (height, across * width, 3)
        picture_file(kind).write_bytes(content.tobytes())
        lines = ("|".join(" ".join(sorted(facts)) for facts in fact_sets(scene)) for scene in scenes)
        facts_file(kind).write_text("".join(f"{line}\n" for line in lines))
        sys.stderr.write(f"{kind}: {COUNTS[kind]} pictures, {len(content) >> 10} KiB\n")


if __name__ == "__main__":
    main()
