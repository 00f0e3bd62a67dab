"""What is asked of what: the demonstration's district with words that people wrote. `drawn` has the other drawn films,
`real` the real clips."""

from __future__ import annotations

from pathlib import Path

from app.demo import SEED
from gpu_jobs.offline_model.demo_footage import CameraScript, draw_district, queries
from gpu_jobs.offline_model.demo_script import PLACES
from tests.benchmarks.evaluation.metrics import Span
from tests.benchmarks.evaluation.questions import Corpus, Film, Question


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
            strata=frozenset(
                name for one in query.moments for name in (light[one.camera], f"camera {one.camera}")
            ),
        )
        for query in queries(scripts)
    ]
