"""Cameras that a seed draws, apart from the demonstration's district: what passes there is of combinations of
attributes that training never shows (`crop_cache.is_held_out`), in every light, and is asked for in words that the
caption grammar makes of it.

A question states some facts of one passage; it is answered by every passage of which they are all true, of which there
are `ANSWERS_MAX` at most. A question without an answer states the facts of a figure that passes nowhere: of them as a
whole nothing is true in any film, though each by itself may be.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.crop_cache import is_held_out
from gpu_jobs.offline_model.demo_footage import STRIDE_M, CameraScript, draw_films
from gpu_jobs.offline_model.demo_lens import HEIGHT_PX, WIDTH_PX
from gpu_jobs.offline_model.demo_script import Passage, Place
from gpu_jobs.offline_model.scenes import KINDS, PLACES, VEHICLES, Figure, Scene, draw_figure, is_true
from tests.benchmarks.evaluation.metrics import Span
from tests.benchmarks.evaluation.questions import Corpus, Film, Question

LIGHTS: tuple[tuple[Literal["day", "dusk", "night"], bool], ...] = (
    ("day", False), ("dusk", False), ("night", False), ("day", True),
)  # fmt: skip
ANSWERS_MAX = 3
TRIES = 400
UNANSWERABLE_SHARE = 0.3  # of the questions that have an answer
SMALL_SHARE = 0.125  # of the picture's height or less: a small thing
LANES = {"far": 0.22, "middle": 0.5, "near": 0.88}  # of the way from the horizon to the lower edge


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much is drawn."""

    cameras: int = 8
    passages: int = 9  # of each camera
    seconds: int = 60


class Passing(msgspec.Struct, frozen=True, kw_only=True):
    """A passage as what it shows: `scene` says which facts are true of it."""

    span: Span
    scene: Scene
    strata: frozenset[str]


def unseen_figure(rng: np.random.Generator, kinds: Sequence[str]) -> Figure:
    """A figure of a held-out combination that can pass a camera."""
    for _ in range(TRIES):
        figure = draw_figure(rng, kinds[int(rng.integers(len(kinds)))])
        if is_held_out(figure) and (figure.pose is None or figure.pose in STRIDE_M):
            return figure
    raise ValueError(f"kinds: no combination of {', '.join(kinds)} that passes is kept out of training")


def unseen_kinds(rng: np.random.Generator) -> tuple[str, ...]:
    """Those of which a combination is kept out of training; people as often as all the others together."""
    kinds = [kind for kind in KINDS if any(is_held_out(draw_figure(rng, kind)) for _ in range(TRIES))]
    return (*kinds, *("person",) * (len(kinds) - 1))


def draw_places(seed: int, size: Size) -> tuple[Place, ...]:
    """The cameras, with what passes each and when."""
    rng = np.random.default_rng((seed, 0))
    kinds = unseen_kinds(rng)
    return tuple(_place(number, rng, kinds, size) for number in range(size.cameras))


def _place(number: int, rng: np.random.Generator, kinds: tuple[str, ...], size: Size) -> Place:
    light, rain = LIGHTS[number % len(LIGHTS)]
    horizon = rng.uniform(0.2, 0.3)
    top = horizon * HEIGHT_PX
    lanes = {
        name: (-60.0, top + share * (HEIGHT_PX - top), WIDTH_PX + 60.0, top + (share - 0.02) * (HEIGHT_PX - top))
        for name, share in LANES.items()
    }
    weather = "rain" if rain else light
    return Place(
        key=f"{weather}-{number + 1}",
        name_uk=f"Камера {number + 1}",
        name_en=f"Camera {number + 1}",
        place=PLACES[number % len(PLACES)],
        region="Kyiv",
        light=light,
        rain=rain,
        recorded_offset_s=number * 3600,
        keyframe_gap_frames=int(rng.choice((10, 20, 50, 80))),
        backdrop_seed=int(rng.integers(1 << 31)),
        horizon=horizon,
        near_metre_px=rng.uniform(46, 62),
        pitch=rng.uniform(0.4, 0.52),
        lanes=lanes,
        passages=tuple(_passages(rng, kinds, size)),
        number=number,
    )


def _passages(rng: np.random.Generator, kinds: tuple[str, ...], size: Size) -> Iterator[Passage]:
    """One after the other, each beginning at about the end of the one before, now and then before it."""
    apart = (size.seconds - 8) / max(1, size.passages - 1)
    for number in range(size.passages):
        figure = unseen_figure(rng, kinds)
        lane = "middle" if figure.kind in VEHICLES else ("far", "middle", "near")[int(rng.integers(3))]
        start = number * apart + rng.uniform(0, 1.0)
        yield Passage(
            round(start, 1), round(rng.uniform(5.5, 7.0), 1), lane, (figure,), "", "", bool(rng.random() < 0.5)
        )


def passings(places: Sequence[Place], scripts: Sequence[CameraScript]) -> list[Passing]:
    """All that passes, with the facts that are true of it."""
    found = []
    for place, script in zip(places, scripts, strict=True):
        for passage, event in zip(place.passages, script.events, strict=True):
            height = (event.box_at_mid.bottom - event.box_at_mid.top) / script.height_px
            found.append(
                Passing(
                    span=Span(place.key, event.start_s, event.end_s),
                    scene=Scene(passage.figures, "crop", place.place, place.light, place.rain, mono=False),
                    strata=frozenset(
                        {
                            "rain" if place.rain else place.light,
                            "small object" if height <= SMALL_SHARE else "large object",
                            f"camera {place.key}",
                            _class_of(passage.figures[0]),
                        }
                    ),
                )
            )
    return found


def _class_of(figure: Figure) -> str:
    return "vehicles" if figure.kind in VEHICLES else "people" if figure.kind == "person" else "riders and others"


def draw_questions(passing: Sequence[Passing], seed: int) -> list[Question]:
    """Every passage asked for in both languages, and questions without an answer."""
    rng = np.random.default_rng((seed, 1))
    asked = [
        question
        for number, one in enumerate(passing)
        for language in ("en", "uk")
        if (question := _asked(f"passage {number}", one, passing, language, rng))
    ]
    kinds = unseen_kinds(rng)
    for number in range(round(UNANSWERABLE_SHARE * len(passing))):
        asked += [_unanswerable(number, kinds, passing, language, rng) for language in ("en", "uk")]
    return asked


def _asked(
    about: str, one: Passing, passing: Sequence[Passing], language: Literal["en", "uk"], rng: np.random.Generator
) -> Question | None:
    """None where no wording of the grammar tells the passage from the others."""
    for _ in range(TRIES):
        text, stated = write_caption(one.scene, language, rng)
        true = [other for other in passing if is_true(stated, other.scene)]
        if len(true) <= ANSWERS_MAX:
            strata = frozenset(itertools.chain.from_iterable(other.strata for other in true))
            spans = tuple(other.span for other in true)
            return Question(about=about, language=language, text=text, truth=spans, strata=strata)
    return None


def _unanswerable(
    number: int,
    kinds: tuple[str, ...],
    passing: Sequence[Passing],
    language: Literal["en", "uk"],
    rng: np.random.Generator,
) -> Question:
    for _ in range(TRIES):
        like = passing[int(rng.integers(len(passing)))].scene
        scene = Scene((unseen_figure(rng, kinds),), "crop", like.place, like.light, like.rain, mono=False)
        text, stated = write_caption(scene, language, rng)
        if not any(is_true(stated, other.scene) for other in passing):
            return Question(about=f"nobody {number}", language=language, text=text, truth=())
    raise ValueError("passing: nothing can be asked for that does not pass; draw less")


def draw_corpus(folder: Path, seed: int, size: Size) -> Corpus:
    """Draws the films into `folder`."""
    places = draw_places(seed, size)
    scripts = draw_films(places, folder, seed, size.seconds)
    films = tuple(
        Film(camera=script.key, file=script.file, seconds=script.seconds, number=number)
        for number, script in enumerate(scripts)
    )
    return Corpus(name="drawn", films=films, questions=tuple(draw_questions(passings(places, scripts), seed)))
