"""Draws scenes as CCTV crops: a figure with some ground around it, through a cheap lens, in any weather.

`Renderer.draw` is a pure function of scene, view and optics: the same three give the same bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.backdrops import Backdrop, draw_backdrop
from gpu_jobs.offline_model.palette import any_grey, rgb
from gpu_jobs.offline_model.scenes import PLACES, VEHICLES, Figure, Scene, draw_figure
from gpu_jobs.offline_model.solids import Picture, Stance, extent, paint
from gpu_jobs.offline_model.vehicles import sketch_figure

CROP_PX = 96
CANVAS_PX = 144
BACKDROP_SIZE_PX = (640, 384)
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """How one camera sees one scene at one moment. `cut` is the backdrop's part behind it: x, y, side in px."""

    backdrop: int
    cut: tuple[float, float, float]
    pitch: float
    sun: tuple[float, float, float]
    darkness: float
    yaw: float
    phase: float
    size: float
    shift: tuple[float, float]
    layout_seed: int
    bystanders: int
    bar: bool
    bands: float


@dataclass(frozen=True, slots=True)
class Optics:
    """What lens, sensor and compression do to a crop; `side_px` is the crop's true size. `mottle` (grey levels) is how
    much cloth, paint and ground vary in brightness, `smear_px` how far a thing moves while the shutter is open."""

    gain: float
    lift: float
    tint: tuple[float, float, float]
    saturation: float
    slope: tuple[float, float]
    mottle: float
    blur_px: float
    smear_px: int
    side_px: int
    noise: float
    quality: int
    lamps: int
    seed: int


def draw_view(scene: Scene, backdrops: int, rng: np.random.Generator) -> View:
    """A random view that suits a scene."""
    kind = scene.figures[0].kind if scene.figures else ("person", "car")[int(rng.integers(2))]
    steep = rng.random() < 0.27
    pitch = rng.uniform(0.7, 1.4 if kind in VEHICLES else 1.0) if steep else rng.uniform(0.05, 0.7)
    side = rng.uniform(50, 260)
    if scene.framing == "wide":
        side = rng.uniform(280, BACKDROP_SIZE_PX[1])
    sun = rng.normal(0, 1, 3)
    sun[1:] = abs(sun[1]) + 0.6, abs(sun[2]) * 0.6
    size, spread = rng.uniform(0.5, 1.06), 0.07
    if rng.random() < 0.1:
        size, spread = rng.uniform(1.05, 1.5), 0.2
    return View(
        backdrop=int(rng.integers(backdrops)),
        cut=(rng.uniform(0, BACKDROP_SIZE_PX[0] - side), rng.uniform(0, BACKDROP_SIZE_PX[1] - side), side),
        pitch=pitch,
        sun=tuple((sun / np.linalg.norm(sun)).tolist()),
        darkness=rng.uniform(0.15, 0.6) if rng.random() < 0.75 else 0.0,
        yaw=rng.uniform(0, 2 * math.pi),
        phase=rng.uniform(0, 2 * math.pi),
        size=size,
        shift=(rng.normal(0, spread), rng.normal(0, spread)),
        layout_seed=int(rng.integers(1 << 31)),
        bystanders=int(rng.integers(1, 3)) if rng.random() < 0.22 else 0,
        bar=bool(rng.random() < 0.08),
        bands=rng.uniform(0.45, 0.8) if rng.random() < 0.15 else 1.0,
    )


def moment_later(view: View, rng: np.random.Generator) -> View:
    """The same camera about half a second later: the figure went on, the box around it is cut anew."""
    x, y, side = view.cut
    side *= rng.uniform(0.88, 1.13)
    moved = rng.normal(0, 0.16, 2) * side
    limits = (BACKDROP_SIZE_PX[0] - side, BACKDROP_SIZE_PX[1] - side)
    return replace(
        view,
        cut=(float(np.clip(x + moved[0], 0, limits[0])), float(np.clip(y + moved[1], 0, limits[1])), side),
        yaw=view.yaw + rng.normal(0, 0.15),
        phase=view.phase + rng.uniform(0.3, 4.0),
        size=view.size * rng.uniform(0.87, 1.14),
        shift=(view.shift[0] + rng.normal(0, 0.05), view.shift[1] + rng.normal(0, 0.05)),
        bystanders=view.bystanders if rng.random() < 0.6 else 0,
        bar=view.bar and bool(rng.random() < 0.5),
    )


def draw_optics(scene: Scene, rng: np.random.Generator) -> Optics:
    """Random optics for a scene's light."""
    gain, tint = rng.uniform(0.7, 1.22), 1 + rng.normal(0, 0.045, 3)
    if scene.light == "dusk":
        gain, tint = rng.uniform(0.5, 0.78), tint * ((1.12, 0.97, 0.82) if rng.random() < 0.6 else (0.88, 0.96, 1.14))
    if scene.light == "night":
        gain, tint = rng.uniform(0.36, 0.62), tint * ((1.1, 1.0, 0.82) if rng.random() < 0.5 else (0.88, 0.97, 1.12))
    sides = (CROP_PX, 80, 64, 48, 36, 28)
    return Optics(
        gain=gain,
        tint=tuple(np.asarray(tint).tolist()),
        lift=rng.normal(0, 8),
        saturation=rng.uniform(0.42, 1.15),
        slope=(rng.normal(0, 0.15), rng.normal(0, 0.15)),
        mottle=rng.uniform(0, 14) if rng.random() < 0.7 else 0.0,
        blur_px=rng.uniform(0.3, 1.5) if rng.random() < 0.5 else 0.0,
        smear_px=int(rng.integers(3, 9)) if rng.random() < 0.12 else 0,
        side_px=sides[int(rng.choice(6, p=(0.34, 0.2, 0.17, 0.15, 0.09, 0.05)))],
        noise=rng.uniform(0.5, 8.0) * (1.5 if scene.light == "night" else 1.0),
        quality=int(rng.integers(22, 90)),
        lamps=int(rng.integers(0, 3)) if scene.light == "night" else 0,
        seed=int(rng.integers(1 << 31)),
    )


class Renderer:
    """Holds the empty places of one seed; draws any scene in front of them."""

    def __init__(self, seed: int, each: int = 40) -> None:
        rng = np.random.default_rng(seed)
        width, height = BACKDROP_SIZE_PX
        self.backdrops: dict[str | None, list[Backdrop]] = {
            place: [draw_backdrop(place, width, height, rng, rng.uniform(0, 0.42)) for _ in range(each)]
            for place in (*PLACES, None)
        }
        self.each = each

    def draw(self, scene: Scene, view: View, optics: Optics) -> Picture:
        """A crop (CROP_PX, CROP_PX, 3), RGB."""
        canvas = self._ground(scene, view)
        rng = np.random.default_rng(view.layout_seed)
        for _ in range(view.bystanders):
            _bystander(canvas, view, rng)
        if scene.framing == "crop":
            _single(canvas, scene.figures[0], view)
        elif scene.framing == "group":
            _group(canvas, scene, view, rng)
        elif scene.framing == "wide":
            _wide(canvas, scene, view, rng)
        else:
            _nothing(canvas, view, rng)
        if view.bar:
            left, width = int(rng.uniform(0, CANVAS_PX)), int(rng.uniform(4, 18))
            cv2.rectangle(canvas, (left, 0), (left + width, CANVAS_PX), any_grey(20, 220, rng).tolist(), -1)
        if scene.rain:
            _rain(canvas, np.random.default_rng(optics.seed))
        return expose(canvas, scene.mono, optics, view.bands)

    def _ground(self, scene: Scene, view: View) -> Picture:
        picture = self.backdrops[scene.place][view.backdrop].picture
        x, y, side = (int(v) for v in view.cut)
        return np.asarray(cv2.resize(picture[y : y + side, x : x + side], (CANVAS_PX, CANVAS_PX)), np.uint8)


def _placed(canvas: Picture, figure: Figure, view: View, size: float, centre: tuple[float, float], yaw: float) -> None:
    """Draws a figure so that its longer side takes `size` of the canvas, around a centre in 0..1."""
    sketch = sketch_figure(figure, view.phase)
    box = extent(sketch, yaw, view.pitch)
    metre_px = size * CANVAS_PX / max(box.right - box.left, box.bottom - box.top)
    foot_x = centre[0] * CANVAS_PX - metre_px * (box.left + box.right) / 2
    foot_y = centre[1] * CANVAS_PX - metre_px * (box.top + box.bottom) / 2
    paint(canvas, sketch, Stance(foot_x, foot_y, metre_px, yaw, view.pitch), np.array(view.sun), view.darkness)


def _single(canvas: Picture, figure: Figure, view: View) -> None:
    _placed(canvas, figure, view, view.size, (0.5 + view.shift[0], 0.5 + view.shift[1]), view.yaw)


def _bystander(canvas: Picture, view: View, rng: np.random.Generator) -> None:
    """Someone or something half outside the crop, which the crop is not about."""
    edge = float(rng.choice((-0.08, 1.08)))
    _placed(canvas, draw_figure(rng), view, rng.uniform(0.3, 0.6), (edge, rng.uniform(0.2, 0.8)), rng.uniform(0, 6.3))


def _group(canvas: Picture, scene: Scene, view: View, rng: np.random.Generator) -> None:
    count = len(scene.figures)
    tall = CANVAS_PX * min(view.size, 0.85)
    step = min(CANVAS_PX * 0.85 / count, tall * rng.uniform(0.3, 0.48))
    base = CANVAS_PX * (0.5 + view.shift[1]) + tall / 2
    spots = [
        (CANVAS_PX / 2 + (i - (count - 1) / 2) * step + rng.normal(0, 4), base + rng.normal(0, 5)) for i in range(count)
    ]
    for i in sorted(range(count), key=lambda i: spots[i][1]):
        sketch = sketch_figure(scene.figures[i], view.phase + i * 1.7)
        metre_px = tall / (1.8 * sketch.height_factor)
        stance = Stance(*spots[i], metre_px, view.yaw + rng.normal(0, 0.5), min(view.pitch, 0.7))
        paint(canvas, sketch, stance, np.array(view.sun), view.darkness)


def _wide(canvas: Picture, scene: Scene, view: View, rng: np.random.Generator) -> None:
    count = len(scene.figures)
    rows = np.sort(rng.uniform(0.45, 0.97, count)) * CANVAS_PX
    columns = (rng.permutation(count) + rng.uniform(0.15, 0.85, count)) / count * CANVAS_PX
    for figure, row, column in zip(scene.figures, rows, columns, strict=True):
        metre_px = row * rng.uniform(0.09, 0.3)
        stance = Stance(column, row, metre_px, rng.uniform(0, 6.3), min(view.pitch, 0.7))
        paint(canvas, sketch_figure(figure, view.phase), stance, np.array(view.sun), view.darkness)


def _nothing(canvas: Picture, view: View, rng: np.random.Generator) -> None:
    """What sets off a motion detector without anyone: bare ground, a ghost left behind, a sliver at the edge."""
    chance = rng.random()
    if chance < 0.3:
        behind = canvas.copy()
        _placed(behind, draw_figure(rng), view, rng.uniform(0.4, 0.9), (0.5, 0.5), view.yaw)
        weight = rng.uniform(0.06, 0.2)
        canvas[:] = cv2.addWeighted(behind, weight, canvas, 1 - weight, 0)
    elif chance < 0.5:
        edge = (0.5, 1.46) if rng.random() < 0.5 else (float(rng.choice((-0.4, 1.4))), 0.5)
        _placed(canvas, draw_figure(rng), view, rng.uniform(0.6, 0.9), edge, view.yaw)
    elif chance < 0.6:
        at, radius = rng.uniform(0.2, 0.8, 2) * CANVAS_PX, rng.uniform(0.1, 0.4) * CANVAS_PX
        shade = canvas.copy()
        cv2.ellipse(shade, ((at[0], at[1]), (radius, radius * 2), rng.uniform(0, 180)), rgb(20).tolist(), -1)
        canvas[:] = cv2.addWeighted(shade, 0.3, canvas, 0.7, 0)


def _rain(canvas: Picture, rng: np.random.Generator) -> None:
    streaks = np.zeros(canvas.shape[:2], np.uint8)
    slant = rng.normal(0, 3)
    for x, y, length in rng.uniform((0, 0, 6), (CANVAS_PX, CANVAS_PX, 20), (int(rng.integers(25, 80)), 3)):
        cv2.line(streaks, (int(x), int(y)), (int(x + slant * length / 15), int(y + length)), 255, 1)
    wash = cv2.addWeighted(canvas, 0.86, np.full_like(canvas, 128), 0.12, 0)
    lit = streaks[..., None] * rng.uniform(0.15, 0.35)
    canvas[:] = np.clip(wash + lit, 0, 255).astype(np.uint8)


def expose(canvas: Picture, mono: bool, optics: Optics, bands: float = 1.0) -> Picture:
    """Puts a clean square picture through the optics; `bands` < 1 leaves black bars beside a narrow crop."""
    rng = np.random.default_rng(optics.seed)
    side = optics.side_px
    seen = cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    if optics.mottle:
        seen += (_mottle(side, rng) * optics.mottle)[..., None]
    across = np.linspace(-1, 1, side, dtype=np.float32)
    slope = 1 + optics.slope[0] * across[None, :] + optics.slope[1] * across[:, None]
    seen *= (slope * optics.gain)[..., None] * np.array(optics.tint, np.float32)
    level = seen.mean(2, keepdims=True)
    seen = level + (seen - level) * (0.0 if mono else optics.saturation) + optics.lift
    for _ in range(optics.lamps):
        x, y = rng.uniform(0, 1, 2) * side
        far = ((np.arange(side) - x)[None, :] ** 2 + (np.arange(side) - y)[:, None] ** 2) / (side * 0.14) ** 2
        seen += np.exp(-far)[..., None].astype(np.float32) * np.array((230, 200, 140), np.float32) * 0.5
    if optics.blur_px:
        seen = cv2.GaussianBlur(seen, (0, 0), optics.blur_px * side / CROP_PX)
    reach = optics.smear_px * side // CROP_PX
    if reach > 1:
        seen = cv2.blur(seen, (reach, 1), borderType=cv2.BORDER_REPLICATE)
    seen += rng.normal(0, optics.noise, seen.shape[:2] + ((1,) if mono else (3,))).astype(np.float32)
    crop = np.clip(seen, 0, 255).astype(np.uint8)
    crop = cv2.imdecode(cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, optics.quality])[1], 1)
    crop = cv2.resize(crop, (CROP_PX, CROP_PX), interpolation=cv2.INTER_LINEAR)
    if bands < 1:
        margin = int(CROP_PX * (1 - bands) / 2)
        crop[:, :margin], crop[:, CROP_PX - margin :] = 0, 0
    return np.asarray(crop, np.uint8)


def _mottle(side: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Brightness (side, side) that wanders over patches large and small, with a standard deviation of about one."""
    wandering = np.zeros((side, side), np.float32)
    for patches in (4, 12, 36):
        coarse = rng.normal(0, 1, (patches, patches)).astype(np.float32)
        wandering += cv2.resize(coarse, (side, side), interpolation=cv2.INTER_LINEAR)
    return wandering
