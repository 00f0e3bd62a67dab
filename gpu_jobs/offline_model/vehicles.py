"""Cars, vans, buses, trucks, two-wheelers and dogs as solid parts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gpu_jobs.offline_model.palette import Colour, any_grey, rgb, shade_of
from gpu_jobs.offline_model.people import sketch_person
from gpu_jobs.offline_model.scenes import RIDDEN, VEHICLES, Figure
from gpu_jobs.offline_model.solids import Points, Sketch

Profile = Sequence[tuple[float, float]]
BLACK, TYRE, CHROME = rgb(26), rgb(23), rgb(150)


def sketch_figure(figure: Figure, phase: float = 0.0) -> Sketch:
    """The solid parts of any figure at a gait phase (radians)."""
    sketch = Sketch()
    rng = np.random.default_rng(figure.look_seed)
    if figure.kind in VEHICLES:
        sketch.by_depth = False
        {"car": _car, "van": _van, "bus": _bus, "truck": _truck}[figure.kind](figure, rng, sketch)
    elif figure.kind in RIDDEN:
        {"bicycle": _bicycle, "motorcycle": _motorcycle, "scooter": _scooter}[figure.kind](figure, rng, sketch)
        if figure.upper:
            sketch_person(figure, phase, sketch)
    elif figure.kind == "dog":
        _dog(shade_of(figure.colour or "brown", rng), phase, sketch, np.zeros(3))
    else:
        sketch_person(figure, phase, sketch)
        if figure.with_dog:
            colour = shade_of(("brown", "black", "white")[int(rng.integers(3))], rng)
            _dog(colour, phase, sketch, np.array([-0.75, 0, 0.45]))
    return sketch


def _body(sketch: Sketch, profile: Profile, half_width: float, paint: Colour, glazed: dict[int, Colour]) -> None:
    """A prism over a side profile of (z, y), clockwise seen from +x; `glazed` edges carry a pane."""
    points = np.array(profile, float)
    count = len(points)
    for side in (-1.0, 1.0):
        flank = np.stack([np.full(count, side * half_width), points[:, 1], points[:, 0]], 1)
        sketch.face(flank, np.array([side, 0, 0]), paint)
    for i in range(count):
        start, end = points[i], points[(i + 1) % count]
        along = end - start
        normal = np.array([0, along[0], -along[1]]) / max(1e-9, float(np.linalg.norm(along)))
        quad = np.array(
            [
                [-half_width, start[1], start[0]],
                [half_width, start[1], start[0]],
                [half_width, end[1], end[0]],
                [-half_width, end[1], end[0]],
            ]
        )
        sketch.face(quad, normal, paint)
        if i in glazed:
            centre = quad.mean(0)
            sketch.face(centre + (quad - centre) * np.array([0.88, 0.86, 0.86]), normal, glazed[i])


def _windows(sketch: Sketch, panes: Sequence[Profile], half_width: float, glass: Colour) -> None:
    for side in (-1.0, 1.0):
        for pane in panes:
            points = np.array(pane, float)
            flat = np.stack([np.full(len(points), side * (half_width + 0.01)), points[:, 1], points[:, 0]], 1)
            sketch.face(flat, np.array([side, 0, 0]), glass)


def _wheels(sketch: Sketch, axles: Sequence[float], half_width: float, radius: float) -> None:
    around = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    for z in axles:
        for side in (-1.0, 1.0):
            for size, colour, out in ((radius, TYRE, 0.015), (radius * 0.58, CHROME, 0.03)):
                x = np.full(14, side * (half_width + out))
                rim = np.stack([x, radius + size * np.sin(around), z + size * np.cos(around)], 1)
                sketch.face(rim, np.array([side, 0, 0]), colour)


def _lamps(sketch: Sketch, half_length: float, half_width: float, height: float = 0.62) -> None:
    for end, colour in ((1.0, rgb(242, 240, 222)), (-1.0, rgb(190, 26, 26))):
        z, normal = end * (half_length + 0.02), np.array([0, 0, end])
        for side in (-1.0, 1.0):
            x = side * half_width * 0.78
            sketch.face(_plate(x, height + 0.09, z, 0.13, 0.09), normal, colour)
        sketch.face(_plate(0, height - 0.14, z, 0.26, 0.06), normal, rgb(236, 236, 226))


def _plate(x: float, y: float, z: float, half_x: float, half_y: float) -> Points:
    corners = [[x - half_x, y - half_y], [x + half_x, y - half_y], [x + half_x, y + half_y], [x - half_x, y + half_y]]
    return np.array([[*corner, z] for corner in corners])


def _glass(rng: np.random.Generator) -> Colour:
    return np.asarray(rgb(36, 46, 56) * rng.uniform(0.5, 2.3), np.float32)


def _car(figure: Figure, rng: np.random.Generator, sketch: Sketch) -> None:
    paint, glass = shade_of(figure.colour or "grey", rng), _glass(rng)
    half, roof, bonnet = rng.uniform(1.85, 2.35), rng.uniform(1.38, 1.68), rng.uniform(0.75, 0.95)
    cut = int(rng.integers(3))  # saloon, hatchback, estate
    tail, back = -half * (0.62, 0.85, 0.95)[cut], -half * (0.3, 0.7, 0.82)[cut]
    front, nose = half * rng.uniform(0.08, 0.25), half * rng.uniform(0.42, 0.55)
    profile = [
        *((-half, 0.22), (-half, bonnet), (tail, bonnet + 0.08), (back, roof)),
        *((front, roof), (nose, bonnet + 0.05), (half * 0.95, bonnet - 0.12), (half, 0.22)),
    ]
    _body(sketch, profile, 0.9, paint, {2: glass, 4: glass})
    middle, sill, top = (back + front) / 2, bonnet + 0.1, roof - 0.09
    rear = [(tail + 0.18, sill), (back + 0.08, top), (middle - 0.05, top), (middle - 0.05, sill)]
    fore = [(middle + 0.05, sill), (middle + 0.05, top), (front - 0.05, top), (nose - 0.22, sill)]
    _windows(sketch, [rear, fore], 0.9, glass)
    _wheels(sketch, (half * 0.62, -half * 0.62), 0.9, 0.33)
    _lamps(sketch, half, 0.9)


def _van(figure: Figure, rng: np.random.Generator, sketch: Sketch) -> None:
    paint, glass = shade_of(figure.colour or "grey", rng), _glass(rng)
    half, roof, sill = rng.uniform(2.3, 2.9), rng.uniform(1.95, 2.5), 1.05
    profile = [
        *((-half, 0.25), (-half, roof), (half * 0.45, roof)),
        *((half * 0.78, sill + 0.1), (half, sill - 0.15), (half, 0.25)),
    ]
    _body(sketch, profile, 1.0, paint, {2: glass})
    cab_top = roof - 0.25
    panes: list[Profile] = [
        [(half * 0.3, sill + 0.1), (half * 0.3, cab_top), (half * 0.45, cab_top), (half * 0.68, sill + 0.12)]
    ]
    if rng.random() < 0.35:
        panes.append(
            [(-half * 0.9, sill + 0.15), (-half * 0.9, cab_top), (half * 0.2, cab_top), (half * 0.2, sill + 0.15)]
        )
    _windows(sketch, panes, 1.0, glass)
    _wheels(sketch, (half * 0.62, -half * 0.6), 1.0, 0.36)
    _lamps(sketch, half, 1.0)


def _bus(figure: Figure, rng: np.random.Generator, sketch: Sketch) -> None:
    paint, glass = shade_of(figure.colour or "grey", rng), _glass(rng)
    half, roof = rng.uniform(4.5, 6.0), rng.uniform(2.8, 3.2)
    profile = [(-half, 0.35), (-half, roof), (half * 0.97, roof), (half, 1.2), (half, 0.35)]
    _body(sketch, profile, 1.25, paint, {0: glass, 2: glass})
    panes: list[Profile] = []
    z = -half + 0.3
    while z < half - 1.2:
        panes.append([(z, 1.35), (z, roof - 0.45), (z + 1.05, roof - 0.45), (z + 1.05, 1.35)])
        z += 1.22
    _windows(sketch, panes, 1.25, glass)
    _wheels(sketch, (half * 0.62, -half * 0.55), 1.25, 0.48)
    _lamps(sketch, half, 1.25)


def _truck(figure: Figure, rng: np.random.Generator, sketch: Sketch) -> None:
    paint, glass = shade_of(figure.colour or "grey", rng), _glass(rng)
    half, roof = rng.uniform(3.0, 4.5), rng.uniform(2.2, 2.7)
    cab = half * 0.5
    load = paint if rng.random() < 0.65 else shade_of(("white", "grey")[int(rng.integers(2))], rng)
    top = rng.uniform(1.35, 1.7) if rng.random() < 0.25 else roof * rng.uniform(1.1, 1.4)
    _body(sketch, [(-half, 0.4), (-half, 0.75), (cab, 0.75), (cab, 0.4)], 0.8, rgb(40), {})
    _body(sketch, [(-half, 0.75), (-half, top), (cab - 0.2, top), (cab - 0.2, 0.75)], 1.2, load, {})
    _body(sketch, [(cab, 0.4), (cab, roof), (half * 0.9, roof), (half, 1.5), (half, 0.4)], 1.15, paint, {2: glass})
    pane = [(cab + 0.35, 1.4), (cab + 0.35, roof - 0.25), (half * 0.85, roof - 0.25), (half * 0.93, 1.45)]
    _windows(sketch, [pane], 1.15, glass)
    _wheels(sketch, (half * 0.72, -half * 0.45, -half * 0.75), 1.15, 0.46)
    _lamps(sketch, half, 1.15)


def _ring(z: float, y: float, radius: float) -> Points:
    around = np.linspace(0, 2 * np.pi, 18)
    return np.stack([np.zeros(18), y + radius * np.sin(around), z + radius * np.cos(around)], 1)


def _bicycle(figure: Figure, rng: np.random.Generator, sketch: Sketch) -> None:
    frame = shade_of(figure.colour or "grey", rng)
    for z in (-0.52, 0.52):
        sketch.wire(_ring(z, 0.34, 0.33), 0.03, BLACK)
        sketch.wire(_ring(z, 0.34, 0.28), 0.012, CHROME)
    axle, crank, seat = (0, 0.34, -0.52), (0, 0.32, 0), (0, 0.85, -0.18)
    for start, end in (
        *((axle, crank), (crank, seat), (axle, (0, 0.78, -0.16)), ((0, 0.78, -0.16), (0, 0.8, 0.36))),
        *((crank, (0, 0.72, 0.38)), ((0, 0.98, 0.36), (0, 0.34, 0.52))),
    ):
        sketch.wire(np.array([start, end]), 0.035, frame)
    sketch.wire(np.array([(-0.24, 1.02, 0.38), (0.24, 1.02, 0.38)]), 0.02, BLACK)
    sketch.wire(np.array([(0, 0.9, -0.3), (0, 0.9, -0.08)]), 0.05, BLACK)


def _motorcycle(figure: Figure, rng: np.random.Generator, sketch: Sketch) -> None:
    frame = shade_of(figure.colour or "grey", rng)
    for z in (-0.65, 0.7):
        sketch.wire(_ring(z, 0.32, 0.26), 0.1, BLACK)
    for start, end, radius, colour in (
        *(((0, 0.6, 0.25), (0, 0.62, -0.25), 0.17, frame), ((0, 0.72, 0.1), (0, 0.8, 0.3), 0.18, frame)),
        *(((0, 0.75, -0.2), (0, 0.78, -0.7), 0.12, frame), ((0, 0.35, -0.2), (0, 0.35, 0.2), 0.16, rgb(72))),
        *(((0, 0.85, 0.5), (0, 0.85, 0.5), 0.14, frame), ((0.15, 0.3, -0.2), (0.18, 0.35, -0.8), 0.05, CHROME)),
    ):
        sketch.limb(np.array(start), np.array(end), radius, colour)
    sketch.wire(np.array([(0, 0.32, 0.7), (0, 0.95, 0.45)]), 0.05, CHROME)
    sketch.wire(np.array([(-0.34, 1.0, 0.42), (0.34, 1.0, 0.42)]), 0.03, BLACK)


def _scooter(figure: Figure, rng: np.random.Generator, sketch: Sketch) -> None:
    frame = shade_of(figure.colour or "grey", rng)
    for z in (-0.4, 0.45):
        sketch.wire(_ring(z, 0.1, 0.08), 0.05, BLACK)
    sketch.wire(np.array([(0, 0.13, -0.42), (0, 0.13, 0.4)]), 0.07, frame)
    sketch.wire(np.array([(0, 0.12, 0.45), (0, 1.12, 0.36)]), 0.035, frame)
    sketch.wire(np.array([(-0.22, 1.12, 0.36), (0.22, 1.12, 0.36)]), 0.022, BLACK)


def _dog(colour: Colour, phase: float, sketch: Sketch, place: Points) -> None:
    def at(x: float, y: float, z: float) -> Points:
        return np.asarray(place + np.array([x, y, z]))

    sketch.limb(at(0, 0.42, -0.25), at(0, 0.44, 0.22), 0.13, colour)
    for index, (x, z) in enumerate(((-0.07, -0.26), (0.07, -0.26), (0.07, 0.22), (-0.07, 0.22))):
        step = 0.14 * math.sin(phase + (index % 2) * math.pi)
        sketch.limb(at(x, 0.38, z), at(x, 0.05, z + step), 0.045, colour * 0.9)
    sketch.limb(at(0, 0.48, 0.25), at(0, 0.62, 0.38), 0.08, colour)
    sketch.limb(at(0, 0.65, 0.4), at(0, 0.62, 0.5), 0.085, colour)
    sketch.limb(at(0, 0.6, 0.5), at(0, 0.59, 0.6), 0.045, any_grey(20, 60, np.random.default_rng(1)))
    sketch.wire(np.array([at(0, 0.48, -0.3), at(0, 0.62 + 0.06 * math.sin(2 * phase), -0.58)]), 0.04, colour)
    for x in (-0.06, 0.06):
        sketch.limb(at(x, 0.72, 0.36), at(x * 1.4, 0.66, 0.33), 0.035, colour * 0.6)
