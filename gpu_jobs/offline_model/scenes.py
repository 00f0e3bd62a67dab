"""What a rendered scene shows: figures with attributes, and the facts that captions may state about them.

A fact is a short string such as "car", "upper:red" or "place:street". A caption states a set of facts; it is true
of a scene exactly when one of the scene's fact sets contains them all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gpu_jobs.offline_model.palette import COLOUR_NAMES, DOG_COLOURS

VEHICLES = ("car", "van", "bus", "truck")
RIDDEN = ("bicycle", "motorcycle", "scooter")
KINDS = ("person", *VEHICLES, *RIDDEN, "dog")
POSES = ("standing", "walking", "running", "sitting", "lying")
PLACES = ("street", "schoolyard", "playground", "parking", "shop")
LIGHTS = ("day", "dusk", "night")
EXTRAS = ("backpack", "bag", "suitcase", "hat", "hood", "helmet", "umbrella")
COUNTS = ("count:2", "count:3", "count:4", "count:5")
FACTS: tuple[str, ...] = (
    *KINDS,
    "vehicle",
    "rider",
    "group",
    *COUNTS,
    "empty",
    "child",
    "adult",
    *(f"pose:{pose}" for pose in POSES),
    *EXTRAS,
    *(f"{part}:{name}" for part in ("colour", "upper", "lower", "umbrella") for name in COLOUR_NAMES),
    *LIGHTS,
    "rain",
    "mono",
    *(f"place:{place}" for place in PLACES),
)
KIND_WEIGHTS = np.array([0.34, 0.13, 0.09, 0.075, 0.085, 0.085, 0.07, 0.065, 0.06])
POSE_WEIGHTS = np.array([0.27, 0.37, 0.18, 0.1, 0.08])
FRAMINGS = ("crop", "group", "wide", "empty")
FRAMING_WEIGHTS = np.array([0.56, 0.1, 0.22, 0.12])
HELMETS = {"bicycle": 0.3, "motorcycle": 0.9, "scooter": 0.25}  # how often a rider wears one
COLOUR_WEIGHTS = np.array([1.2, 0.8, 0.9, 0.9, 1.1, 0.7, 0.7, 0.9, 1.4, 1.3, 1.1]) / 11


@dataclass(frozen=True, slots=True)
class Figure:
    """One person, rider, vehicle or dog; a two-wheeler without `upper` stands by itself. `look_seed` settles
    everything that no fact names (cut, face, shade)."""

    kind: str
    look_seed: int
    colour: str | None = None
    upper: str | None = None
    lower: str | None = None
    age: str | None = None
    pose: str | None = None
    extras: frozenset[str] = frozenset()
    umbrella: str | None = None
    with_dog: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """`framing`: "crop" (one figure), "group", "wide" (a whole camera picture) or "empty"."""

    figures: tuple[Figure, ...]
    framing: str
    place: str | None
    light: str
    rain: bool
    mono: bool


def _draw(names: tuple[str, ...], weights: np.ndarray, rng: np.random.Generator) -> str:
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def draw_figure(rng: np.random.Generator, kind: str | None = None) -> Figure:
    """A random figure; colours do not depend on the kind."""
    kind = kind or _draw(KINDS, KIND_WEIGHTS, rng)
    figure = Figure(kind, int(rng.integers(1 << 31)))
    colours = [_draw(COLOUR_NAMES, COLOUR_WEIGHTS, rng) for _ in range(4)]
    if kind == "dog":
        return replace(figure, colour=DOG_COLOURS[int(rng.integers(len(DOG_COLOURS)))])
    if kind in VEHICLES:
        return replace(figure, colour=colours[0])
    if kind in RIDDEN:
        return _ridden(replace(figure, colour=colours[0]), colours, rng)
    age = "child" if rng.random() < 0.35 else "adult"
    pose = _draw(POSES, POSE_WEIGHTS, rng)
    figure = replace(figure, upper=colours[1], lower=colours[2], age=age, pose=pose)
    extras = {"hat" if rng.random() < 0.55 else "hood"} if rng.random() < 0.4 else set()
    if pose != "lying" and rng.random() < 0.48:
        extras.add(_draw(("backpack", "bag", "suitcase"), np.array([0.45, 0.36, 0.19]), rng))
    umbrella = colours[3] if pose in ("standing", "walking") and rng.random() < 0.18 else None
    if umbrella:
        extras.add("umbrella")
    with_dog = pose == "walking" and rng.random() < 0.07
    return replace(figure, extras=frozenset(extras), umbrella=umbrella, with_dog=with_dog)


def _ridden(figure: Figure, colours: list[str], rng: np.random.Generator) -> Figure:
    """With a rider, or parked."""
    if figure.kind != "scooter" and rng.random() < 0.12:
        return figure
    child = rng.random() < (0.0 if figure.kind == "motorcycle" else 0.3)
    worn = {name for name, p in (("backpack", 0.22), ("helmet", HELMETS[figure.kind])) if rng.random() < p}
    age = "child" if child else "adult"
    return replace(figure, upper=colours[1], lower=colours[2], age=age, extras=frozenset(worn))


def twin_of(figure: Figure, rng: np.random.Generator) -> Figure:
    """Another figure of which exactly the same facts are true."""
    return replace(figure, look_seed=int(rng.integers(1 << 31)))


def _upright(pose: str | None) -> str | None:
    return "standing" if pose == "lying" else pose


def draw_scene(rng: np.random.Generator) -> Scene:
    """A random scene; about one in seven holds nothing to find."""
    framing = _draw(FRAMINGS, FRAMING_WEIGHTS, rng)
    place: str | None = PLACES[int(rng.integers(len(PLACES)))]
    if framing != "wide" and rng.random() < 0.5:
        place = None  # a crop is too narrow to tell its place, so half of them stand on any surface whatever
    light = _draw(LIGHTS, np.array([0.7, 0.15, 0.15]), rng)
    rain, mono = bool(rng.random() < 0.12), bool(rng.random() < 0.06)
    figures: tuple[Figure, ...] = ()
    if framing == "crop":
        figures = (draw_figure(rng),)
    elif framing == "group":
        child = rng.random() < 0.35
        people = [draw_figure(rng, "person") for _ in range(int(rng.integers(2, 6)))]
        ages = "child" if child else "adult"
        figures = tuple(replace(p, age=ages, with_dog=False, pose=_upright(p.pose)) for p in people)
    elif framing == "wide":
        figures = tuple(draw_figure(rng) for _ in range(int(rng.integers(1, 5))))
    return Scene(figures, framing, place, light, rain, mono)


def figure_facts(figure: Figure, mono: bool = False) -> frozenset[str]:
    """Facts true of one figure; an infra-red (`mono`) picture states no colours."""
    facts = {figure.kind}
    if figure.kind in VEHICLES:
        facts.add("vehicle")
    if figure.kind in RIDDEN and figure.upper:
        facts |= {"person", "rider"}
    if figure.age:
        facts.add(figure.age)
    if figure.pose:
        facts.add(f"pose:{figure.pose}")
    if figure.with_dog:
        facts.add("dog")
    facts |= figure.extras
    if not mono:
        named = {
            "colour": figure.colour,
            "upper": figure.upper,
            "lower": figure.lower,
            "umbrella": figure.umbrella,
        }
        facts |= {f"{part}:{name}" for part, name in named.items() if name}
    return frozenset(facts)


def scene_facts(scene: Scene) -> frozenset[str]:
    """Facts true of the whole scene."""
    facts = {scene.light} | ({"rain"} if scene.rain else set()) | ({"mono"} if scene.mono else set())
    if scene.place:
        facts.add(f"place:{scene.place}")
    if not scene.figures:
        facts.add("empty")
    people = [f for f in scene.figures if f.kind == "person"]
    if len(people) >= 2:
        facts |= {"group", "person", f"count:{len(people)}"}
    if scene.framing == "group":
        facts |= {"child"} if all(p.age == "child" for p in people) else {"adult"}
    return frozenset(facts)


def fact_sets(scene: Scene) -> tuple[frozenset[str], ...]:
    """The sets against which captions are checked: one for each figure, and one for the scene alone."""
    whole = scene_facts(scene)
    return (*(figure_facts(figure, scene.mono) | whole for figure in scene.figures), whole)


def is_true(stated: frozenset[str], scene: Scene) -> bool:
    """Whether a caption that states these facts is true of the scene."""
    return any(stated <= facts for facts in fact_sets(scene))
