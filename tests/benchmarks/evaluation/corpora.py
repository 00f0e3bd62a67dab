"""What is asked of what, in words that people wrote: the demonstration's district, and the real clips. `drawn` has the
films that the evaluation draws."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from app.demo import SEED
from gpu_jobs.offline_model.demo_footage import CameraScript, draw_district, queries
from gpu_jobs.offline_model.demo_script import PLACES
from tests.benchmarks.evaluation.metrics import Span
from tests.benchmarks.evaluation.questions import Corpus, Film, Question
from tests.benchmarks.real_clips import CLIPS, FOLDER
from tests.benchmarks.real_queries import RealQueries, RealQuery, Seconds, real_queries

LANGUAGES: tuple[Literal["en", "uk"], ...] = ("en", "uk")


def demo_corpus(folder: Path) -> Corpus:
    """Draws the demonstration's four films; every passage of its script is asked for in both languages."""
    scripts = draw_district(folder, SEED)
    films = tuple(
        Film(camera=script.key, file=script.file, seconds=script.seconds, number=number)
        for number, script in enumerate(scripts)
    )
    return Corpus(name="demo", films=films, questions=tuple(_demo_questions(scripts)))


def _demo_questions(scripts: list[CameraScript]) -> list[Question]:
    light = {place.key: "rain" if place.rain else place.light for place in PLACES}
    return [
        Question(
            about=" ".join(sorted(query.facts)),
            language=query.language,
            text=query.text,
            truth=tuple(Span(one.camera, one.start_s, one.end_s) for one in query.moments),
            strata=frozenset(name for one in query.moments for name in (light[one.camera], f"camera {one.camera}")),
        )
        for query in queries(scripts)
    ]


def real_corpus() -> Corpus:
    """The real clips beside the repository, and the hand-labelled questions in both languages."""
    labelled = real_queries()
    films = tuple(
        Film(camera=clip, file=FOLDER / clip, seconds=labelled.clips[clip], number=number)
        for number, clip in enumerate(CLIPS)
    )
    return Corpus(name="real", films=films, questions=tuple(real_questions(labelled)))


def real_questions(labelled: RealQueries) -> list[Question]:
    """Each labelled question in both languages."""
    return [
        Question(
            about=query.id,
            language=language,
            text=query.en if language == "en" else query.uk,
            truth=_spans(query.moments),
            unsure=_spans(query.unsure),
            strata=_strata(query),
        )
        for query in labelled.queries
        for language in LANGUAGES
    ]


def _spans(moments: dict[str, list[Seconds]]) -> tuple[Span, ...]:
    return tuple(Span(clip, *seconds) for clip, every in moments.items() for seconds in every)


def _strata(query: RealQuery) -> frozenset[str]:
    size = {f"{query.size} object"} if query.size else set()
    about = {f"about {name}" for name in query.about}
    cameras = {f"camera {clip}" for clip in query.moments}
    return frozenset({*size, *about, *cameras, "stands still" if query.still else "moves"})
